"""A calendar changed: what still runs is computed anew, once, and people are shown first how much will move."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from deadlines import calendar as dates
from deadlines import editions, registry
from deadlines.calendars import DEFAULT_AUTHORITY, Calendars
from deadlines.editions import Reference
from deadlines.models import Deadline, DeadlineQuerySet
from deadlines.planning import term_of
from deadlines.replanning import PLANNED, pauses_of, replan, save, say_moved
from deadlines.rules import authority_of

BATCH = 500
logger = structlog.get_logger(__name__)


@dataclass
class Moved:
    """What a calendar does to live deadlines: how many were looked at, end later or earlier, are late by it, and how
    many were left alone because somebody held their record."""

    looked: int = 0
    later: int = 0
    earlier: int = 0
    newly_late: int = 0
    busy: int = 0

    @property
    def moved(self) -> int:
        return self.later + self.earlier

    def note(self, before: datetime, after: datetime, at: datetime) -> None:
        self.looked += 1
        self.later += after > before
        self.earlier += after < before
        self.newly_late += after <= at < before


def preview(calendars: Calendars | None = None, *, authority: str = DEFAULT_AUTHORITY, batch: int = BATCH) -> Moved:
    """What recalculating by these calendars (None: the newest) would change, after a change of this authority's: the
    department's reaches all deadlines, another only those that follow it. Changes nothing; memory for one batch."""
    calendars = calendars or editions.current().calendars
    found, last, at = Moved(), 0, timezone.now()
    reached = Deadline.objects.live()
    if authority != DEFAULT_AUTHORITY:
        reached = reached.filter(derivation__authority=authority)
    while rows := list(reached.filter(pk__gt=last).order_by("pk")[:batch]):
        last = rows[-1].pk
        pauses = pauses_of(rows)
        for row in rows:
            ended = [(each.starts_at, each.ends_at) for each in pauses[row.pk] if each.ends_at]
            calendar = calendars.of(authority_of(row.derivation))
            found.note(row.due_at, dates.due(calendar, term_of(row.derivation), row.starts_at, ended), at)
    return found


def recalculate(*, batch: int = BATCH) -> Moved:
    """Compute the due moments of live deadlines anew that an older calendar gave.

    Steps that happened stay; steps whose new moment is past happen at the next sweep. Running it twice changes
    nothing. Batches of their own transactions, so that people's deeds wait for one batch at most; a record that
    somebody holds is left for the next run."""
    done, last, reference = Moved(), 0, editions.current()
    stale = Deadline.objects.live().exclude(calendar_version=reference.version)
    while rows := list(stale.filter(pk__gt=last).order_by("pk")[:batch]):
        last = rows[-1].pk
        _recalculate(rows, stale, reference, done)
    if done.looked or done.busy:
        logger.info(
            "deadlines recalculated",
            edition=reference.version,
            looked=done.looked,
            later=done.later,
            earlier=done.earlier,
            newly_late=done.newly_late,
            busy=done.busy,
        )
    return done


@transaction.atomic
def _recalculate(seen: Sequence[Deadline], stale: DeadlineQuerySet, reference: Reference, done: Moved) -> None:
    """One batch. Records are locked first, as people's deeds do, and never waited for."""
    free = _locked_records(seen)
    wanted = [row.pk for row in seen if (row.about_type_id, row.about_id) in free]
    done.busy += len(seen) - len(wanted)
    rows = list(stale.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",)))
    before = {row.pk: (row.due_at, row.calendar_version) for row in rows}
    replan(rows, reference, pauses_of(rows))
    at, moved = timezone.now(), []
    for row in rows:
        was, edition = before[row.pk]
        done.note(was, row.due_at, at)
        if row.due_at != was:
            earlier = [*row.derivation.get("earlier", []), _entry(row, was, edition, at)]
            row.derivation = {**row.derivation, "earlier": earlier}
            moved.append(row)
    save(rows, "derivation", *PLANNED)
    say_moved(moved)


def _entry(row: Deadline, was: datetime, edition: int, at: datetime) -> dict[str, Any]:
    """What a deadline remembers of the due moment that the calendar before gave it."""
    return {"rule": row.derivation["rule"], "due_at": was.isoformat(), "calendar": edition, "at": at.isoformat()}


def _locked_records(seen: Sequence[Deadline]) -> set[tuple[int, int]]:
    free: set[tuple[int, int]] = set()
    for type_id in {row.about_type_id for row in seen}:
        model: type[Model] = type(registry.record_of(type_id, 0))
        ids = [row.about_id for row in seen if row.about_type_id == type_id]
        rows = model._base_manager.filter(pk__in=ids).select_for_update(of=("self",), no_key=True, skip_locked=True)
        free |= {(type_id, pk) for pk in rows.values_list("pk", flat=True)}
    return free
