"""Filters of lists: a value that does not fit is refused with its sentence, never ignored."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from common.exceptions import InvalidInput
from common.text import has_unstorable

_LOST_PLUS = re.compile(r"(?<=\d) (?=\d\d:?\d\d$)")  # an unescaped + of an offset arrives as a blank
_YEARS = range(1990, 2101)


class StrictFilters(django_filters.FilterSet):
    """Only what was sent is looked at, and all of it must fit.

    Statements are kept for half a minute by what was sent (`common.statements`): a filter reads the clock in SQL, not
    in Python, and one that asks the database what to filter by stands in `never_kept`."""

    never_kept: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def applied(cls, request: Request, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that the query's parameters leave. Raises `InvalidInput`."""
        given = {name: request.GET[name] for name in cls.base_filters if name in request.GET}
        if not given:
            return rows
        if empty := [name for name, value in given.items() if not value]:
            raise InvalidInput({name: [_("Give a value, or leave this out.")] for name in empty})
        filters = cls(given, queryset=rows, request=request)
        if not filters.is_valid():
            raise InvalidInput({name: list(sentences) for name, sentences in filters.errors.items()})
        return filters.qs

    filters: dict[str, Any]

    def get_form_class(self) -> type[forms.Form]:
        self.filters = {name: each for name, each in self.filters.items() if name in self.data}
        return super().get_form_class()


class CodeField(forms.ModelChoiceField):
    default_error_messages = {"invalid_choice": _("Not found, or no longer in use.")}

    def to_python(self, value: Any) -> Any:
        if has_unstorable(str(value)):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class CodeFilter(django_filters.ModelChoiceFilter):
    """Rows that point to the row with this code; an unknown code is refused."""

    field_class = CodeField

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"to_field_name": "code", "empty_label": None} | options)


class WordField(forms.Field):
    """true or false."""

    def to_python(self, value: Any) -> bool:
        if value not in ("true", "false"):
            raise forms.ValidationError(_("Say true or false."))
        return bool(value == "true")


class TruthFilter(django_filters.Filter):
    field_class = WordField


class MomentField(forms.Field):
    """A moment with its offset (without one: local time), or a day, which is its beginning or its end."""

    def __init__(self, *, is_end: bool = False, **options: Any) -> None:
        self.is_end = is_end
        super().__init__(**options)

    def to_python(self, value: Any) -> datetime:
        try:
            found = self._read(_LOST_PLUS.sub("+", str(value)))
        except (ValueError, OverflowError):
            found = None
        if found is None:
            raise forms.ValidationError(_("Give a day (2026-11-25) or a moment (2026-11-25T08:00:00+07:00)."))
        return found

    def _read(self, text: str) -> datetime | None:
        day = parse_date(text) if len(text) == 10 else None
        moment = datetime.combine(day, time()) if day else parse_datetime(text)
        if moment is None or moment.year not in _YEARS:
            return None
        if day and self.is_end:
            moment += timedelta(days=1) - timedelta(microseconds=1)
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)

    def clean_named(self, name: str, value: str) -> datetime:
        """The moment of one parameter outside a filter set. Raises `InvalidInput`."""
        try:
            return self.to_python(value)
        except forms.ValidationError as refusal:
            raise InvalidInput({name: list(refusal.messages)}) from None


class MomentFilter(django_filters.Filter):
    """Rows from a moment on, or up to one (`is_end`), both included."""

    field_class = MomentField

    def __init__(self, field_name: str = "", *, is_end: bool = False, **options: Any) -> None:
        super().__init__(field_name or None, "lte" if is_end else "gte", is_end=is_end, **options)


class DayField(forms.Field):
    def to_python(self, value: Any) -> date:
        try:
            found = parse_date(str(value))
        except ValueError:
            found = None
        if found is None:
            raise forms.ValidationError(_("Give a day (2026-11-25)."))
        return found


class DayFilter(django_filters.Filter):
    field_class = DayField
