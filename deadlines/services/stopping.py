"""Stopping clocks, for good or for a while. The first `finish` fixes the verdict."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from common.exceptions import ReasonRequired
from deadlines import editions, standing
from deadlines.choices import State
from deadlines.models import Deadline, Pause
from deadlines.registry import content_type
from deadlines.replanning import PLANNED, pauses_of, replan, save
from deadlines.services.asking import actor, locked

_PAUSED = ("paused_at", "paused_total", "stands_until")


# --- stopping --------------------------------------------------------------------------------------------------------


@transaction.atomic
def finish(about: Model, obligations: Iterable[str], *, at: datetime, by: Any) -> list[Deadline]:
    """These obligations were met at `at`: fix the on-time verdict for good. Those not running are left alone."""
    found = locked(about, obligations)
    moved = _end_pauses(found, at=at, by=by)
    for row in found:
        row.state, row.finished_at, row.on_time = State.DONE, at, at <= row.due_at
        row.next_at, row.ended_by = None, actor(by)
    save(found, "state", "finished_at", "on_time", "next_at", "ended_by", *moved)
    return found


@transaction.atomic
def cancel(about: Model, obligations: Iterable[str] | None = None, *, by: Any, reason: str) -> list[Deadline]:
    """These obligations (None: all) no longer exist, without a verdict: merged, transferred, another legal kind."""
    if not reason.strip():
        raise ReasonRequired
    return cancelled(locked(about, obligations), by=by, reason=reason)


@transaction.atomic
def cancel_for_each(label: str, ids: Sequence[int], *, by: Any, reason: str) -> int:
    """The same for all clocks of many records of one kind (`app_label.model`); how many. Two statements, however many;
    only clocks that stand are read."""
    if not reason.strip():
        raise ReasonRequired
    live = Deadline.objects.live().filter(about_type=content_type(label), about_id__in=ids)
    still = cancelled(list(live.filter(state=State.PAUSED).order_by("pk").select_for_update()), by=by, reason=reason)
    return len(still) + live.update(state=State.CANCELLED, next_at=None, ended_by=actor(by), reason=reason)


def cancelled(found: list[Deadline], *, by: Any, reason: str, at: datetime | None = None) -> list[Deadline]:
    """The same for deadlines that the caller has locked."""
    moved, person = _end_pauses(found, at=at or timezone.now(), by=by), actor(by)
    for row in found:
        row.state, row.next_at, row.ended_by, row.reason = State.CANCELLED, None, person, reason
    save(found, "state", "next_at", "ended_by", "reason", *moved)
    return found


# --- pausing ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def pause(
    about: Model, *, reason: str, by: Any, at: datetime, obligations: Iterable[str] | None = None
) -> list[Deadline]:
    """Stop the clocks that run until `resume`; their steps stop as well. Those paused already stay as they are, those
    whose rule never lets them stand run on.

    A pause begins no earlier than the term or the end of the pause before. Raises `MoveRefused` when a clock stood as
    often or as long as its rule allows."""
    if not reason.strip():
        raise ReasonRequired
    running = [row for row in locked(about, obligations) if row.state == State.RUNNING]
    found = [row for row in running if not standing.never_stands(row.derivation)]
    if not found:
        return []
    before, pauses = pauses_of(found), []
    for row in found:
        standing.check(row, before[row.pk])
        begins = max([at, row.starts_at, *(ended.ends_at for ended in before[row.pk] if ended.ends_at)])
        row.state, row.paused_at, row.next_at = State.PAUSED, begins, None
        row.stands_until = standing.latest_end(row.derivation, begins, row.paused_total)
        pauses.append(Pause(deadline=row, starts_at=begins, reason=reason, by=actor(by)))
    Pause.objects.bulk_create(pauses)
    save(found, "state", "paused_at", "stands_until", "next_at")
    return found


@transaction.atomic
def resume(about: Model, *, by: Any, at: datetime, obligations: Iterable[str] | None = None) -> list[Deadline]:
    """Let paused clocks run on: what was left of the term is left now, and the steps still to come move with it."""
    found = [row for row in locked(about, obligations) if row.state == State.PAUSED]
    run_on(found, at=at, by=by)
    return found


def run_on(paused: Sequence[Deadline], *, at: datetime, by: Any) -> None:
    """The same for deadlines that the caller has locked."""
    save(paused, "state", *_end_pauses(paused, at=at, by=by))


def _end_pauses(found: Sequence[Deadline], *, at: datetime, by: Any) -> tuple[str, ...]:
    """Close the pauses that are open at `at` and compute those due moments anew: the deadlines run again. A pause that
    had to end before ended then, whenever somebody notices.

    They are not saved here; returns the fields that may have changed besides the state."""
    paused = [row for row in found if row.state == State.PAUSED]
    if not paused:
        return ()
    pauses = pauses_of(paused)
    for row in paused:
        opened = next(each for each in pauses[row.pk] if each.ends_at is None)
        opened.ends_at = max(min(at, row.stands_until or at), opened.starts_at)
        opened.ended_by = actor(by)
        opened.save(update_fields=["ends_at", "ended_by"])
        row.state, row.paused_at, row.stands_until = State.RUNNING, None, None
        row.paused_total = (row.paused_total or timedelta()) + (opened.ends_at - opened.starts_at)
    replan(paused, editions.current(), pauses)
    return (*_PAUSED, *PLANNED)
