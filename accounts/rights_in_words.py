"""The rights of a role as people read them: by kind of record, each right in words."""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext as _


def rights_of(role: Group) -> list[tuple[str, list[str]]]:
    """Kinds of records with what the role may do with them, in the order of the alphabet. One query."""
    found: dict[str, list[str]] = {}
    held = role.permissions.select_related("content_type").order_by("content_type__app_label", "content_type", "pk")
    for right in held:
        found.setdefault(_records_of(right.content_type), []).append(_words_of(right))
    return sorted(found.items())


def _records_of(kind: ContentType) -> str:
    model = kind.model_class()
    return capfirst(str(model._meta.verbose_name_plural if model else kind.model))


def _words_of(right: Permission) -> str:
    """Django words its four stock rights in English only; ours are in the catalogue."""
    stock = {"view": _("View"), "add": _("Add"), "change": _("Change"), "delete": _("Delete")}
    act, _sign, model = right.codename.partition("_")
    return stock[act] if act in stock and model == right.content_type.model else _(right.name)
