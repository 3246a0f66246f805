"""What pictures of duties are narrowed by: area, former province, kind of facility and directive."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from common.text import number_in
from directives.models import Directive
from facilities.choices import FacilityType, FormerArea
from facilities.models import Area, Facility

EMPTY_GROUP = "—"
WORDS = ("area", "former", "type", "directive")


def number(text: str) -> int:
    """The key or page that a word of an address names; 0 for what is no number."""
    return number_in(text) or 0


def asked_of(request: HttpRequest, *more: str) -> dict[str, str]:
    """What the address asks for, each word as text."""
    return {name: request.GET.get(name, "")[:40] for name in (*WORDS, "p", *more)}


def facilities_of(user: Any, asked: dict[str, str]) -> QuerySet[Facility]:
    """Those that were asked for: of a facility's people their own, and none that somebody is kept from."""
    rows = Facility.objects.all()
    if not user.has_perm("directives.view_every_directive"):
        rows = rows.filter(pk__in=user.scope.facilities)
    rows = rows.exclude(pk__in=user.recused_facilities)
    if asked["area"]:
        rows = rows.filter(area=number(asked["area"]))
    if asked["former"] in FormerArea.values:
        rows = rows.filter(former_area=asked["former"])
    if asked["type"] in FacilityType.values:
        rows = rows.filter(type=asked["type"])
    columns = ("name", "code", "folded", "type", "former_area", "area__full_name")
    return rows.select_related("area").only(*columns).order_by("folded", "id")


def of_directive(asked: dict[str, str], prefix: str = "") -> Q:
    """The obligations of one directive, with those it carries on; all when none was asked for."""
    if not asked["directive"]:
        return Q()
    chosen = number(asked["directive"])
    return Q(**{f"{prefix}directive": chosen}) | Q(**{f"{prefix}carried_by": chosen})


def offered(user: Any, asked: dict[str, str]) -> dict[str, Any]:
    """What the form above the picture needs. Two queries."""
    return {
        "asked": asked,
        "narrowing": "&".join(f"{name}={asked[name]}" for name in WORDS if asked[name]),
        "directives": Directive.objects.visible_to(user).filter(obligations__isnull=False).distinct(),
        "types": FacilityType.choices,
        "formers": FormerArea.choices,
        "areas": Area.objects.filter(facilities__isnull=False).distinct().order_by("folded"),
    }


def groups() -> dict[str, Callable[[Facility], str]]:
    """By what facilities are rolled up: kind, what the provinces were, and what the wards are now."""
    # once each: asking every row for its label costs more than counting its cells
    types = {value: str(label) for value, label in FacilityType.choices}
    formers = {value: str(label) for value, label in FormerArea.choices}
    return {
        _("Kind of facility"): lambda row: types.get(row.type, EMPTY_GROUP),
        _("Former province"): lambda row: formers.get(row.former_area, EMPTY_GROUP),
        _("Ward or commune"): lambda row: str(row.area) if row.area else EMPTY_GROUP,
    }
