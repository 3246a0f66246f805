"""Whose calendar? The department's own, and those of authorities that work on other days or hours. Pure.

An authority inherits the department's calendar and differs from it day by day and weekday by weekday: a day that it
entered is as it entered it, a weekday for which it entered hours has these and no others. One without rows of its own
is the department's calendar itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from deadlines.calendar import WorkingCalendar
from deadlines.choices import Authority

DEFAULT_AUTHORITY = str(Authority.DEPARTMENT)


@dataclass(frozen=True)
class Calendars:
    """The calendars of one edition: the department's, and what each other authority entered that differs."""

    department: WorkingCalendar
    own: Mapping[str, WorkingCalendar] = field(default_factory=dict)

    def of(self, authority: str) -> WorkingCalendar:
        """The whole calendar of an authority, as terms are counted by it. Merged once."""
        return self._whole.get(authority, self.department)

    def entered_by(self, authority: str) -> WorkingCalendar:
        """Only what this authority entered; for the department all of it."""
        if authority == DEFAULT_AUTHORITY:
            return self.department
        return self.own.get(authority, WorkingCalendar(hours={}, version=self.department.version))

    def with_entered(self, authority: str, entered: WorkingCalendar) -> "Calendars":
        """The same calendars after this authority entered something else."""
        if authority == DEFAULT_AUTHORITY:
            return replace(self, department=entered)
        return replace(self, own={**self.own, authority: entered})

    @cached_property
    def _whole(self) -> dict[str, WorkingCalendar]:
        return {authority: laid_over(self.department, entered) for authority, entered in self.own.items()}


def laid_over(beneath: WorkingCalendar, entered: WorkingCalendar) -> WorkingCalendar:
    """The calendar beneath, with what was entered in the place of what it says of the same days and weekdays."""
    notes = {day: note for day, note in beneath.notes.items() if day not in entered.days}
    return replace(
        beneath,
        hours={**beneath.hours, **entered.hours},
        days={**beneath.days, **entered.days},
        notes={**notes, **entered.notes},
        awaited=(beneath.awaited - entered.days.keys()) | entered.awaited,
        beneath=beneath,
    )
