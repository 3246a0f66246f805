"""How fields and values of incidents, analyses, actions and alerts are said to people: once for all their pages."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common.values import EMPTY
from incidents.taxonomy import lists

Ways = Mapping[str, Callable[[Any], str]]


def words_for(model: Any, ways: Ways) -> tuple[Callable[[str], str], Callable[[str, Any], str]]:
    """How this model's fields are called, and how their values read; `ways` are those of single fields."""

    def labelled(name: str) -> str:
        return capfirst(str(model._meta.get_field(name).verbose_name))

    def said(name: str, value: Any) -> str:
        if value in (None, "", [], {}):
            return EMPTY
        if name in ways:
            return ways[name](value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, datetime):
            return moment(value)
        if isinstance(value, date):
            return date_format(value, "DATE_FORMAT")
        return str(dict(getattr(model._meta.get_field(name), "flatchoices", ())).get(value, value))

    return labelled, said


def boxes(codes: Iterable[str]) -> str:
    """Boxes of Annex IV by their names."""
    return "; ".join(str(lists().named(code) or code) for code in codes)


def moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")
