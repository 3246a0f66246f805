"""The second person: whoever wants to see who reported a confidential case asks, somebody else answers, and the look
ends by itself. Each step leaves an audit entry; `feedback.services.reveal_reporter` does the showing."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models import Act, Purpose
from audit.services import record
from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing, SecondPersonNeeded
from common.scope import as_system
from common.text import clean, has_unstorable
from feedback import messages
from feedback.models import Case, RevealRequest
from feedback.models.reveals import LONGEST_LOOK
from feedback.visibility import sees_as_facility

WAITS_FOR = timedelta(days=2)
REASON_LEAST, REASON_MOST = 20, 1000


def has_right(by: Any) -> bool:
    """May this person ask at all? Nobody on a facility's side may, whatever their group says."""
    return by.has_perm("feedback.reveal_reporter") and not sees_as_facility(by)


def needs_second_person(case: Case) -> bool:
    """Is or was this case confidential? Taking the mark away opens no shorter way. One query."""
    return case.is_confidential or case.history.filter(is_confidential=True).exists()  # type: ignore[attr-defined]


def checked_reason(purpose: str, reason: str) -> str:
    """The reason, cleaned. Raises `ReasonRequired`, `InvalidInput`."""
    if purpose not in Purpose.values:
        raise InvalidInput({"purpose": [_("Choose one of the offered values.")]})
    if has_unstorable(reason):
        raise InvalidInput({"reason": [_("This text holds characters that cannot be stored. Type it again.")]})
    text = clean(reason)
    if not text:
        raise ReasonRequired
    if not REASON_LEAST <= len(text) <= REASON_MOST:
        sentence = _("Say it in %(least)s to %(most)s characters: whoever checks the log must understand it.")
        raise InvalidInput({"reason": [sentence % {"least": REASON_LEAST, "most": REASON_MOST}]})
    return text


def latest(case: Case, by: Any) -> RevealRequest | None:
    """The last time this person asked. One query."""
    own = RevealRequest.objects.visible_to(by).filter(case=case, asked_by=by)
    return own.select_related("decided_by").order_by("-id").first()


def may_look(case: Case, by: Any, at: datetime) -> RevealRequest | None:
    """The approval under which this person may look now."""
    return RevealRequest.objects.approved(at).filter(case=case, asked_by=by).order_by("-id").first()


def ask(case: Case, *, by: Any, purpose: str, reason: str) -> RevealRequest:
    """Ask a second person; while a request waits or runs, asking again gives that one.

    Raises `Http404`, `RightMissing`, `MoveRefused`, `ReasonRequired`, `InvalidInput`."""
    text = checked_reason(purpose, reason)
    if not has_right(by):
        raise RightMissing
    with transaction.atomic():
        locked = Case.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=case.pk).first()
        if locked is None:
            raise Http404
        if not needs_second_person(locked):
            raise MoveRefused(_("This case needs no second person."))
        at = timezone.now()
        live = RevealRequest.objects.live(at).filter(case=locked, asked_by=by).first()
        if live is not None:
            return live
        with as_system():
            asked = RevealRequest.objects.create(
                case=locked, asked_by=by, asked_at=at, purpose=purpose, reason=text, expires_at=at + WAITS_FOR
            )
            record(Act.ASK, by=by, about=locked, purpose=purpose, reason=text)
            messages.tell_of_reveal_asked(asked)
    return asked


def approve(request: RevealRequest, *, by: Any) -> RevealRequest:
    """Let the asker look, for an hour at most.

    Raises `Http404`, `RightMissing`, `SecondPersonNeeded`, `MoveRefused`."""
    return _decide(request, by=by, answer="")


def decline(request: RevealRequest, *, by: Any, answer: str) -> RevealRequest:
    """Say no, and why. Raises what `approve` raises, and `ReasonRequired`, `InvalidInput`."""
    if has_unstorable(answer) or len(clean(answer)) > REASON_MOST:
        raise InvalidInput({"answer": [_("At most %(count)s characters.") % {"count": REASON_MOST}]})
    if not clean(answer):
        raise ReasonRequired
    return _decide(request, by=by, answer=clean(answer))


def _decide(request: RevealRequest, *, by: Any, answer: str) -> RevealRequest:
    if not by.has_perm("feedback.approve_reveal"):
        raise RightMissing
    with transaction.atomic():
        rows = RevealRequest.objects.visible_to(by).select_related("case", "asked_by").select_for_update(of=("self",))
        asked = rows.filter(pk=request.pk).first()
        if asked is None:
            raise Http404
        if asked.asked_by_id == by.pk:
            raise SecondPersonNeeded(_("This step needs a second person: whoever asks cannot answer."))
        at = timezone.now()
        if asked.decided_by_id is not None or asked.expires_at <= at:
            raise MoveRefused(_("This request waits no longer: it was answered, or it lapsed."))
        asked.decided_by, asked.answer = by, answer
        if answer:
            asked.refused_at = asked.expires_at = at
        else:
            asked.approved_at, asked.expires_at = at, at + LONGEST_LOOK
        with as_system():
            asked.save(update_fields=["decided_by", "answer", "refused_at", "approved_at", "expires_at"])
            act = Act.DECLINE if answer else Act.APPROVE
            record(act, by=by, about=asked.case, purpose=asked.purpose, reason=answer or asked.reason)
            messages.tell_of_reveal_decided(asked)
    return asked
