"""Commendations and sanctions: proposed by one person on named duties, decided by another. Only this module assigns
`MeritProposal.state`, and nothing is proposed or decided without a person."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from common.exceptions import InvalidInput, MoveRefused, RightMissing, SecondPersonNeeded, StaleVersion
from common.scope import as_system
from common.text import clean, has_unstorable
from directives import messages
from directives.choices import MeritKind, MeritState
from directives.emulation.scoring import DECIDE, PROPOSE
from directives.models import Assignment, MeritEvidence, MeritProposal, ScoreRound
from directives.transitions import checked_reason
from facilities.models import Facility

MOST_EVIDENCE = 50
LONGEST = 4000
DECISIONS = (MeritState.AGREED, MeritState.REFUSED, MeritState.TAKEN_BACK)


def duties_of(found: ScoreRound, facility: Facility, user: Any) -> Any:
    """The assignments of a facility in the days of a round, that this person sees: what a proposal may stand on."""
    rows = Assignment.objects.visible_to(user).filter(facility=facility, period__range=(found.starts_on, found.ends_on))
    return rows.select_related("obligation").order_by("period", "id")


@transaction.atomic
def propose(
    found: ScoreRound, facility: Facility, kind: str, reason: str, evidence: Sequence[Assignment], *, by: Any
) -> MeritProposal:
    """Propose a commendation or a sanction, with the duties it stands on. Raises `RightMissing`, `InvalidInput`."""
    if not by.has_perm(PROPOSE) or facility.pk in by.recused_facilities:
        raise RightMissing
    wrong: dict[str, list[Any]] = {}
    if kind not in MeritKind.values:
        wrong["kind"] = [_("Choose one of the offered values.")]
    if not clean(reason):
        wrong["reason"] = [_("Say on what grounds.")]
    elif has_unstorable(reason) or len(clean(reason)) > LONGEST:
        wrong["reason"] = [_("At most %(count)s characters.") % {"count": LONGEST}]
    known = set(duties_of(found, facility, by).values_list("pk", flat=True))
    if not evidence or {one.pk for one in evidence} - known:
        wrong["evidence"] = [_("Choose the duties that show it.")]
    elif len(evidence) > MOST_EVIDENCE:
        wrong["evidence"] = [_("At most %(count)s duties.") % {"count": MOST_EVIDENCE}]
    same = MeritProposal.objects.filter(round=found, facility=facility, kind=kind, state=MeritState.PROPOSED)
    if not wrong and same.exists():
        wrong["kind"] = [_("The same is proposed for this unit already and waits for a decision.")]
    if wrong:
        raise InvalidInput(wrong)
    with as_system():
        made = MeritProposal.objects.create(
            round=found, facility=facility, kind=kind, reason=clean(reason), proposed_by=by, proposed_at=timezone.now()
        )
        MeritEvidence.objects.bulk_create(MeritEvidence(proposal=made, assignment=one) for one in evidence)
        messages.tell_of_merit(made, by=by)
    return made


def allowed(proposal: MeritProposal, user: Any) -> list[MeritState]:
    """What this person may decide. No query beyond rights."""
    if proposal.state != MeritState.PROPOSED:
        return []
    if proposal.proposed_by_id == user.pk:
        return [MeritState.TAKEN_BACK]
    return [MeritState.AGREED, MeritState.REFUSED] if user.has_perm(DECIDE) else []


@transaction.atomic
def decide(proposal: MeritProposal, to: str, *, by: Any, reason: str, version: int) -> MeritProposal:
    """Agree to a proposal or refuse it, as a second person; or take one's own back.

    Raises `Http404`, `StaleVersion`, `MoveRefused`, `SecondPersonNeeded`, `RightMissing`, `ReasonRequired`."""
    rows = MeritProposal.objects.visible_to(by).select_for_update(no_key=True, of=("self",))
    row: MeritProposal | None = rows.filter(pk=proposal.pk).first()
    if row is None:
        raise Http404
    if row.version != version:
        raise StaleVersion(current_version=row.version)
    if row.state != MeritState.PROPOSED or to not in DECISIONS:
        raise MoveRefused(_("This was decided already."))
    is_own = row.proposed_by_id == by.pk
    if is_own and to != MeritState.TAKEN_BACK:
        raise SecondPersonNeeded(_("This step needs a second person: whoever proposed it cannot decide."))
    if not is_own and (to == MeritState.TAKEN_BACK or not by.has_perm(DECIDE)):
        raise RightMissing
    why = checked_reason(reason)
    with as_system():
        row.state, row.decided_by, row.decided_at, row.decision = to, by, timezone.now(), why
        row.version += 1
        row.save()
        messages.tell_of_merit(row, by=by)
    return row
