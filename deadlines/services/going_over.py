"""One record goes on in another, and may come back: no clock is lost on the way, and none comes back changed."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Model
from django.utils import timezone

from common.exceptions import ReasonRequired
from deadlines import editions, standing
from deadlines.choices import LIVE, State
from deadlines.models import Deadline, Pause
from deadlines.replanning import PLANNED, pauses_of, replan, save
from deadlines.services.asking import actor, locked
from deadlines.services.stopping import cancelled, pause

MARK = "went_over"  # in the derivation of a clock that was set aside: to which record, and what took its place there
# what a clock brings along: its term, its rule and how both came about
_BROUGHT = (
    *("obligation", "starts_at", "due_at", "original_due_at", "is_provisional", "rule_id", "ladder_id"),
    *("calendar_version", "derivation", "paused_total"),
)


@transaction.atomic
def go_over(source: Model, target: Model, *, needed: Collection[str], by: Any, at: datetime, reason: str) -> None:
    """`source` goes on in `target`: its live clocks end without a verdict. Where one was due before the same clock of
    `target`, or `target` has none and the obligation is `needed`, it goes on there with its start, term and rule; the
    later one of `target` is kept as it stood. What stands in `target` stands on."""
    if not reason.strip():
        raise ReasonRequired
    theirs = {row.obligation: row for row in locked(target, None)}
    mine = locked(source, None)
    for row in mine:
        other = theirs.get(row.obligation)
        takes_over = row.due_at < other.due_at if other else row.obligation in needed
        mark: dict[str, Any] = {"to": target.pk, "at": at.isoformat(), "as": None, "instead_of": None}
        if takes_over:
            stood = other is not None and other.state == State.PAUSED
            if other:
                cancelled([other], by=by, at=at, reason=reason)
                mark["instead_of"] = other.pk
            mark["as"] = _carried(row, target, by=by).pk
            if stood:
                pause(target, reason=reason, by=by, at=at, obligations=[row.obligation])
        row.derivation = {**row.derivation, MARK: mark}
    save(mine, "derivation")
    cancelled(mine, by=by, at=at, reason=reason)


def _carried(row: Deadline, target: Model, *, by: Any) -> Deadline:
    """The same clock in the record that goes on; steps it took already are not taken again."""
    rounds = Deadline.objects.about(target).filter(obligation=row.obligation).aggregate(last=Max("cycle"))["last"] or 0
    made = Deadline(about_type_id=row.about_type_id, about_id=target.pk, reference=str(target), cycle=rounds + 1)
    for name in _BROUGHT:
        setattr(made, name, getattr(row, name))
    made.moments, made.positions = row.moments[row.step :], row.positions[row.step :]
    made.planned_at, made.by = timezone.now(), actor(by)
    made.next_at = made.moments[0] if made.moments else None
    made.save(force_insert=True)
    ended = row.pauses.exclude(ends_at=None)
    Pause.objects.bulk_create(
        Pause(deadline=made, starts_at=p.starts_at, ends_at=p.ends_at, reason=p.reason, by=p.by, ended_by=p.ended_by)
        for p in ended.select_related("by", "ended_by")
    )
    return made


@transaction.atomic
def come_back(source: Model, target: Model, *, by: Any, at: datetime, reason: str) -> bool:
    """The opposite: `source` runs on by itself. Its clocks run as if they had never ended; those of `target` that
    made way are back, with the fate that what took their place had meanwhile. False when nothing went over."""
    gone = Deadline.objects.about(source).filter(state=State.CANCELLED, **{f"derivation__{MARK}__to": target.pk})
    rows = list(gone.order_by("pk").select_for_update())
    for row in rows:
        mark = row.derivation.pop(MARK)
        if mark["as"]:
            _give_way(mark, target, by=by, at=at, reason=reason)
        _revive(row)
    return bool(rows)


def _give_way(mark: dict[str, Any], target: Model, *, by: Any, at: datetime, reason: str) -> None:
    """What came with the record that leaves makes way for what it had replaced."""
    came = Deadline.objects.select_for_update().get(pk=mark["as"])
    before = Deadline.objects.select_for_update().filter(pk=mark["instead_of"]).first() if mark["instead_of"] else None
    later = Deadline.objects.filter(
        state=State.CANCELLED, obligation=came.obligation, **{f"derivation__{MARK}__instead_of": came.pk}
    ).first()
    if later is not None:  # a third record came with an even earlier one, which now stands for the first
        later.derivation[MARK]["instead_of"] = mark["instead_of"]
        save([later], "derivation")
        return
    if came.state not in LIVE:
        return  # what was met or decided since stays so: a verdict is final
    pauses = list(came.pauses.filter(starts_at__gte=datetime.fromisoformat(mark["at"])).order_by("starts_at"))
    cancelled([came], by=by, at=at, reason=reason)
    if before is not None:
        _revive(before, pauses)


def _revive(row: Deadline, pauses: Sequence[Pause] = ()) -> None:
    """Let a clock go on as if it had never ended, with the pauses it would have had."""
    row.state, row.reason, row.ended_by = State.RUNNING, "", None
    for each in pauses:
        _stand(row, each)
    row.state = State.PAUSED if row.paused_at else State.RUNNING
    replan([row], editions.current(), pauses_of([row]))
    save([row], "state", "reason", "ended_by", "derivation", "paused_at", "paused_total", "stands_until", *PLANNED)


def _stand(row: Deadline, pause: Pause) -> None:
    """The same pause for another clock; one that this clock was in when it ended goes on instead."""
    length = pause.ends_at - pause.starts_at if pause.ends_at else timedelta()
    row.paused_total = (row.paused_total or timedelta()) + length
    begun = row.pauses.filter(ends_at=pause.starts_at).first()
    if begun is None:
        begun = Pause(deadline=row, starts_at=pause.starts_at, reason=pause.reason, by=pause.by)
    elif pause.ends_at is None:
        row.paused_total -= pause.starts_at - begun.starts_at
    begun.ends_at, begun.ended_by = pause.ends_at, pause.ended_by
    begun.save()
    row.paused_total = row.paused_total or None
    row.paused_at = None if pause.ends_at else begun.starts_at
    if row.paused_at:
        row.stands_until = standing.latest_end(row.derivation, row.paused_at, row.paused_total)
