"""What the API says of an incident: codes and moments, as expressions that PostgreSQL turns into JSON.

No names and no free text; which facility it was is told to people and to a facility's own systems (Article 12)."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F, OuterRef, Q
from django.db.models.functions import Now

from common.api.rows import JsonObject, JsonText, documents, truth
from deadlines.choices import State
from deadlines.models import Deadline
from incidents.models import Addendum, Reclassification
from incidents.models.report import MANDATORY

FIELDS = (
    "reference", "version", "status", "edition", "harm", "level", "serious_item", "deaths", "more_feared", "subject",
    "types", "causes", "reporter_role", "is_named", "told_physician", "is_in_record", "told_family", "told_patient",
    "occurred_at", "detected_at", "opened_at", "submitted_at", "mandatory_at", "due_at",
    "updated_at",
)  # fmt: skip


def knows_facilities(user: Any) -> bool:
    """Is this caller told which facility reported? A system is told of those that it is limited to."""
    return user.client is None or bool(user.client_facilities)


def row_of(user: Any) -> JsonText:
    """One incident in a list."""
    return JsonText(**_row(user))


def document_of(user: Any) -> JsonText:
    """One incident in full, as far as it leaves the house."""
    fields = _row(user)
    fields["additions"] = documents(
        Addendum.objects.visible_parts(user, incident=OuterRef("pk")).order_by("at", "id"), at=F("at")
    )
    fields["reclassifications"] = documents(
        Reclassification.objects.visible_parts(user, incident=OuterRef("pk")).order_by("asked_at", "id"),
        at=F("asked_at"),
        before=_claim("before"),
        after=_claim("after"),
        is_lower=F("is_lower"),
        is_agreed=F("is_agreed"),
    )
    fields["deadlines"] = documents(
        Deadline.objects.of_shown("incidents.incident", OuterRef("pk"), user).order_by("due_at", "id"),
        obligation=F("obligation"),
        state=F("state"),
        starts_at=F("starts_at"),
        due_at=F("due_at"),
        on_time=F("on_time"),
        is_late=truth(Q(state=State.RUNNING, due_at__lte=Now())),
    )
    return JsonText(**fields)


def _claim(side: str) -> JsonObject:
    """The codes of a claim; why an exception applies is free text."""
    return JsonObject(**{name: F(f"{side}__{name}") for name in ("letter", "item", "deaths")})


def _row(user: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {name: F(name) for name in FIELDS}
    fields["is_mandatory"] = truth(Q(harm__in=MANDATORY))
    fields["is_late"] = truth(Q(due_at__lte=Now()))
    extra: Mapping[str, Any] = {"facility": F("facility__code")} if knows_facilities(user) else {}
    return fields | dict(extra)
