"""Writing in bulk: the sweep, and loading a million cases."""

import io
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from time import perf_counter

import pgtrigger
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from console.bench.stage import Stage
from console.bench.table import Row, measures, ms, p50
from deadlines.bench import bench_lateness, bench_sweep
from deadlines.choices import Clock
from deadlines.editions import current
from deadlines.questions import question
from feedback.demo.copying import lean
from feedback.demo.loading import LARGE, load
from feedback.demo.rows import Tables

AGAIN = 100_000  # cases loaded once more where the rows were there already
BLOCK = 1 << 20


@measures("P5")
def sweep(stage: Stage) -> Iterable[Row]:
    """100,000 overdue deadlines with ledger and outbox, on tables of their own (`deadlines.bench`)."""
    with redirect_stdout(io.StringIO()):
        result = bench_sweep(100_000, repeat=max(3, stage.rounds // 2))
    ratio = result.two_sweepers / result.raw
    yield Row(
        "P5",
        "sweep of 100,000 overdue deadlines, 2 sweepers",
        f"{result.two_sweepers:,.0f} /s",
        target="≥ 70 % of set-based SQL; memory flat",
        raw=f"{result.raw:,.0f} /s",
        ratio=ratio,
        is_met=ratio >= 0.7,
        remarks=f"1 sweeper {result.one_sweeper:,.0f} /s; a sweeper grew by {result.grown_kb / 1024:.1f} MB",
    )


@measures("lateness")
def lateness(stage: Stage) -> Iterable[Row]:
    """How late steps are taken while 20,000 deadlines fall due within half a minute, at this installation's tick."""
    tick = float(settings.CELERY_BEAT_SCHEDULE["sweep-deadlines"]["schedule"])
    median, p99, worst = bench_lateness(20_000, seconds=30, tick=tick)
    yield Row(
        "",
        "lateness of a step, 20,000 deadlines falling due in 30 s",
        f"p50 {median.total_seconds():.1f} s, p99 {p99.total_seconds():.1f} s",
        target="p99 ≤ 5 s",
        is_met=p99.total_seconds() <= 5,
        remarks=f"one sweeper that looks every {tick:g} s; the worst {worst.total_seconds():.1f} s",
    )


@measures("due")
def due_moments(stage: Stage) -> Iterable[Row]:
    """1,000 answers of `compute_due --jsonl`, of every kind, with pauses, by the calendar of this installation."""
    calendar, kinds = current().calendar, list(Clock.values)
    asked = [
        {
            "start": f"2026-{1 + nth % 12:02}-{1 + nth % 28:02}T{nth % 24:02}:{nth % 60:02}:00+07:00",
            "kind": kinds[nth % len(kinds)],
            "amount": 1 + nth % 60,
            **({"on": "11-10", "amount": 1} if kinds[nth % len(kinds)] == Clock.YEARLY else {}),
            "pauses": [[f"2026-{1 + nth % 12:02}-28T08:00:00+07:00", f"2026-{1 + nth % 12:02}-28T16:00:00+07:00"]]
            * (nth % 2),
        }
        for nth in range(1000)
    ]
    took = []
    for _round in range(max(3, stage.rounds)):
        began = perf_counter()
        for each in asked:
            question(each).answer(calendar)
        took.append(perf_counter() - began)
    yield Row(
        "",
        "1,000 due moments computed",
        ms(p50(took)),
        target="< 1 s",
        is_met=p50(took) < 1,
        remarks="every kind of clock, half of them with a pause",
    )


class Undo(Exception):
    """Ends a transaction whose rows were only wanted for their timing."""


@measures("P10")
def loading(stage: Stage) -> Iterable[Row]:
    """`load_demo` beside COPY of the very rows it made, into the same tables with the same indexes and keys.

    Everything happens in one transaction that is undone, so the rows that were there stay."""
    count = stage.cases if stage.loaded else min(stage.cases, AGAIN)
    with tempfile.TemporaryDirectory(prefix="bench") as folder, undone():
        tables = Tables()
        _empty(tables)
        began = perf_counter()
        load(count, seed=1, now=timezone.localtime().replace(minute=0, second=0, microsecond=0))
        ours = perf_counter() - began
        rows = _dump(tables, Path(folder))
        _empty(tables)
        theirs = _copy(tables, Path(folder), is_lean=count >= LARGE)
    remarks = f"{rows / count:.0f} rows a case; both set indexes and keys aside and make them again"
    if stage.loaded:
        took = stage.loaded.seconds_rows + stage.loaded.seconds_after
        remarks += f"; the first load of this run: {stage.loaded.cases / took:,.0f} cases/s"
    yield Row(
        "P10",
        f"load_demo --cases {count:,}",
        f"{count / ours:,.0f} cases/s ({ours:.0f} s)",
        target="≥ 50 % of COPY with the same indexes",
        raw=f"{count / theirs:,.0f} cases/s ({theirs:.0f} s)",
        ratio=theirs / ours,
        is_met=theirs / ours >= 0.5,
        remarks=remarks,
    )


@contextmanager
def undone() -> Iterator[None]:
    """A transaction that leaves nothing."""
    try:
        with transaction.atomic():
            yield
            raise Undo
    except Undo:
        pass


def _empty(tables: Tables) -> None:
    names = ", ".join(table.name for table in tables.all.values())
    with pgtrigger.ignore(), connection.cursor() as cursor:  # rolled back; nobody else may empty these tables
        cursor.execute(
            f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {names}, feedback_receipt, feedback_attachment CASCADE"
        )


def _dump(tables: Tables, folder: Path) -> int:
    """Write the rows into files, as COPY will read them; returns how many there are."""
    rows = 0
    for table in tables.all.values():
        statement = table.copy_statement.replace("FROM STDIN", "TO STDOUT")
        with connection.cursor() as cursor, (folder / table.name).open("wb") as file:
            with cursor.copy(statement) as copy:
                for block in copy:
                    file.write(block)
            rows += cursor.rowcount
    return rows


def _copy(tables: Tables, folder: Path, *, is_lean: bool) -> float:
    """Seconds that COPY takes for all tables, with making the indexes and keys again."""

    def copied() -> None:
        for table in tables.all.values():
            lines = (folder / table.name).open("rb")
            with lines, connection.cursor() as cursor, cursor.copy(table.copy_statement) as copy:
                while block := lines.read(BLOCK):
                    copy.write(block)

    began = perf_counter()
    if is_lean:
        with lean([table.name for table in tables.all.values()]):
            copied()
    else:
        copied()
    return perf_counter() - began
