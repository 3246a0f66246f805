"""The whole way of an inspection: one table of moves, one function that makes them, whatever the door.

See → lock → version → move, right → what is missing → write with who and why → demands and their clocks → messages."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext, pgettext_lazy

from accounts.services import engine
from common.exceptions import InvalidInput, MoveRefused
from common.scope import as_system
from inspections import clocks, messages, repeats
from inspections.choices import CorrectionStatus, Status
from inspections.completeness import lacks
from inspections.models import CorrectiveAction, Inspection
from inspections.rules import CONDUCT, ENGINE, Move, checked_reason, locked, require, save, told

S = Status
MOVES: dict[tuple[Status, Status], Move] = {
    (S.PREPARED, S.OPENED): Move(
        CONDUCT, pgettext_lazy("move", "Open the inspection"), "primary", is_gate=True,
        reason=gettext_lazy("The decision was announced to the facility"),
    ),
    (S.PREPARED, S.CANCELLED): Move(CONDUCT, pgettext_lazy("move", "Call the inspection off"), "quiet"),
    (S.OPENED, S.RECORDED): Move(
        CONDUCT, pgettext_lazy("move", "Finish the record"), "primary", is_gate=True,
        reason=gettext_lazy("Read to both sides and signed"),
    ),
    (S.OPENED, S.CANCELLED): Move(CONDUCT, pgettext_lazy("move", "Call the inspection off"), "quiet"),
    (S.RECORDED, S.CLOSED): Move(
        CONDUCT, pgettext_lazy("move", "Close the inspection"), "primary", is_gate=True,
        reason=gettext_lazy("Everything demanded was verified"),
    ),
    (S.CLOSED, S.RECORDED): Move(ENGINE, pgettext_lazy("move", "The same finding came back")),
}  # fmt: skip


def allowed_moves(inspection: Inspection, user: Any) -> dict[Status, Move]:
    """The moves that this person may make now, in the table's order. No query beyond rights."""
    return {
        target: step
        for (source, target), step in MOVES.items()
        if source == inspection.status and step.right and user.has_perm(step.right)
    }


@transaction.atomic
def move(inspection: Inspection, to: str, *, by: Any, reason: str, version: int) -> Inspection:
    """Move an inspection on, keeping who and why.

    Raises `Http404`, `StaleVersion`, `MoveRefused`, `RightMissing`, `ReasonRequired`, and `InvalidInput` with every
    missing element named."""
    found: Inspection = locked(inspection, by, version)
    step = MOVES.get((S(found.status), S(to))) if to in S.values else None
    if step is None or step.right == ENGINE:
        raise MoveRefused(allowed=[str(target) for target in allowed_moves(found, by)])
    require(by, step.right)
    why, at = checked_reason(reason), timezone.now()
    if step.is_gate and (missing := lacks(found, to)):
        raise InvalidInput({name: [words] for name, words in missing.items()}, _("Something is still missing."))
    with as_system():
        _stamp(found, S(to), at)
        save(found, by=by, reason=told(step, why))
        if to == S.RECORDED:
            _issue(found, by=by, at=at, reason=told(step, why))
            repeats.mark(found, at=at, reopen=reopen)
        elif to == S.CANCELLED:
            _drop(found, by=by, at=at, reason=told(step, why))
        messages.tell_of_move(found, S(to), by=by)
    return found


def _stamp(inspection: Inspection, to: Status, at: datetime) -> None:
    inspection.status = to
    if to == S.OPENED:
        inspection.opened_at = at
    elif to == S.RECORDED:
        inspection.recorded_at = at
    elif to == S.CLOSED:
        inspection.closed_at = at


def _issue(inspection: Inspection, *, by: Any, at: datetime, reason: str) -> None:
    """The demands of a finished record are the facility's from here on; those of struck findings are dropped."""
    rows = CorrectiveAction.objects.filter(inspection=inspection, status=CorrectionStatus.WRITTEN)
    for row in rows.select_related("facility", "finding"):
        row.status = CorrectionStatus.DROPPED if row.finding.is_struck else CorrectionStatus.OPEN
        row.since = at
        clocks.follow(row, by=by, at=at, reason=reason, is_met=False)
        save(row, by=by, reason=reason)


def _drop(inspection: Inspection, *, by: Any, at: datetime, reason: str) -> None:
    for row in CorrectiveAction.objects.filter(inspection=inspection, status=CorrectionStatus.WRITTEN):
        row.status, row.since = CorrectionStatus.DROPPED, at
        save(row, by=by, reason=reason)


def reopen(inspection: Inspection, *, reason: str) -> None:
    """By the engine: something that was verified came back, so the inspection that demanded it is not over."""
    with override(settings.LANGUAGE_CODE):
        label = pgettext("move", "The same finding came back")
    if inspection.status == S.CLOSED:
        inspection.status, inspection.closed_at = S.RECORDED, None
        save(inspection, by=engine(), reason=f"{label}: {reason}")
