"""Values of one indicator put beside each other: by facility, by group, and against the year before. Pure.

Only what is counted alike stands in one table. Values of another unit or base stand apart, with what they count."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import median


@dataclass(frozen=True)
class Measure:
    """How a value was counted."""

    unit: str
    base: str


@dataclass(frozen=True)
class Told:
    """One value that a facility handed in for one period."""

    facility: int
    period: date
    value: Decimal
    measure: Measure
    source: str
    is_accepted: bool
    is_before: bool  # of the year before

    @property
    def order(self) -> tuple[date, bool]:
        return self.period, self.is_accepted


@dataclass
class Line:
    """One facility: its values of this year by period, its last ones of both years, and what it did not hand in."""

    facility: int
    values: dict[date, Told] = field(default_factory=dict)
    now: Told | None = None
    before: Told | None = None
    missing: list[date | None] = field(default_factory=list)  # periods; None for a standing duty
    before_counts_otherwise: bool = False

    @property
    def change(self) -> Decimal | None:
        return self.now.value - self.before.value if self.now and self.before else None


@dataclass(frozen=True)
class Summary:
    """The last values of several facilities, counted alike."""

    reporting: int
    missing: int
    median: Decimal | None
    least: Decimal | None
    most: Decimal | None
    median_before: Decimal | None
    before: int
    yes: int
    yes_before: int

    @property
    def change(self) -> Decimal | None:
        if self.median is None or self.median_before is None:
            return None
        return self.median - self.median_before


@dataclass(frozen=True)
class Table:
    """What is counted alike: a line for each facility, the periods across."""

    measure: Measure
    periods: Sequence[date]
    lines: Sequence[Line]

    @property
    def summary(self) -> Summary:
        return summed(self.lines)


@dataclass(frozen=True)
class Compared:
    """One indicator: what is counted as it is defined now, and what is counted otherwise."""

    main: Table
    apart: Sequence[Table]


def compared(
    defined: Measure, told: Iterable[Told], owed: Mapping[int, Sequence[date | None]], *, facilities: Iterable[int]
) -> Compared:
    """Sort values into tables. `owed` has of each facility the periods that it did not report on; every one of
    `facilities` has a line in the table of the definition, were it empty."""
    by_measure: dict[Measure, list[Told]] = {defined: []}
    for one in told:
        by_measure.setdefault(one.measure, []).append(one)
    otherwise = {
        one.facility for measure, rows in by_measure.items() if measure != defined for one in rows if one.is_before
    }
    tables = [
        _table(measure, rows, owed if measure == defined else {}, facilities if measure == defined else ())
        for measure, rows in by_measure.items()
    ]
    for line in tables[0].lines:
        line.before_counts_otherwise = line.before is None and line.facility in otherwise
    return Compared(tables[0], sorted(tables[1:], key=lambda one: (one.measure.base, one.measure.unit)))


def _table(
    measure: Measure, told: Iterable[Told], owed: Mapping[int, Sequence[date | None]], facilities: Iterable[int]
) -> Table:
    lines = {pk: Line(pk, missing=list(owed.get(pk, ()))) for pk in facilities}
    periods: set[date] = set()
    for one in sorted(told, key=lambda each: each.order):
        line = lines.setdefault(one.facility, Line(one.facility))
        if one.is_before:
            line.before = one
        else:
            line.values[one.period] = line.now = one
            periods.add(one.period)
    return Table(measure, sorted(periods), list(lines.values()))


def summed(lines: Sequence[Line]) -> Summary:
    """The middle and the ends of the last values. Medians: shares of unequal facilities have no sum."""
    now = [line.now.value for line in lines if line.now]
    before = [line.before.value for line in lines if line.before]
    return Summary(
        reporting=len(now),
        missing=sum(bool(line.missing) for line in lines),
        median=median(now) if now else None,
        least=min(now, default=None),
        most=max(now, default=None),
        median_before=median(before) if before else None,
        before=len(before),
        yes=now.count(Decimal(1)),
        yes_before=before.count(Decimal(1)),
    )


def by_group(table: Table, group: Callable[[int], str]) -> list[tuple[str, Summary]]:
    """The same lines by a group of facilities."""
    groups: dict[str, list[Line]] = {}
    for line in table.lines:
        groups.setdefault(group(line.facility), []).append(line)
    return [(name, summed(lines)) for name, lines in sorted(groups.items())]
