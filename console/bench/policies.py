"""P11: what row-level security adds. The same pages with the tables' policies switched on and off in turn."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from console.bench.api import FILTERS, LIST, some_references
from console.bench.load import one_by_one
from console.bench.pages import READERS, cases_page, list_queries
from console.bench.stage import ROLES, Stage
from console.bench.table import Row, measures, ms, p50, p95
from feedback.queues import cases_in

MOST = 0.010
API_REPEATS = 10  # answers of the API take a few milliseconds each: asked so often in the time of one page


@dataclass
class Kind:
    """Pages of one kind, by name, and how long each took with policies and without."""

    name: str
    requests: dict[str, bytes]
    repeat: int = 1
    took: dict[bool, dict[str, list[float]]] = field(default_factory=lambda: {True: {}, False: {}})

    def ask(self, port: int, *, is_on: bool) -> None:
        found = one_by_one(port, list(self.requests.values()), repeat=self.repeat)
        for name, seconds in zip(self.requests, found, strict=True):
            self.took[is_on].setdefault(name, []).extend(seconds)

    def added(self) -> float:
        """What policies add at p95 over all pages of this kind."""
        on, off = ([second for page in self.took[is_on].values() for second in page] for is_on in (True, False))
        return p95(on) - p95(off)

    def worst(self) -> tuple[float, str]:
        """The page to whose median policies add most."""
        return max((p50(self.took[True][name]) - p50(self.took[False][name]), name) for name in self.requests)


@measures("P11")
def policies(stage: Stage) -> Iterable[Row]:
    """Every page of P6, P7, P1 and P3 and the page of one case, with policies on and off in turn."""
    tables = guarded_tables()
    work, target = "row-level security on, against off", "≤ + 10 ms at p95 on every page"
    if not tables:
        yield Row("P11", work, "no table has policies", target=target)
        return
    kinds = _kinds(stage)
    for _round in range(max(stage.rounds, 2)):
        for kind in kinds:
            kind.ask(stage.port, is_on=True)
        with without(tables):
            for kind in kinds:
                kind.ask(stage.port, is_on=False)
    added = {kind.name: kind.added() for kind in kinds}
    most, page = max(kind.worst() for kind in kinds)
    yield Row(
        "P11",
        work,
        ", ".join(f"{name} {_signed(seconds)}" for name, seconds in added.items()) + " at p95",
        target=target,
        is_met=max(*added.values(), most) <= MOST,
        remarks=f"{len(tables)} tables with policies; the page to whose p50 they add most: {page} {_signed(most)}",
    )


def _signed(seconds: float) -> str:
    return f"{'+' if seconds >= 0 else '−'} {ms(abs(seconds))}"


def _kinds(stage: Stage) -> list[Kind]:
    now = timezone.now()
    cases = {
        f"case, {role}: {pk}": stage.page(role, reverse("admin:feedback_case_change", args=[pk]))
        for role in READERS
        for pk in cases_in("all", stage.users[role], now).order_by("-pk").values_list("pk", flat=True)[:5]
    }
    lists = {f"{role}: {query}": stage.page(role, cases_page(query)) for role, query in list_queries(stage)}
    api_lists = {f"API {name}={value}": stage.api(f"{LIST}?{name}={value}&page_size=100") for name, value in FILTERS}
    api_cases = {f"API {reference}": stage.api(f"{LIST}{reference}/") for reference in some_references(20)}
    return [
        Kind("console lists", lists),
        Kind("homes", {f"home, {role}": stage.page(role, "/console/") for role in ROLES}, repeat=3),
        Kind("case pages", cases, repeat=2),
        Kind("API lists", api_lists, repeat=API_REPEATS),
        Kind("API details", api_cases, repeat=API_REPEATS),
    ]


def guarded_tables() -> list[str]:
    """The tables whose rows the database itself shows or hides."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class"
            " WHERE relrowsecurity AND relnamespace = current_schema()::regnamespace ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


@contextmanager
def without(tables: Sequence[str]) -> Iterator[None]:
    """The policies look away. They are never taken down, and stand again whatever happens meanwhile."""
    _alter(tables, "DISABLE")
    try:
        yield
    finally:
        _alter(tables, "ENABLE")


def _alter(tables: Sequence[str], word: str) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} {word} ROW LEVEL SECURITY")
