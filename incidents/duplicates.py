"""Two reports of one event: what lies near enough is offered for linking, never merged (each report stays as it was
sent)."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from common.exceptions import InvalidInput, MoveRefused, RightMissing
from common.scope import as_system
from incidents.choices import SENT, Status
from incidents.models import Incident
from incidents.transitions import CHECK, checked_reason, is_own, locked
from links.models import Link, Relation
from links.services import link, links_of

NEAR = timedelta(hours=12)  # the same event, noticed by two shifts
OPENED_WITHIN = timedelta(days=30)
MOST = 5


def may_link(incident: Incident, user: Any) -> bool:
    """Its facility says what is one event, and so does the department."""
    return is_own(incident, user) or bool(user.has_perm(CHECK))


def candidates(incident: Incident, reader: Any) -> list[Incident]:
    """Reports of the same facility about the same hours that this person sees and nobody linked yet, the nearest
    first. Two queries."""
    return _near(incident, Incident.objects.visible_to(reader))


def near(incident: Incident) -> list[Incident]:
    """The same for a facility's own system that has just reported one: of its facility those that it may know of, which
    were sent. As the system. Two queries."""
    return _near(incident, Incident.objects.filter(status__in=[str(status) for status in SENT]))


def _near(incident: Incident, among: Any) -> list[Incident]:
    if incident.occurred_at is None or incident.status == Status.DROPPED:
        return []
    rows = among.filter(
        facility=incident.facility_id,
        opened_at__range=(incident.opened_at - OPENED_WITHIN, incident.opened_at + OPENED_WITHIN),
        occurred_at__range=(incident.occurred_at - NEAR, incident.occurred_at + NEAR),
    )
    if incident.subject:
        rows = rows.filter(subject__in=("", incident.subject))
    linked = {end for row in links_of(incident) for end in (row.source_id, row.target_id)}
    found = rows.exclude(status=Status.DROPPED).exclude(pk__in=linked | {incident.pk})[:50]
    moment = incident.occurred_at
    return sorted(found, key=lambda other: abs((other.occurred_at or moment) - moment))[:MOST]


@transaction.atomic
def link_same(incident: Incident, other_id: int, *, reason: str, by: Any) -> Link:
    """Say that another report is about the same event. Both stay.

    Raises `Http404`, `RightMissing`, `MoveRefused`, `ReasonRequired`, `InvalidInput`."""
    found = locked(incident, by)
    if not may_link(found, by):
        raise RightMissing
    other = Incident.objects.visible_to(by).filter(pk=other_id, facility=found.facility_id).first()
    if other is None:
        raise Http404
    if other.pk == found.pk:
        raise InvalidInput({"reason": [_("A report is not linked with itself.")]})
    known = [row for row in links_of(found) if row.relation == Relation.RELATED]
    if any(other.pk in (row.source_id, row.target_id) for row in known):
        raise MoveRefused(_("These reports are linked already."))
    with as_system():
        return link(found, Relation.RELATED, other, by=by, reason=checked_reason(reason))
