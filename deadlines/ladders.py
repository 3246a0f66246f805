"""When do the steps of a ladder happen? Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from deadlines.calendar import WorkingCalendar, local, working_days_after, working_days_before
from deadlines.choices import Side, StepUnit


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

    def moment(self, calendar: WorkingCalendar, start: datetime, due_at: datetime) -> datetime:
        """When this step happens for a term from `start` to `due_at`."""
        if self.unit == StepUnit.WORKING_DAYS:
            count = working_days_before if self.side == Side.BEFORE else working_days_after
            return count(calendar, due_at, self.amount)
        distance = timedelta(minutes=self.amount)
        if self.unit == StepUnit.PERCENT:
            distance = (due_at - start) * self.amount / 100
        return local(due_at - distance if self.side == Side.BEFORE else due_at + distance)


def plan(
    calendar: WorkingCalendar, rungs: Iterable[Rung], start: datetime, due_at: datetime, taken: Collection[int] = ()
) -> list[tuple[datetime, int]]:
    """(moment, position) of every step still to come, in order. Steps in `taken` happened before and do not again;
    a reminder that would come before the term has begun, or after it has ended, is left out."""
    steps = []
    for rung in rungs:
        moment = rung.moment(calendar, start, due_at)
        if rung.position in taken or (rung.side == Side.BEFORE and not start < moment < due_at):
            continue
        steps.append((moment, rung.position))
    return sorted(steps)
