"""The sweep: takes every step whose moment has come, exactly once, however many sweepers run and die.

One transaction a batch: claim due deadlines (`SKIP LOCKED`), write the ledger, put the messages into the outbox, go on
to the next step. A sweeper that dies leaves nothing; the next one takes the same rows. Time is the database's.
Everything is done for a whole batch at once: a row costs microseconds, and memory does not grow with the backlog."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from time import monotonic
from typing import NamedTuple

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction

from accounts.models import User
from deadlines import editions, registry
from deadlines.choices import Role, Side, StepUnit
from deadlines.editions import Rulebook
from deadlines.ladders import Rung
from deadlines.registry import Subject, SubjectUnknown
from notifications.services import Wanted, enqueue_many

BATCH = 1000  # a commit reaches the disk once a batch; a deed waits for one batch at most, about a tenth of a second
HEARTBEAT = "sweep"
logger = structlog.get_logger(__name__)

# A lost step (a ladder changed by hand) still tells somebody.
LOST = Rung(0, Side.AFTER, 0, StepUnit.MINUTES, (Role.LEAD,), 0, "deadline_passed", False)

_CLAIM = """
SELECT id, about_type_id, about_id, reference, obligation, cycle,
       to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'), ladder_id, step, upto,
       positions[step + 1:upto]
FROM (
    SELECT * FROM deadlines_deadline
    WHERE state = 'running' AND next_at <= now() AND id <> ALL(%s)
    ORDER BY next_at
    LIMIT %s
    FOR UPDATE SKIP LOCKED
) claimed, LATERAL (SELECT count(*) AS upto FROM unnest(moments) AS moment WHERE moment <= now()) passed
"""

# The deadline's own arrays say when each step was to happen and when the next one is: nothing is computed here.
_WRITE = """
WITH advanced AS (
    UPDATE deadlines_deadline d
    SET step = ahead.upto, next_at = d.moments[ahead.upto + 1], level = greatest(d.level, ahead.level), fault = ''
    FROM unnest(%(rows)s::bigint[], %(upto)s::int[], %(top)s::int[]) AS ahead(id, upto, level)
    WHERE d.id = ahead.id AND d.id = ANY(%(rows)s::bigint[])
    RETURNING d.id, d.cycle, d.positions, d.moments
), fired AS (
    INSERT INTO deadlines_escalation (deadline_id, cycle, step, level, due_at, fired_at, recipients)
    SELECT advanced.id, advanced.cycle, advanced.positions[taken.nth], taken.level, advanced.moments[taken.nth], now(),
           taken.people
    FROM unnest(%(taken)s::bigint[], %(nth)s::int[], %(levels)s::int[], %(people)s::int[])
         AS taken(id, nth, level, people)
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


class Due(NamedTuple):
    """A claimed deadline, as `_CLAIM` returns it; `passed` are the positions of the steps whose moment has come."""

    id: int
    about_type_id: int
    about_id: int
    reference: str
    obligation: str
    cycle: int
    due_at: str
    ladder_id: int
    step: int
    upto: int
    passed: list[int]


class Steps(NamedTuple):
    """The steps that a deadline takes now; shared by all deadlines that take the same ones."""

    rungs: tuple[Rung, ...]
    level: int

    @classmethod
    def of(cls, book: Rulebook, ladder_id: int, positions: tuple[int, ...]) -> "Steps":
        ladder = book.ladders.get(ladder_id, {})
        rungs = tuple(ladder.get(position, LOST) for position in positions)
        return cls(rungs, max((rung.level for rung in rungs), default=0))


@dataclass
class Swept:
    """What a sweep did: deadlines escalated, steps written, messages, rows put aside for an hour, rows left alone
    because somebody held their record."""

    deadlines: int = 0
    steps: int = 0
    messages: int = 0
    held: int = 0
    busy: list[int] = field(default_factory=list)

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
    beat()
    book = editions.current().book
    while limit is None or done.deadlines < limit:
        size = batch if limit is None else min(batch, limit - done.deadlines)
        if not _take_batch(book, size, done):
            break
        if seconds is not None and monotonic() - began > seconds:
            break
    beat()
    return done


def beat(name: str = HEARTBEAT) -> None:
    """Say that this work is alive. One statement; never goes back in time."""
    with connection.cursor() as cursor:
        cursor.execute(_BEAT, [name])


@transaction.atomic
def _take_batch(book: Rulebook, size: int, done: Swept) -> bool:
    """One batch in one transaction; False when nothing was due."""
    rows = sorted(_claim(done.busy, size), key=attrgetter("about_type_id"))
    for type_id, group in groupby(rows, attrgetter("about_type_id")):
        done.add(_take(type_id, list(group), book))
    return bool(rows)


def _claim(busy: Sequence[int], size: int) -> list[Due]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [list(busy), size])
        return [Due._make(row) for row in cursor.fetchall()]


def _take(type_id: int, rows: list[Due], book: Rulebook) -> Swept:
    """Escalate these rows. When that fails, find the row at fault by halves and put only that one aside."""
    try:
        with transaction.atomic():
            return _escalate_free(type_id, rows, book)
    except (OperationalError, InterfaceError):
        raise  # the connection or the server, not a row: this batch never happened
    except SubjectUnknown as error:
        return _hold(rows, error)
    except Exception as error:
        if len(rows) == 1:
            return _hold(rows, error)
    half = len(rows) // 2
    done = _take(type_id, rows[:half], book)
    done.add(_take(type_id, rows[half:], book))
    return done


def _hold(rows: list[Due], error: Exception) -> Swept:
    """Put rows aside for an hour, with the name of the fault: one bad row must not stop the others or loop."""
    logger.error("deadlines put aside", deadlines=[row.id for row in rows], fault=type(error).__name__, exc_info=error)
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [type(error).__name__[:120], [row.id for row in rows]])
    return Swept(held=len(rows))


def _escalate_free(type_id: int, rows: list[Due], book: Rulebook) -> Swept:
    """Escalate the rows whose records nobody is working on.

    Where escalating changes the record it is locked first. People's deeds lock the record first and its deadlines
    second; the sweep, which has the deadlines already, therefore never waits for a record, or both would wait."""
    label = registry.label_of_type(type_id)
    subject = registry.subject_of(label)
    if subject.on_escalated is None:
        return _escalate(subject, rows, book)
    locked, existing = _lock(registry.table_of(label), list({row.about_id for row in rows}))
    done = _escalate(subject, [row for row in rows if row.about_id in locked], book)
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


def _escalate(subject: Subject, rows: list[Due], book: Rulebook) -> Swept:
    if not rows:
        return Swept()
    kinds = {pair: Steps.of(book, *pair) for pair in {(row.ladder_id, tuple(row.passed)) for row in rows}}
    taken = [(row, kinds[row.ladder_id, tuple(row.passed)]) for row in rows]
    people = _people(subject, taken)
    fired = _write(taken, people)
    messages = [
        message for row, steps in taken if row.id in fired for message in _messages(subject, row, steps, people[row.id])
    ]
    levels = [(row.about_id, steps.level) for row, steps in taken if steps.level]
    if subject.on_escalated and levels:
        subject.on_escalated(levels)
    return Swept(len(rows), sum(len(row.passed) for row in rows), enqueue_many(messages))


def _write(taken: list[tuple[Due, Steps]], people: dict[int, set[int]]) -> set[int]:
    """Ledger rows and the move to the next step, in one statement; returns the deadlines whose last step is new.

    People are told once, by the highest step; the ledger counts them there and 0 at the steps below."""
    entries = [
        (row.id, row.step + nth, rung.level, len(people[row.id]) if nth == len(row.passed) else 0)
        for row, steps in taken
        for nth, rung in enumerate(steps.rungs, start=1)
    ]
    ids, nth, levels, told = zip(*entries, strict=True) if entries else ((), (), (), ())
    values = {
        "taken": _array(ids),
        "nth": _array(nth),
        "levels": _array(levels),
        "people": _array(told),
        "rows": _array(row.id for row, _steps in taken),
        "upto": _array(row.upto for row, _steps in taken),
        "top": _array(steps.level for _row, steps in taken),
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
        fired = set(cursor.fetchall())
    return {row.id for row, _steps in taken if row.passed and (row.id, row.passed[-1]) in fired}


def _array(numbers: Iterable[int]) -> str:
    """An array of numbers as PostgreSQL reads it; the driver's own way costs ten times as much at this size."""
    return "{" + ",".join(map(str, numbers)) + "}"


def _messages(subject: Subject, row: Due, steps: Steps, people: set[int]) -> Iterator[Wanted]:
    rung = steps.rungs[-1]
    params = {"reference": row.reference, "obligation": row.obligation, "due_at": row.due_at}
    url = subject.address(row.about_id)
    key = f"deadline:{row.id}:{row.cycle}:{row.passed[-1]}"
    for person in people:
        yield Wanted(key, person, rung.template, params, row.about_type_id, row.about_id, url, rung.is_urgent)


# --- who is told -----------------------------------------------------------------------------------------------------


def _people(subject: Subject, taken: list[tuple[Due, Steps]]) -> dict[int, set[int]]:
    """Who is told about each deadline: everybody whom one of its steps addresses, each once. Never nobody.

    One question per role to the case's app, and one more for each role above that had to stand in."""
    wanted: dict[Roles, set[int]] = {}
    for row, steps in taken:
        for rung in steps.rungs:
            wanted.setdefault(rung.roles, set()).add(row.about_id)
    register = Register(subject)
    found = {roles: register.ask(roles, records) for roles, records in wanted.items()}
    return {row.id: set().union(*(found[rung.roles][row.about_id] for rung in steps.rungs)) for row, steps in taken}


Roles = tuple[str, ...]


class Register:
    """The people of a batch by role and record, asked for once each."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.known: dict[str, dict[int, set[int]]] = {}
        self.active: dict[int, bool] = {}

    def ask(self, roles: Roles, records: set[int]) -> dict[int, set[int]]:
        """The people in these roles for each record; where there is nobody, those of the next role above."""
        for role in roles:
            self._fetch(role, records)
        known = [self.known[role] for role in roles]
        found = {record: set().union(*(people[record] for people in known)) for record in records}
        empty = {record for record, people in found.items() if not people}
        if empty and (above := _role_above(roles)):
            found.update(self.ask(above, empty))
        elif empty:
            found.update(dict.fromkeys(empty, self.last_resort))
        return found

    def _fetch(self, role: str, records: set[int]) -> None:
        known = self.known.setdefault(role, {})
        if missing := records - known.keys():
            answer = self.subject.recipients(role, list(missing))
            self._look_up({person for people in answer.values() for person in people})
            for record in missing:
                known[record] = {person for person in answer.get(record, ()) if self.active[person]}

    def _look_up(self, people: set[int]) -> None:
        """Who has left gets no messages, and does not count as somebody."""
        if unknown := people - self.active.keys():
            active = set(User.objects.filter(pk__in=unknown, is_active=True).values_list("pk", flat=True))
            self.active.update((person, person in active) for person in unknown)

    @cached_property
    def last_resort(self) -> set[int]:
        """When no role has anybody: the people who administer the system."""
        return set(User.objects.filter(is_active=True, is_superuser=True).values_list("pk", flat=True))


def _role_above(roles: Roles) -> Roles:
    order = list(Role)
    highest = max(order.index(Role(role)) for role in roles)
    return (order[highest + 1],) if highest + 1 < len(order) else ()
