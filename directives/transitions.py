"""The whole way of an assignment: one table of moves, one function that makes them, whatever the door.

See → lock → version → move, right → what is missing → write with who and why → clocks → messages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing, SecondPersonNeeded, StaleVersion
from common.scope import as_system
from common.text import clean, has_unstorable
from directives import clocks, messages, reporting
from directives.choices import Status
from directives.models import Assignment

REASON_LENGTH = 2000
WRITE, CHECK, AGREE = "directives.write_report", "directives.check_report", "directives.agree_report"


@dataclass(frozen=True)
class Move:
    """One arrow: the right it takes, the button's words and look. `for_two` says whether it is there for obligations
    that two people accept (None: for all); `is_second`: whoever checked cannot make it."""

    right: str
    label: Promise
    tone: str = "plain"
    is_gate: bool = False
    for_two: bool | None = None
    is_second: bool = False
    reason: Promise | str = ""


S = Status
_hand_in = Move(WRITE, pgettext_lazy("move", "Hand in"), "primary", is_gate=True, reason=_("The report is complete"))
_return = pgettext_lazy("move", "Return with remarks")
MOVES: dict[tuple[Status, Status], Move] = {
    (S.OPEN, S.SUBMITTED): _hand_in,
    (S.RETURNED, S.SUBMITTED): _hand_in,
    (S.SUBMITTED, S.ACCEPTED): Move(
        CHECK, pgettext_lazy("move", "Accept"), "primary", for_two=False, reason=_("The report is sufficient")
    ),
    (S.SUBMITTED, S.CHECKED): Move(
        CHECK, pgettext_lazy("move", "Checked, to a second person"), "primary", for_two=True,
        reason=_("The report is sufficient"),
    ),
    (S.SUBMITTED, S.RETURNED): Move(CHECK, _return, "warning"),
    (S.CHECKED, S.ACCEPTED): Move(
        AGREE, pgettext_lazy("move", "Accept as the second person"), "primary", is_second=True,
        reason=_("The report is sufficient"),
    ),
    (S.CHECKED, S.RETURNED): Move(AGREE, _return, "warning", is_second=True),
}  # fmt: skip


def is_own(assignment: Assignment, user: Any) -> bool:
    """Does this person write for the assignment's facility?"""
    return user.has_perm(WRITE) and assignment.facility_id in user.scope.facilities


def may(assignment: Assignment, move: Move, user: Any) -> bool:
    """Only the facility writes for the facility; the department checks, and whoever checked is no second person."""
    return is_own(assignment, user) if move.right == WRITE else bool(user.has_perm(move.right))


def allowed_moves(assignment: Assignment, user: Any) -> dict[Status, Move]:
    """The moves that this person may make now, in the table's order. No query beyond rights and memberships; the
    obligation must be at hand."""
    is_checker = assignment.checked_by_id == user.pk
    return {
        target: move
        for (source, target), move in MOVES.items()
        if source == assignment.status
        and fits(assignment, move)
        and may(assignment, move, user)
        and not (move.is_second and is_checker)
    }


def fits(assignment: Assignment, move: Move) -> bool:
    return move.for_two is None or move.for_two == assignment.obligation.needs_second


def locked(assignment: Assignment, by: Any, version: int | None = None) -> Assignment:
    """The assignment as it stands, nobody else writing it. Raises `Http404`, `StaleVersion`."""
    found: Assignment | None = (
        Assignment.objects.visible_to(by)
        .select_for_update(no_key=True, of=("self",))
        .select_related("obligation", "facility")
        .filter(pk=assignment.pk)
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
def move(assignment: Assignment, to: str, *, by: Any, reason: str, version: int) -> Assignment:
    """Move an assignment on, keeping who and why.

    Raises `Http404`, `StaleVersion`, `MoveRefused`, `RightMissing`, `SecondPersonNeeded`, `ReasonRequired`, and
    `InvalidInput` with everything that the report lacks."""
    found = locked(assignment, by, version)
    step = MOVES.get((Status(found.status), Status(to))) if to in Status.values else None
    if step is None or not fits(found, step):
        raise MoveRefused(allowed=[str(target) for target in allowed_moves(found, by)])
    if not may(found, step, by):
        raise RightMissing
    if step.is_second and found.checked_by_id == by.pk:
        raise SecondPersonNeeded(_("This step needs a second person: whoever checked the report cannot accept it."))
    why, at = checked_reason(reason), timezone.now()
    if step.is_gate and (lacks := reporting.missing(found, by=by)):
        raise InvalidInput({name: [words] for name, words in lacks.items()}, _("The report is not complete yet."))
    with as_system():
        _stamp(found, Status(to), by=by, at=at)
        save(found, by=by, reason=why)
        messages.tell_of_move(found, Status(to), by=by)
    return found


def _stamp(assignment: Assignment, to: Status, *, by: Any, at: datetime) -> None:
    assignment.status = to
    if to == Status.SUBMITTED:
        assignment.handed_in_at = assignment.handed_in_at or at
        assignment.checked_by = None
        reporting.hand_in(assignment, at=at, by=by)
        clocks.handed_in(assignment, at=at, by=by)
    elif to == Status.CHECKED:
        assignment.checked_by = by
    elif to == Status.RETURNED:
        assignment.checked_by = None
        clocks.returned(assignment, at=at, by=by)
    elif to == Status.ACCEPTED:
        assignment.checked_by = assignment.checked_by or by
        assignment.accepted_at = at
        clocks.accepted(assignment, at=at, by=by)


def save(assignment: Assignment, *, by: Any, reason: str) -> None:
    """Write a changed assignment as its next version. As the system."""
    assignment.version += 1
    assignment._history_user, assignment._change_reason = by, reason  # type: ignore[attr-defined]
    assignment.save()
