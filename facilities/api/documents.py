"""What the API says of facilities and areas. All of it is public; a responsible person's name is not among it."""

from typing import Any

from django.db.models import F, OuterRef, Subquery

from common.api.rows import JsonText, documents
from facilities.models import Area, AreaAlias, Facility, FacilityName, Hotline

FACILITY = (
    "code",
    "version",
    "name",
    "type",
    "ownership",
    "managing_body",
    "supervisor",
    "status",
    "address",
    "former_area",
    "technical_level",
    "hospital_class",
    "valid_from",
    "valid_to",
    "is_demo",
)
IN_FULL = ("licence_number", "scope", "takes_insurance", "founded", "beds", "visits_per_year", "opening_hours")
AREA = ("code", "name", "full_name", "name_en", "kind", "former_area")


def facility_row() -> JsonText:
    """One facility in a list."""
    return JsonText(**_row())


def facility_document() -> JsonText:
    """One facility in full, with every name it ever had and the numbers it posts."""
    names = FacilityName.objects.filter(facility=OuterRef("pk")).order_by("kind", "valid_from", "id")
    hotlines = Hotline.objects.filter(facility=OuterRef("pk"), is_active=True).order_by("id")
    return JsonText(
        **_row(),
        **{name: F(name) for name in IN_FULL},
        names=documents(
            names, name=F("name"), kind=F("kind"), valid_from=F("valid_from"), valid_to=F("valid_to"), note=F("note")
        ),
        hotlines=documents(hotlines, number=F("number"), purpose=F("purpose")),
    )


def area_row() -> JsonText:
    """One area with what people still call it."""
    aliases = AreaAlias.objects.filter(area=OuterRef("pk")).order_by("folded", "id")
    return JsonText(
        **{name: F(name) for name in AREA},
        parent=_code_of(Area, "parent"),
        aliases=documents(aliases, name=F("name"), kind=F("kind")),
    )


def _row() -> dict[str, Any]:
    fields: dict[str, Any] = {name: F(name) for name in FACILITY}
    return fields | {
        "area": F("area__code"),
        "area_name": F("area__full_name"),
        "parent": _code_of(Facility, "parent"),
        "successor": _code_of(Facility, "successor"),
    }


def _code_of(model: Any, name: str) -> Subquery:
    return Subquery(model.objects.filter(pk=OuterRef(name)).order_by().values("code"))
