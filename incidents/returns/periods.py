"""The periods that returns are about: half-years and quarters. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from common.days import midnight
from incidents.choices import ReturnKind

MONTHS = {ReturnKind.SYNTHESIS: 6, ReturnKind.LETTER: 3}
_QUARTERS = ("I", "II", "III", "IV")


@dataclass(frozen=True)
class Period:
    """One half-year or quarter of a year, by the clock in Vietnam."""

    kind: str
    year: int
    part: int

    @property
    def months(self) -> int:
        return MONTHS[ReturnKind(self.kind)]

    @property
    def starts(self) -> datetime:
        return midnight(date(self.year, (self.part - 1) * self.months + 1, 1))

    @property
    def ends(self) -> datetime:
        """The first moment that is no longer of it."""
        return self.next.starts

    @property
    def next(self) -> "Period":
        is_last = self.part * self.months == 12
        return Period(self.kind, self.year + is_last, 1 if is_last else self.part + 1)

    @property
    def former(self) -> "Period":
        is_first = self.part == 1
        return Period(self.kind, self.year - is_first, 12 // self.months if is_first else self.part - 1)

    def __str__(self) -> str:
        """As an official writes it: the returns are Vietnamese documents, whoever reads them."""
        if self.kind == ReturnKind.SYNTHESIS:
            return f"6 tháng {'đầu' if self.part == 1 else 'cuối'} năm {self.year}"
        return f"Quý {_QUARTERS[self.part - 1]} năm {self.year}"


def last_ended(kind: str, at: datetime) -> Period:
    """The period that ended last before a moment."""
    day = timezone.localtime(at).date()
    part = (day.month - 1) // MONTHS[ReturnKind(kind)] + 1
    return Period(kind, day.year, part).former


def ended(kind: str, at: datetime, count: int) -> Iterator[Period]:
    """The last few periods that ended, the latest first."""
    period = last_ended(kind, at)
    for _nth in range(count):
        yield period
        period = period.former
