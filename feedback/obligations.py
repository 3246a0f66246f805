"""Which clocks a case has, and how its moves start and stop them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from deadlines import services as deadlines
from deadlines.editions import Reference
from deadlines.models import Deadline
from feedback.models import Case

ACKNOWLEDGE, ANSWER, CHECK, RESOLVE, PUBLISH = "acknowledge", "answer", "check", "resolve", "publish"
ALL = (ACKNOWLEDGE, ANSWER, CHECK, RESOLVE, PUBLISH)


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


def begin(case: Case, *, by: Any, at: datetime, reference: Reference) -> list[Deadline]:
    """The clocks that run from the moment of receipt: the first contact and the whole matter. The case, which has its
    key already, gets its due moment; the caller writes it and them."""
    clocks = deadlines.first_deadlines(
        case, (ACKNOWLEDGE, RESOLVE), start=at, facts=facts_of(case), by=by, reference=reference
    )
    case.due_at = min((clock.due_at for clock in clocks), default=None)
    return clocks


def follow(
    case: Case, opens: Iterable[str], ends: Iterable[str], *, pauses: bool, by: Any, at: datetime, reason: str
) -> None:
    """Stop and start clocks as a move says, pause or resume them, and keep the case's own due moment true."""
    deadlines.finish(case, tuple(ends), at=at, by=by)
    if pauses:
        deadlines.pause(case, reason=reason, by=by, at=at)
    else:
        deadlines.resume(case, by=by, at=at)
        facts = facts_of(case)
        for obligation in opens:
            deadlines.open_deadline(case, obligation, start=at, facts=facts, by=by)
    case.due_at = None if pauses else deadlines.next_due(case)


def judge_again(case: Case, *, by: Any, reason: str) -> None:
    """After a correction: running clocks follow the rules that fit now, from the same start."""
    deadlines.reconsider(case, facts=facts_of(case), by=by, reason=reason)
    case.due_at = deadlines.next_due(case)
