"""The whole workflow of an incident report: one table of moves, one function that makes them, whatever the door.

As with cases: see → lock → version → move, right → what is missing → write with who and why → clocks → messages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing, StaleVersion
from common.scope import as_system
from common.text import clean, has_unstorable
from facilities.models import Division
from incidents import messages, obligations
from incidents.actions import recurrence
from incidents.choices import DIVISION, Status
from incidents.completeness import missing
from incidents.models import Incident

REASON_LENGTH = 2000
WRITE, CHECK = "incidents.write_incident", "incidents.check_incident"


@dataclass(frozen=True)
class Move:
    """One arrow: the right it takes, the button's words and look; `is_gate`: nothing may be missing; `reason` stands
    in the form already, where nobody has to think about one."""

    right: str
    label: Promise
    tone: str = "plain"
    is_gate: bool = False
    reason: Promise | str = ""


S = Status
_send = Move(
    WRITE, pgettext_lazy("move", "Send to the department"), "primary", is_gate=True, reason=_("Report is complete")
)
MOVES: dict[tuple[Status, Status], Move] = {
    (S.DRAFT, S.SUBMITTED): _send,
    (S.DRAFT, S.DROPPED): Move(WRITE, pgettext_lazy("move", "Drop the draft"), "quiet"),
    (S.SUBMITTED, S.ACCEPTED): Move(
        CHECK, pgettext_lazy("move", "Accept the report"), "primary", reason=_("Report is sufficient")
    ),
    (S.SUBMITTED, S.RETURNED): Move(CHECK, pgettext_lazy("move", "Return with remarks"), "warning"),
    (S.RETURNED, S.SUBMITTED): _send,
}


def is_own(incident: Incident, user: Any) -> bool:
    """Does this person write for the incident's facility?"""
    return user.has_perm(WRITE) and incident.facility_id in user.scope.facilities


def may(incident: Incident, right: str, user: Any) -> bool:
    """Only the facility writes for the facility; the department checks."""
    return is_own(incident, user) if right == WRITE else bool(user.has_perm(right))


def allowed_moves(incident: Incident, user: Any) -> dict[Status, Move]:
    """The moves that this person may make now, in the table's order. No query beyond rights and memberships."""
    return {
        target: move
        for (source, target), move in MOVES.items()
        if source == incident.status and may(incident, move.right, user)
    }


def locked(incident: Incident, by: Any, version: int | None = None) -> Incident:
    """The incident as it stands, nobody else writing it. Raises `Http404`, `StaleVersion`."""
    found: Incident | None = (
        Incident.objects.visible_to(by)
        .select_for_update(of=("self",))
        .select_related("facility")
        .filter(pk=incident.pk)
        .first()
    )
    if found is None:
        raise Http404
    if version is not None and found.version != version:
        raise StaleVersion(current_version=found.version)
    return found


def checked_reason(reason: str) -> str:
    """The reason, cleaned. Raises `ReasonRequired`, `InvalidInput`."""
    if has_unstorable(reason) or len(clean(reason)) > REASON_LENGTH:
        raise InvalidInput({"reason": [_("At most %(count)s characters.") % {"count": REASON_LENGTH}]})
    if not clean(reason):
        raise ReasonRequired
    return clean(reason)


@transaction.atomic
def move(incident: Incident, to: str, *, by: Any, reason: str, version: int) -> Incident:
    """Move a report on, keeping who and why.

    Raises `Http404`, `StaleVersion`, `MoveRefused`, `RightMissing`, `ReasonRequired`, and `InvalidInput` with every
    missing element named."""
    found = locked(incident, by, version)
    step = MOVES.get((Status(found.status), Status(to))) if to in Status.values else None
    if step is None:
        raise MoveRefused(allowed=[str(target) for target in allowed_moves(found, by)])
    if not may(found, step.right, by):
        raise RightMissing
    why, at = checked_reason(reason), timezone.now()
    if step.is_gate:
        _pass_gate(found, at)
    with as_system():
        _make(found, Status(to), by=by, at=at, reason=why)
    return found


def send_whole(incident: Incident, *, by: Any, at: datetime) -> Incident:
    """Send a draft that was written in this very transaction, for whom `incidents.reporting` found the right. As the
    system. Raises `InvalidInput` with every missing element named."""
    _pass_gate(incident, at)
    _make(incident, Status.SUBMITTED, by=by, at=at, reason=str(_send.reason))
    return incident


def _pass_gate(incident: Incident, at: datetime) -> None:
    if lacks := missing(incident, at):
        raise InvalidInput({name: [words] for name, words in lacks.items()}, _("The report is not complete yet."))


def _make(incident: Incident, to: Status, *, by: Any, at: datetime, reason: str) -> None:
    """Write a move that may be made, with its clocks, messages and what it opens again. As the system."""
    _stamp(incident, to, at)
    save(incident, by=by, at=at, reason=reason)
    messages.tell_of_move(incident, to, by=by)
    if to == Status.SUBMITTED:
        recurrence.reopen(incident, incident.causes, incident.types, at=at)


def _stamp(incident: Incident, to: Status, at: datetime) -> None:
    incident.status = to
    if to != Status.SUBMITTED:
        return
    incident.submitted_at = incident.submitted_at or at
    incident.division = incident.division or Division.objects.filter(code=DIVISION).first()
    mark_mandatory(incident, at)


def mark_mandatory(incident: Incident, at: datetime) -> None:
    """Since when the department has known that the report is mandatory; nothing when it is not."""
    judged = incident.judged
    incident.mandatory_at = (incident.mandatory_at or at) if judged and judged.is_mandatory else None


def touch(incident: Incident) -> None:
    """What hangs on an incident changed, and not the incident: whoever follows changes is to see it. As the system."""
    Incident.objects.filter(pk=incident.pk).update(updated_at=timezone.now())


def save(incident: Incident, *, by: Any, at: datetime, reason: str) -> None:
    """Write a changed incident as its next version, let its clocks follow and its heads know. As the system."""
    incident.version += 1
    obligations.follow(incident, by=by, at=at, reason=reason or str(_("The report was rewritten")))
    incident._history_user, incident._change_reason = by, reason  # type: ignore[attr-defined]
    incident.save()
    messages.tell_head(incident, by=by)
