"""The second person before anybody sees who reported voluntarily (Article 12): one asks, another one of the facility
answers, and the look ends by itself. Each step leaves an audit entry; `incidents.services.reveal` does the showing."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import Act
from audit.services import record
from common.exceptions import MoveRefused, RightMissing, SecondPersonNeeded
from common.scope import as_system
from incidents import messages
from incidents.models import Incident, NamedRequest
from incidents.models.named_requests import LONGEST_LOOK
from incidents.services import REVEAL, checked_purpose, reporter_is_apart
from incidents.transitions import checked_reason, is_own, locked

WAITS_FOR = timedelta(days=2)
APPROVE = "incidents.approve_named"


def may_ask(incident: Incident, user: Any) -> bool:
    """Does this person look at a voluntary reporter with a second person only? Without one there is nobody to see."""
    return user.has_perm(REVEAL) and is_own(incident, user) and reporter_is_apart(incident) and incident.is_named


def may_answer(incident: Incident, user: Any) -> bool:
    return user.has_perm(APPROVE) and incident.facility_id in user.scope.facilities


@transaction.atomic
def ask(incident: Incident, *, by: Any, purpose: str, reason: str) -> NamedRequest:
    """Ask a second person; while a request waits or runs, asking again gives that one.

    Raises `Http404`, `RightMissing`, `ReasonRequired`, `InvalidInput`."""
    found, text, at = locked(incident, by), checked_purpose(purpose, reason), timezone.now()
    if not may_ask(found, by):
        raise RightMissing
    live = NamedRequest.objects.visible_to(by).live(at).filter(incident=found, asked_by=by).first()
    if live is not None:
        return live
    with as_system():
        asked = NamedRequest.objects.create(
            incident=found, asked_by=by, asked_at=at, purpose=purpose, reason=text, expires_at=at + WAITS_FOR
        )
        record(Act.ASK, by=by, about=found, purpose=purpose, reason=text)
        messages.tell_of_named_request(asked)
    return asked


@transaction.atomic
def answer(asked: NamedRequest, *, agrees: bool, answer: str, by: Any) -> NamedRequest:
    """Let the asker look, for an hour at most, or say no and why.

    Raises `Http404`, `RightMissing`, `SecondPersonNeeded`, `MoveRefused`, `ReasonRequired`, `InvalidInput`."""
    found, why, at = locked(asked.incident, by), checked_reason(answer), timezone.now()
    if not may_answer(found, by):
        raise RightMissing
    rows = NamedRequest.objects.visible_to(by).select_for_update(of=("self",))
    waiting = rows.filter(pk=asked.pk, incident=found).first()
    if waiting is None:
        raise Http404
    if waiting.asked_by_id == by.pk:
        raise SecondPersonNeeded(_("This step needs a second person: whoever asks cannot answer."))
    if waiting.decided_by_id is not None or waiting.expires_at <= at:
        raise MoveRefused(_("This request waits no longer: it was answered, or it lapsed."))
    waiting.decided_by, waiting.decided_at, waiting.is_agreed, waiting.answer = by, at, agrees, why
    waiting.expires_at = at + LONGEST_LOOK if agrees else at
    with as_system():
        waiting.save(update_fields=["decided_by", "decided_at", "is_agreed", "answer", "expires_at"])
        record(Act.APPROVE if agrees else Act.DECLINE, by=by, about=found, purpose=waiting.purpose, reason=why)
        messages.tell_of_named_answer(waiting)
    return waiting
