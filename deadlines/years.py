"""A year's days off are announced: the computed ones become sure, what the package learned since is added."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.exceptions import InvalidInput, RightMissing
from common.scope import as_system
from deadlines import editions
from deadlines.calendar import WorkingCalendar
from deadlines.calendars import DEFAULT_AUTHORITY
from deadlines.choices import DayKind
from deadlines.models import CalendarDay
from deadlines.recalculation import Moved, preview
from deadlines.reference import days_of_package
from deadlines.swaps import may_swap

FIRST, LAST = 2020, 2099  # lunar dates beyond are guesses


@dataclass(frozen=True)
class Year:
    """The rows of one year as they will be: announced by its notice, and what was computed and did not come. What an
    authority takes over from the department is there to be read."""

    days: list[CalendarDay]
    gone: list[CalendarDay]
    inherited: list[CalendarDay] = field(default_factory=list)

    def after(self, calendar: WorkingCalendar) -> WorkingCalendar:
        """What an authority entered, with this year announced."""
        gone = {row.date for row in self.gone}
        days = {day: kind for day, kind in calendar.days.items() if day not in gone}
        days.update((row.date, DayKind(row.kind)) for row in self.days)
        return replace(calendar, days=days, awaited=calendar.awaited - gone - {row.date for row in self.days})


def year_of(year: int, source: str = "", authority: str = DEFAULT_AUTHORITY) -> Year:
    """What the package knows of a year, together with what people entered for it, which wins. Of another authority
    than the department only what people entered for it: the rest it inherits."""
    if not FIRST <= year <= LAST:
        raise InvalidInput({"year": [_("From %(first)d to %(last)d.") % {"first": FIRST, "last": LAST}]})
    there, inherited = _rows_of(authority, year), {}
    if authority != DEFAULT_AUTHORITY:
        inherited = _rows_of(DEFAULT_AUTHORITY, year)
        computed_days = [row for row in there.values() if not row.is_announced]
    else:
        computed_days = days_of_package([year], source)
    known = {row.date: row for row in computed_days}
    days = [row for row in there.values() if row.is_announced]
    for day, computed in known.items():
        row = there.get(day, computed)
        if row is computed or not row.is_announced:
            row.kind, row.note, row.source, row.is_announced = computed.kind, computed.note, source, True
            days.append(row)
    gone = [row for row in there.values() if not row.is_announced and row.date not in known]
    rest = [row for day, row in inherited.items() if day not in there]
    return Year(sorted(days, key=_by_date), gone, sorted(rest, key=_by_date))


def _rows_of(authority: str, year: int) -> dict[date, CalendarDay]:
    return {row.date: row for row in CalendarDay.objects.filter(authority=authority, date__year=year)}


def _by_date(row: CalendarDay) -> date:
    return row.date


def look_ahead(year: int, *, by: Any, authority: str = DEFAULT_AUTHORITY) -> tuple[Year, Moved]:
    """The year's days, and what announcing them would move over all records. Changes nothing.

    Raises `RightMissing`, `InvalidInput`."""
    if not may_swap(by):
        raise RightMissing
    found, calendars = year_of(year, authority=authority), editions.current().calendars
    after = calendars.with_entered(authority, found.after(calendars.entered_by(authority)))
    with as_system():
        return found, preview(after, authority=authority)


@transaction.atomic
def announce(year: int, *, source: str, by: Any, authority: str = DEFAULT_AUTHORITY) -> Year:
    """Write the year's days with their source; running deadlines follow within a minute.

    Raises `RightMissing`, `InvalidInput`."""
    if not may_swap(by):
        raise RightMissing
    found = year_of(year, source, authority)
    for row in _marked(found.days, source, by):
        row.save()
    for row in _marked(found.gone, source, by):
        row.delete()
    return found


def _marked(rows: Iterable[CalendarDay], source: str, by: Any) -> Iterable[CalendarDay]:
    """Those that this notice changes, with who and why for their history."""
    for row in rows:
        if row.source == source or not row.is_announced:
            row._history_user, row._change_reason = by, source  # type: ignore[attr-defined]
            yield row
