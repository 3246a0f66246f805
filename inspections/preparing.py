"""Preparing a visit: what for and when, who goes, and what gave rise to it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.exceptions import InvalidInput, MoveRefused
from common.scope import as_system
from directives.choices import UNDER_WAY
from directives.models import Assignment
from facilities.models import Facility
from feedback.models import Case
from incidents.models import Incident
from inspections import messages
from inspections.choices import Kind, PlanStatus, Status, TeamRole
from inspections.models import Inspection, Member, PlanLine
from inspections.people import conflict_of
from inspections.rules import CONDUCT, checked_reason, locked, next_reference, refuse_wrong, require, save
from links.models import Relation
from links.services import link

FIELDS = ("topic", "legal_basis", "planned_at")
SOURCES = (Case, Incident, Assignment)
TEAM_OPEN = (Status.PREPARED, Status.OPENED)


@transaction.atomic
def begin(facility: Facility, given: Mapping[str, Any], *, by: Any, line: PlanLine | None = None) -> Inspection:
    """Prepare a visit: by a line of an approved plan, or unannounced. Whoever prepares it leads it until the team says
    otherwise. Raises `RightMissing`, `MoveRefused`, `InvalidInput`."""
    require(by, CONDUCT)
    if line is not None and (line.plan.status != PlanStatus.APPROVED or line.is_struck):
        raise MoveRefused(_("Only a line of an approved plan becomes an inspection."))
    kind = Kind.PLANNED if line else Kind.UNANNOUNCED
    place = line.facility if line else facility
    made = Inspection(kind=kind, line=line, facility=place, made_by=by, made_at=timezone.now())
    if place.pk in by.recused_facilities:
        raise InvalidInput({"facility": [_("You are kept from this facility: somebody else prepares its inspection.")]})
    _take(made, given)
    with as_system():
        made.reference = next_reference("KT", "inspections_inspection_reference")
        save(made, by=by, reason="", is_new=True)
        lead = line.lead if line and line.lead.is_active else by  # whoever left leads nothing any more
        if conflict_of(lead, place.pk, timezone.localdate()) is None:
            Member.objects.create(inspection=made, user=lead, role=TeamRole.LEAD, at=made.made_at, by=by)
            messages.tell_team(made, {lead.pk}, by=by)
    return made


def _take(made: Inspection, given: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in given:
            setattr(made, name, given[name])
    refuse_wrong(made, FIELDS)


def _prepared(inspection: Inspection, by: Any, version: int | None) -> Inspection:
    require(by, CONDUCT)
    found: Inspection = locked(inspection, by, version)
    if not found.is_prepared:
        raise MoveRefused(_("This inspection was opened or called off: its preparation is over."))
    return found


@transaction.atomic
def write(inspection: Inspection, given: Mapping[str, Any], *, by: Any, version: int) -> Inspection:
    """Change what is prepared. Raises `Http404`, `StaleVersion`, `RightMissing`, `MoveRefused`, `InvalidInput`."""
    found = _prepared(inspection, by, version)
    _take(found, given)
    with as_system():
        save(found, by=by, reason="")
    return found


# --- the team --------------------------------------------------------------------------------------------------------


def _with_team(inspection: Inspection, by: Any) -> Inspection:
    require(by, CONDUCT)
    found: Inspection = locked(inspection, by)
    if found.status not in TEAM_OPEN:
        raise MoveRefused(_("The team of this inspection stands as it was."))
    return found


@transaction.atomic
def join(inspection: Inspection, user: Any, role: str, *, by: Any) -> Member:
    """Take somebody into the team; nobody who is kept from the facility or belongs to it.

    Raises `Http404`, `RightMissing`, `MoveRefused`, `InvalidInput`."""
    found, at = _with_team(inspection, by), timezone.now()
    day = max(timezone.localdate(found.planned_at), timezone.localdate(at))
    if tie := conflict_of(user, found.facility_id, timezone.localdate(at)) or conflict_of(user, found.facility_id, day):
        raise InvalidInput({"user": [tie]})
    if not user.has_perm(CONDUCT):
        raise InvalidInput({"user": [_("This person does not conduct inspections.")]})
    with as_system():
        here = list(Member.objects.filter(inspection=found, left_at=None))
        if any(one.user_id == user.pk for one in here):
            raise InvalidInput({"user": [_("This person is in the team already.")]})
        if role == TeamRole.LEAD and any(one.role == TeamRole.LEAD for one in here):
            raise InvalidInput({"role": [_("The team has a lead already.")]})
        made = Member.objects.create(inspection=found, user=user, role=role, at=at, by=by)
        messages.tell_team(found, {user.pk}, by=by)
    return made


@transaction.atomic
def leave(inspection: Inspection, member_id: int, *, by: Any) -> Member:
    """Take somebody out of the team. Raises `Http404`, `RightMissing`, `MoveRefused`."""
    found = _with_team(inspection, by)
    with as_system():
        member = Member.objects.filter(inspection=found, left_at=None, pk=member_id).first()
        if member is None:
            raise MoveRefused(_("This person is not in the team."))
        member.left_at, member.left_by = timezone.now(), by
        member.save(update_fields=["left_at", "left_by"])
    return member


# --- what gave rise to it --------------------------------------------------------------------------------------------


@transaction.atomic
def add_trigger(inspection: Inspection, source: Any, *, by: Any, reason: str) -> Any:
    """Say which case, incident or duty gave rise to the visit; the link is kept with who and why, and shows only to
    whoever sees both ends. Raises `Http404`, `RightMissing`, `ReasonRequired`, `InvalidInput`."""
    require(by, CONDUCT)
    found: Inspection = locked(inspection, by)
    why = checked_reason(reason)
    if not isinstance(source, SOURCES) or not type(source).objects.visible_to(by).filter(pk=source.pk).exists():
        raise InvalidInput({"reference": [_("Nothing of this number is there, or you may not see it.")]})
    with as_system():
        return link(source, Relation.TRIGGERED, found, by=by, reason=why)


def trigger_named(reference: str, by: Any) -> Case | Incident | None:
    """The case or incident that people call so, if this person sees it. Two queries at most."""
    words = reference.strip().upper()[:20]
    case: Case | None = Case.objects.visible_to(by).filter(reference=words).first()
    if case is not None:
        return case
    found: Incident | None = Incident.objects.visible_to(by).filter(reference=words).first()
    return found


def duties_of(inspection: Inspection, by: Any) -> Any:
    """The duties of the facility that may have given rise to a visit: those that are not settled."""
    rows = Assignment.objects.visible_to(by).filter(facility=inspection.facility_id, status__in=UNDER_WAY)
    return rows.select_related("obligation").order_by("due_at", "pk")
