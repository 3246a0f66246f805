"""Choosing a record: what was sent and is no key of the model chooses nothing, and is refused like any wrong choice.

Django asks the database for whatever was sent, so a word where a number belongs, a number that no column holds or a NUL
would be a fault of the server instead of a mistake in the form."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db.models import Field, ForeignKey, ManyToManyField
from django.http import HttpRequest

from common.text import has_unstorable


def is_key(column: Any, value: Any) -> bool:
    """Could `column` hold this value? No query."""
    target: Field[Any, Any] = getattr(column, "target_field", column)
    try:
        target.run_validators(target.to_python(value))
    except (ValidationError, ValueError, OverflowError):
        return False
    return not has_unstorable(str(value))


class OnlyKeys:
    """Widget mixin of pickers that look what was sent up by its key, to show it again."""

    field: Any

    def optgroups(self, name: str, value: Iterable[str], attr: Any = None) -> list[Any]:
        """The chosen records; what is no key names none."""
        keys = [one for one in value if is_key(self.field.remote_field.model._meta.pk, one)]
        return list(super().optgroups(name, keys or [""], attr))  # type: ignore[misc]


class ChooseOne(OnlyKeys, AutocompleteSelect):
    """Picks one record by typing."""


class ChooseMany(OnlyKeys, AutocompleteSelectMultiple):
    """Picks several records by typing."""


class Choosers:
    """Admin mixin, of pages and of their inlines: fields that pick by typing are these."""

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs.setdefault("widget", ChooseOne(db_field, self.admin_site, using=kwargs.get("using")))  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs.setdefault("widget", ChooseMany(db_field, self.admin_site, using=kwargs.get("using")))  # type: ignore[attr-defined]
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]
