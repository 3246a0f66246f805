"""Days that narrow a list: as they stand in its address and above it, and the moments at which they begin."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FIRST, LAST = date(1900, 1, 1), date(2999, 12, 31)  # the next day, and their moments in UTC, are days as well


class DayField(forms.DateField):
    """A day that a list is asked for."""

    def __init__(self, *, label: Any) -> None:
        hints = {"placeholder": _("day/month/year"), "inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            label=label,
            required=False,
            widget=forms.DateInput(attrs=hints),
            validators=[MinValueValidator(FIRST), MaxValueValidator(LAST)],
        )


def midnight(day: date) -> datetime:
    """The moment at which a day begins."""
    return timezone.make_aware(datetime.combine(day, time.min))


def untimely(moment: datetime) -> Promise | None:
    """Why a moment cannot be kept: one near the ends of the calendar is none any more in another zone, and the row
    that holds it can never be read again. None when it can."""
    return None if FIRST.year <= moment.year <= LAST.year else _("Such a year cannot be kept.")


def timely(moment: datetime) -> None:
    """The same for the validators of a form field. Raises `ValidationError`."""
    if words := untimely(moment):
        raise ValidationError(str(words))
