"""P11: what row-level security adds. The same pages with the tables' policies switched on and off in turn."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from console.bench.api import FILTERS, LIST, some_references
from console.bench.load import one_by_one
from console.bench.pages import READERS, cases_page, list_queries
from console.bench.server import serving
from console.bench.stage import ROLES, Stage
from console.bench.table import Row, measures, ms, p95
from feedback.queues import cases_in

MOST = 0.010
LEAST = 5  # rounds
API_REPEATS = 10  # answers of the API take a few milliseconds each: asked so often in the time of one page
AGAIN, TURNS = 20, 4  # repetitions of the second look, and in how many turns of on and off
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Kind:
    """Pages of one kind, by name, and how long each took with policies and without."""

    name: str
    requests: dict[str, bytes]
    repeat: int = 1
    took: dict[bool, dict[str, list[float]]] = field(default_factory=lambda: {True: {}, False: {}})
    cpu: dict[bool, float] = field(default_factory=lambda: {True: 0.0, False: 0.0})

    def ask(self, port: int, *, is_on: bool) -> None:
        """All of them in turn. The first round is for the plans, which went when the policies were switched."""
        requests = list(self.requests.values())
        one_by_one(port, requests, repeat=0, warm=1)
        before = database_seconds()
        found = one_by_one(port, requests, repeat=self.repeat, warm=0)
        self.cpu[is_on] += database_seconds() - before
        for name, seconds in zip(self.requests, found, strict=True):
            self.took[is_on].setdefault(name, []).extend(seconds)

    def added(self) -> float:
        """What policies add at p95 over all pages of this kind."""
        on, off = ([second for page in self.took[is_on].values() for second in page] for is_on in (True, False))
        return p95(on) - p95(off)

    def added_to(self, name: str) -> float:
        """What policies add to one page at p95."""
        return p95(self.took[True][name]) - p95(self.took[False][name])

    def cpu_of_a_page(self) -> float:
        """Seconds of the database server's processors that policies add to a page."""
        asked = sum(len(page) for page in self.took[True].values())
        return (self.cpu[True] - self.cpu[False]) / asked


@measures("P11")
def policies(stage: Stage) -> Iterable[Row]:
    """Every page of P6, P7, P1 and P3 and the page of one case, with policies on and off in turn.

    By a server of its own with one thread, so that every page meets the one connection that has planned it before;
    switching policies makes all connections forget their plans. A p95 of a few repetitions differs from the next one by
    more than the limit, so pages that seem to exceed it are looked at anew, and judged by that second look alone."""
    tables = guarded_tables()
    work, target = "row-level security on, against off", "≤ + 10 ms at p95 on every page"
    if not tables:
        yield Row("P11", work, "no table has policies", target=target)
        return
    kinds = _kinds(stage)
    with serving(workers=1, threads=1) as port:
        for _round in range(max(stage.rounds, LEAST)):
            _in_turn(kinds, port, tables)
        suspects = {name: kind for kind in kinds for name in kind.requests if kind.added_to(name) > MOST}
        again = Kind("again", {name: kind.requests[name] for name, kind in suspects.items()}, AGAIN // TURNS)
        if suspects:
            for _turn in range(TURNS):
                _in_turn([again], port, tables)
    added = {kind.name: kind.added() for kind in kinds}
    slow = {name: again.added_to(name) for name in suspects}
    yield Row(
        "P11",
        work,
        ", ".join(f"{name} {_signed(seconds)}" for name, seconds in added.items()) + " at p95",
        target=target,
        is_met=max(*added.values(), *slow.values(), 0) <= MOST,
        remarks=_remarks(tables, kinds, slow),
    )


def _remarks(tables: Sequence[str], kinds: Sequence[Kind], slow: Mapping[str, float]) -> str:
    pages = sum(len(kind.requests) for kind in kinds)
    cpu = ", ".join(f"{kind.name} {_signed(kind.cpu_of_a_page())}" for kind in kinds)
    remarks = f"{len(tables)} tables with policies; processor time of the database a page: {cpu}; "
    if not slow:
        return remarks + f"none of {pages} pages above the limit"
    above = sum(seconds > MOST for seconds in slow.values())
    worst = max(slow, key=lambda name: slow[name])
    return remarks + (
        f"{len(slow)} of {pages} pages looked at again ({AGAIN} repetitions): {above} above the limit, the most"
        f" {worst} {_signed(slow[worst])}"
    )


def _in_turn(kinds: Sequence[Kind], port: int, tables: Sequence[str]) -> None:
    """Each kind with policies and without, one after the other."""
    for kind in kinds:
        kind.ask(port, is_on=True)
        with without(tables):
            kind.ask(port, is_on=False)


def database_seconds() -> float:
    """How long the processors have worked for this database's connections but our own; 0 where nobody tells."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return sum(_processor_seconds(pid) for (pid,) in cursor.fetchall())


def _processor_seconds(pid: int) -> float:
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:  # another machine's, or gone
        return 0.0
    user, system = told.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / TICKS


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
