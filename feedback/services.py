"""Deeds over a case that are no move: correcting it, noting, asking who reported it, the reporter's own word."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models import Act
from audit.services import record, record_first
from common.exceptions import (
    InvalidInput,
    MoveRefused,
    ReasonRequired,
    RightMissing,
    SecondPersonNeeded,
    StaleVersion,
)
from common.scope import as_system, system
from common.sealing import CannotOpen
from common.text import clean, has_unstorable
from feedback import callers, messages, obligations, onlookers, reveals, search
from feedback.choices import Audience, Satisfaction, Status
from feedback.happening import fault_of_day
from feedback.merging import goes_on_in
from feedback.models import Case, Identity, Note, Reporter
from feedback.transitions import REASON_LENGTH
from feedback.visibility import sees_as_facility

EDITABLE = (
    "kind",
    "category",
    "urgency",
    "complexity",
    "is_confidential",
    "title",
    "occurred_on",
    "facility",
    "facility_said",
    "area",
)
NOTE_LENGTH = 5000


@transaction.atomic
def edit(case: Case, changes: Mapping[str, Any], *, by: Any, reason: str, version: int) -> Case:
    """Correct what a case is filed under, keeping who and why. `changes` maps names of `EDITABLE` to clean values.

    Running deadlines are judged anew by the rules that fit now. Raises `Http404`, `StaleVersion` (with the current
    version), `RightMissing`, `ReasonRequired`, `InvalidInput`."""
    locked = Case.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=case.pk).first()
    if locked is None:
        raise Http404
    if locked.version != version:
        raise StaleVersion(current_version=locked.version)
    if not by.has_perm("feedback.triage_case"):
        raise RightMissing
    unknown = [name for name in changes if name not in EDITABLE]
    if unknown:
        raise InvalidInput({name: [_("This cannot be changed here.")] for name in unknown})
    if changes.get("occurred_on") and (fault := fault_of_day(changes["occurred_on"])):
        raise InvalidInput({"occurred_on": [fault]})
    if not clean(reason):
        raise ReasonRequired
    if locked.status in (Status.FORWARDED, Status.RETURNED) and "facility" in changes:
        raise InvalidInput({"facility": [_("Take the case back before it goes to another facility.")]})
    if "facility" in changes and changes["facility"] != locked.facility:
        locked.is_released = False  # it was shown to another facility; only forwarding shows it to this one
    is_converted = "kind" in changes and changes["kind"] != locked.kind
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.version += 1
    locked._history_user, locked._change_reason = by, clean(reason)[:REASON_LENGTH]  # type: ignore[attr-defined]
    with as_system():  # a correction may take the case out of the corrector's sight
        obligations.judge_again(locked, by=by, reason=clean(reason), is_converted=is_converted)
        locked.save()
        _index(locked)
    onlookers.tell_filed(locked, changes)
    return locked


def _index(case: Case) -> None:
    """Renew by what a case is found; what is confidential is found neither by its words nor by its caller's number."""
    search.index(case)
    if case.is_confidential:
        callers.forget(case)


@transaction.atomic
def accept(case: Case, *, by: Any, reason: str, version: int) -> Case:
    """Take up a complaint or denunciation (thụ lý): from now on its whole matter counts.

    Raises `Http404`, `StaleVersion`, `RightMissing`, `ReasonRequired`, `InvalidInput`, and `MoveRefused` where nothing
    waits to be taken up."""
    locked = Case.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=case.pk).first()
    if locked is None:
        raise Http404
    if locked.version != version:
        raise StaleVersion(current_version=locked.version)
    if not by.has_perm("feedback.triage_case"):
        raise RightMissing
    if has_unstorable(reason) or len(clean(reason)) > REASON_LENGTH:
        raise InvalidInput({"reason": [_("At most %(count)s characters.") % {"count": REASON_LENGTH}]})
    if not clean(reason):
        raise ReasonRequired
    with as_system():
        if not obligations.accept(locked, by=by, at=timezone.now()):
            raise MoveRefused(_("Nothing waits to be taken up in this case."))
        locked.version += 1
        locked._history_user, locked._change_reason = by, clean(reason)  # type: ignore[attr-defined]
        locked.save()
    return locked


@transaction.atomic
def post(case: Case, *, by: Any, on: date, reason: str, version: int) -> Case:
    """The conclusion of a denunciation was posted on this day (niêm yết): its publication counts from then.

    Raises `Http404`, `StaleVersion`, `RightMissing`, `ReasonRequired`, `InvalidInput`, and `MoveRefused` where no rule
    counts from that."""
    locked = Case.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=case.pk).first()
    if locked is None:
        raise Http404
    if locked.version != version:
        raise StaleVersion(current_version=locked.version)
    if not by.has_perm("feedback.publish_case"):
        raise RightMissing
    if has_unstorable(reason) or len(clean(reason)) > REASON_LENGTH:
        raise InvalidInput({"reason": [_("At most %(count)s characters.") % {"count": REASON_LENGTH}]})
    if not clean(reason):
        raise ReasonRequired
    if not timezone.localdate(locked.received_at) <= on <= timezone.localdate():
        raise InvalidInput({"on": [_("A day from the receipt of the case to today.")]})
    at = timezone.make_aware(datetime.combine(on, time()))
    with as_system():
        if not obligations.posted(locked, by=by, at=at, reason=clean(reason)):
            raise MoveRefused(_("No term of this case counts from that day, or it does already."))
        locked.version += 1
        locked._history_user, locked._change_reason = by, clean(reason)  # type: ignore[attr-defined]
        locked.save()
    return locked


@transaction.atomic
def add_note(case: Case, text: str, *, audience: str, by: Any) -> Note:
    """Write a remark on a case one sees; a facility writes for itself and the department."""
    if not Case.objects.visible_to(by).filter(pk=case.pk).exists():
        raise Http404
    if not by.has_perm("feedback.note_case"):
        raise RightMissing
    if audience not in ((Audience.FACILITY,) if sees_as_facility(by) else Audience.values):
        raise InvalidInput({"audience": [_("Choose one of the offered values.")]})
    with as_system():  # the department writes what only others may read
        return Note.objects.create(case=case, at=timezone.now(), by=by, text=_note_text(text), audience=audience)


def reveal_reporter(case: Case, *, by: Any, purpose: str = "", reason: str = "") -> list[Identity]:
    """Show who reported a case, after writing down who asked, what for and why. Never for facilities.

    A confidential case takes an approval by a second person (`feedback.reveals`), whose request already says what for
    and why. Raises `Http404`, `RightMissing`, `SecondPersonNeeded`, `ReasonRequired`, `InvalidInput`, `NotRecorded`,
    and `CannotOpen` when a seal does not open: then nothing is shown, the entry stays, and another one says so."""
    found = Case.objects.visible_to(by).filter(pk=case.pk).first()
    if found is None:
        raise Http404
    if not reveals.has_right(by):
        record(Act.REFUSED, by=by, about=found, reason="reveal_reporter")
        raise RightMissing
    if reveals.needs_second_person(found):
        approval = reveals.may_look(found, by, timezone.now())
        if approval is None:
            record(Act.REFUSED, by=by, about=found, reason="reveal_reporter")
            raise SecondPersonNeeded(_("Who reported this case is shown after a second person has agreed. Ask first."))
        purpose, reason = approval.purpose, approval.reason
    else:
        reason = reveals.checked_reason(purpose, reason)
    record_first(Act.REVEAL, by=by, about=found, purpose=purpose, reason=reason)
    try:
        return [reporter.open() for reporter in Reporter.objects.filter(submission__case=found).order_by("id")]
    except CannotOpen:
        record(Act.REFUSED, by=by, about=found, reason="reveal_unopened")  # the log says what was really seen
        raise


@transaction.atomic
@system
def rate(case: Case, satisfaction: str, *, comment: str, by: Any) -> Case:
    """Keep whether the reporter is satisfied; who is not gets the case reviewed by another officer: the lead is told.
    Of a merged case its own reporter judges the reply that came from the case in which it goes on.

    `by` is the engine's account, since the reporter has none."""
    locked = Case.objects.select_for_update().get(pk=case.pk)
    is_told = goes_on_in(locked).status in (Status.REPLIED, Status.PUBLISHED, Status.CLOSED)
    if not is_told or (locked.merged_into_id is not None and not locked.replies.exists()):
        raise MoveRefused(_("The case has no reply yet."))
    if satisfaction not in Satisfaction.values:
        raise InvalidInput({"satisfaction": [_("Choose one of the offered values.")]})
    locked.satisfaction = satisfaction
    locked.version += 1
    locked._history_user, locked._change_reason = by, ""  # type: ignore[attr-defined]
    locked.save()
    if clean(comment):
        _from_reporter(locked, comment)
    if satisfaction == Satisfaction.UNSATISFIED:
        messages.tell_of_dissatisfaction(locked)
    return locked


@transaction.atomic
@system
def add_from_reporter(case: Case, text: str) -> Note:
    """Keep what the reporter adds on the follow-up page, and tell whoever has the case."""
    note = _from_reporter(case, text)
    messages.tell_of_word(note)
    return note


def _from_reporter(case: Case, text: str) -> Note:
    return Note.objects.create(
        case=case, at=timezone.now(), by=None, text=_note_text(text), audience=Audience.DEPARTMENT
    )


def _note_text(text: str) -> str:
    if has_unstorable(text):
        raise InvalidInput({"text": [_("This text holds characters that cannot be stored. Type it again.")]})
    if not clean(text):
        raise InvalidInput({"text": [_("Write something first.")]})
    if len(clean(text)) > NOTE_LENGTH:
        raise InvalidInput({"text": [_("At most %(count)s characters.") % {"count": NOTE_LENGTH}]})
    return clean(text)
