"""The yearly plan: its lines, and the moves by which a second person approves it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from common.exceptions import InvalidInput, MoveRefused, SecondPersonNeeded
from common.scope import as_system
from inspections import messages
from inspections.choices import PlanStatus
from inspections.models import Plan, PlanLine
from inspections.people import conflict_of
from inspections.rules import APPROVE, MANAGE, Move, checked_reason, locked, refuse_wrong, require, save, told

S = PlanStatus
PLAN_MOVES: dict[tuple[PlanStatus, PlanStatus], Move] = {
    (S.DRAFT, S.WAITING): Move(
        MANAGE, pgettext_lazy("move", "Propose for approval"), "primary", is_gate=True,
        reason=gettext_lazy("The plan is complete"),
    ),
    (S.WAITING, S.APPROVED): Move(
        APPROVE, pgettext_lazy("move", "Approve as the second person"), "primary", reason=gettext_lazy("Approved")
    ),
    (S.WAITING, S.DRAFT): Move(APPROVE, pgettext_lazy("move", "Return with remarks"), "warning"),
    (S.APPROVED, S.DRAFT): Move(MANAGE, pgettext_lazy("move", "Take the plan up again"), "quiet"),
}  # fmt: skip
LINE = ("facility", "period", "topic", "lead", "is_struck")


def allowed_moves(plan: Plan, user: Any) -> dict[PlanStatus, Move]:
    """The moves that this person may make now, in the table's order."""
    return {
        target: step
        for (source, target), step in PLAN_MOVES.items()
        if source == plan.status and user.has_perm(step.right) and not _is_asker(plan, target, user)
    }


def _is_asker(plan: Plan, to: str, user: Any) -> bool:
    return to == S.APPROVED and plan.proposed_by_id == user.pk


def may_write(plan: Plan, user: Any) -> bool:
    return bool(user.has_perm(MANAGE)) and plan.status == S.DRAFT


@transaction.atomic
def begin(year: int, legal_basis: str, *, by: Any) -> Plan:
    """Begin the plan of a year. Raises `RightMissing`, `InvalidInput`."""
    require(by, MANAGE)
    plan = Plan(year=year, legal_basis=legal_basis.strip(), made_by=by, made_at=timezone.now())
    refuse_wrong(plan, ("year", "legal_basis"))
    if Plan.objects.filter(year=year).exists():
        raise InvalidInput({"year": [_("This year has a plan already.")]})
    with as_system():
        save(plan, by=by, reason="", is_new=True)
    return plan


def _held(plan: Plan, by: Any, version: int) -> Plan:
    """The plan, locked, while it is being written."""
    require(by, MANAGE)
    found: Plan = locked(plan, by, version, "made_by")
    if found.status != S.DRAFT:
        raise MoveRefused(_("This plan is not being written: take it up again first, with a reason."))
    return found


@transaction.atomic
def write(plan: Plan, legal_basis: str, *, by: Any, version: int) -> Plan:
    """Correct what the plan rests on. Raises `Http404`, `StaleVersion`, `RightMissing`, `MoveRefused`,
    `InvalidInput`."""
    found = _held(plan, by, version)
    found.legal_basis = legal_basis.strip()
    refuse_wrong(found, ("legal_basis",))
    with as_system():
        save(found, by=by, reason="")
    return found


@transaction.atomic
def put_line(plan: Plan, given: Mapping[str, Any], *, by: Any, version: int, line: PlanLine | None = None) -> PlanLine:
    """Add a line, or change one; the plan becomes its next version. Raises as `write`."""
    found = _held(plan, by, version)
    row = PlanLine(plan=found) if line is None else locked(line, by)
    for name in LINE:
        if name in given:
            setattr(row, name, given[name])
    if row.facility_id in by.recused_facilities:
        raise InvalidInput({"facility": [_("You are kept from this facility: somebody else plans its inspection.")]})
    refuse_wrong(row, LINE)
    if tie := conflict_of(row.lead, row.facility_id, timezone.localdate()):
        raise InvalidInput({"lead": [tie]})
    with as_system():
        save(row, by=by, reason="", is_new=line is None)
        save(found, by=by, reason="")
    return row


@transaction.atomic
def move(plan: Plan, to: str, *, by: Any, reason: str, version: int) -> Plan:
    """Move a plan on, keeping who and why.

    Raises `Http404`, `StaleVersion`, `MoveRefused`, `RightMissing`, `SecondPersonNeeded`, `ReasonRequired`,
    `InvalidInput`."""
    found: Plan = locked(plan, by, version, "made_by")
    step = PLAN_MOVES.get((S(found.status), S(to))) if to in S.values else None
    if step is None:
        raise MoveRefused(allowed=[str(target) for target in allowed_moves(found, by)])
    require(by, step.right)
    if _is_asker(found, to, by):
        raise SecondPersonNeeded(_("This step needs a second person: whoever proposed the plan cannot approve it."))
    why = checked_reason(reason)
    with as_system():
        if step.is_gate and not PlanLine.objects.filter(plan=found, is_struck=False).exists():
            raise InvalidInput({"lines": [_("The plan has no line yet.")]}, _("The plan has no line yet."))
        found.status = to
        found.proposed_by = by if to == S.WAITING else found.proposed_by
        found.approved_by, found.approved_at = (by, timezone.now()) if to == S.APPROVED else (None, None)
        save(found, by=by, reason=told(step, why))
        messages.tell_of_plan(found, to, by=by)
    return found
