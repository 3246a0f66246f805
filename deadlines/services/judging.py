"""Judging clocks anew: a corrected record, another kind before the law, a longer term."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from deadlines import editions, registry, standing
from deadlines.choices import State
from deadlines.models import Deadline
from deadlines.planning import Judgement, judge, term_of
from deadlines.replanning import PLANNED, pauses_of, replan, save, say_moved
from deadlines.rules import authority_of
from deadlines.services.asking import actor, locked
from deadlines.services.opening import open_deadlines
from deadlines.services.stopping import cancel, pause


@transaction.atomic
def reconsider(
    about: Model,
    *,
    facts: Mapping[str, str],
    by: Any,
    reason: str,
    moments: Mapping[str, datetime] | None = None,
) -> list[Deadline]:
    """After a correction of the record: live clocks follow the rules that fit now, from the same start, and the
    events that they count from where `moments` gives another than they knew.

    The rule and due moment before stay in the derivation, the first due moment on the row. Returns those that
    changed; a clock that no rule fits any more keeps its old rule."""
    found = locked(about, None)
    if not found:
        return []
    reference, label = editions.current(), registry.label_of(about)
    changed = []
    for row in found:
        known = {**_moments_of(row), **(moments or {})}
        judgement = judge(reference, label, row.obligation, row.starts_at, facts, known)
        if judgement and _differs(row, judgement):
            _follow(row, judgement, by=by, reason=reason)
            changed.append(row)
    replan(changed, reference, pauses_of(changed) if changed else {})
    save(changed, "rule", "ladder", "derivation", "stands_until", *PLANNED)
    return changed


@transaction.atomic
def convert(
    about: Model,
    *,
    facts: Mapping[str, str],
    by: Any,
    at: datetime,
    reason: str,
    instead: Mapping[str, str] | None = None,
) -> list[Deadline]:
    """The record became another kind before the law: each clock that another rule governs now ends as it stands,
    without a verdict, and a new round begins at `at`; the old one is kept. A clock that stood stands on.

    `instead` names obligations that others take the place of. Returns the new clocks. Clocks that no other rule
    governs are left alone."""
    reference, label = editions.current(), registry.label_of(about)
    ended: list[str] = []
    begun: dict[str, bool] = {}
    for row in locked(about, None):
        obligation = (instead or {}).get(row.obligation, row.obligation)
        judgement = judge(reference, label, obligation, at, facts)
        if judgement and judgement.rule.pk != row.rule_id:
            ended.append(row.obligation)
            begun[obligation] = row.state == State.PAUSED
    if not begun:
        return []
    cancel(about, ended, by=by, reason=reason)
    opened = open_deadlines(about, list(begun), start=at, facts=facts, by=by)
    if stood := [obligation for obligation, is_paused in begun.items() if is_paused]:
        pause(about, reason=reason, by=by, at=at, obligations=stood)
    return opened


def _moments_of(row: Deadline) -> dict[str, datetime]:
    """The event that a deadline counts from, by name."""
    at = term_of(row.derivation).at
    return {row.derivation["event"]: at} if at else {}


def _differs(row: Deadline, judgement: Judgement) -> bool:
    """A granted extension of the same rule stays; another rule begins with its own term."""
    before = term_of({**row.derivation, "amount": row.derivation.get("base", row.derivation["amount"])})
    return (
        row.rule_id != judgement.rule.pk
        or before != judgement.rule.term
        or authority_of(row.derivation) != authority_of(judgement.derivation)
    )


def _follow(row: Deadline, judgement: Judgement, *, by: Any, reason: str) -> None:
    since = row.derivation.get("ladder_since")
    if judgement.rule.ladder_id != row.ladder_id:
        since = timezone.now().isoformat()  # what its ladder said so far is not said again by the new one
    row.derivation = {**judgement.derivation, "earlier": _earlier(row, by=by, reason=reason)}
    if since:
        row.derivation["ladder_since"] = since
    row.rule_id, row.ladder_id = judgement.rule.pk, judgement.rule.ladder_id
    if row.paused_at:
        row.stands_until = standing.latest_end(row.derivation, row.paused_at, row.paused_total)


def _earlier(row: Deadline, *, by: Any, reason: str, **more: Any) -> list[dict[str, Any]]:
    """What a deadline remembers of the due moments it had, with the present one."""
    before = {
        "rule": row.derivation["rule"],
        "due_at": row.due_at.isoformat(),
        "reason": reason,
        "by": actor(by).pk,
        "at": timezone.now().isoformat(),
        **more,
    }
    return [*row.derivation.get("earlier", []), before]


@transaction.atomic
def lengthen(deadline: Deadline, amount: int, *, by: Any, reason: str) -> None:
    """Let the whole term be `amount`: due moment and steps still to come are computed anew from the same start.

    The deadline is locked and live; whoever calls has checked that it may be (`deadlines.extensions`)."""
    kept = deadline.derivation
    earlier = _earlier(deadline, by=by, reason=reason, extended_from=kept["amount"])
    deadline.derivation = {**kept, "base": kept.get("base", kept["amount"]), "amount": amount, "earlier": earlier}
    replan([deadline], editions.current(), pauses_of([deadline]))
    save([deadline], "derivation", *PLANNED)
    say_moved([deadline])
