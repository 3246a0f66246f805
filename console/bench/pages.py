"""The console's pages and the search, as people open them."""

from collections.abc import Iterable, Iterator
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.keyset import capped_counts, cut
from console.bench.load import one_by_one
from console.bench.stage import ROLES, Stage
from console.bench.table import Row, measures, ms, p50, p95, times
from feedback.models import Case
from feedback.queues import NEWEST_FIRST, QUEUES, cases_in, offered_to
from feedback.search import look

LIMIT = 0.2
SEARCH_LIMIT = 0.1
DEEP = 0.9  # of all rows lie before the deep page
READERS = ("officer", "lead", "division_officer", "facility_officer", "operator")
NARROWED = (
    "status=closed", "status=out_of_scope", "status=forwarded", "urgency=S1", "urgency=S4", "category=TTHC",
    "category=CAPCUU", "channel=P1022", "channel=PRESS", "since=2026-03-01", "until=2026-03-01",
    "since=2026-03-01&until=2026-03-07", "late=on", "confidential=on", "category=TTHC&status=closed",
    "channel=BOX&urgency=S2", "urgency=S1&status=forwarded", "q=sot+xuat+huyet", "q=tue+hai",
)  # fmt: skip
QUESTIONS = (
    "benh vien", "sot xuat huyet", "thai do", "bac si", "cho lau", "giay phep hanh nghe", "khong ai tra loi",
    "bảo hiểm y tế", "thuốc", "tue hai", "lương y", "khám tai mũi họng", "ve benh moi tien",
    "toa thuốc đã in", "xyz abc",
    "hồ sơ quá hạn", "nha thuoc dao tien", "nguoi benh nam hanh lang",
)  # fmt: skip


def cases_page(query: str) -> str:
    """The address of the list in the console."""
    return f"{reverse('admin:feedback_case_changelist')}?{query}"


@measures("P6")
def lists(stage: Stage) -> Iterable[Row]:
    """Every queue and filter for several readers, page 1 and a page reached by next far down."""
    named = [(f"{role}: {query}", stage.page(role, cases_page(query))) for role, query in list_queries(stage)]
    took = one_by_one(stage.port, [request for _name, request in named], repeat=2 + stage.rounds, warm=1)
    slowest = sorted(zip(took, (name for name, _request in named), strict=True), key=lambda pair: p50(pair[0]))
    everything = [second for each in took for second in each]
    worst = p50(slowest[-1][0])
    yield Row(
        "P6",
        f"console list, {len(named)} filters, queues and deep pages of {len(READERS)} roles",
        times(everything),
        target="p95 ≤ 200 ms",
        is_met=p95(everything) <= LIMIT,
        remarks=f"slowest: {slowest[-1][1]} p50 {ms(worst)}; {_query_counts(stage)}",
    )


def list_queries(stage: Stage) -> Iterator[tuple[str, str]]:
    """Who asks for what: every queue, filters, and places far down."""
    for role in READERS:
        user = stage.users[role]
        for name in offered_to(user):
            yield role, f"queue={name}"
        for query in NARROWED:
            yield role, query
        yield role, f"queue=all&after={_deep_cursor(user)}"
    facility = Case.objects.filter(facility__code="DEMO002").values_list("facility_id", flat=True).first()
    for role in ("officer", "lead"):
        yield role, f"facility={facility}"
        for query in ("status=closed", "urgency=S3", "channel=P1022", "category=TTHC"):
            yield role, f"{query}&after={_deep_cursor(stage.users[role])}"


def _deep_cursor(user: User) -> str:
    """The cursor of a row far down in what this person sees; found once, by offset."""
    rows = Case.objects.visible_to(user).order_by("-received_at", "-id")
    return NEWEST_FIRST.cursor_of(rows[int(rows.count() * DEEP)])


def _query_counts(stage: Stage) -> str:
    """How many queries the list takes, on page 1 and far down."""
    client, user = Client(), stage.users["officer"]
    client.cookies[settings.SESSION_COOKIE_NAME] = stage.cookies["officer"]
    counts = []
    for query in ("queue=all", f"queue=all&after={_deep_cursor(user)}", "status=closed"):
        client.get(cases_page(query), HTTP_HOST="127.0.0.1")
        with CaptureQueriesContext(connection) as captured:
            client.get(cases_page(query), HTTP_HOST="127.0.0.1")
        counts.append(len(captured))
    return f"{'/'.join(str(count) for count in counts)} queries on page 1, far down, filtered"


@measures("P7")
def homes(stage: Stage) -> Iterable[Row]:
    """The home page of every role."""
    requests = [stage.page(role, "/console/") for role in ROLES]
    took = dict(zip(ROLES, one_by_one(stage.port, requests, repeat=10 * stage.rounds, warm=2), strict=True))
    worst = max(took, key=lambda role: p95(took[role]))
    yield Row(
        "P7",
        f"console home of {len(ROLES)} roles",
        times([second for each in took.values() for second in each]),
        target="p95 ≤ 200 ms",
        is_met=p95(took[worst]) <= LIMIT,
        remarks=f"slowest: {worst} {times(took[worst])}",
    )


@measures("case page")
def case_pages(stage: Stage) -> Iterable[Row]:
    """The page of one case, for officer and facility."""
    requests = [
        stage.page(role, reverse("admin:feedback_case_change", args=[pk]))
        for role in ("officer", "facility_officer")
        for pk in cases_in("all", stage.users[role], timezone.now()).order_by("-pk").values_list("pk", flat=True)[:10]
    ]
    took = [second for each in one_by_one(stage.port, requests, repeat=stage.rounds) for second in each]
    yield Row("", "console page of one case", times(took), target="p95 ≤ 200 ms", is_met=p95(took) <= LIMIT)


@measures("P8")
def searches(stage: Stage) -> Iterable[Row]:
    """The newest 50 hits and the capped count, as each reader, without the page around them."""
    took: dict[str, list[float]] = {}
    for _round in range(stage.rounds):
        for role in READERS:
            for question in QUESTIONS:
                took.setdefault(f"{role}: {question}", []).append(_search(stage.users[role], question))
    everything = [second for each in took.values() for second in each]
    worst = max(took, key=lambda name: p50(took[name]))
    yield Row(
        "P8",
        f"search, accent-free, first 50 and capped count, {len(QUESTIONS)} questions of {len(READERS)} roles",
        times(everything),
        target="p95 ≤ 100 ms",
        is_met=p95(everything) <= SEARCH_LIMIT,
        remarks=f"slowest: {worst} p50 {ms(p50(took[worst]))}",
    )


def _search(user: Any, question: str) -> float:
    began = perf_counter()
    seen, found = Case.objects.visible_to(user), look(question, reader=user)
    cut(found.among(seen), NEWEST_FIRST, size=50)
    capped_counts({"": found.parts(seen)})
    return perf_counter() - began


__all__ = ["QUEUES", "case_pages", "homes", "lists", "searches"]
