"""A year's days off are announced: the computed ones become sure, what the package learned since is added."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.exceptions import InvalidInput, RightMissing
from common.scope import as_system
from deadlines import editions
from deadlines.calendar import WorkingCalendar
from deadlines.choices import DayKind
from deadlines.models import DEFAULT_AUTHORITY, CalendarDay
from deadlines.recalculation import Moved, preview
from deadlines.reference import days_of_package
from deadlines.swaps import may_swap

FIRST, LAST = 2020, 2099  # lunar dates beyond are guesses


@dataclass(frozen=True)
class Year:
    """The rows of one year as they will be: announced by its notice, and what was computed and did not come."""

    days: list[CalendarDay]
    gone: list[CalendarDay]

    def after(self, calendar: WorkingCalendar) -> WorkingCalendar:
        """The calendar with this year announced."""
        gone = {row.date for row in self.gone}
        days = {day: kind for day, kind in calendar.days.items() if day not in gone}
        days.update((row.date, DayKind(row.kind)) for row in self.days)
        return replace(calendar, days=days, awaited=calendar.awaited - gone - {row.date for row in self.days})


def year_of(year: int, source: str = "") -> Year:
    """What the package knows of a year, together with what people entered for it, which wins."""
    if not FIRST <= year <= LAST:
        raise InvalidInput({"year": [_("From %(first)d to %(last)d.") % {"first": FIRST, "last": LAST}]})
    there = {row.date: row for row in CalendarDay.objects.filter(authority=DEFAULT_AUTHORITY, date__year=year)}
    known = {row.date: row for row in days_of_package([year], source)}
    days = [row for row in there.values() if row.is_announced]
    for day, computed in known.items():
        row = there.get(day, computed)
        if row is computed or not row.is_announced:
            row.kind, row.note, row.source, row.is_announced = computed.kind, computed.note, source, True
            days.append(row)
    gone = [row for row in there.values() if not row.is_announced and row.date not in known]
    return Year(sorted(days, key=lambda row: row.date), gone)


def look_ahead(year: int, *, by: Any) -> tuple[Year, Moved]:
    """The year's days, and what announcing them would move over all records. Changes nothing.

    Raises `RightMissing`, `InvalidInput`."""
    if not may_swap(by):
        raise RightMissing
    found = year_of(year)
    with as_system():
        return found, preview(found.after(editions.current().calendar))


@transaction.atomic
def announce(year: int, *, source: str, by: Any) -> Year:
    """Write the year's days with their source; running deadlines follow within a minute.

    Raises `RightMissing`, `InvalidInput`."""
    if not may_swap(by):
        raise RightMissing
    found = year_of(year, source)
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
