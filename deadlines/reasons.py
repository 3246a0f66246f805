"""Why does a term end then? Every stretch from its start to its end: counted, or skipped and why. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import takewhile

from deadlines.calendar import (
    DAY,
    Moments,
    Term,
    WorkingCalendar,
    at_minute,
    due,
    end_of,
    is_paused_at_end,
    last_day_of,
    local,
    merged,
    plain_days,
    round_the_clock,
    without,
    working_stretches,
)
from deadlines.choices import IN_DAYS, Clock


class Why(StrEnum):
    """Why a stretch of time counts or does not."""

    COUNTS = "counts"
    FIRST_DAY = "first_day"
    REST_DAY = "rest_day"
    DAY_OFF = "day_off"
    CLOSED = "closed"
    PAUSED = "paused"
    MOVED = "moved"


@dataclass(frozen=True)
class Stretch:
    """Time that counts, or that does not and why. Counted stretches add up to the whole term."""

    starts: datetime
    ends: datetime
    why: Why
    days: int = 0
    note: str = ""

    @property
    def counts(self) -> bool:
        return self.why == Why.COUNTS


def explain(calendar: WorkingCalendar, term: Term, start: datetime, pauses: Sequence[Moments] = ()) -> list[Stretch]:
    """Every stretch from `start` to the due moment: counted, or skipped and why. The counted add up to the term.

    Where the term counts from an event, from there; where it counts back, from its last day up to the event."""
    end = due(calendar, term, start, pauses)
    start, stops = local(term.at or start), merged(() if term.is_fixed else pauses)
    if term.is_back:
        return _back(calendar, term, start, end)
    if term.clock in (Clock.MINUTES, Clock.HOURS):
        counted = list(round_the_clock(start, stops))
        return _with_gaps(calendar, start, end, counted, stops)
    if term.clock == Clock.WORKING_HOURS:
        stretches = takewhile(lambda stretch: stretch[0] < end, working_stretches(calendar, start))
        return _with_gaps(calendar, start, end, list(without(stretches, stops)), stops)
    return _joined(_days(calendar, term, start, end, stops))


def _with_gaps(
    calendar: WorkingCalendar, start: datetime, end: datetime, counted: list[Moments], stops: Sequence[Moments]
) -> list[Stretch]:
    """Counted stretches, and what lies between them cut at midnights, pauses and the hours of business."""
    result, at = [], start
    for starts, ends in counted:
        if starts >= end:
            break
        result += _gap(calendar, at, starts, stops)
        result.append(Stretch(starts, min(ends, end), Why.COUNTS))
        at = min(ends, end)
    return _joined(result)


def _gap(calendar: WorkingCalendar, start: datetime, end: datetime, stops: Sequence[Moments]) -> list[Stretch]:
    edges = {start, end}
    edges.update(moment for stop in stops for moment in stop if start < moment < end)
    day = start.date()
    while (midnight := end_of(day)) < end:
        edges.add(midnight)
        day += DAY
    cuts = sorted(edges)
    return [_skipped(calendar, *pair, stops) for pair in zip(cuts, cuts[1:], strict=False)]


def _skipped(calendar: WorkingCalendar, start: datetime, end: datetime, stops: Sequence[Moments]) -> Stretch:
    if any(starts <= start and end <= ends for starts, ends in stops):
        return Stretch(start, end, Why.PAUSED)
    return Stretch(start, end, *_rest(calendar, start.date()))


def _rest(calendar: WorkingCalendar, day: date) -> tuple[Why, int, str]:
    if calendar.is_working_day(day):
        return Why.CLOSED, 0, ""
    if day in calendar.days:
        return Why.DAY_OFF, 0, calendar.notes.get(day, "")
    return Why.REST_DAY, 0, ""


def _days(
    calendar: WorkingCalendar, term: Term, start: datetime, end: datetime, stops: Sequence[Moments]
) -> Iterator[Stretch]:
    """One stretch a day; the first and the last may be shorter."""
    left = plain_days(term, start.date())
    yield Stretch(start, end_of(start.date()), Why.FIRST_DAY)
    day, last = start.date() + DAY, last_day_of(end)
    while day <= last:
        why, _days_counted, note = _rest(calendar, day)
        is_rest = why != Why.CLOSED
        if is_paused_at_end(calendar, day, term.ends_at, stops):
            why, note = Why.PAUSED, ""
        elif not left:
            why, note = Why.MOVED, note
        elif not is_rest or term.clock != Clock.WORKING_DAYS:
            why, note, left = Why.COUNTS, "", left - 1
        yield Stretch(at_minute(day, 0), min(end_of(day), end), why, int(why == Why.COUNTS), note)
        day += DAY


def _back(calendar: WorkingCalendar, term: Term, event: datetime, end: datetime) -> list[Stretch]:
    if term.clock in IN_DAYS:
        return _joined(reversed(list(_days_back(calendar, term, event, end))))
    counted = [(end, event)]
    if term.clock == Clock.WORKING_HOURS:
        worked = working_stretches(calendar, end, until=event)
        counted = [(starts, min(ends, event)) for starts, ends in worked if starts < event]
    return _joined(
        [*_with_gaps(calendar, end, event, counted, ()), *_gap(calendar, counted[-1][1], event, ())],
    )


def _days_back(calendar: WorkingCalendar, term: Term, event: datetime, end: datetime) -> Iterator[Stretch]:
    """One stretch a day, from the day of the event back."""
    day, last, left = event.date(), last_day_of(end), plain_days(term, event.date())
    if event > at_minute(day, 0):
        yield Stretch(at_minute(day, 0), event, Why.FIRST_DAY)
    while (day := day - DAY) >= last:
        why, _days_counted, note = _rest(calendar, day)
        if not left:
            why = Why.MOVED
        elif why == Why.CLOSED or term.clock != Clock.WORKING_DAYS:
            why, note, left = Why.COUNTS, "", left - 1
        yield Stretch(at_minute(day, 0), end_of(day), why, int(why == Why.COUNTS), note)


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Neighbours of one kind as one."""
    result: list[Stretch] = []
    for stretch in stretches:
        before = result[-1] if result else None
        if before and (before.why, before.ends) == (stretch.why, stretch.starts):
            days, note = before.days + stretch.days, _both(before.note, stretch.note)
            result[-1] = Stretch(before.starts, stretch.ends, before.why, days, note)
        else:
            result.append(stretch)
    return result


def _both(first: str, last: str) -> str:
    """The occasions of a row of days off: the first and the last of them."""
    head = first.split(" – ")[0]
    return head if last in ("", head) else f"{head} – {last}" if head else last
