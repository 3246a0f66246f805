"""The whole workflow of a case: one table of moves, one function that makes them, whatever the door.

A move happens in one transaction: see (`visible_to`) → lock → version → move, right and second person → what the move
asks for → as the system, since all of that was checked: write with who and why → deadlines → messages. Nothing else
assigns `Case.status`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.exceptions import (
    InvalidInput,
    MoveRefused,
    ReasonRequired,
    RightMissing,
    SecondPersonNeeded,
    StaleVersion,
)
from common.scope import as_system
from common.text import clean
from feedback import details, merging, obligations, search
from feedback.choices import ENDED, Status
from feedback.models import Case

REASON_LENGTH = 2000


@dataclass(frozen=True)
class Move:
    """One arrow of the workflow.

    `right` is the permission it takes; `label` the button's words; `asks` the details it takes (see
    `feedback.details`), those with a star being required; `ends` and `opens` the obligations whose clocks it stops and
    starts, `drops` those that it makes void, without a verdict; `tone` how the button looks. `not_by` names a field of
    the case whose person may not make this move, `fits` says of a case whether the move is one of its own."""

    right: str
    label: Promise
    asks: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    tone: str = "plain"
    not_by: str = ""
    apply: Callable[[Case, Mapping[str, Any], Any, datetime], None] = field(default=lambda case, given, by, at: None)
    reason_default: Promise | str = ""
    fits: Callable[[Case], bool] = field(default=lambda case: True)


def _assign(case: Case, given: Mapping[str, Any], by: Any, at: datetime) -> None:
    case.division, case.assignee = given["division"], given.get("assignee")


def _forward(case: Case, given: Mapping[str, Any], by: Any, at: datetime) -> None:
    case.facility, case.is_released = given["facility"], True
    case.assignee = case.assignee or by


def _triage(case: Case, given: Mapping[str, Any], by: Any, at: datetime) -> None:
    case.assignee = case.assignee or by


def _ask(case: Case, given: Mapping[str, Any], by: Any, at: datetime) -> None:
    case.assignee = case.assignee or by  # whoever asked is told when the reporter answers
    details.write_question(case, given["question"], by=by, at=at)


def _answer(case: Case, given: Mapping[str, Any], by: Any, at: datetime) -> None:
    details.write_answer(case, given, by=by, at=at)


def _check(case: Case, given: Mapping[str, Any], by: Any, at: datetime) -> None:
    case.outcome, case.checked_by = given["outcome"], by


def _reply(case: Case, given: Mapping[str, Any], by: Any, at: datetime) -> None:
    details.write_reply(case, given, by=by, at=at)
    merging.reply_to_joined(case, given.get("reply_joined", ""), by=by, at=at)


def _publish(case: Case, given: Mapping[str, Any], by: Any, at: datetime) -> None:
    case.public_summary, case.published_at = given["public_summary"], at


def _transfer(case: Case, given: Mapping[str, Any], by: Any, at: datetime) -> None:
    case.transferred_to, case.outcome = given["transferred_to"], "OC08"


def _out_of_scope(case: Case, given: Mapping[str, Any], by: Any, at: datetime) -> None:
    case.outcome = "OC05"


def _merge(case: Case, given: Mapping[str, Any], by: Any, at: datetime) -> None:
    seen = given.get("target_version")
    merging.join(case, given["target"], version=seen, by=by, at=at, reason=given["reason"])


def _unmerge(case: Case, given: Mapping[str, Any], by: Any, at: datetime) -> None:
    merging.part(case, version=given.get("target_version"), by=by, at=at, reason=given["reason"])


def _reopen(case: Case, given: Mapping[str, Any], by: Any, at: datetime) -> None:
    case.outcome, case.transferred_to = "", ""


def _review(case: Case, given: Mapping[str, Any], by: Any, at: datetime) -> None:
    # whoever handled it before does not review it: the review starts without a responsible officer
    case.assignee = given["assignee"]
    case.checked_by = None


S = Status
_TRIAGE, _HANDLE = "feedback.triage_case", "feedback.handle_case"
_triaged = Move(
    _TRIAGE, pgettext_lazy("move", "Take into handling"), ends=("acknowledge",), apply=_triage, tone="primary"
)
_assigned = Move(
    _TRIAGE,
    pgettext_lazy("move", "Assign to a division"),
    ("division*", "assignee"),
    ("acknowledge", "accept"),
    ("answer",),
    apply=_assign,
)
_forwarded = Move(
    _TRIAGE,
    pgettext_lazy("move", "Forward to the facility"),
    ("facility*",),
    ("acknowledge", "accept"),
    ("answer", "prompt_report"),  # the latter of what was raised in public, until that facility reported on it
    apply=_forward,
    tone="primary",
)
_out = Move(
    "feedback.screen_case",
    pgettext_lazy("move", "Out of scope"),
    ends=obligations.DECIDED,
    drops=obligations.UNDECIDED,
    apply=_out_of_scope,
    tone="quiet",
)
_transferred = Move(
    _TRIAGE,
    pgettext_lazy("move", "Transfer to another body"),
    ("transferred_to*",),
    obligations.DECIDED,
    drops=obligations.UNDECIDED,
    apply=_transfer,
    tone="quiet",
)
_merged = Move(
    _TRIAGE,
    pgettext_lazy("move", "Merge into another case"),
    ("target*", "target_version"),
    drops=obligations.ALL,  # those that are due first run on in the other case
    apply=_merge,
    tone="quiet",
)
_waiting = Move(
    _TRIAGE,
    pgettext_lazy("move", "Ask the reporter, pause the clock"),
    ("question*",),
    ("acknowledge",),  # asking is contact
    tone="quiet",
    apply=_ask,
)
_answered = Move(
    "feedback.answer_case",
    pgettext_lazy("move", "Send the answer"),
    ("findings*", "measures_text", "measures", "proposed_outcome*", "files"),
    ("answer", "prompt_report"),  # who says everything has said what happened
    ("check",),
    apply=_answer,
    tone="primary",
)
_examined = Move(
    _HANDLE,
    pgettext_lazy("move", "Send the result"),
    ("findings*", "measures_text", "measures", "proposed_outcome*", "files"),
    ("answer",),
    ("check",),
    apply=_answer,
    tone="primary",
)
_returned = Move(
    "feedback.check_case",
    pgettext_lazy("move", "Return to the facility"),
    (),
    ("check",),
    ("answer",),
    tone="warning",
)
_checked = Move(
    "feedback.check_case",
    pgettext_lazy("move", "Answer is sufficient"),
    ("outcome*",),
    apply=_check,
    tone="primary",
)
_confirmed = Move(
    "feedback.confirm_case",
    pgettext_lazy("move", "Confirm"),
    ends=("check",),
    not_by="checked_by",
    tone="primary",
)
_unconfirmed = Move("feedback.confirm_case", pgettext_lazy("move", "Check again"), tone="warning")
_replied = Move(
    "feedback.reply_case",
    pgettext_lazy("move", "Reply to the reporter"),
    ("reply*", "way*", "reply_joined"),
    ("accept", "resolve", "resolve_again"),
    ("publish",),
    apply=_reply,
    tone="primary",
)
_published = Move(
    "feedback.publish_case",
    pgettext_lazy("move", "Publish the result"),
    ("public_summary*",),
    ("publish",),
    apply=_publish,
    tone="primary",
)
_closed = Move("feedback.close_case", pgettext_lazy("move", "Close"), drops=obligations.ALL)
_review_opened = Move(
    "feedback.reopen_case",
    pgettext_lazy("move", "Send to review"),
    ("assignee*",),
    opens=("check", "resolve_again"),
    apply=_review,
    tone="warning",
)
_reopened = Move(
    "feedback.triage_case",
    pgettext_lazy("move", "Take back into handling"),
    opens=("acknowledge", "resolve"),
    apply=_reopen,
    tone="quiet",
)
_unmerged = Move(
    _TRIAGE,
    pgettext_lazy("move", "Undo the merge"),
    ("target_version",),
    opens=("acknowledge", "resolve"),  # of a case whose clocks were not kept by the merge
    apply=_unmerge,
    tone="quiet",
    fits=lambda case: merging.status_before(case) != S.TRIAGED,
)

MOVES: dict[tuple[Status, Status], Move] = {
    (S.RECEIVED, S.TRIAGED): _triaged,
    (S.RECEIVED, S.FORWARDED): _forwarded,
    (S.RECEIVED, S.ASSIGNED): _assigned,
    (S.RECEIVED, S.WAITING): _waiting,
    (S.RECEIVED, S.OUT_OF_SCOPE): _out,
    (S.RECEIVED, S.TRANSFERRED): _transferred,
    (S.RECEIVED, S.MERGED): _merged,
    (S.TRIAGED, S.FORWARDED): _forwarded,
    (S.TRIAGED, S.ASSIGNED): _assigned,
    (S.TRIAGED, S.WAITING): _waiting,
    (S.TRIAGED, S.REPLIED): Move(
        "feedback.reply_case",
        pgettext_lazy("move", "Answer at once"),
        ("reply*", "way*", "reply_joined"),
        ("acknowledge", "accept", "resolve", "resolve_again"),
        ("publish",),
        apply=_reply,
    ),
    (S.TRIAGED, S.OUT_OF_SCOPE): _out,
    (S.TRIAGED, S.TRANSFERRED): _transferred,
    (S.TRIAGED, S.MERGED): _merged,
    (S.WAITING, S.TRIAGED): Move(_TRIAGE, pgettext_lazy("move", "Go on, clock runs again"), tone="primary"),
    (S.WAITING, S.OUT_OF_SCOPE): _out,
    (S.WAITING, S.CLOSED): _closed,
    (S.ASSIGNED, S.ANSWERED): _examined,
    (S.ASSIGNED, S.FORWARDED): _forwarded,
    (S.ASSIGNED, S.TRIAGED): Move(_HANDLE, pgettext_lazy("move", "Give back"), drops=("answer",), tone="quiet"),
    (S.FORWARDED, S.ANSWERED): _answered,
    (S.FORWARDED, S.TRIAGED): Move(
        _TRIAGE,
        pgettext_lazy("move", "Take back"),
        drops=("answer", "prompt_report"),
        tone="quiet",
        apply=lambda case, given, by, at: setattr(case, "is_released", False),
    ),
    (S.RETURNED, S.ANSWERED): _answered,
    (S.ANSWERED, S.RETURNED): _returned,
    (S.ANSWERED, S.CHECKED): _checked,
    (S.CHECKED, S.CONFIRMED): _confirmed,
    (S.CHECKED, S.ANSWERED): _unconfirmed,
    (S.CONFIRMED, S.REPLIED): _replied,
    (S.REPLIED, S.PUBLISHED): _published,
    (S.REPLIED, S.CLOSED): _closed,
    (S.PUBLISHED, S.CLOSED): _closed,
    (S.CLOSED, S.IN_REVIEW): _review_opened,
    (S.IN_REVIEW, S.FORWARDED): replace(_forwarded, ends=(*_forwarded.ends, "check")),
    (S.IN_REVIEW, S.ASSIGNED): replace(_assigned, ends=(*_assigned.ends, "check")),
    (S.IN_REVIEW, S.CHECKED): _checked,
    (S.OUT_OF_SCOPE, S.RECEIVED): _reopened,
    (S.TRANSFERRED, S.RECEIVED): _reopened,
    (S.MERGED, S.RECEIVED): _unmerged,
    (S.MERGED, S.TRIAGED): replace(
        _unmerged, opens=("resolve",), fits=lambda case: merging.status_before(case) == S.TRIAGED
    ),
}
PAUSES = Status.WAITING


def allowed_moves(case: Case, user: Any) -> dict[Status, Move]:
    """The moves that this person may make from where the case stands, in the table's order. Runs no query beyond the
    person's permissions, which Django keeps; of a merged case it asks where it stood before."""
    return {
        target: move
        for (source, target), move in MOVES.items()
        if source == case.status
        and user.has_perm(move.right)
        and _second_person_ok(case, move, user)
        and _from_own_side(case, move, user)
        and move.fits(case)
    }


def _second_person_ok(case: Case, move: Move, user: Any) -> bool:
    return not move.not_by or getattr(case, f"{move.not_by}_id") != user.pk


def _from_own_side(case: Case, move: Move, user: Any) -> bool:
    """Only the facility answers for the facility; superusers help out where a facility cannot sign in."""
    return move.right != "feedback.answer_case" or user.is_superuser or case.facility_id in user.scope.facilities


@transaction.atomic
def move(
    case: Case, to: str, *, by: Any, reason: str = "", version: int, given: Mapping[str, Any] | None = None
) -> Case:
    """Move a case on, keeping who and why.

    `version` is the one the person was looking at; `given` holds what the move asks for, by the names in `Move.asks`,
    as codes, ids or objects. Raises `Http404` for a case this person does not see, `StaleVersion`, `MoveRefused` (with
    the allowed moves), `RightMissing`, `SecondPersonNeeded`, `ReasonRequired`, `InvalidInput`."""
    if to == Status.MERGED:
        merging.lock_both(case, (given or {}).get("target"), by=by)
    locked = Case.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=case.pk).first()
    if locked is None:
        raise Http404
    if locked.version != version:
        raise StaleVersion(current_version=locked.version)
    step = _step(locked, to, by)
    reason = clean(reason)
    if not reason:
        raise ReasonRequired
    if len(reason) > REASON_LENGTH:
        raise InvalidInput({"reason": [_("At most %(count)s characters.") % {"count": REASON_LENGTH}]})
    at, marks = timezone.now(), search.marks_of(locked)
    told = details.read(step.asks, given or {}, case=locked, by=by) | {"reason": reason}
    with as_system():  # a move may take the case out of the mover's sight
        step.apply(locked, told, by, at)
        _stamp(locked, Status(to), at)
        obligations.follow(locked, step, pauses=to == PAUSES, by=by, at=at, reason=reason)
        _save(locked, by, reason)
        if search.marks_of(locked) != marks:
            search.index(locked)
        details.tell(locked, Status(to), by=by)
    return locked


def _step(case: Case, to: str, by: Any) -> Move:
    """The table's entry for this step, or the refusal that fits."""
    step = MOVES.get((Status(case.status), Status(to))) if to in Status.values else None
    if step is None or not step.fits(case):
        raise MoveRefused(allowed=[str(target) for target in allowed_moves(case, by)])
    if not by.has_perm(step.right) or not _from_own_side(case, step, by):
        raise RightMissing(allowed=[str(target) for target in allowed_moves(case, by)])
    if not _second_person_ok(case, step, by):
        raise SecondPersonNeeded
    return step


def _stamp(case: Case, to: Status, at: datetime) -> None:
    case.status = to
    case.version += 1
    case.ended_at = at if to in ENDED else None


def _save(case: Case, by: Any, reason: str) -> None:
    case._history_user, case._change_reason = by, reason  # type: ignore[attr-defined]
    case.save()
