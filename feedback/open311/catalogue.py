"""Which services a civic app may offer: our matters, each with the same few questions."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from common.models import valid_on
from common.text import has_unstorable
from feedback.models import Category
from feedback.open311.refusals import NothingThere

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
FACILITY, OCCURRED_ON, CONFIDENTIAL = "FACILITY", "OCCURRED_ON", "CONFIDENTIAL"
YES, NO = "yes", "no"


def offered() -> QuerySet[Category]:
    """The matters that somebody may report today. One query."""
    return Category.objects.leaves().filter(valid_on(timezone.localdate())).select_related("parent")


def service_list() -> list[dict[str, Any]]:
    """GET services. One query."""
    return [_service(category) for category in offered()]


def definition(code: str) -> dict[str, Any]:
    """GET services/CODE. Raises `NothingThere`. One query."""
    known = category_of(code)
    return {"service_code": known.code, "attributes": _attributes()}


def category_of(code: str) -> Category:
    """The matter behind a service code. Raises `NothingThere`."""
    known = None if has_unstorable(code) else offered().filter(code=code[:100]).first()
    if known is None:
        raise NothingThere(_("service_code: there is no such service. GET services tells which there are."))
    return known


def discovery() -> dict[str, Any]:
    """Where the endpoint is and which formats it speaks. One query."""
    newest = Category.history.model.objects.aggregate(at=Max("history_date"))["at"]  # type: ignore[attr-defined]
    changeset = f"{timezone.localtime(newest):%Y-%m-%d %H:%M}" if newest else "2026-01-01 00:00"
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{settings.BASE_URL}/open311/v2",
        "changeset": changeset,
        "type": "test" if settings.DEMO else "production",
        "formats": ["text/xml", "application/json"],
    }
    return {
        "changeset": changeset,
        "contact": settings.SYSTEM_CONTACT or settings.AUTHORITY_NAME,
        "key_service": _("Ask the department for an API client; its token is the api_key."),
        "endpoints": [endpoint],
    }


def _service(category: Category) -> dict[str, Any]:
    field = category.parent.label if category.parent else ""
    names = dict.fromkeys(name for name in (category.name, category.name_en, field) if name)
    return {
        "service_code": category.code,
        "service_name": category.label,
        "description": _("%(matter)s (field: %(field)s)") % {"matter": category.label, "field": field},
        "metadata": True,
        "type": "realtime",
        "keywords": ", ".join(name.replace(",", "") for name in names),
        "group": field,
    }


def _attributes() -> list[dict[str, Any]]:
    return [
        _attribute(
            1, FACILITY, "string", _("Where it happened: name of the hospital, clinic or station, or its code.")
        ),
        _attribute(2, OCCURRED_ON, "datetime", _("The day on which it happened.")),
        _attribute(
            3,
            CONFIDENTIAL,
            "singlevaluelist",
            _("Keep my identity secret from everybody but the few who must know."),
            {NO: _("no"), YES: _("yes")},
        ),
    ]


def _attribute(
    order: int, code: str, datatype: str, description: str, values: Mapping[str, str] | None = None
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "variable": True,
        "code": code,
        "datatype": datatype,
        "required": False,
        "datatype_description": None,
        "order": order,
        "description": description,
    }
    if values:
        told["values"] = [{"key": key, "name": name} for key, name in values.items()]
    return told
