"""When does a term end? Pure functions: the calendar and every moment are arguments, nothing is read or stored.

Counting follows the Civil Code 2015, articles 147 and 148. A term in minutes or hours runs from its moment. A term in
days, working days or months does not count its first day, ends at 24:00 of its last (00:00 of the next), and, in plain
days or months, moves to the end of the next working day when its last day is a day of rest. A pause does not count: in
hours for as long as it lasts, in days for every day whose end it covers. The zone has had no change of offset since
1975, so local days and instants match one to one.

A fixed date each year is a day like the last of a term: it ends at 24:00 and moves on from a day of rest. 29 February
is the 28th in a year without it, as article 148 says of a month that lacks the day. A term that is counted back from an
event leaves out the day of the event and, on a day of rest, ends with the working day before: never later than so long
before. Neither waits: no pause moves them."""

import calendar as months
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from deadlines.choices import Clock, DayKind, EndsAt

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = timedelta(days=1)
MORNING_ENDS = 12 * 60
NEAR = 60  # days: when the known calendar ends sooner, people are told
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
    awaited: frozenset[date] = frozenset()  # computed ahead, announced by nobody yet
    version: int = 0
    beneath: "WorkingCalendar | None" = None  # the calendar that this one differs from, day by day

    @cached_property
    def known_until(self) -> date | None:
        """The last day of the last year whose days off are announced; None when none are. A calendar that rests on
        another is known no further than that one."""
        first_awaited = min((day.year for day in self.awaited), default=9999)
        years = [day.year for day, kind in self.days.items() if kind == DayKind.OFF and day.year < first_awaited]
        known = date(max(years), 12, 31) if years else None
        if self.beneath is None or known is None:
            return known
        return min(known, self.beneath.known_until) if self.beneath.known_until else None

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
class Horizon:
    """Until when days off are known, and how many days that still is."""

    until: date | None
    days: int

    @property
    def is_near(self) -> bool:
        return self.days < NEAR


def horizon_of(calendar: WorkingCalendar, today: date) -> Horizon:
    """How far the calendar reaches, seen from `today`; an empty one reaches nowhere."""
    until = calendar.known_until
    return Horizon(until, max((until - today).days, 0) if until else 0)


@dataclass(frozen=True)
class Term:
    """A length of time as the law or a policy puts it, or the `amount`-th return of a day of the year.

    `at` is the event that it counts from, where that is not its start; `is_back` counts back from there."""

    clock: Clock
    amount: int
    ends_at: EndsAt = EndsAt.END_OF_DAY
    month: int = 0
    day: int = 0
    is_back: bool = False
    at: datetime | None = None

    @property
    def is_fixed(self) -> bool:
        """Does it hang on a day or an event that waits for nobody?"""
        return self.is_back or self.clock == Clock.YEARLY


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
    start, stops = local(term.at or start), merged(() if term.is_fixed else pauses)
    if term.is_back:
        return _due_before(calendar, term, start)
    if term.clock in (Clock.MINUTES, Clock.HOURS):
        return _spend(round_the_clock(start, stops), _length(term))
    if term.clock == Clock.WORKING_HOURS:
        return _spend(without(working_stretches(calendar, start), stops), _length(term))
    last = _last_day(calendar, term, start.date(), stops)
    return _end_moment(calendar, last, term.ends_at)


def is_provisional(calendar: WorkingCalendar, term: Term, due_at: datetime) -> bool:
    """Does the answer depend on days that nobody has announced yet?"""
    if term.clock in (Clock.MINUTES, Clock.HOURS):
        return False
    reaches = max(due_at, term.at) if term.is_back and term.at else due_at
    return calendar.known_until is None or last_day_of(reaches) > calendar.known_until


def working_time_between(
    calendar: WorkingCalendar, start: datetime, end: datetime, pauses: Sequence[Moments] = ()
) -> timedelta:
    """How much working time lies between two moments, pauses left out."""
    total = timedelta()
    for starts, ends in without(working_stretches(calendar, local(start), until=local(end)), merged(pauses)):
        total += max(min(ends, local(end)) - starts, timedelta())
    return total


def _length(term: Term) -> timedelta:
    return timedelta(minutes=term.amount) if term.clock == Clock.MINUTES else timedelta(hours=term.amount)


def round_the_clock(start: datetime, stops: Sequence[Moments]) -> Iterator[Moments]:
    forever = start + timedelta(days=365 * 200)
    return without(iter([(start, forever)]), stops)


def working_stretches(calendar: WorkingCalendar, start: datetime, until: datetime | None = None) -> Iterator[Moments]:
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


def without(stretches: Iterator[Moments], stops: Sequence[Moments]) -> Iterator[Moments]:
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
    day = _nth_day(calendar, first, plain_days(term, first), term.ends_at, stops)
    return day if calendar.is_working_day(day) else _next_end(calendar, day, term.ends_at, stops)


def _nth_day(calendar: WorkingCalendar, first: date, amount: int, ends_at: EndsAt, stops: Sequence[Moments]) -> date:
    if not stops:
        return first + amount * DAY
    day = first
    while amount:
        day += DAY
        amount -= not is_paused_at_end(calendar, day, ends_at, stops)
    return day


def _next_end(calendar: WorkingCalendar, day: date, ends_at: EndsAt, stops: Sequence[Moments]) -> date:
    """The next working day whose end no pause covers."""
    day = calendar.next_working_day(day)
    while stops and is_paused_at_end(calendar, day, ends_at, stops):
        day = calendar.next_working_day(day)
    return day


def _end_moment(calendar: WorkingCalendar, day: date, ends_at: EndsAt) -> datetime:
    """When a day ends: at 24:00, or at close of business where the term says so and the day has business."""
    if ends_at == EndsAt.CLOSE_OF_BUSINESS and (hours := calendar.hours_of(day)):
        return at_minute(day, hours[-1][1])
    return end_of(day)


def is_paused_at_end(calendar: WorkingCalendar, day: date, ends_at: EndsAt, stops: Sequence[Moments]) -> bool:
    """Does a pause cover the last moment of the day?"""
    end = _end_moment(calendar, day, ends_at)
    return any(starts < end <= ends for starts, ends in stops)


def plain_days(term: Term, first: date) -> int:
    """How many days a term takes from `first`, or back from it, that is counted in plain days, months or years."""
    if term.clock == Clock.MONTHS:
        return abs(months_later(first, -term.amount if term.is_back else term.amount) - first).days
    if term.clock == Clock.YEARLY:
        return (_return(term, first) - first).days
    return term.amount


def _return(term: Term, first: date) -> date:
    """The `amount`-th time after `first` that a year comes to its day."""
    is_ahead = _day_in(first.year, term.month, term.day) > first
    return _day_in(first.year + term.amount - is_ahead, term.month, term.day)


def _day_in(year: int, month: int, day: int) -> date:
    """That day, or the last of its month in a year that lacks it."""
    return date(year, month, min(day, months.monthrange(year, month)[1]))


def months_later(day: date, count: int) -> date:
    """The day with the same number `count` months later, or the last of that month where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return _day_in(year, month + 1, day.day)


# --- counted back from an event --------------------------------------------------------------------------------------


def _due_before(calendar: WorkingCalendar, term: Term, event: datetime) -> datetime:
    """The moment so long before an event."""
    if term.clock in (Clock.MINUTES, Clock.HOURS):
        return event - _length(term)
    if term.clock == Clock.WORKING_HOURS:
        return _spend_back(calendar, event, _length(term))
    day = event.date()
    if term.clock == Clock.WORKING_DAYS:
        for _nth in range(term.amount):
            day = calendar.working_day_before(day)
        return _end_moment(calendar, day, term.ends_at)
    day -= plain_days(term, day) * DAY
    return _end_moment(
        calendar, day if calendar.is_working_day(day) else calendar.working_day_before(day), term.ends_at
    )


def _spend_back(calendar: WorkingCalendar, event: datetime, length: timedelta) -> datetime:
    """The moment from which on `length` of working time is left until the event."""
    day = event.date()
    if not calendar.is_working_day(day):
        day = calendar.working_day_before(day)
    while True:
        for starts, ends in reversed(calendar.stretches_of(day)):
            worked = max(min(ends, event) - starts, timedelta())
            if worked >= length:
                return min(ends, event) - length
            length -= worked
        day = calendar.working_day_before(day)


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
