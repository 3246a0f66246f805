"""Duties of directives: fifty obligations for three thousand facilities, the heat map of five hundred of them (as a
process draws it that has drawn none before, too), and the lists of duties and indicators."""

from collections.abc import Iterable, Iterator
from time import perf_counter

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.scope import as_system
from console.bench.stage import Stage
from console.bench.table import Row, measures, ms
from directives import expansion
from directives.admin.heatmap_page import drawn_body
from directives.heatmap import heat_map
from directives.models import Clause, Obligation, PartyRule
from facilities.models import Facility

FACILITIES, OBLIGATIONS, ROWS = 3000, 50, 500
EXPANSION_LIMIT, AGAIN_LIMIT, MAP_LIMIT, LIST_LIMIT = 30.0, 30.0, 1.0, 0.5
OK = 200
MARK = "BENCH-D"


@measures("duties")
def duties(stage: Stage) -> Iterable[Row]:
    """Everything is made in one transaction and taken back."""
    with transaction.atomic():
        with as_system():
            _plant()
            began = perf_counter()
            run = expansion.expand(is_forced=True)
            took = perf_counter() - began
            began = perf_counter()
            again = expansion.expand(is_forced=True)
            took_again = perf_counter() - began
        made = run.made if run else 0
        changed = again.made + again.withdrawn if again else -1
        yield Row(
            "",
            f"expansion of {OBLIGATIONS} obligations to {FACILITIES:,} facilities, with their clocks",
            f"{took:.1f} s",
            target="< 30 s",
            is_met=took < EXPANSION_LIMIT,
            remarks=f"{made:,} assignments",
        )
        yield Row(
            "",
            "the same expansion again",
            f"{took_again:.1f} s",
            target="changes nothing",
            is_met=changed == 0 and took_again < AGAIN_LIMIT,
            remarks=f"{changed} rows changed",
        )
        yield from _map(stage)
        yield from _lists(stage)
        transaction.set_rollback(True)


def _plant() -> None:
    """Facilities of a kind that no other class holds, and obligations of theirs only."""
    Facility.objects.bulk_create(
        Facility(code=f"{MARK}{n}", name=f"Cơ sở đo {n}", folded=f"co so do {n}", type="NHS", is_demo=True)
        for n in range(FACILITIES)
    )
    Obligation.objects.update(state="closed", closed_on=timezone.localdate())
    PartyRule.objects.get_or_create(party="HOSP", type="NHS", managing_body="", valid_from=None)
    clause = Clause.objects.select_related("directive").first()
    if clause is None:
        return
    for n in range(OBLIGATIONS):
        Obligation.objects.create(
            code=f"{MARK}{n}", directive=clause.directive, clause=clause, title="đo", parties=["HOSP"],
            recurrence=f"FREQ=YEARLY;BYMONTH=11;BYMONTHDAY={n % 28 + 1}", starts_on=timezone.localdate(),
        )  # fmt: skip


def _map(stage: Stage) -> Iterator[Row]:
    """The cells and their text, as the page has them: the first time in this process, and again."""
    lead = stage.users["lead"]
    rows = Facility.objects.filter(code__startswith=MARK).only("name", "code", "folded").order_by("folded", "id")
    obligations = Obligation.objects.filter(code__startswith=MARK)
    for when in ("the first time", "again"):
        with CaptureQueriesContext(connection) as counted:
            began = perf_counter()
            picture = heat_map(lead, rows[:ROWS], obligations.visible_to(lead), timezone.now())
            drawn_body(picture)
            took = perf_counter() - began
        yield Row(
            "",
            f"heat map, {ROWS} facilities × {OBLIGATIONS} obligations, {when}",
            ms(took),
            target="< 1 s",
            is_met=took < MAP_LIMIT,
            remarks=f"{len(picture.cells):,} cells, {len(counted)} queries",
        )


def _lists(stage: Stage) -> Iterator[Row]:
    """Pages as people ask for them, without the way over the network: each asked twice, the second time counts."""
    facility = Facility.objects.filter(code__startswith=MARK).values_list("pk", flat=True).first()
    pages = {
        "list of duties": ("changelist", ""),
        "list of duties, all": ("changelist", "?queue=all"),
        "list of duties, one facility": ("changelist", f"?queue=all&facility={facility}"),
        "review after nine months": ("review", ""),
    }
    for role in ("lead", "division_officer"):
        for title, (name, query) in pages.items():
            took, queries = _asked(stage, role, reverse(f"admin:directives_assignment_{name}") + query)
            yield Row(
                "", f"{title}, as {role}, {FACILITIES * OBLIGATIONS:,} duties", ms(took), target="< 500 ms",
                is_met=took < LIST_LIMIT, remarks=f"{queries} queries",
            )  # fmt: skip


def _asked(stage: Stage, role: str, path: str) -> tuple[float, int]:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = stage.cookies[role]
    client.get(path, HTTP_HOST="127.0.0.1")
    with CaptureQueriesContext(connection) as counted:
        began = perf_counter()
        answer = client.get(path, HTTP_HOST="127.0.0.1")
        took = perf_counter() - began
    if answer.status_code != OK:
        raise AssertionError(f"{path}: {answer.status_code}")
    return took, len(counted)
