"""What the review counts, from the database. A value belongs to the year of its period (of a standing duty, to that of
its handing in), and to the nine months when the period ends in them or it was handed in by their end.

Of each assignment the report that was handed in last counts, accepted or not; drafts never do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Count, DecimalField, Max, Min, Q, QuerySet
from django.utils import timezone

from common.days import midnight
from directives.choices import Status
from directives.models import Assignment, Indicator, IndicatorValue
from directives.review.comparing import Compared, Measure, Told, compared

LAST_MONTH, LAST_DAY = 9, 30


class Median(Aggregate):
    """The value in the middle."""

    function = "PERCENTILE_CONT"
    template = "(%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s))::numeric(16, 3)"
    output_field = DecimalField(max_digits=16, decimal_places=3)


@dataclass(frozen=True)
class Months:
    """The first nine months of a year, as far as they have passed."""

    year: int
    until: date

    @classmethod
    def of(cls, year: int, today: date) -> "Months":
        return cls(year, min(date(year, LAST_MONTH, LAST_DAY), max(today, date(year, 1, 1))))

    @property
    def starts(self) -> date:
        return date(self.year, 1, 1)

    @property
    def before(self) -> "Months":
        """The same months a year earlier: whole, however far this year is."""
        return Months(self.year - 1, date(self.year - 1, LAST_MONTH, LAST_DAY))

    def values(self) -> Q:
        """The values that count, seen from `IndicatorValue`."""
        of, end = "report__assignment__", midnight(self.until + timedelta(days=1))
        dated = Q(**{f"{of}due_on__isnull": False, f"{of}period__range": (self.starts, date(self.year, 12, 31))}) & (
            Q(**{f"{of}period__lte": self.until}) | Q(report__handed_in_at__lt=end)
        )
        standing = Q(
            **{f"{of}due_on": None}, report__handed_in_at__gte=midnight(self.starts), report__handed_in_at__lt=end
        )
        return (dated | standing) & Q(report__handed_in_at__isnull=False)

    def owed(self) -> Q:
        """The assignments whose reports should be there, seen from `Assignment`."""
        dated = Q(due_on__isnull=False, period__range=(self.starts, self.until))
        return (dated | Q(due_on=None, period__lte=self.until)) & ~Q(status=Status.WITHDRAWN)


@dataclass(frozen=True)
class Row:
    """One indicator in the overview; `otherwise` has what is counted by another unit or base, of either year."""

    indicator: Indicator
    owed: int
    missing: int
    now: dict[str, Any] | None
    before: dict[str, Any] | None
    otherwise: Sequence[tuple[int, Measure, int]]

    @property
    def change(self) -> Decimal | None:
        return self.now["median"] - self.before["median"] if self.now and self.before else None


def indicators_of(user: Any, narrowing: Q) -> QuerySet[Indicator]:
    """The indicators of the register that this reader sees."""
    rows = Indicator.objects.visible_to(user).filter(narrowing).select_related("obligation__directive")
    return rows.order_by("obligation__directive_id", "obligation__clause__position", "code")


def overview(user: Any, months: Months, facilities: Any, narrowing: Q) -> list[Row]:
    """Every indicator with its figures of both years. Four queries, however many there are of anything."""
    indicators = list(indicators_of(user, narrowing))
    owed = (
        Assignment.objects.visible_to(user)
        .filter(months.owed(), facility__in=facilities, obligation__in={one.obligation_id for one in indicators})
        .order_by()
        .values("obligation")
        .annotate(
            owed=Count("facility", distinct=True),
            missing=Count("facility", distinct=True, filter=Q(handed_in_at=None)),
        )
    )
    due = {row["obligation"]: row for row in owed}
    years = [_by_measure(user, each, facilities, indicators) for each in (months, months.before)]
    nothing: dict[str, int] = {"owed": 0, "missing": 0}
    found = []
    for one in indicators:
        defined, counts = Measure(one.unit, one.base), due.get(one.obligation_id, nothing)
        now, before = (year.get(one.pk, {}) for year in years)
        otherwise = [
            (each.year, measure, figures["count"])
            for each, year in ((months, now), (months.before, before))
            for measure, figures in sorted(year.items(), key=lambda pair: (pair[0].base, pair[0].unit))
            if measure != defined
        ]
        found.append(Row(one, counts["owed"], counts["missing"], now.get(defined), before.get(defined), otherwise))
    return found


def _by_measure(
    user: Any, months: Months, facilities: Any, indicators: Sequence[Indicator]
) -> dict[int, dict[Measure, dict[str, Any]]]:
    """The last value of each facility, counted by indicator and by how it is counted. One query."""
    last = (
        _values(user, months, facilities, indicators)
        .order_by("indicator_id", "report__facility_id", "-report__assignment__period", "-report__number")
        .distinct("indicator_id", "report__facility_id")
    )
    rows = (
        IndicatorValue.objects.filter(pk__in=last.values("pk"))
        .order_by()
        .values("indicator", "unit", "base")
        .annotate(
            count=Count("pk"),
            median=Median("value"),
            least=Min("value"),
            most=Max("value"),
            yes=Count("pk", filter=Q(value=1)),
            accepted=Count("pk", filter=Q(report__assignment__status=Status.ACCEPTED)),
        )
    )
    found: dict[int, dict[Measure, dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["indicator"], {})[Measure(row["unit"], row["base"])] = dict(row)
    return found


def _values(user: Any, months: Months, facilities: Any, indicators: Sequence[Indicator]) -> QuerySet[IndicatorValue]:
    rows: QuerySet[IndicatorValue] = IndicatorValue.objects.visible_to(user)
    return rows.filter(
        months.values(), indicator__in=[one.pk for one in indicators], report__facility__in=facilities
    ).exclude(report__assignment__status=Status.WITHDRAWN)


def last_of_each(
    user: Any, months: Months, facilities: Any, indicators: Sequence[Indicator]
) -> QuerySet[IndicatorValue]:
    """The values of each assignment's report that was handed in last."""
    return (
        _values(user, months, facilities, indicators)
        .order_by("indicator_id", "report__assignment_id", "-report__number")
        .distinct("indicator_id", "report__assignment_id")
    )


def one_indicator(user: Any, indicator: Indicator, months: Months, facilities: Any) -> Compared:
    """Every value of an indicator, and who did not report. Three queries."""
    told = [one for each in (months, months.before) for one in _told(user, each, facilities, indicator, months)]
    owed: dict[int, list[date | None]] = {}
    rows = Assignment.objects.visible_to(user).filter(
        months.owed(), facility__in=facilities, obligation=indicator.obligation_id
    )
    for facility, period, due_on, handed_in in rows.order_by("period").values_list(
        "facility_id", "period", "due_on", "handed_in_at"
    ):
        missing = owed.setdefault(facility, [])
        if handed_in is None:
            missing.append(period if due_on else None)
    return compared(Measure(indicator.unit, indicator.base), told, owed, facilities=list(owed))


_COLUMNS = (
    "report__facility_id", "report__assignment__period", "report__assignment__due_on", "report__handed_in_at",
    "value", "unit", "base", "source", "report__assignment__status",
)  # fmt: skip


def _told(user: Any, months: Months, facilities: Any, indicator: Indicator, shown: Months) -> Iterator[Told]:
    rows = last_of_each(user, months, facilities, [indicator]).values_list(*_COLUMNS)
    for facility, period, due_on, handed_in, value, unit, base, source, status in rows:
        day = period if due_on else timezone.localdate(handed_in)
        yield Told(
            facility, day, value, Measure(unit, base), source, status == Status.ACCEPTED, months.year != shown.year
        )
