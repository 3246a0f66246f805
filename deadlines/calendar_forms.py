"""Forms of the calendar: what a change moves is counted and shown before it is saved."""

from dataclasses import replace
from datetime import time
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from common.scope import as_system
from deadlines import editions
from deadlines.calendar import WorkingCalendar
from deadlines.choices import DayKind
from deadlines.recalculation import preview


class CountsFirst(forms.ModelForm):
    """A row of the department's own calendar: whose it is stands on the row, not in the form. The first time a change
    is sent it comes back with its counts; sent once more as it is, it is saved."""

    counted = forms.CharField(required=False, widget=forms.HiddenInput)
    moving: ClassVar[tuple[str, ...]] = ()

    def calendar_after(self) -> WorkingCalendar:
        """The calendar as it would be."""
        raise NotImplementedError

    def clean(self) -> Any:
        cleaned = super().clean()
        changed = set(self.changed_data) & set(self.moving)
        if self.errors or not changed or self.cleaned_data.get("counted") == self._mark():
            return cleaned
        with as_system():
            found = preview(self.calendar_after())
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("counted")] = self._mark()
        self.data = data
        raise ValidationError(
            _(
                "Not saved yet. Of %(looked)d running deadlines %(later)d end later, %(earlier)d earlier, and"
                " %(late)d are late by it at once. Save once more to publish the change."
            ),
            code="counted",
            params={
                "looked": found.looked,
                "later": found.later,
                "earlier": found.earlier,
                "late": found.newly_late,
            },
        )

    def _mark(self) -> str:
        return "|".join(str(self.cleaned_data.get(name)) for name in self.moving)

    def _get_validation_exclusions(self) -> set[str]:
        """Django leaves out constraints over fields that the form does not show; a day twice is then a fault, not a
        sentence."""
        return super()._get_validation_exclusions() - {"authority"}  # type: ignore[misc, no-any-return]


class DayForm(CountsFirst):
    moving = ("date", "kind", "is_announced")

    def calendar_after(self) -> WorkingCalendar:
        calendar, given = editions.current().calendar, self.cleaned_data
        before = {self.initial.get("date")}
        days = {day: kind for day, kind in calendar.days.items() if day not in before}
        awaited = calendar.awaited - before - {given["date"]}
        if not given["is_announced"]:
            awaited |= {given["date"]}
        return replace(calendar, days={**days, given["date"]: DayKind(given["kind"])}, awaited=awaited)


class PeriodForm(CountsFirst):
    moving = ("weekday", "starts", "ends")

    def calendar_after(self) -> WorkingCalendar:
        calendar, given = editions.current().calendar, self.cleaned_data
        hours = {weekday: list(periods) for weekday, periods in calendar.hours.items()}
        if self.instance.pk:
            hours[self.initial["weekday"]].remove(_minutes(self.initial["starts"], self.initial["ends"]))
        hours.setdefault(given["weekday"], []).append(_minutes(given["starts"], given["ends"]))
        return replace(calendar, hours={weekday: tuple(sorted(periods)) for weekday, periods in hours.items()})


def _minutes(starts: time, ends: time) -> tuple[int, int]:
    return starts.hour * 60 + starts.minute, ends.hour * 60 + ends.minute
