"""How fast is the sweep beside the best set-based SQL? Both work on the same tables in the same run.

The tables are copies (with indexes, checks and foreign keys) in a schema of their own, which is dropped afterwards, so
the benchmark may run on any database. Sweepers are processes of their own, as in production."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from urllib.parse import quote

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from deadlines.models import Deadline

SCHEMA = "bench_sweep"
TABLES = [
    "accounts_user",
    "deadlines_edition",
    "deadlines_ladder",
    "deadlines_ladderstep",
    "deadlines_deadlinerule",
    "deadlines_deadline",
    "deadlines_escalation",
    "deadlines_heartbeat",
    "notifications_preference",
    "notifications_outbox",
]

_SETTLED = """
INSERT INTO accounts_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
                           date_joined, display_name, language, is_engine)
SELECT n, '', false, 'bench' || n, '', '', '', false, true, now(), '', 'vi', false FROM generate_series(1, 100) n;
INSERT INTO deadlines_ladder (id, code, name, name_en) VALUES (1, 'bench', 'bench', '');
INSERT INTO deadlines_ladderstep (ladder_id, position, side, amount, unit, roles, level, template, is_urgent)
VALUES (1, 1, 'after_due', 0, 'minutes', '{responsible}', 1, 'deadline_passed', false),
       (1, 2, 'after_due', 43200, 'minutes', '{lead}', 2, 'deadline_to_lead', false);
INSERT INTO deadlines_deadlinerule (id, code, name, name_en, subject, obligation, clock, amount, ends_at, channel, kind,
                                    category, category_root, urgency, complexity, facility_type, nature, confidence,
                                    source, origin_code, note, ladder_id, is_in_use)
VALUES (1, 'bench', 'bench', '', 'deadlines.deadline', 'answer', 'hours', 24, 'end_of_day', '', '', '', '', '', '', '',
        'policy', 'design', 'bench', '', '', 1, true);
CREATE TABLE bench_owner (about_id bigint PRIMARY KEY, person bigint NOT NULL);
INSERT INTO bench_owner SELECT n, 1 + n %% 100 FROM generate_series(1, %(rows)s) n;
"""

_OVERDUE = """
TRUNCATE deadlines_escalation, notifications_outbox, deadlines_deadline RESTART IDENTITY;
INSERT INTO deadlines_deadline (
    about_type_id, about_id, reference, obligation, cycle, state, starts_at, due_at, original_due_at, is_provisional,
    rule_id, ladder_id, calendar_version, derivation, moments, positions, step, next_at, level, fault, by_id, reason)
SELECT %(about_type)s, n,
       'PA-2026-' || lpad(n::text, 6, '0'), 'answer', 1, 'running', due - interval '1 day', due, due, false, 1, 1, 0,
       '{"rule": "bench", "clock": "hours", "amount": 24}', ARRAY[due, due + interval '30 days'], '{1,2}', 0, due, 0,
       '', 1, ''
FROM generate_series(1, %(rows)s) n, LATERAL (SELECT now() - interval '1 hour' - n * interval '1 second' AS due) d;
"""

# The same work in one statement: claim, ledger, outbox, next step.
_SET_BASED = """
WITH due AS (
    SELECT * FROM deadlines_deadline WHERE state = 'running' AND next_at <= now() ORDER BY next_at FOR UPDATE
), fired AS (
    INSERT INTO deadlines_escalation (deadline_id, cycle, step, level, due_at, fired_at, recipients)
    SELECT due.id, due.cycle, due.positions[due.step + 1], s.level, due.moments[due.step + 1], now(), 1
    FROM due JOIN deadlines_ladderstep s ON s.ladder_id = due.ladder_id AND s.position = due.positions[due.step + 1]
    ON CONFLICT DO NOTHING
    RETURNING deadline_id, step, level
), told AS (
    INSERT INTO notifications_outbox (key, recipient_id, template, params, about_type_id, about_id, url, is_urgent,
                                      channel, state, created_at, next_try_at, attempts, last_error)
    SELECT 'deadline:' || due.id || ':' || due.cycle || ':' || fired.step, person.id, 'deadline_passed',
           jsonb_build_object('reference', due.reference, 'obligation', due.obligation, 'due_at', due.due_at),
           due.about_type_id, due.about_id, '/console/bench/' || due.about_id || '/', false, 'inbox', 'waiting', now(),
           now(), 0, ''
    FROM fired JOIN due ON due.id = fired.deadline_id
    JOIN bench_owner owner ON owner.about_id = due.about_id
    JOIN accounts_user person ON person.id = owner.person AND person.is_active
    ON CONFLICT DO NOTHING
)
UPDATE deadlines_deadline d SET step = due.step + 1, next_at = due.moments[due.step + 2],
       level = greatest(d.level, fired.level), fault = ''
FROM due JOIN fired ON fired.deadline_id = due.id WHERE d.id = due.id
"""

_SWEEPER = """
import resource, sys, time
import django
django.setup()
from django.db import connection
from deadlines import registry
from deadlines.sweep import sweep

def recipients(role, ids):
    with connection.cursor() as cursor:
        cursor.execute("SELECT about_id, person FROM bench_owner WHERE about_id = ANY(%s)", [ids])
        return {about: [person] for about, person in cursor.fetchall()}

registry.register("deadlines.deadline", registry.Subject(
    references=dict, address="/console/bench/{}/".format, recipients=recipients, visible_ids=lambda user: []))
sweep(limit=0)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print("ready", flush=True)
sys.stdin.readline()
done = sweep()
connection.close()
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(done.deadlines, after - before, flush=True)
"""


@dataclass(frozen=True)
class Result:
    """Rows per second of engine and raw SQL, the median of their ratios, and how much a sweeper's memory grew."""

    rows: int
    raw: float
    one_sweeper: float
    two_sweepers: float
    ratio_of_one: float
    ratio: float
    grown_kb: int

    def lines(self) -> list[str]:
        return [
            f"sweep of {self.rows} overdue deadlines, a ledger row and an outbox row each:",
            f"  set-based SQL   {self.raw:>9,.0f} rows/s",
            f"  one sweeper     {self.one_sweeper:>9,.0f} rows/s  {self.ratio_of_one:.0%}",
            f"  two sweepers    {self.two_sweepers:>9,.0f} rows/s  {self.ratio:.0%}  (target 70%)",
            f"  memory of a sweeper grew by {self.grown_kb} kB",
        ]


def bench_sweep(rows: int = 100_000, repeat: int = 3) -> Result:
    """Measure, medians of interleaved repetitions; about 40 s at the default size. Prints its table."""
    raw: list[float] = []
    one: list[float] = []
    two: list[float] = []
    grown: list[int] = []
    with _own_tables(rows):
        for _time in range(repeat):
            raw.append(_run_set_based(rows))
            for count, seconds in ((1, one), (2, two)):
                took, kilobytes = _run_sweepers(count, rows)
                seconds.append(took)
                grown.append(kilobytes)
    result = Result(
        rows=rows,
        raw=rows / median(raw),
        one_sweeper=rows / median(one),
        two_sweepers=rows / median(two),
        # each repetition has its own weather: compare within it
        ratio_of_one=median(sql / engine for sql, engine in zip(raw, one, strict=True)),
        ratio=median(sql / engine for sql, engine in zip(raw, two, strict=True)),
        grown_kb=max(grown),
    )
    print("\n".join(result.lines()))
    return result


@contextmanager
def _own_tables(rows: int) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
        cursor.execute(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s) AND confrelid::regclass::text = ANY(%s)",
            [TABLES, TABLES],
        )
        keys = cursor.fetchall()
        try:
            for table in TABLES:
                cursor.execute(f"CREATE TABLE {SCHEMA}.{table} (LIKE {table} INCLUDING ALL)")
            cursor.execute(f"SET search_path = {SCHEMA}, public")
            for table, definition in keys:
                cursor.execute(f"ALTER TABLE {table} ADD {definition}")
            cursor.execute(_SETTLED, {"rows": rows})
            yield
        finally:
            cursor.execute(f"RESET search_path; DROP SCHEMA {SCHEMA} CASCADE")


def _refill(rows: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_OVERDUE, {"rows": rows, "about_type": ContentType.objects.get_for_model(Deadline).pk})
        cursor.execute("VACUUM ANALYZE deadlines_deadline")


def _check(rows: int) -> None:
    """A fast sweep that leaves something out is no sweep."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM deadlines_escalation), (SELECT count(*) FROM notifications_outbox)"
        )
        if cursor.fetchone() != (rows, rows):
            raise AssertionError("The benchmark did not write one ledger row and one message for each deadline.")


def _run_set_based(rows: int) -> float:
    _refill(rows)
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_SET_BASED)
    took = time.perf_counter() - began
    _check(rows)
    return took


def _run_sweepers(count: int, rows: int) -> tuple[float, int]:
    """Seconds from the start signal until the last of `count` sweepers is done, and how much the largest one grew."""
    _refill(rows)
    sweepers = [
        subprocess.Popen(
            [sys.executable, "-c", _SWEEPER],
            env=_environment(),
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _nth in range(count)
    ]
    for each in sweepers:
        _line(each)
    began = time.perf_counter()
    for each in sweepers:
        each.stdin.write("go\n")  # type: ignore[union-attr]
        each.stdin.flush()  # type: ignore[union-attr]
    answers = [_line(each) for each in sweepers]
    took = time.perf_counter() - began
    for each in sweepers:
        each.communicate()
    _check(rows)
    return took, max(int(answer.split()[1]) for answer in answers)


def _line(process: "subprocess.Popen[str]") -> str:
    line = process.stdout.readline()  # type: ignore[union-attr]
    if not line:
        raise RuntimeError("A sweeper of the benchmark ended early.")
    return line


def _environment() -> dict[str, str]:
    """This process's environment, with this connection's database and the benchmark's schema first."""
    known = connection.settings_dict
    options = {"host": known["HOST"] or known["OPTIONS"].get("host", ""), "port": str(known["PORT"] or "")}
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in options.items() if value)
    account = f"{quote(known['USER'], safe='')}:{quote(known['PASSWORD'] or '', safe='')}"
    return {
        **os.environ,
        "DATABASE_URL": f"postgresql://{account}@/{known['NAME']}?{query}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PGOPTIONS": f"-c search_path={SCHEMA},public",
    }
