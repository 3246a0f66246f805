"""Correcting a finished record. What both sides signed stays as it is; beside it stands what is put right, proposed by
one person with a reason and agreed by another. Only this module assigns `Amendment.state`."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.exceptions import InvalidInput, MoveRefused, RightMissing, SecondPersonNeeded
from common.scope import as_system
from common.text import clean, has_unstorable
from inspections import messages
from inspections.choices import AmendmentKind, AmendmentState
from inspections.models import Amendment, Finding, Inspection
from inspections.rules import CONDUCT, LONGEST, checked_reason, locked, require

S = AmendmentState
DECISIONS = (S.AGREED, S.REFUSED, S.TAKEN_BACK)


@transaction.atomic
def propose(inspection: Inspection, given: Mapping[str, Any], *, by: Any) -> Amendment:
    """Propose how a finished record, or one of its findings, is to be read. Its facility learns of what is agreed.

    Raises `Http404`, `RightMissing`, `MoveRefused`, `InvalidInput`."""
    require(by, CONDUCT)
    found: Inspection = locked(inspection, by)
    if not may_propose(found, by):
        raise MoveRefused(_("Only a finished record is amended: before, it is written."))
    finding = given.get("finding")
    wrong = _wrong(found, given, finding)
    if wrong:
        raise InvalidInput(wrong)
    with as_system():
        made = Amendment.objects.create(
            inspection=found, finding=finding, kind=given["kind"], text=clean(given["text"]),
            reason=clean(given["reason"]), proposed_by=by, proposed_at=timezone.now(),
        )  # fmt: skip
        messages.tell_of_amendment(made, by=by)
    return made


def may_propose(inspection: Inspection, user: Any) -> bool:
    """Is there a finished record, and does this person inspect? No query beyond rights."""
    return inspection.recorded_at is not None and bool(user.has_perm(CONDUCT))


def _wrong(inspection: Inspection, given: Mapping[str, Any], finding: Finding | None) -> dict[str, list[Any]]:
    wrong: dict[str, list[Any]] = {}
    if given.get("kind") not in AmendmentKind.values:
        wrong["kind"] = [_("Choose one of the offered values.")]
    if finding is not None and (finding.inspection_id != inspection.pk or finding.is_struck):
        wrong["finding"] = [_("Choose one of the offered values.")]
    for name, words in (("text", _("Say how it reads now.")), ("reason", _("Say why."))):
        value = given.get(name) or ""
        if has_unstorable(value) or len(clean(value)) > LONGEST:
            wrong[name] = [_("At most %(count)s characters.") % {"count": LONGEST}]
        elif not clean(value):
            wrong[name] = [words]
    return wrong


def allowed(amendment: Amendment, user: Any) -> list[AmendmentState]:
    """What this person may decide. No query beyond rights."""
    if not amendment.is_waiting or not user.has_perm(CONDUCT):
        return []
    return [S.TAKEN_BACK] if amendment.proposed_by_id == user.pk else [S.AGREED, S.REFUSED]


@transaction.atomic
def decide(amendment: Amendment, to: str, *, by: Any, reason: str, version: int) -> Amendment:
    """Agree or refuse as a second person, or take one's own proposal back.

    Raises `Http404`, `StaleVersion`, `MoveRefused`, `RightMissing`, `SecondPersonNeeded`, `ReasonRequired`."""
    row: Amendment = locked(amendment, by, version, "inspection")
    if not row.is_waiting or to not in DECISIONS:
        raise MoveRefused(_("This was decided already."))
    require(by, CONDUCT)
    is_own = row.proposed_by_id == by.pk
    if is_own and to != S.TAKEN_BACK:
        raise SecondPersonNeeded(_("This step needs a second person: whoever proposed it cannot decide."))
    if not is_own and to == S.TAKEN_BACK:
        raise RightMissing
    why = checked_reason(reason)
    with as_system():
        row.state, row.decided_by, row.decided_at, row.decision = to, by, timezone.now(), why
        row.version += 1
        row.save()
        messages.tell_of_amendment(row, by=by)
    return row
