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
from datetime import timedelta
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
    "deadlines_duty",
    "deadlines_clockreading",
    "deadlines_clockhold",
    "notifications_preference",
    "notifications_outbox",
]

_SETTLED = """
INSERT INTO accounts_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
                           date_joined, display_name, language, is_engine)
SELECT n, '', false, 'bench' || n, '', '', '', false, true, now(), '', 'vi', false FROM generate_series(1, 100) n;
INSERT INTO deadlines_ladder (id, code, name, name_en, quiet_from, quiet_until, is_quiet_on_rest_days)
VALUES (1, 'bench', 'bench', '', '21:00', '07:00', true);
INSERT INTO deadlines_ladderstep (ladder_id, position, side, amount, unit, roles, level, template, is_urgent, action,
                                  given_to, keeps_quiet, stops_when_acknowledged)
VALUES (1, 1, 'after_due', 0, 'minutes', '{responsible}', 1, 'deadline_passed', false, 'notify', '', true, false),
       (1, 2, 'after_due', 43200, 'minutes', '{lead}', 2, 'deadline_to_lead', false, 'notify', '', true, false);
INSERT INTO deadlines_deadlinerule (id, code, name, name_en, subject, obligation, clock, amount, ends_at, channel, kind,
                                    category, category_root, urgency, complexity, facility_type, nature, confidence,
                                    source, origin_code, note, ladder_id, is_in_use, pause_nature, pause_source,
                                    event, is_back, authority)
VALUES (1, 'bench', 'bench', '', 'deadlines.deadline', 'answer', 'hours', 24, 'end_of_day', '', '', '', '', '', '', '',
        'policy', 'design', 'bench', '', '', 1, true, 'policy', '', '', false, 'default');
CREATE TABLE bench_owner (about_id bigint PRIMARY KEY, person bigint NOT NULL);
INSERT INTO bench_owner SELECT n, 1 + n %% 100 FROM generate_series(1, %(rows)s) n;
"""

_DEADLINES = """
TRUNCATE deadlines_duty, deadlines_escalation, notifications_outbox, deadlines_deadline RESTART IDENTITY;
INSERT INTO deadlines_deadline (
    about_type_id, about_id, reference, obligation, cycle, state, starts_at, due_at, original_due_at, is_provisional,
    rule_id, ladder_id, calendar_version, derivation, moments, positions, step, next_at, level, fault, by_id, reason)
SELECT %(about_type)s, n,
       'PA-2026-' || lpad(n::text, 6, '0'), 'answer', 1, 'running', due - interval '1 day', due, due, false, 1, 1, 0,
       '{"rule": "bench", "clock": "hours", "amount": 24}', ARRAY[due, due + interval '30 days'], '{1,2}', 0, due, 0,
       '', 1, ''
FROM generate_series(1, %(rows)s) n,
     LATERAL (SELECT now() + (%(first)s + n * %(apart)s) * interval '1 second' AS due) d;
"""

# The same work in one statement: claim, ledger, outbox, next step.
_SET_BASED = """
WITH due AS (
    SELECT * FROM deadlines_deadline WHERE state = 'running' AND next_at <= now() ORDER BY next_at FOR UPDATE
), fired AS (
    INSERT INTO deadlines_escalation (deadline_id, cycle, ladder_id, step, level, action, due_at, fired_at, recipients,
                                      told_at)
    SELECT due.id, due.cycle, due.ladder_id, due.positions[due.step + 1], s.level, s.action, due.moments[due.step + 1],
           now(), 1, now()
    FROM due JOIN deadlines_ladderstep s ON s.ladder_id = due.ladder_id AND s.position = due.positions[due.step + 1]
    ON CONFLICT DO NOTHING
    RETURNING deadline_id, step, level
), told AS (
    INSERT INTO notifications_outbox (key, recipient_id, template, params, about_type_id, about_id, url, is_urgent,
                                      channel, state, created_at, next_try_at, attempts, last_error)
    SELECT 'deadline:' || due.id || ':' || due.cycle || ':' || due.ladder_id || ':' || fired.step, person.id,
           'deadline_passed',
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

_LATENESS = """
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY fired_at - due_at),
       percentile_disc(0.99) WITHIN GROUP (ORDER BY fired_at - due_at), max(fired_at - due_at)
FROM deadlines_escalation
"""

_SWEEPER = """
import resource, sys, time
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SET search_path = " + sys.argv[1])
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
seconds, tick = float(sys.argv[2]), float(sys.argv[3])
began, done = time.monotonic(), sweep()
for nth in range(1, int(seconds / tick)):
    time.sleep(max(began + nth * tick - time.monotonic(), 0))
    done.add(sweep())
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


def _refill(rows: int, *, first: float = -3600, apart: float = -1) -> None:
    about_type = ContentType.objects.get_for_model(Deadline).pk
    with connection.cursor() as cursor:
        cursor.execute(_DEADLINES, {"rows": rows, "about_type": about_type, "first": first, "apart": apart})
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
    sweepers = [_sweeper(seconds=0, tick=1) for _nth in range(count)]
    for each in sweepers:
        _line(each)
    began = time.perf_counter()
    for each in sweepers:
        _go(each)
    answers = [_line(each) for each in sweepers]
    took = time.perf_counter() - began
    for each in sweepers:
        each.communicate()
    _check(rows)
    return took, max(int(answer.split()[1]) for answer in answers)


def bench_lateness(rows: int = 20_000, *, seconds: float = 30, tick: float) -> tuple[timedelta, timedelta, timedelta]:
    """How late steps are taken (median, p99, the worst) while `rows` deadlines run and all fall due within `seconds`,
    by one sweeper that looks every `tick` seconds, as beat makes a worker look."""
    with _own_tables(rows):
        sweeper = _sweeper(seconds=seconds + 3 * tick, tick=tick)
        _line(sweeper)
        _refill(rows, first=tick, apart=seconds / rows)
        _go(sweeper)
        _line(sweeper)
        sweeper.communicate()
        _check(rows)
        with connection.cursor() as cursor:
            cursor.execute(_LATENESS)
            median_, p99, worst = cursor.fetchone()
    return median_, p99, worst


def _sweeper(*, seconds: float, tick: float) -> "subprocess.Popen[str]":
    """A process that says when it is ready, sweeps on a signal and again each `tick` for some seconds, and reports."""
    return subprocess.Popen(
        [sys.executable, "-c", _SWEEPER, f"{SCHEMA},public", str(seconds), str(tick)],
        env=_environment(),
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def _go(sweeper: "subprocess.Popen[str]") -> None:
    sweeper.stdin.write("go\n")  # type: ignore[union-attr]
    sweeper.stdin.flush()  # type: ignore[union-attr]


def _line(process: "subprocess.Popen[str]") -> str:
    line = process.stdout.readline()  # type: ignore[union-attr]
    if not line:
        raise RuntimeError("A sweeper of the benchmark ended early.")
    return line


def _environment() -> dict[str, str]:
    """This process's environment, with this connection's database."""
    known = connection.settings_dict
    options = {"host": known["HOST"] or known["OPTIONS"].get("host", ""), "port": str(known["PORT"] or "")}
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in options.items() if value)
    account = f"{quote(known['USER'], safe='')}:{quote(known['PASSWORD'] or '', safe='')}"
    return {
        **os.environ,
        "DATABASE_URL": f"postgresql://{account}@/{known['NAME']}?{query}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MESSAGES_BEFORE_DIGEST": "1000000",  # its hundred people get every message, as from set-based SQL
    }
