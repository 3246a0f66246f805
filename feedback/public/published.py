"""Published results: what was found and done, never the report itself, never a facility before a conclusion."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from common.scope import system
from common.text import clean, number_in
from facilities.models import Facility
from feedback.choices import Outcome
from feedback.models import Case, Category, DayCount

PAGE = 20
CONCLUDED = (Outcome.UPHELD, Outcome.PARTLY, Outcome.NOT_UPHELD)  # with these a facility is named
SMALL = 5  # counts below this could point to a person
FACILITIES = 10
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Page:
    """One page of results and the cursors to the next, older one."""

    results: list[Case]
    older: str


@dataclass(frozen=True)
class Count:
    """How many cases of one field; `shown` is None where the number is too small to be told."""

    name: str
    shown: int | None
    share: int  # of the largest, in percent, for the bar


@dataclass(frozen=True)
class Statistics:
    """The last twelve months by field. `total` is what may be told: with one hidden number it is only a lower bound."""

    since: date
    counts: list[Count]
    total: int
    is_lower_bound: bool


@system
def newest(*, category: Category | None = None, facility: str = "", before: str = "") -> Page:
    """Published results, newest first, from a cursor on. Two queries with a facility, one without."""
    cases = _published()
    if category:
        cases = cases.filter(Q(category=category) | Q(category__parent=category))
    if clean(facility):
        found = [row.pk for row in Facility.objects.matching(facility, FACILITIES)]
        cases = cases.filter(facility__in=found, outcome__in=CONCLUDED)
    position = _position(before)
    if position:
        at, pk = position
        cases = cases.filter(Q(published_at__lt=at) | Q(published_at=at, pk__lt=pk), published_at__lte=at)
    rows = list(cases[: PAGE + 1])
    for case in rows:
        case.named_facility = case.facility if case.outcome in CONCLUDED else None  # type: ignore[attr-defined]
    older = _cursor(rows[PAGE - 1]) if len(rows) > PAGE else ""
    return Page(rows[:PAGE], older)


def _published() -> QuerySet[Case]:
    return (
        Case.objects.published()
        .select_related("category__parent", "facility")
        .only(
            "published_at",
            "outcome",
            "public_summary",
            "category__name",
            "category__name_en",
            "category__parent__name",
            "category__parent__name_en",
            "facility__name",
        )
        .order_by("-published_at", "-pk")
    )


def _cursor(case: Case) -> str:
    return f"{(case.published_at - _EPOCH) // _MICROSECOND}-{case.pk}" if case.published_at else ""


def _position(cursor: str) -> tuple[datetime, int] | None:
    """Where a cursor points; a mangled one means the beginning."""
    before, _dash, key = cursor.partition("-")
    at, pk = number_in(before, 17), number_in(key, 17)
    return None if at is None or pk is None else (_EPOCH + at * _MICROSECOND, pk)


@system
def statistics(roots: list[Category]) -> Statistics:
    """Cases received in the last twelve months by field, from the counts per day. One query."""
    since = timezone.localdate() - timedelta(days=365)
    rows: Any = (
        DayCount.objects.filter(scope="all", dimension="category", day__gte=since)
        .values("key")
        .annotate(received=Sum("received"))
        .order_by()
    )
    received = {row["key"]: row["received"] for row in rows}
    numbers = sorted(((received.get(str(root.pk), 0), root.label) for root in roots), key=lambda pair: -pair[0])
    largest = numbers[0][0] if numbers else 0
    counts = [_told(name, number, largest) for number, name in numbers]
    hidden = [number for number in received.values() if 0 < number < SMALL]
    return Statistics(since, counts, sum(received.values()) - sum(hidden), bool(hidden))


def _told(name: str, number: int, largest: int) -> Count:
    if 0 < number < SMALL:
        return Count(name, None, 0)
    return Count(name, number, 100 * number // largest if largest else 0)
