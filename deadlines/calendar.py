"""When does a term end? Pure functions: the calendar and every moment are arguments, nothing is read or stored.

Counting follows the Civil Code 2015, articles 147 and 148. A term in minutes or hours runs from its moment. A term in
days, working days or months does not count its first day, ends at 24:00 of its last (00:00 of the next), and, in plain
days or months, moves to the end of the next working day when its last day is a day of rest. A pause does not count: in
hours for as long as it lasts, in days for every day whose end it covers. The zone has had no change of offset since
1975, so local days and instants match one to one."""

import calendar as months
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import takewhile
from zoneinfo import ZoneInfo

from deadlines.choices import Clock, DayKind, EndsAt

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = timedelta(days=1)
MORNING_ENDS = 12 * 60
SEARCH_LIMIT = 10_000  # days without any working day after which the calendar itself is at fault

Moments = tuple[datetime, datetime]
Hours = tuple[tuple[int, int], ...]  # minutes since midnight


class CalendarEmpty(ValueError):
    """The calendar has no working time at all."""


@dataclass(frozen=True)
class WorkingCalendar:
    """Working hours by weekday (Monday is 0) and the days that differ from their weekday."""

    hours: Mapping[int, Hours]
    days: Mapping[date, DayKind] = field(default_factory=dict)
    notes: Mapping[date, str] = field(default_factory=dict)
    version: int = 0

    @cached_property
    def known_until(self) -> date | None:
        """The last day of the last year for which days off are known; None when none are."""
        years = [day.year for day, kind in self.days.items() if kind == DayKind.OFF]
        return date(max(years), 12, 31) if years else None

    @cached_property
    def usual_hours(self) -> Hours:
        """The hours of a make-up day: those of the first weekday that has any."""
        return next((self.hours[weekday] for weekday in sorted(self.hours) if self.hours[weekday]), ())

    def is_working_day(self, day: date) -> bool:
        kind = self.days.get(day)
        if kind is not None:
            return kind != DayKind.OFF
        return bool(self.hours.get(day.weekday()))

    def hours_of(self, day: date) -> Hours:
        """The working hours of a day; on a half day the morning only."""
        kind = self.days.get(day)
        if kind == DayKind.OFF:
            return ()
        hours = self.hours.get(day.weekday()) or (self.usual_hours if kind else ())
        if kind == DayKind.HALF:
            morning = tuple((starts, min(ends, MORNING_ENDS)) for starts, ends in hours if starts < MORNING_ENDS)
            return morning or hours[:1]
        return hours

    def stretches_of(self, day: date) -> list[Moments]:
        """The working hours of a day as moments."""
        return [(at_minute(day, starts), at_minute(day, ends)) for starts, ends in self.hours_of(day)]

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        return self._search(day, DAY)

    def working_day_before(self, day: date) -> date:
        """The last working day before `day`."""
        return self._search(day, -DAY)

    def _search(self, day: date, step: timedelta) -> date:
        for _attempt in range(SEARCH_LIMIT):
            day += step
            if self.is_working_day(day):
                return day
        raise CalendarEmpty("The calendar has no working day.")


@dataclass(frozen=True)
class Term:
    """A length of time as the law or a policy puts it."""

    clock: Clock
    amount: int
    ends_at: EndsAt = EndsAt.END_OF_DAY


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


# --- moments and days ----------------------------------------------------------------------------------------------


def local(at: datetime) -> datetime:
    """The same instant by the clock on the wall."""
    return at.astimezone(ZONE)


def at_minute(day: date, minute: int) -> datetime:
    """A minute of a day as an instant; minute 1440 is 00:00 of the next day."""
    return datetime.combine(day, time(), ZONE) + timedelta(minutes=minute)


def end_of(day: date) -> datetime:
    """24:00 of a day, which is 00:00 of the next."""
    return datetime.combine(day + DAY, time(), ZONE)


def last_day_of(due: datetime) -> date:
    """The day whose time runs up to `due`: for 00:00 the day before."""
    at = local(due)
    return at.date() - DAY if at.time() == time() else at.date()


def merged(pauses: Iterable[Moments]) -> list[Moments]:
    """The same pauses in order, each moment covered once, empty ones left out."""
    result: list[Moments] = []
    for starts, ends in sorted((local(starts), local(ends)) for starts, ends in pauses if starts < ends):
        if result and starts <= result[-1][1]:
            result[-1] = (result[-1][0], max(ends, result[-1][1]))
        else:
            result.append((starts, ends))
    return result


# --- when a term ends ------------------------------------------------------------------------------------------------


def due(calendar: WorkingCalendar, term: Term, start: datetime, pauses: Sequence[Moments] = ()) -> datetime:
    """The moment at which `term` ends when it starts at `start`. Microseconds for hours, some more for long terms."""
    start, stops = local(start), merged(pauses)
    if term.clock in (Clock.MINUTES, Clock.HOURS):
        return _spend(_round_the_clock(start, stops), _length(term))
    if term.clock == Clock.WORKING_HOURS:
        return _spend(_without(_working_stretches(calendar, start), stops), _length(term))
    last = _last_day(calendar, term, start.date(), stops)
    return _end_moment(calendar, last, term.ends_at)


def is_provisional(calendar: WorkingCalendar, term: Term, due_at: datetime) -> bool:
    """Does the answer depend on days that nobody has announced yet?"""
    if term.clock in (Clock.MINUTES, Clock.HOURS):
        return False
    return calendar.known_until is None or last_day_of(due_at) > calendar.known_until


def working_time_between(
    calendar: WorkingCalendar, start: datetime, end: datetime, pauses: Sequence[Moments] = ()
) -> timedelta:
    """How much working time lies between two moments, pauses left out."""
    total = timedelta()
    for starts, ends in _without(_working_stretches(calendar, local(start), until=local(end)), merged(pauses)):
        total += max(min(ends, local(end)) - starts, timedelta())
    return total


def _length(term: Term) -> timedelta:
    return timedelta(minutes=term.amount) if term.clock == Clock.MINUTES else timedelta(hours=term.amount)


def _round_the_clock(start: datetime, stops: Sequence[Moments]) -> Iterator[Moments]:
    forever = start + timedelta(days=365 * 200)
    return _without(iter([(start, forever)]), stops)


def _working_stretches(calendar: WorkingCalendar, start: datetime, until: datetime | None = None) -> Iterator[Moments]:
    """Working time from `start` on, in order."""
    if not calendar.usual_hours:
        raise CalendarEmpty("The calendar has no working hours.")
    day, idle = start.date(), 0
    while idle < SEARCH_LIMIT and (until is None or at_minute(day, 0) < until):
        idle += 1
        for starts, ends in calendar.stretches_of(day):
            if ends > start:
                idle = 0
                yield max(starts, start), ends
        day += DAY
    if until is None:
        raise CalendarEmpty("The calendar has no working day.")


def _without(stretches: Iterator[Moments], stops: Sequence[Moments]) -> Iterator[Moments]:
    """The stretches with the pauses cut out of them."""
    for starts, ends in stretches:
        for pause_starts, pause_ends in stops:
            if pause_ends <= starts or pause_starts >= ends:
                continue
            if pause_starts > starts:
                yield starts, pause_starts
            starts = min(pause_ends, ends)
        if starts < ends:
            yield starts, ends


def _spend(stretches: Iterator[Moments], length: timedelta) -> datetime:
    """The moment at which `length` of the stretches is used up."""
    for starts, ends in stretches:
        if ends - starts >= length:
            return starts + length
        length -= ends - starts
    raise CalendarEmpty("The stretches end before the term does.")


def _last_day(calendar: WorkingCalendar, term: Term, first: date, stops: Sequence[Moments]) -> date:
    """The last day of a term that is counted in days; `first` itself does not count."""
    if term.clock == Clock.WORKING_DAYS:
        day = first
        for _nth in range(term.amount):
            day = _next_end(calendar, day, term.ends_at, stops)
        return day
    amount = term.amount if term.clock == Clock.DAYS else (_months_later(first, term.amount) - first).days
    day = _nth_day(calendar, first, amount, term.ends_at, stops)
    return day if calendar.is_working_day(day) else _next_end(calendar, day, term.ends_at, stops)


def _nth_day(calendar: WorkingCalendar, first: date, amount: int, ends_at: EndsAt, stops: Sequence[Moments]) -> date:
    if not stops:
        return first + amount * DAY
    day = first
    while amount:
        day += DAY
        amount -= not _is_paused_at_end(calendar, day, ends_at, stops)
    return day


def _next_end(calendar: WorkingCalendar, day: date, ends_at: EndsAt, stops: Sequence[Moments]) -> date:
    """The next working day whose end no pause covers."""
    day = calendar.next_working_day(day)
    while stops and _is_paused_at_end(calendar, day, ends_at, stops):
        day = calendar.next_working_day(day)
    return day


def _end_moment(calendar: WorkingCalendar, day: date, ends_at: EndsAt) -> datetime:
    """When a day ends: at 24:00, or at close of business where the term says so and the day has business."""
    if ends_at == EndsAt.CLOSE_OF_BUSINESS and (hours := calendar.hours_of(day)):
        return at_minute(day, hours[-1][1])
    return end_of(day)


def _is_paused_at_end(calendar: WorkingCalendar, day: date, ends_at: EndsAt, stops: Sequence[Moments]) -> bool:
    """Does a pause cover the last moment of the day?"""
    end = _end_moment(calendar, day, ends_at)
    return any(starts < end <= ends for starts, ends in stops)


def _months_later(day: date, count: int) -> date:
    """The day with the same number `count` months later, or the last of that month where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


# --- steps of a ladder -----------------------------------------------------------------------------------------------


def working_days_before(calendar: WorkingCalendar, due_at: datetime, count: int) -> datetime:
    """Opening of business on the `count`-th working day before the last day of the term."""
    day = last_day_of(due_at)
    for _nth in range(count):
        day = calendar.working_day_before(day)
    return calendar.stretches_of(day)[0][0] if count else local(due_at)


def working_days_after(calendar: WorkingCalendar, due_at: datetime, count: int) -> datetime:
    """Close of business on the `count`-th working day after the last day of the term."""
    day = last_day_of(due_at)
    for _nth in range(count):
        day = calendar.next_working_day(day)
    return calendar.stretches_of(day)[-1][1] if count else local(due_at)


# --- why -------------------------------------------------------------------------------------------------------------


def explain(calendar: WorkingCalendar, term: Term, start: datetime, pauses: Sequence[Moments] = ()) -> list[Stretch]:
    """Every stretch from `start` to the due moment: counted, or skipped and why. The counted add up to the term."""
    start, stops, end = local(start), merged(pauses), due(calendar, term, start, pauses)
    if term.clock in (Clock.MINUTES, Clock.HOURS):
        counted = list(_round_the_clock(start, stops))
        return _with_gaps(calendar, start, end, counted, stops)
    if term.clock == Clock.WORKING_HOURS:
        stretches = takewhile(lambda stretch: stretch[0] < end, _working_stretches(calendar, start))
        return _with_gaps(calendar, start, end, list(_without(stretches, stops)), stops)
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
    left = term.amount
    if term.clock == Clock.MONTHS:
        left = (_months_later(start.date(), term.amount) - start.date()).days
    yield Stretch(start, end_of(start.date()), Why.FIRST_DAY)
    day, last = start.date() + DAY, last_day_of(end)
    while day <= last:
        why, _days_counted, note = _rest(calendar, day)
        is_rest = why != Why.CLOSED
        if _is_paused_at_end(calendar, day, term.ends_at, stops):
            why, note = Why.PAUSED, ""
        elif not left:
            why, note = Why.MOVED, note
        elif not is_rest or term.clock != Clock.WORKING_DAYS:
            why, note, left = Why.COUNTS, "", left - 1
        yield Stretch(at_minute(day, 0), min(end_of(day), end), why, int(why == Why.COUNTS), note)
        day += DAY


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
