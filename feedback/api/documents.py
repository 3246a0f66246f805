"""What the API says of a case, and to whom: the table of field rules, as expressions that PostgreSQL turns into JSON.

Three sides look at a case. The *department* reads everything but who reported it. A *facility* reads what is between
it and the department. A *system* (token) reads what may leave the house: no notes and people of the department, a
unit's answer only once the department stands behind it, a reply only of what it sent itself. Who reported a case is on
no side."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Now

from common.api.rows import JsonList, JsonText, documents, truth
from deadlines.choices import Obligation, State
from deadlines.models import Deadline
from facilities.models import Area, Division
from feedback.choices import IN_PUBLIC, TOLD, Audience, Status
from feedback.models import Answer, Case, Channel, Note, Reply, Submission
from feedback.visibility import sees_as_facility

OF_THE_FACILITY = (Obligation.ANSWER, Obligation.PROMPT_REPORT)
STOOD_BEHIND = (Status.CONFIRMED, Status.REPLIED, Status.PUBLISHED, Status.CLOSED)


class Side(Enum):
    DEPARTMENT = "department"
    FACILITY = "facility"
    SYSTEM = "system"


def side_of(user: Any) -> Side:
    """From which side this caller looks; a facility's own system looks from the facility's."""
    if sees_as_facility(user):
        return Side.FACILITY
    return Side.SYSTEM if user.client is not None else Side.DEPARTMENT


# what a facility reads only once the reporter or everybody knows it: while a case is checked, or looked at again, these
# may speak of the facility that had it before
NOT_YET_FOR_FACILITIES: Mapping[str, tuple[Status, ...]] = {
    "outcome": TOLD,
    "satisfaction": TOLD,
    "public_summary": IN_PUBLIC,
}
# field of the answer → where it comes from; the same names are used in lists, details, filters and corrections
COMMON: Mapping[str, str] = {
    "reference": "reference",
    "version": "version",
    "status": "status",
    "is_open": "is_open",
    "kind": "kind",
    "category": "category__code",
    "urgency": "urgency",
    "title": "title",
    "occurred_on": "occurred_on",
    "facility": "facility__code",
    "facility_name": "facility__name",
    "outcome": "outcome",
    "satisfaction": "satisfaction",
    "received_at": "received_at",
    "due_at": "due_at",
    "published_at": "published_at",
    "ended_at": "ended_at",
    "updated_at": "updated_at",
}
NOT_FOR_FACILITIES: Mapping[str, str] = {
    "complexity": "complexity",
    "is_confidential": "is_confidential",
    "escalation_level": "escalation_level",
}
# codes of rows in small tables, by subselect: with six tables in one join PostgreSQL plans longer than it reads
CODES: Mapping[str, Any] = {"channel": Channel, "area": Area}
CODES_NOT_FOR_FACILITIES: Mapping[str, Any] = {"division": Division}
IN_FULL: Mapping[str, str] = {
    "body": "body",
    "facility_said": "facility_said",
    "public_summary": "public_summary",
}
IN_FULL_NOT_FOR_FACILITIES: Mapping[str, str] = {"transferred_to": "transferred_to"}
FOR_THE_DEPARTMENT: Mapping[str, str] = {
    "assignee": "assignee__username",
    "recorded_by": "recorded_by__username",
    "checked_by": "checked_by__username",
}


def row_of(side: Side) -> JsonText:
    """One case in a list."""
    return JsonText(**_masked(_row(side), side))


def document_of(user: Any) -> JsonText:
    """One case in full, without the moves (they need the table of moves)."""
    side = side_of(user)
    fields = _row(side) | _named(IN_FULL)
    if side != Side.FACILITY:
        fields |= _named(IN_FULL_NOT_FOR_FACILITIES)
        fields["merged_into"] = _merged_into(user)
    if side == Side.DEPARTMENT:
        fields |= _named(FOR_THE_DEPARTMENT)
    fields["answers"] = _answers(side, user)
    fields["replies"] = _replies(side, user)
    fields["notes"] = _notes(side, user)
    fields["deadlines"] = _deadlines(side, user)
    return JsonText(**_masked(fields, side))


def _named(fields: Mapping[str, str]) -> dict[str, Any]:
    return {name: F(source) for name, source in fields.items()}


def _masked(fields: dict[str, Any], side: Side) -> dict[str, Any]:
    """What a facility reads later stays empty until then."""
    if side != Side.FACILITY:
        return fields
    late = {name: statuses for name, statuses in NOT_YET_FOR_FACILITIES.items() if name in fields}
    return fields | {
        name: models.Case(
            models.When(status__in=statuses, then=fields[name]), default=Value(""), output_field=models.TextField()
        )
        for name, statuses in late.items()
    }


def _coded(models: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: Subquery(model.objects.filter(pk=OuterRef(name)).order_by().values("code"))
        for name, model in models.items()
    }


def _row(side: Side) -> dict[str, Any]:
    fields = _named(COMMON) | _coded(CODES) | {"is_late": truth(Q(is_open=True, due_at__lte=Now()))}
    if side == Side.FACILITY:
        return fields
    return fields | _named(NOT_FOR_FACILITIES) | _coded(CODES_NOT_FOR_FACILITIES)


def _merged_into(user: Any) -> Subquery:
    """The case this one went into, where the reader may see that one."""
    return Subquery(Case.objects.visible_to(user).filter(pk=OuterRef("merged_into")).order_by().values("reference"))


def _answers(side: Side, user: Any) -> JsonList:
    rows = Answer.objects.visible_parts(user, case=OuterRef("pk")).order_by("at", "id")
    if side == Side.SYSTEM:
        stands = models.ExpressionWrapper(OuterRef("status"), models.CharField())  # of the case that is read anyway
        rows = rows.alias(of_case=stands).filter(of_case__in=STOOD_BEHIND)
    return documents(
        rows,
        at=F("at"),
        facility=F("facility__code"),
        findings=F("findings"),
        measures=F("measures"),
        measures_text=F("measures_text"),
        proposed_outcome=F("proposed_outcome"),
    )


def _replies(side: Side, user: Any) -> JsonList:
    rows = Reply.objects.visible_parts(user, case=OuterRef("pk")).order_by("at", "id")
    if side == Side.SYSTEM:
        rows = rows.filter(Exists(Submission.objects.filter(case=OuterRef("case"), recorded_by=user)))
    return documents(rows, at=F("at"), way=F("way"), text=F("text"))


def _notes(side: Side, user: Any) -> JsonList:
    rows = Note.objects.visible_parts(user, case=OuterRef("pk")).order_by("at", "id")
    if side == Side.SYSTEM:
        rows = rows.filter(audience=Audience.CITIZEN)
    by = {} if side == Side.SYSTEM else {"by": F("by__username")}
    return documents(rows, at=F("at"), audience=F("audience"), text=F("text"), **by)


def _deadlines(side: Side, user: Any) -> JsonList:
    rows = Deadline.objects.of_shown("feedback.case", OuterRef("pk"), user)
    if side == Side.FACILITY:
        rows = rows.filter(obligation__in=OF_THE_FACILITY)
    return documents(
        rows.order_by("due_at", "id"),
        obligation=F("obligation"),
        cycle=F("cycle"),
        state=F("state"),
        starts_at=F("starts_at"),
        due_at=F("due_at"),
        is_provisional=F("is_provisional"),
        finished_at=F("finished_at"),
        on_time=F("on_time"),
        is_late=truth(Q(state=State.RUNNING, due_at__lte=Now())),
    )
