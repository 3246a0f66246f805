"""Which clocks a case has, and how its moves start and stop them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Q
from django.utils import timezone

from deadlines import services as deadlines
from deadlines.choices import Event, State
from deadlines.editions import Reference
from deadlines.models import Deadline
from feedback.choices import ENDED, PRESS_CHANNEL, Kind
from feedback.models import Case, PromptReport

ACKNOWLEDGE, ACCEPT, ANSWER, CHECK = "acknowledge", "accept", "answer", "check"
RESOLVE, RESOLVE_AGAIN, PUBLISH, PROMPT = "resolve", "resolve_again", "publish", "prompt_report"
ALL = (ACKNOWLEDGE, ACCEPT, ANSWER, CHECK, RESOLVE, RESOLVE_AGAIN, PUBLISH, PROMPT)
# What somebody who decides that a matter is not ours has done by it: looked at it, and refused to take it up with a
# reason, which is what the law on complaints asks for as well. The rest is void, without a verdict.
DECIDED = (ACKNOWLEDGE, ACCEPT)
UNDECIDED = (ANSWER, CHECK, RESOLVE, RESOLVE_AGAIN, PUBLISH, PROMPT)
TAKEN_UP = (Kind.COMPLAINT, Kind.DENUNCIATION)  # by law the whole matter counts from when it was taken up (thụ lý)


def facts_of(case: Case) -> dict[str, str]:
    """What a deadline rule may ask about a case; empty strings for what is not known yet."""
    category = case.category
    return {
        "channel": case.channel.code,
        "kind": case.kind,
        "category": category.code if category else "",
        "category_root": category.code.split(".")[0] if category else "",
        "urgency": case.urgency,
        "complexity": case.complexity,
        "facility_type": case.facility.type if case.facility else "",
    }


def first_of(kind: str) -> tuple[str, ...]:
    """What runs from the moment of receipt: the first contact, and the whole matter or, before it, its taking up."""
    return ACKNOWLEDGE, ACCEPT if kind in TAKEN_UP else RESOLVE


class Steps(Protocol):
    """What a move does to clocks."""

    @property
    def ends(self) -> tuple[str, ...]: ...
    @property
    def opens(self) -> tuple[str, ...]: ...
    @property
    def drops(self) -> tuple[str, ...]: ...


def opened_by(kind: str, step: Steps, met: Collection[str]) -> tuple[str, ...]:
    """The clocks that a move starts in a case of this kind when it `met` some: the whole matter begins with its taking
    up, where the law says so, unless the move ends that as well."""
    begun = tuple(ACCEPT if each == RESOLVE and kind in TAKEN_UP else each for each in step.opens)
    return (*begun, RESOLVE) if ACCEPT in met and RESOLVE not in (*step.ends, *step.drops) else begun


def begin(case: Case, *, by: Any, at: datetime, reference: Reference) -> list[Deadline]:
    """The clocks that run from the moment of receipt. The case, which has its key already, gets its due moment; the
    caller writes it and them."""
    clocks = deadlines.first_deadlines(
        case, first_of(case.kind), start=at, facts=facts_of(case), by=by, reference=reference
    )
    case.due_at = min((clock.due_at for clock in clocks), default=None)
    return clocks


def follow(case: Case, step: Steps, *, pauses: bool, by: Any, at: datetime, reason: str) -> None:
    """Stop and start clocks as a move says, pause or resume them, and keep the case's own due moment true."""
    if step.drops:
        deadlines.cancel(case, step.drops, by=by, reason=reason)
    met = [clock.obligation for clock in deadlines.finish(case, step.ends, at=at, by=by)]
    if pauses:
        deadlines.pause(case, reason=reason, by=by, at=at)
    else:
        deadlines.resume(case, by=by, at=at)
        facts = facts_of(case)
        for obligation in opened_by(case.kind, step, met):
            if obligation == PROMPT and not owes_prompt_report(case):
                continue
            deadlines.open_deadline(case, obligation, start=at, facts=facts, by=by)
    case.due_at = deadlines.next_due(case)


def owes_prompt_report(case: Case) -> bool:
    """Was the matter raised in public, and has its facility not reported on it yet? One query for those matters."""
    if case.channel.code != PRESS_CHANNEL or case.facility_id is None:
        return False
    reported = Q(case=case) | Q(case__merged_into=case)
    return not PromptReport.objects.filter(reported, facility=case.facility_id).exists()


def report_promptly(case: Case, *, by: Any, at: datetime, since: datetime | None = None) -> bool:
    """The facility reported: its clock ends, and what is due next is due. Where it came of itself its clock counts
    `since` the matter stood in public, so that the verdict says whether it was at once. False when no clock waited."""
    if since is not None:
        deadlines.open_deadline(case, PROMPT, start=min(since, at), facts=facts_of(case), by=by)
    met = deadlines.finish(case, (PROMPT,), at=at, by=by)
    case.due_at = deadlines.next_due(case)
    return bool(met)


def accept(case: Case, *, by: Any, at: datetime) -> bool:
    """The matter was taken up: its first clock ends, that of the whole matter begins. False when none waited for it."""
    if not deadlines.finish(case, (ACCEPT,), at=at, by=by):
        return False
    deadlines.open_deadline(case, RESOLVE, start=at, facts=facts_of(case), by=by)
    case.due_at = deadlines.next_due(case)
    return True


def go_over(case: Case, into: Case, *, by: Any, at: datetime, reason: str) -> None:
    """A case goes on in another one, which answers both reporters: of two clocks the one that is due first counts."""
    deadlines.go_over(case, into, needed=(RESOLVE,), by=by, at=at, reason=reason)
    into.due_at = deadlines.next_due(into)


def come_back(case: Case, out_of: Case, *, by: Any, at: datetime, reason: str) -> None:
    """The opposite: both have the clocks again that they would have had."""
    deadlines.come_back(case, out_of, by=by, at=at, reason=reason)
    out_of.due_at = deadlines.next_due(out_of)
    levels = deadlines.deadlines_of(out_of).exclude(state=State.CANCELLED)
    out_of.escalation_level = max(levels.values_list("level", flat=True), default=0)


def posted(case: Case, *, by: Any, at: datetime, reason: str) -> bool:
    """The conclusion was posted at `at`: its publication counts from then. False when no such clock runs."""
    clock = deadlines.deadlines_of(case).live().filter(obligation=PUBLISH).first()
    if clock is None:
        return False
    moments = {str(Event.POSTED): at}
    changed = deadlines.reconsider(case, facts=facts_of(case), by=by, reason=reason, moments=moments)
    case.due_at = deadlines.next_due(case)
    return clock.pk in {row.pk for row in changed}


def judge_again(case: Case, *, by: Any, reason: str, is_converted: bool = False) -> None:
    """After a correction: running clocks follow the rules that fit now, from the same start. A case that became
    another kind before the law gets new clocks from now on; the old ones are kept as they stood."""
    if is_converted:
        _convert(case, by=by, reason=reason)
    deadlines.reconsider(case, facts=facts_of(case), by=by, reason=reason)
    case.due_at = deadlines.next_due(case)


def _convert(case: Case, *, by: Any, reason: str) -> None:
    """What the law has taken up first is not yet begun; what it does not begins at once."""
    is_taken_up, at, facts = case.kind in TAKEN_UP, timezone.now(), facts_of(case)
    instead = {RESOLVE: ACCEPT} if is_taken_up else {ACCEPT: RESOLVE}
    deadlines.convert(case, facts=facts, by=by, at=at, reason=reason, instead=instead)
    if is_taken_up and case.status not in ENDED:  # what was answered already is taken up anew all the same
        deadlines.open_deadline(case, ACCEPT, start=at, facts=facts, by=by)
