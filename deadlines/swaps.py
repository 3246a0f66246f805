"""Swapping a working day: a weekday off, a day of rest worked instead, as announced at short notice."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.exceptions import InvalidInput, RightMissing, type_of_text
from common.scope import as_system
from deadlines import editions
from deadlines.calendar import WorkingCalendar
from deadlines.calendars import DEFAULT_AUTHORITY
from deadlines.choices import DayKind
from deadlines.models import CalendarDay
from deadlines.recalculation import Moved, preview

RIGHTS = ("deadlines.add_calendarday", "deadlines.change_calendarday")


def may_swap(by: Any) -> bool:
    """May this person change the calendar?"""
    return bool(by.has_perms(RIGHTS))


def look_ahead(off: date, worked: date, *, by: Any, authority: str = DEFAULT_AUTHORITY) -> Moved:
    """What the swap in this authority's calendar would move, over all records, whoever sees them: the calendar is
    everybody's. Changes nothing.

    Raises `RightMissing`, `InvalidInput`."""
    if not may_swap(by):
        raise RightMissing
    calendars = editions.current().calendars
    _check(calendars.of(authority), off, worked)
    entered = calendars.entered_by(authority)
    after = replace(entered, days={**entered.days, off: DayKind.OFF, worked: DayKind.WORKING})
    with as_system():
        return preview(calendars.with_entered(authority, after), authority=authority)


@transaction.atomic
def publish(
    off: date, worked: date, *, occasion: str, source: str, by: Any, authority: str = DEFAULT_AUTHORITY
) -> None:
    """Write both days, with their source, in one step; running deadlines follow within a minute.

    Raises `RightMissing`, `InvalidInput`."""
    if not may_swap(by):
        raise RightMissing
    _check(editions.current().calendars.of(authority), off, worked)
    for day, kind in ((off, DayKind.OFF), (worked, DayKind.WORKING)):
        row = _row_of(authority, day)
        row.kind, row.note, row.source, row.is_announced = kind, occasion[:200], source, True
        row._history_user, row._change_reason = by, source  # type: ignore[attr-defined]
        row.save()


def _check(calendar: WorkingCalendar, off: date, worked: date) -> None:
    faults: dict[str, list[type_of_text]] = {}
    if not calendar.is_working_day(off):
        faults["off"] = [_("This day is one of rest already.")]
    if calendar.is_working_day(worked):
        faults["worked"] = [_("This day is a working day already.")]
    if faults:
        raise InvalidInput(faults)


def _row_of(authority: str, day: date) -> CalendarDay:
    there = CalendarDay.objects.filter(authority=authority, date=day).first()
    return there or CalendarDay(authority=authority, date=day)
