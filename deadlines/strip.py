"""A term as a calendar to look at: week by week, which days counted and which did not. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from deadlines.calendar import DAY, at_minute, end_of, last_day_of, local
from deadlines.reasons import Stretch, Why

# What is said of a day on which nothing counts: the first of these that happened on it.
FIRST_SAID = (Why.PAUSED, Why.FIRST_DAY, Why.MOVED, Why.DAY_OFF, Why.REST_DAY, Why.CLOSED)
MOST_WEEKS = 60  # more than a year says nothing to the eye


@dataclass(frozen=True)
class Cell:
    """One day of a term: what counted on it, or why nothing did. `why` is None outside the term."""

    day: date
    why: Why | None
    counted: timedelta = timedelta()
    note: str = ""
    is_last: bool = False

    @property
    def counts(self) -> bool:
        return self.why == Why.COUNTS


def weeks_of(stretches: Sequence[Stretch], start: datetime, due: datetime) -> list[list[Cell]]:
    """The weeks from `start` to `due`, Monday first, each of seven days. The stretches are those of the whole term;
    those of a term that is counted back from an event reach from its last day to the event."""
    begun, ended = local(start).date(), last_day_of(due)
    seen = [begun, ended, *(last_day_of(each.ends) for each in stretches[-1:])]
    first, last = min(seen), max(seen)
    monday = first - first.weekday() * DAY
    count = min((last - monday).days // 7 + 1, MOST_WEEKS)
    days = [monday + n * DAY for n in range(count * 7)]
    cells = [_cell(day, stretches, ended) if first <= day <= last else Cell(day, None) for day in days]
    return [cells[n : n + 7] for n in range(0, len(cells), 7)]


def _cell(day: date, stretches: Sequence[Stretch], last: date) -> Cell:
    begins, ends = at_minute(day, 0), end_of(day)
    here = [each for each in stretches if each.starts < ends and each.ends > begins]
    counted = sum((min(each.ends, ends) - max(each.starts, begins) for each in here if each.counts), timedelta())
    if counted:
        return Cell(day, Why.COUNTS, counted, is_last=day == last)
    for why in FIRST_SAID:
        for each in here:
            if each.why == why:
                return Cell(day, why, note=each.note, is_last=day == last)
    return Cell(day, Why.CLOSED, is_last=day == last)
