"""Forms of the calendar: what a change moves is counted and shown before it is saved."""

from dataclasses import replace
from datetime import time
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from common.scope import as_system
from deadlines import editions
from deadlines.calendar import WorkingCalendar
from deadlines.calendars import DEFAULT_AUTHORITY
from deadlines.choices import Authority, DayKind
from deadlines.recalculation import Moved, preview


def authority_field() -> forms.ChoiceField:
    """Whose calendar a page is about; the department's where nothing is said."""
    return AuthorityField(
        label=gettext_lazy("Whose calendar"), choices=Authority, required=False, widget=UnfoldAdminSelectWidget
    )


class AuthorityField(forms.ChoiceField):
    def clean(self, value: Any) -> str:
        return super().clean(value) or DEFAULT_AUTHORITY


class CountsFirst(forms.ModelForm):
    """A row of somebody's calendar; whose it is stays once it is entered. The first time a change is sent it comes back
    with its counts; sent once more as it is, it is saved."""

    counted = forms.CharField(required=False, widget=forms.HiddenInput)
    moving: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "authority" in self.fields:  # whoever only reads is shown no field
            self.fields["authority"].disabled = self.instance.pk is not None

    def entered_after(self, entered: WorkingCalendar) -> WorkingCalendar:
        """What its authority entered, as it would be."""
        raise NotImplementedError

    def clean(self) -> Any:
        cleaned = super().clean()
        changed = set(self.changed_data) & set(self.moving)
        if self.errors or not changed or self.cleaned_data.get("counted") == self._mark():
            return cleaned
        with as_system():
            found = self._counts()
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

    def _counts(self) -> Moved:
        calendars, authority = editions.current().calendars, self.cleaned_data["authority"]
        after = self.entered_after(calendars.entered_by(authority))
        return preview(calendars.with_entered(authority, after), authority=authority)

    def _mark(self) -> str:
        return "|".join(str(self.cleaned_data.get(name)) for name in self.moving)


class DayForm(CountsFirst):
    moving = ("authority", "date", "kind", "is_announced")

    def entered_after(self, entered: WorkingCalendar) -> WorkingCalendar:
        given = self.cleaned_data
        before = {self.initial.get("date")}
        days = {day: kind for day, kind in entered.days.items() if day not in before}
        awaited = entered.awaited - before - {given["date"]}
        if not given["is_announced"]:
            awaited |= {given["date"]}
        return replace(entered, days={**days, given["date"]: DayKind(given["kind"])}, awaited=awaited)


class PeriodForm(CountsFirst):
    moving = ("authority", "weekday", "starts", "ends")

    def entered_after(self, entered: WorkingCalendar) -> WorkingCalendar:
        given = self.cleaned_data
        hours = {weekday: list(periods) for weekday, periods in entered.hours.items()}
        if self.instance.pk:
            hours[self.initial["weekday"]].remove(_minutes(self.initial["starts"], self.initial["ends"]))
        hours.setdefault(given["weekday"], []).append(_minutes(given["starts"], given["ends"]))
        return replace(entered, hours={weekday: tuple(sorted(periods)) for weekday, periods in hours.items()})


def _minutes(starts: time, ends: time) -> tuple[int, int]:
    return starts.hour * 60 + starts.minute, ends.hour * 60 + ends.minute
