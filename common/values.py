"""Values of fields as people read them, for the pages that compare: histories and conflicts."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.utils import display_for_field
from django.contrib.postgres.fields import ArrayField
from django.db.models import Field, ForeignKey, ManyToManyField, Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

EMPTY = "—"


def labelled(about: Any) -> str:
    """What a field is called at the head of a line."""
    return capfirst(str(about.verbose_name))


def plain(value: Any) -> Any:
    """A value as it can be compared and kept as JSON: records by their keys, nothing and the empty text alike."""
    if value is None:
        return ""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, bool | int):
        return value
    if isinstance(value, Iterable):
        return sorted((plain(one) for one in value), key=str)
    return str(value)


class Names:
    """What linked records are called, fetched once per kind. One that the reader may not see has no name."""

    def __init__(self, reader: Any = None) -> None:
        self.reader = reader
        self.wanted: dict[type[Model], set[Any]] = {}
        self.found: dict[type[Model], dict[Any, Model]] = {}

    def want(self, about: Any, value: Any) -> None:
        """Ask for the names of what `value` of a field points to; other fields ask for nothing."""
        if isinstance(about, ForeignKey | ManyToManyField) and value not in (None, ""):
            keys = value if isinstance(value, list) else [value]
            self.wanted.setdefault(about.related_model, set()).update(keys)  # type: ignore[arg-type]

    def fetch(self) -> None:
        for model, keys in self.wanted.items():
            rows: Any = model._base_manager.all()
            scoped: Any = model._default_manager.all()
            if self.reader is not None and hasattr(scoped, "visible_to"):
                rows = scoped.visible_to(self.reader)
            self.found[model] = rows.in_bulk(keys)
        self.wanted = {}

    def of(self, model: type[Model], key: Any) -> str:
        return str(self.found.get(model, {}).get(key, EMPTY))


def in_words(about: Field | Any, value: Any, names: Names) -> str:
    """A field's value in words; a linked record's name was asked for before (`Names.want`)."""
    if value in (None, "", []):
        return EMPTY
    if isinstance(about, ManyToManyField):
        return ", ".join(sorted(names.of(about.related_model, key) for key in value))  # type: ignore[arg-type]
    if isinstance(about, ForeignKey):
        return names.of(about.related_model, value)  # type: ignore[arg-type]
    if isinstance(about, ArrayField):
        return ", ".join(in_words(about.base_field, one, names) for one in value)
    value = about.to_python(value)
    if about.flatchoices:
        return str(dict(about.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(display_for_field(value, about, EMPTY))
