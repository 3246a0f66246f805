"""The way of a demand to correct: the facility says what it did and shows it, the department verifies or returns.

One table of moves and one function; the answer is a deed of its own, since it carries words and files."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from common.exceptions import InvalidInput, MoveRefused, RightMissing, SecondPersonNeeded
from common.scope import as_system
from common.text import clean, has_unstorable
from common.uploads import Checked, described
from inspections import clocks, messages
from inspections.choices import UNTOLD, CorrectionStatus
from inspections.models import Answer, AnswerFile, CorrectiveAction
from inspections.recording import check_day
from inspections.rules import ANSWER, CONDUCT, ENGINE, LONGEST, Move, checked_reason, locked, require, save, told

S = CorrectionStatus
_answered = Move(ANSWER, pgettext_lazy("move", "Answer what was done"), "primary")
_withdraw = Move(CONDUCT, pgettext_lazy("move", "Withdraw the demand"), "quiet")
CORRECTION_MOVES: dict[tuple[CorrectionStatus, CorrectionStatus], Move] = {
    (S.OPEN, S.ANSWERED): _answered,
    (S.RETURNED, S.ANSWERED): _answered,
    (S.REOPENED, S.ANSWERED): _answered,
    (S.ANSWERED, S.VERIFIED): Move(
        CONDUCT, pgettext_lazy("move", "Verify"), "primary", reason=gettext_lazy("Seen and confirmed")
    ),
    (S.ANSWERED, S.RETURNED): Move(CONDUCT, pgettext_lazy("move", "Return with remarks"), "warning"),
    (S.OPEN, S.WITHDRAWN): _withdraw,
    (S.RETURNED, S.WITHDRAWN): _withdraw,
    (S.REOPENED, S.WITHDRAWN): _withdraw,
    (S.WRITTEN, S.DROPPED): Move(CONDUCT, pgettext_lazy("move", "Strike the demand out"), "quiet"),
    # by the finished record (`transitions`) and by a finding that came back (`repeats`)
    (S.WRITTEN, S.OPEN): Move(ENGINE, pgettext_lazy("move", "Finish the record")),
    (S.VERIFIED, S.REOPENED): Move(ENGINE, pgettext_lazy("move", "The same finding came back")),
}  # fmt: skip


def is_own(correction: CorrectiveAction, user: Any) -> bool:
    """Does this person write for the facility that has to correct it?"""
    return user.has_perm(ANSWER) and correction.facility_id in user.scope.facilities


def may(correction: CorrectiveAction, step: Move, user: Any) -> bool:
    """Only the facility answers; only the department verifies, and nobody verifies their own answer."""
    if step.right == ANSWER:
        return is_own(correction, user)
    return bool(step.right) and user.has_perm(step.right) and correction.answered_by_id != user.pk


def allowed_moves(correction: CorrectiveAction, user: Any) -> dict[CorrectionStatus, Move]:
    """The moves that this person may make now with a reason alone, in the table's order."""
    return {
        target: step
        for (source, target), step in CORRECTION_MOVES.items()
        if source == correction.status and step.right == CONDUCT and may(correction, step, user)
    }


def may_answer(correction: CorrectiveAction, user: Any) -> bool:
    return (S(correction.status), S.ANSWERED) in CORRECTION_MOVES and is_own(correction, user)


@transaction.atomic
def answer(
    correction: CorrectiveAction, text: str, uploads: Iterable[Checked] = (), *, by: Any, version: int
) -> CorrectiveAction:
    """Say what was done, with files that show it; both stay.

    Raises `Http404`, `StaleVersion`, `MoveRefused`, `RightMissing`, `InvalidInput`."""
    found: CorrectiveAction = locked(correction, by, version)
    step = CORRECTION_MOVES.get((S(found.status), S.ANSWERED))
    if step is None:
        raise MoveRefused(_("This demand waits for the department, or is settled."))
    if not is_own(found, by):
        raise RightMissing
    files, words, at = list(uploads), clean(text), timezone.now()
    wrong: dict[str, list[Any]] = {}
    if not words or has_unstorable(text) or len(words) > LONGEST:
        wrong["text"] = [_("Say what was done, in at most %(count)s characters.") % {"count": LONGEST}]
    if not files and found.status != S.RETURNED:  # after a return what was shown before may do; what came back may not
        wrong["files"] = [_("At least one file that shows it")]
    if wrong:
        raise InvalidInput(wrong)
    with as_system():
        said = Answer.objects.create(correction=found, text=words, at=at, by=by)
        for upload in files:
            kept = AnswerFile(correction=found, answer=said, at=at, by=by, **described(upload))
            kept.file.save(upload.name, upload.upload, save=False)
            kept.save()
        found.answered_by = by
        _enter(found, S.ANSWERED, by=by, at=at, reason=told(step, _in_short(words)))
    return found


def _in_short(words: str) -> str:
    return words if len(words) <= 200 else f"{words[:199]}…"


@transaction.atomic
def move(
    correction: CorrectiveAction, to: str, *, by: Any, reason: str, version: int, due_on: date | None = None
) -> CorrectiveAction:
    """Verify, return with remarks and a new day, or withdraw, keeping who and why.

    Raises `Http404`, `StaleVersion`, `MoveRefused`, `RightMissing`, `SecondPersonNeeded`, `ReasonRequired`,
    `InvalidInput`."""
    found: CorrectiveAction = locked(correction, by, version)
    step = CORRECTION_MOVES.get((S(found.status), S(to))) if to in S.values else None
    if step is None or step.right != CONDUCT:
        raise MoveRefused(allowed=[str(target) for target in allowed_moves(found, by)])
    require(by, step.right)
    if found.answered_by_id == by.pk:
        raise SecondPersonNeeded(_("This step needs a second person: whoever answered cannot verify it."))
    why, at = checked_reason(reason), timezone.now()
    if to == S.RETURNED:
        if due_on is None:
            raise InvalidInput({"due_on": [_("Say until when it is to be corrected now.")]})
        check_day(due_on)
        found.due_on = due_on
    with as_system():
        if to == S.VERIFIED:
            found.verified_by, found.verified_at = by, at
        _enter(found, S(to), by=by, at=at, reason=told(step, why))
    return found


def _enter(correction: CorrectiveAction, to: CorrectionStatus, *, by: Any, at: Any, reason: str) -> None:
    is_met, was_told = to != S.WITHDRAWN, correction.status not in UNTOLD
    correction.status, correction.since = to, at
    clocks.follow(correction, by=by, at=at, reason=reason, is_met=is_met)
    save(correction, by=by, reason=reason)
    if was_told:
        messages.tell_of_correction(correction, by=by)
