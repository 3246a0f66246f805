"""P12: how pages and endpoints grow with the rows, each size in a database of its own beside the large one."""

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from console.bench.load import one_by_one
from console.bench.pages import QUESTIONS, cases_page
from console.bench.stage import Stage
from console.bench.table import Row, measures, ms, p50

SIZES = (10_000, 100_000)
LIMIT = 0.1
PAGES = {
    "home of the lead": ("lead", "/console/"),
    "home of an officer": ("officer", "/console/"),
    "home of a facility": ("facility_officer", "/console/"),
    "list, open": ("officer", cases_page),
    "list, closed": ("officer", cases_page),
    "search": ("officer", cases_page),
    "API list": ("", "/api/v1/cases/?status=closed&page_size=100"),
    "API changes": ("", "/api/v1/cases/?ordering=changed&page_size=100"),
}
QUERIES = {"list, open": "queue=open", "list, closed": "status=closed", "search": f"q={QUESTIONS[2].replace(' ', '+')}"}


@measures("growth")
def times_of_pages(stage: Stage) -> Iterable[Row]:
    """The median of each page at this size; what the other sizes are compared with."""
    requests = []
    for name, (role, path) in PAGES.items():
        address = str(cases_page(QUERIES[name]) if callable(path) else path)
        requests.append(stage.page(role, address) if role else stage.api(address))
    took = one_by_one(stage.port, requests, repeat=10 * stage.rounds, warm=3)
    for name, seconds in zip(PAGES, took, strict=True):
        yield Row("", name, ms(p50(seconds)), ratio=p50(seconds))


def grown(stage: Stage, rounds: int) -> Iterable[Row]:
    """Run the pages at the smaller sizes too and fit the exponent of each: time = rows ^ exponent."""
    found = {size: _at(size, rounds) for size in SIZES if size < stage.cases}
    found[stage.cases] = {row.work: row.ratio or 0.0 for row in times_of_pages(stage)}
    for name in PAGES:
        points = [(math.log(size), math.log(pages[name])) for size, pages in sorted(found.items())]
        exponent = _slope(points)
        steps = " → ".join(ms(found[size][name]) for size in sorted(found))
        yield Row(
            "P12",
            f"growth: {name}",
            f"exponent {exponent:.2f}",
            target=f"≤ {LIMIT}",
            is_met=exponent <= LIMIT,
            remarks=f"{' → '.join(f'{size:,}' for size in sorted(found))} cases: {steps}",
        )


def _slope(points: Sequence[tuple[float, float]]) -> float:
    middle_x = sum(x for x, _y in points) / len(points)
    middle_y = sum(y for _x, y in points) / len(points)
    spread = sum((x - middle_x) ** 2 for x, _y in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / spread


def _at(size: int, rounds: int) -> dict[str, float]:
    """The same pages in a database of `size` cases, made when it is missing."""
    name = f"{connection.settings_dict['NAME']}_{size}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone()[0]:
            cursor.execute(f'CREATE DATABASE "{name}"')
    address = urlsplit(os.environ["DATABASE_URL"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "found.json"
        subprocess.run(
            [
                *(sys.executable, "manage.py", "bench", "--cases", str(size), "--only", "growth"),
                *("--rounds", str(rounds), "--json", str(path)),
            ],
            check=True,
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": urlunsplit(address._replace(path=f"/{name}"))},
            stdout=subprocess.DEVNULL,
        )
        rows = json.loads(path.read_text(encoding="utf-8"))["rows"]
    return {row["work"]: row["ratio"] for row in rows}
