"""The sweep: takes every step whose moment has come, exactly once, however many sweepers run and die.

One transaction a batch: claim due deadlines (`SKIP LOCKED`), write the ledger, put the messages into the outbox, go on
to the next step. A sweeper that dies leaves nothing; the next one takes the same rows. Time is the database's, and
nothing is taken while it cannot be trusted (`timekeeping`). Everything is done for a whole batch at once: a row costs
microseconds, and memory does not grow with the backlog. Who is told, when and how often stands in `telling`, what is
given to whom in `giving`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from time import monotonic

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction

from deadlines import editions, registry, telling, timekeeping
from deadlines.choices import Action, Role, Side, StepUnit
from deadlines.editions import Reference
from deadlines.giving import give
from deadlines.ladders import Rung
from deadlines.registry import Subject, SubjectUnknown
from deadlines.telling import Due, Flood, Register, Steps, Taken
from notifications.services import enqueue_many

BATCH = 1000  # a commit reaches the disk once a batch; a deed waits for one batch at most, about a tenth of a second
HEARTBEAT = "sweep"
THROUGH = "sweep-through"  # the last moment at which no step was left that had to be taken
logger = structlog.get_logger(__name__)

# A lost step (a ladder changed by hand) still tells somebody.
LOST = Rung(0, Side.AFTER, 0, StepUnit.MINUTES, (Role.LEAD,), 0, "deadline_passed", False, Action.NOTIFY)

_COLUMNS = """
id, about_type_id, about_id, reference, obligation, cycle,
to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'), is_provisional, ladder_id, step, upto,
positions[step + 1:upto]
"""
_PASSED = "LATERAL (SELECT count(*) AS upto FROM unnest(moments) AS moment WHERE moment <= now()) passed"

_CLAIM = f"""
SELECT {_COLUMNS} FROM (
    SELECT * FROM deadlines_deadline
    WHERE state = 'running' AND next_at <= now() AND id <> ALL(%s)
    ORDER BY next_at
    LIMIT %s
    FOR UPDATE SKIP LOCKED
) claimed, {_PASSED}
"""

# What else of the same records is due, so that each person hears once of a record.
_CLAIM_SIBLINGS = f"""
SELECT {_COLUMNS} FROM (
    SELECT sibling.* FROM deadlines_deadline sibling
    JOIN (SELECT DISTINCT * FROM unnest(%(types)s::int[], %(records)s::bigint[]) AS pair(type, record)) AS record
      ON sibling.about_type_id = record.type AND sibling.about_id = record.record
    WHERE sibling.state = 'running' AND sibling.next_at <= now() AND sibling.id <> ALL(%(known)s::bigint[])
    FOR UPDATE OF sibling SKIP LOCKED
) claimed, {_PASSED}
"""

# The deadline's own arrays say when each step was to happen and when the next one is: nothing is computed here.
_WRITE = """
WITH advanced AS (
    UPDATE deadlines_deadline d
    SET step = ahead.upto, next_at = d.moments[ahead.upto + 1], level = greatest(d.level, ahead.level), fault = ''
    FROM unnest(%(rows)s::bigint[], %(upto)s::int[], %(top)s::int[]) AS ahead(id, upto, level)
    WHERE d.id = ahead.id AND d.id = ANY(%(rows)s::bigint[])
    RETURNING d.id, d.cycle, d.ladder_id, d.positions, d.moments
), fired AS (
    INSERT INTO deadlines_escalation (deadline_id, cycle, ladder_id, step, level, action, due_at, fired_at, recipients,
                                      told_at)
    SELECT advanced.id, advanced.cycle, advanced.ladder_id, advanced.positions[taken.nth], taken.level, taken.action,
           advanced.moments[taken.nth], now(), taken.people,
           CASE WHEN taken.people > 0 THEN greatest(taken.told, now()) END
    FROM unnest(%(taken)s::bigint[], %(nth)s::int[], %(levels)s::int[], %(actions)s::text[], %(people)s::int[],
                %(told)s::timestamptz[])
         AS taken(id, nth, level, action, people, told)
    JOIN advanced ON advanced.id = taken.id
    ON CONFLICT DO NOTHING
    RETURNING deadline_id, step
)
SELECT deadline_id, step FROM fired
"""

_HOLD = "UPDATE deadlines_deadline SET next_at = now() + interval '1 hour', fault = %s WHERE id = ANY(%s)"

_BEAT = """
INSERT INTO deadlines_heartbeat (name, at) VALUES (%s, clock_timestamp())
ON CONFLICT (name) DO UPDATE SET at = greatest(deadlines_heartbeat.at, excluded.at)
"""


_THROUGH = """
INSERT INTO deadlines_heartbeat (name, at) SELECT %s, statement_timestamp()
WHERE NOT EXISTS (SELECT FROM deadlines_deadline WHERE state = 'running' AND next_at <= statement_timestamp())
ON CONFLICT (name) DO UPDATE SET at = greatest(deadlines_heartbeat.at, excluded.at)
"""


@dataclass(frozen=True)
class Run:
    """What one sweep knows: the rules and the calendar, the time by the database, and what people were told."""

    reference: Reference
    at: datetime
    flood: Flood

    @cached_property
    def _kinds(self) -> dict[tuple[int, tuple[int, ...]], Steps]:
        return {}

    @cached_property
    def _held(self) -> dict[int, datetime | None]:
        return {}

    def steps_of(self, ladder_id: int, positions: tuple[int, ...]) -> Steps:
        """The steps at these positions, found once."""
        found = self._kinds.get((ladder_id, positions))
        if found is None:
            ladder = self.reference.book.ladders.get(ladder_id, {})
            rungs = tuple(ladder.get(position, LOST) for position in positions)
            level = max((rung.level for rung in rungs), default=0)
            found = self._kinds[ladder_id, positions] = Steps(rungs, level, self._held_until(ladder_id))
        return found

    def _held_until(self, ladder_id: int) -> datetime | None:
        if ladder_id not in self._held:
            quiet = self.reference.book.quiet.get(ladder_id)
            self._held[ladder_id] = quiet.until(self.reference.calendar, self.at) if quiet else None
        return self._held[ladder_id]


@dataclass
class Swept:
    """What a sweep did: deadlines escalated, steps written, messages, rows put aside for an hour, rows left alone
    because somebody held their record; or nothing, because the clock jumped."""

    deadlines: int = 0
    steps: int = 0
    messages: int = 0
    held: int = 0
    busy: list[int] = field(default_factory=list)
    is_stopped: bool = False

    def add(self, other: "Swept") -> None:
        self.deadlines += other.deadlines
        self.steps += other.steps
        self.messages += other.messages
        self.held += other.held
        self.busy += other.busy


class RecordMissing(LookupError):
    """A deadline about a record that is not there."""


def sweep(*, limit: int | None = None, seconds: float | None = None, batch: int = BATCH) -> Swept:
    """Take every step that is due, in batches, until nothing is left (or `limit` deadlines, or `seconds`, are spent).

    About 20 microseconds a deadline; memory for one batch."""
    done, began = Swept(), monotonic()
    at = timekeeping.trusted_time()
    if at is None:
        return Swept(is_stopped=True)
    beat()
    telling.recall()
    run = Run(editions.current(), at, Flood(hour=f"{at:%Y-%m-%dT%H}"))
    while limit is None or done.deadlines < limit:
        size = batch if limit is None else min(batch, limit - done.deadlines)
        if not _take_batch(run, size, done):
            break
        if seconds is not None and monotonic() - began > seconds:
            break
    _mark(_THROUGH, THROUGH)
    beat()
    return done


def beat(name: str = HEARTBEAT) -> None:
    """Say that this work is alive. One statement; never goes back in time."""
    _mark(_BEAT, name)


def _mark(statement: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [name])


@transaction.atomic
def _take_batch(run: Run, size: int, done: Swept) -> bool:
    """One batch in one transaction; False when nothing was due."""
    rows = _claim(done.busy, size)
    if len(rows) == size:  # otherwise all that is due is here already
        rows += _claim_siblings(rows, done.busy)
    rows.sort(key=attrgetter("about_type_id"))
    for type_id, group in groupby(rows, attrgetter("about_type_id")):
        done.add(_take(type_id, list(group), run))
    return bool(rows)


def _claim(busy: Sequence[int], size: int) -> list[Due]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [list(busy), size])
        return [Due(*row) for row in cursor.fetchall()]


def _claim_siblings(rows: list[Due], busy: Sequence[int]) -> list[Due]:
    values = {
        "types": _array(row.about_type_id for row in rows),
        "records": _array(row.about_id for row in rows),
        "known": _array([*busy, *(row.id for row in rows)]),
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM_SIBLINGS, values)
        return [Due(*row) for row in cursor.fetchall()]


def _take(type_id: int, rows: list[Due], run: Run) -> Swept:
    """Escalate these rows. When that fails, find the row at fault by halves and put only that one aside."""
    try:
        with transaction.atomic():
            return _escalate_free(type_id, rows, run)
    except (OperationalError, InterfaceError):
        raise  # the connection or the server, not a row: this batch never happened
    except SubjectUnknown as error:
        return _hold(rows, error)
    except Exception as error:
        if len(rows) == 1:
            return _hold(rows, error)
    half = len(rows) // 2
    done = _take(type_id, rows[:half], run)
    done.add(_take(type_id, rows[half:], run))
    return done


def _hold(rows: list[Due], error: Exception) -> Swept:
    """Put rows aside for an hour, with the name of the fault: one bad row must not stop the others or loop."""
    logger.error("deadlines put aside", deadlines=[row.id for row in rows], fault=type(error).__name__, exc_info=error)
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [type(error).__name__[:120], [row.id for row in rows]])
    return Swept(held=len(rows))


def _escalate_free(type_id: int, rows: list[Due], run: Run) -> Swept:
    """Escalate the rows whose records nobody is working on.

    Where escalating changes the record it is locked first. People's deeds lock the record first and its deadlines
    second; the sweep, which has the deadlines already, therefore never waits for a record, or both would wait."""
    label = registry.label_of_type(type_id)
    subject = registry.subject_of(label)
    if subject.on_escalated is None:
        return _escalate(subject, rows, run)
    locked, existing = _lock(registry.table_of(label), list({row.about_id for row in rows}))
    done = _escalate(subject, [row for row in rows if row.about_id in locked], run)
    done.busy = [row.id for row in rows if row.about_id in existing - locked]
    if missing := [row for row in rows if row.about_id not in existing]:
        done.add(_hold(missing, RecordMissing()))
    return done


def _lock(table: str, ids: list[int]) -> tuple[set[int], set[int]]:
    """The records that could be locked at once, and those that exist."""
    name = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {name} WHERE id = ANY(%s) FOR NO KEY UPDATE SKIP LOCKED", [ids])
        locked = {row[0] for row in cursor.fetchall()}
        if len(locked) == len(ids):
            return locked, locked
        cursor.execute(f"SELECT id FROM {name} WHERE id = ANY(%s)", [ids])
        return locked, {row[0] for row in cursor.fetchall()}


def _escalate(subject: Subject, rows: list[Due], run: Run) -> Swept:
    if not rows:
        return Swept()
    taken = [(row, run.steps_of(row.ladder_id, tuple(row.passed))) for row in rows]
    register = Register(subject)
    people = telling.people_of(register, taken)
    silent = [row for row, _steps in taken if not people[row.id]]
    people = telling.once_per_record(taken, people)
    held = _held(subject, taken)
    fired = _write(taken, people, held)
    give(register, taken, fired, run.at)
    if silent:
        logger.error("nobody to tell", deadlines=[row.id for row in silent])
        telling.tell_nobody(row for row in silent if row.id in fired)
    told = _tell(subject, [(row, steps) for row, steps in taken if row.id in fired], people, held, run.flood)
    levels = [(row.about_id, steps.level) for row, steps in taken if steps.level]
    if subject.on_escalated and levels:
        subject.on_escalated(levels)
    return Swept(len(rows), sum(len(row.passed) for row in rows), told)


def _held(subject: Subject, taken: Taken) -> dict[int, datetime]:
    """Until when which messages wait."""
    urgent = telling.urgent_records(subject, taken)
    return {
        row.id: steps.held_until
        for row, steps in taken
        if steps.held_until and steps.may_wait and row.about_id not in urgent
    }


def _tell(subject: Subject, taken: Taken, people: dict[int, set[int]], held: dict[int, datetime], flood: Flood) -> int:
    wanted, late = [], set()
    for row, steps in taken:
        found = telling.messages(subject, row, steps, people[row.id], held.get(row.id))
        if found and telling.is_about_late(steps):
            late.add(found[0].key)
        wanted += found
    return enqueue_many(flood.fold(subject, wanted, late))


def _write(taken: Taken, people: dict[int, set[int]], held: dict[int, datetime]) -> set[int]:
    """Ledger rows and the move to the next step, in one statement; returns the deadlines whose last step is new.

    People are told once, by the highest step; the ledger counts them there and 0 at the steps below."""
    entries = []
    for row, steps in taken:
        count, last = len(people[row.id]), len(row.passed)
        until = held.get(row.id)
        told = f'"{until.isoformat()}"' if until else "NULL"
        for nth, rung in enumerate(steps.rungs, start=1):
            entries.append((row.id, row.step + nth, rung.level, rung.action, count if nth == last else 0, told))
    names = ("taken", "nth", "levels", "actions", "people", "told")
    columns = zip(*entries, strict=True) if entries else ((),) * len(names)
    values = {
        **{name: _array(column) for name, column in zip(names, columns, strict=True)},
        "rows": _array(row.id for row, _steps in taken),
        "upto": _array(row.upto for row, _steps in taken),
        "top": _array(steps.level for _row, steps in taken),
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
        fired = set(cursor.fetchall())
    return {row.id for row, _steps in taken if row.passed and (row.id, row.passed[-1]) in fired}


def _array(values: Iterable[object]) -> str:
    """An array as PostgreSQL reads it; the driver's own way costs ten times as much at this size."""
    return "{" + ",".join(map(str, values)) + "}"
