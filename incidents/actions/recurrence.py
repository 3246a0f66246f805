"""The same cause came back: what a report or an analysis shows reopens, by itself and in the same transaction, the
review of every action of the facility that was found effective against it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override, pgettext

from accounts.services import engine
from incidents import messages
from incidents.actions.saving import save, stamp
from incidents.choices import ActionStatus
from incidents.models import Action, Incident
from incidents.taxonomy import lists
from links.models import Relation
from links.services import link


def reopen(incident: Incident, causes: list[str], types: list[str], *, at: datetime) -> list[Action]:
    """Reopen what this incident shows not to have held. As the system, the incident locked; one query when nothing is
    to be reopened.

    An incident that happened before the action was done says nothing about it. Days are compared: forms know no
    seconds."""
    moment = incident.occurred_at or incident.detected_at
    if moment is None or not causes:
        return []
    same = Q(causes__overlap=causes) & (Q(types=[]) | Q(types__overlap=types))
    rows = Action.objects.filter(same, facility=incident.facility_id, status=ActionStatus.EFFECTIVE)
    rows = rows.exclude(incident=incident).select_related("facility", "incident", "division")
    found = []
    for action in rows.select_for_update(of=("self",)).order_by("pk"):
        if action.done_at is None or timezone.localdate(moment) < timezone.localdate(action.done_at):
            continue
        _reopen(action, incident, sorted(set(action.causes) & set(causes)), at=at)
        found.append(action)
    return found


def _reopen(action: Action, incident: Incident, causes: list[str], *, at: datetime) -> None:
    named = "; ".join(entry.name_vi for code in causes if (entry := lists().named(code)))
    reason = f"{incident.reference}: {named}"  # the circular's own words, whoever reads it
    by: Any = engine()
    with override(settings.LANGUAGE_CODE):
        label = pgettext("move", "The same cause came back")
    stamp(action, ActionStatus.REOPENED, by=by, at=at)
    save(action, by=by, at=at, reason=f"{label}: {reason}")
    for source in (action, action.incident):
        if source is not None:
            link(source, Relation.RECURRED, incident, by=by, reason=reason)
    messages.tell_of_action(action, "recurred", by=by)
