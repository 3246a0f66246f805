"""When do the steps of a ladder happen, and when are people left in peace? Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from deadlines.calendar import (
    DAY,
    Moments,
    Term,
    WorkingCalendar,
    local,
    working_days_after,
    working_days_before,
)
from deadlines.choices import Action, Clock, Side, StepUnit
from deadlines.reasons import explain

ROUND_THE_CLOCK = (Clock.MINUTES, Clock.HOURS)
MOST_QUIET = 60  # days of quiet in a row after which the calendar is at fault, and people are told anyway


@dataclass(frozen=True)
class Course:
    """A term on its way from start to due moment, pauses included."""

    calendar: WorkingCalendar
    term: Term
    start: datetime
    due_at: datetime
    pauses: Sequence[Moments] = ()

    def when_counted(self, percent: int) -> datetime:
        """The moment by which so much of the term has counted: nights, days of rest and pauses move it along."""
        if self.term.clock in ROUND_THE_CLOCK and not self.pauses:
            return self.start + (self.due_at - self.start) * percent / 100
        counted = [each for each in explain(self.calendar, self.term, self.start, self.pauses) if each.counts]
        left = sum((each.ends - each.starts for each in counted), timedelta()) * percent / 100
        for each in counted:
            if each.ends - each.starts >= left:
                return each.starts + left
            left -= each.ends - each.starts
        return self.due_at


@dataclass(frozen=True)
class Rung:
    """A row of `LadderStep` as the engine needs it."""

    position: int
    side: Side
    amount: int
    unit: StepUnit
    roles: tuple[str, ...]
    level: int
    template: str
    is_urgent: bool
    action: Action = Action.NOTIFY
    given_to: str = ""
    keeps_quiet: bool = True
    stops_when_acknowledged: bool = False

    def moment(self, course: Course) -> datetime:
        """When this step happens in such a term."""
        if self.unit == StepUnit.WORKING_DAYS:
            count = working_days_before if self.side == Side.BEFORE else working_days_after
            return count(course.calendar, course.due_at, self.amount)
        if self.unit == StepUnit.PERCENT and self.side == Side.BEFORE:
            return local(course.when_counted(100 - self.amount))
        distance = timedelta(minutes=self.amount)
        if self.unit == StepUnit.PERCENT:
            distance = (course.due_at - course.start) * self.amount / 100
        return local(course.due_at - distance if self.side == Side.BEFORE else course.due_at + distance)


@dataclass(frozen=True)
class Said:
    """What ladders before this one took, in a clock that a correction gave this one at `until`: the highest level of
    each action."""

    until: datetime
    levels: Mapping[str, int]

    def covers(self, rung: Rung, moment: datetime) -> bool:
        """Was what this step is for done before the clock had its ladder? Whatever was done, people were told."""
        levels = self.levels.values() if rung.action == Action.NOTIFY else [self.levels.get(rung.action, -1)]
        return moment <= self.until and rung.level <= max(levels, default=-1)


def plan(
    course: Course,
    rungs: Iterable[Rung],
    *,
    taken: Collection[int] = (),
    is_acknowledged: bool = False,
    said: Said | None = None,
) -> list[tuple[datetime, int]]:
    """(moment, position) of every step still to come, in order. Steps in `taken` happened before and do not again; a
    reminder that would come before the term has begun, or after it has ended, is left out, and so are a step that stops
    at an acknowledgement that is there and one that only says again what a ladder before said (`said`)."""
    steps = []
    for rung in rungs:
        if rung.position in taken or (is_acknowledged and rung.stops_when_acknowledged):
            continue
        moment = rung.moment(course)
        if rung.side == Side.BEFORE and not course.start < moment < course.due_at:
            continue
        if said is None or not said.covers(rung, moment):
            steps.append((moment, rung.position))
    return sorted(steps)


# --- quiet hours -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Quiet:
    """The hours in which a ladder tells nothing that can wait."""

    starts: time = time(21)
    ends: time = time(7)
    on_rest_days: bool = True

    def until(self, calendar: WorkingCalendar, at: datetime) -> datetime | None:
        """When people may be told if it is quiet at `at`; None when they may be told at once."""
        moment = local(at)
        for _nth in range(MOST_QUIET):
            later = self._later(calendar, moment)
            if later == moment:
                return moment if moment > at else None
            moment = later
        return None

    def _later(self, calendar: WorkingCalendar, at: datetime) -> datetime:
        """The end of the quiet stretch around `at`, or `at` itself."""
        if self.on_rest_days and not calendar.is_working_day(at.date()):
            return datetime.combine(at.date() + DAY, time(), at.tzinfo)
        clock, ends = at.timetz().replace(tzinfo=None), datetime.combine(at.date(), self.ends, at.tzinfo)
        if self.starts <= self.ends:
            return ends if self.starts <= clock < self.ends else at
        if clock >= self.starts:
            return ends + DAY
        return ends if clock < self.ends else at
