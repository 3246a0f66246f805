"""Does what is stored follow from what it was computed from? Reads every deadline with its pauses and its ledger.

Nothing is changed. Batches by key, so memory does not grow with the number of deadlines; about 40 microseconds each."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from django.db import connection

from deadlines import calendar as dates
from deadlines.choices import State
from deadlines.editions import calendar_of
from deadlines.models import Deadline, Escalation, Pause
from deadlines.planning import term_of
from deadlines.standing import latest_end, limit_of
from deadlines.sweep import THROUGH

BATCH = 2000
GRACE = timedelta(minutes=1)  # how far the moments of a deed and of a sweep that crossed it may lie apart
SHOWN = 50  # faults named one by one; the rest is counted


class Fault(StrEnum):
    """What may be wrong with a stored deadline."""

    DUE = "due moment is not the one that follows from its rule, calendar and pauses"
    PROVISIONAL = "mark “provisional” does not follow from its calendar"
    UNREADABLE = "inputs cannot be read"
    VERDICT = "verdict does not follow from its first submission"
    PLAN = "plan of steps is out of order, or its next step is not the planned one"
    MISSED = "step was missed"
    EARLY = "step was taken early"
    TWICE = "step was taken twice"
    QUIET = "step was taken while the clock stood or after it had ended"
    LEVEL = "level is not the highest of its steps"
    PAUSES = "pauses are not well formed"


@dataclass(frozen=True)
class Difference:
    """One deadline and what is wrong with it."""

    deadline: int
    reference: str
    fault: Fault
    words: str = ""


@dataclass
class Verified:
    """What a verification looked at, and what it found."""

    deadlines: int = 0
    pauses: int = 0
    steps: int = 0
    waiting: int = 0
    swept_at: datetime | None = None
    faults: Counter[Fault] = field(default_factory=Counter)
    shown: list[Difference] = field(default_factory=list)

    def add(self, difference: Difference) -> None:
        self.faults[difference.fault] += 1
        if len(self.shown) < SHOWN:
            self.shown.append(difference)


@dataclass(frozen=True)
class Evidence:
    """A deadline with everything that it must agree with."""

    row: Deadline
    pauses: Sequence[Pause]
    ledger: Sequence[Escalation]
    swept_at: datetime | None
    at: datetime

    @property
    def is_waiting(self) -> bool:
        """Did a step fall due since the last sweep? That is late when no sweep comes, but nothing was missed."""
        since = self.row.next_at
        if since is None or since > self.at:
            return False
        return not self.swept_since_planned or since >= self.swept_since_planned - GRACE

    @property
    def swept_since_planned(self) -> datetime | None:
        """The last sweep that left nothing, if it came well after the plan was last made: opening a clock that started
        long ago, resuming and correcting plan what is past already, which the next sweep takes."""
        if self.swept_at is None or self.row.planned_at + GRACE > self.swept_at:
            return None
        return self.swept_at

    @property
    def ended(self) -> list[dates.Moments]:
        return [(each.starts_at, each.ends_at) for each in self.pauses if each.ends_at]


Found = Iterator[tuple[Fault, str]]


def verify(*, batch: int = BATCH) -> Verified:
    """Hold every deadline against its inputs. Three queries a batch, one more for each edition of the calendar."""
    swept_at, at = _clock()
    result, last = Verified(swept_at=swept_at), 0
    while rows := list(Deadline.objects.filter(pk__gt=last).order_by("pk")[:batch]):
        last = rows[-1].pk
        for evidence in _evidence(rows, swept_at, at):
            result.deadlines += 1
            result.pauses += len(evidence.pauses)
            result.steps += len(evidence.ledger)
            result.waiting += evidence.is_waiting
            for fault, words in _faults(evidence):
                result.add(Difference(evidence.row.pk, evidence.row.reference, fault, words))
    return result


def _clock() -> tuple[datetime | None, datetime]:
    """Up to when nothing was left by a sweep, and what time it is, both by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT at FROM deadlines_heartbeat WHERE name = %s), statement_timestamp()", [THROUGH])
        swept_at, at = cursor.fetchone()
    return swept_at, at


def _evidence(rows: Sequence[Deadline], swept_at: datetime | None, at: datetime) -> Iterator[Evidence]:
    pauses: dict[int, list[Pause]] = {row.pk: [] for row in rows}
    ledger: dict[int, list[Escalation]] = {row.pk: [] for row in rows}
    for pause in Pause.objects.filter(deadline__in=rows).order_by("starts_at", "pk"):
        pauses[pause.deadline_id].append(pause)
    for step in Escalation.objects.filter(deadline__in=rows).order_by("fired_at", "step"):
        ledger[step.deadline_id].append(step)
    for row in rows:
        yield Evidence(row, pauses[row.pk], ledger[row.pk], swept_at, at)


def _faults(evidence: Evidence) -> Found:
    for check in CHECKS:
        yield from check(evidence)


def _due(evidence: Evidence) -> Found:
    row = evidence.row
    try:
        calendar, term = calendar_of(row.calendar_version, row.derivation), term_of(row.derivation)
        due = dates.due(calendar, term, row.starts_at, evidence.ended)
    except Exception as error:  # whatever cannot be read any more is what we look for
        yield Fault.UNREADABLE, type(error).__name__
        return
    if due != row.due_at:
        yield Fault.DUE, f"stored {dates.local(row.due_at).isoformat()}, derived {dates.local(due).isoformat()}"
    if dates.is_provisional(calendar, term, due) != row.is_provisional:
        yield Fault.PROVISIONAL, ""


def _verdict(evidence: Evidence) -> Found:
    row = evidence.row
    is_done = row.state == State.DONE
    if is_done != (row.finished_at is not None) or is_done != (row.on_time is not None):
        yield Fault.VERDICT, "state and verdict differ"
    elif row.finished_at and row.on_time != (row.finished_at <= row.due_at):
        yield Fault.VERDICT, f"submitted {dates.local(row.finished_at).isoformat()}"


def _plan(evidence: Evidence) -> Found:
    row = evidence.row
    if row.moments != sorted(row.moments) or len(row.moments) != len(row.positions):
        yield Fault.PLAN, "moments"
    if row.state == State.RUNNING and not row.fault:  # what was put aside is tried again at a moment of its own
        planned = row.moments[row.step] if row.step < len(row.moments) else None
        if row.next_at != planned:
            yield Fault.PLAN, "next step"
    elif row.state != State.RUNNING and row.next_at is not None:
        yield Fault.PLAN, "a clock that stands has a next step"


def _missed(evidence: Evidence) -> Found:
    """Steps behind us that the ledger does not know: those the deadline says it took, and those it did not take."""
    row = evidence.row
    taken = {each.step for each in evidence.ledger if each.ladder_id == row.ladder_id}
    for position in row.positions[: row.step]:
        if position not in taken:
            yield Fault.MISSED, f"step {position} is not in the ledger"
    until = _ran_until(evidence)
    for moment, position in list(zip(row.moments, row.positions, strict=False))[row.step :]:
        if until and moment < until - GRACE and position not in taken:
            yield Fault.MISSED, f"step {position} of {dates.local(moment).isoformat()}"


def _ran_until(evidence: Evidence) -> datetime | None:
    """Until when steps had to be taken: what fell due since the last sweep waits for the next. None where it cannot
    be told afterwards: put aside, standing, or moved."""
    row = evidence.row
    swept_at = evidence.swept_since_planned
    if swept_at is None:
        return None
    if row.state == State.RUNNING and not row.fault:
        return swept_at
    if row.finished_at and not evidence.pauses and "earlier" not in row.derivation:
        until = min(row.finished_at, swept_at)
        return until if until > row.planned_at + GRACE else None  # it ended before a sweep could take what was past
    return None


def _ledger(evidence: Evidence) -> Found:
    row = evidence.row
    steps = Counter((each.cycle, each.ladder_id, each.step) for each in evidence.ledger)
    for (cycle, _ladder, step), count in steps.items():
        if count > 1:
            yield Fault.TWICE, f"step {step} of round {cycle}"
    for each in evidence.ledger:
        if each.fired_at < each.due_at:
            yield Fault.EARLY, f"step {each.step} of {dates.local(each.due_at).isoformat()}"
        if row.finished_at and each.fired_at > row.finished_at + GRACE:
            yield Fault.QUIET, f"step {each.step} after the end"
        if any(_is_inside(each.fired_at, pause) for pause in evidence.pauses):
            yield Fault.QUIET, f"step {each.step} in a pause"
    if row.level != max((each.level for each in evidence.ledger), default=0):
        yield Fault.LEVEL, ""


def _is_inside(at: datetime, pause: Pause) -> bool:
    return at > pause.starts_at + GRACE and (pause.ends_at is None or at < pause.ends_at - GRACE)


def _pauses(evidence: Evidence) -> Found:
    row, pauses = evidence.row, evidence.pauses
    opened = [each for each in pauses if each.ends_at is None]
    if [each.starts_at for each in opened] != ([row.paused_at] if row.paused_at else []):
        yield Fault.PAUSES, "the open pause is not the one on the row"
    if (row.state == State.PAUSED) != bool(opened):
        yield Fault.PAUSES, "state and open pause differ"
    if any(starts < row.starts_at or ends < starts for starts, ends in evidence.ended):
        yield Fault.PAUSES, "one begins before the term or ends before it begins"
    if any(one.ends_at is None or one.ends_at > other.starts_at for one, other in pairwise(pauses)):
        yield Fault.PAUSES, "two overlap"
    if row.paused_at and row.stands_until != latest_end(row.derivation, row.paused_at, row.paused_total):
        yield Fault.PAUSES, "it may stand until another moment"
    days = limit_of(row.derivation).get("days")
    if days is not None and (row.paused_total or timedelta()) > timedelta(days=days):
        yield Fault.PAUSES, "it stood longer than its rule allows"
    if sum((ends - starts for starts, ends in evidence.ended), timedelta()) != (row.paused_total or timedelta()):
        yield Fault.PAUSES, "they do not add up to the total on the row"


CHECKS: tuple[Callable[[Evidence], Found], ...] = (_due, _verdict, _plan, _missed, _ledger, _pauses)
