"""Getting many rows into the database: COPY, beside the making of the rows, with indexes and keys set aside for large
loads and made again at the end. Everything happens in the caller's transaction: all of it arrives, or nothing."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from queue import Queue
from threading import Thread
from types import TracebackType
from typing import Any

from django.db import connection, transaction

from feedback.demo.rows import Tables

BLOCKS_AHEAD = 6
_LOCK = "LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE"
# Indexes that no constraint needs, and constraints that are checked faster for all rows at once than for each.
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
FROM pg_index i
WHERE i.indrelid = ANY(%s::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
ORDER BY 1
"""
_CONSTRAINTS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
FROM pg_constraint
WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u') AND conparentid = 0
ORDER BY contype DESC, 1, 2
"""


class Copier:
    """Takes the tables' lines and copies them in a thread of its own, so that making and writing go side by side.

    The thread shares the caller's connection and transaction; the caller leaves the connection alone meanwhile."""

    def __init__(self) -> None:
        self._blocks: Queue[tuple[str, bytes] | None] = Queue(BLOCKS_AHEAD)
        self._fault: BaseException | None = None
        self._thread = Thread(target=self._work, name="copy", daemon=True)

    def __enter__(self) -> "Copier":
        connection.ensure_connection()
        self._raw = connection.connection
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._blocks.put(None)
        self._thread.join()
        if self._fault and error is None:
            raise self._fault

    def take(self, lines: Sequence[tuple[str, bytes]]) -> None:
        """Hand over COPY statements with their lines; waits while the database is a few of them behind."""
        for each in lines:
            self._blocks.put(each)
        if self._fault:
            raise self._fault

    def _work(self) -> None:
        while (block := self._blocks.get()) is not None:
            if self._fault:
                continue  # the caller is told at its next `take`; until then its blocks go nowhere
            try:
                with self._raw.cursor() as cursor, cursor.copy(block[0]) as copy:
                    copy.write(block[1])
            except BaseException as fault:  # told to the caller, in whose transaction this happened
                self._fault = fault


def lock(tables: Tables) -> None:
    """Nobody else writes these tables until the transaction ends: the numbers we give are ours."""
    names = ", ".join(table.name for table in tables.all.values())
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(names))


def first_numbers(tables: Tables) -> tuple[dict[str, int], int]:
    """Where each table goes on from its own sequence, by label; and the next case reference."""
    first = {}
    with connection.cursor() as cursor:
        for label, table in tables.all.items():
            if table.key:
                cursor.execute(
                    f"SELECT greatest(nextval(pg_get_serial_sequence(%s, %s)), max({table.key}) + 1) FROM {table.name}",
                    [table.name, table.key],
                )
                first[label] = cursor.fetchone()[0]
        cursor.execute("SELECT nextval('feedback_case_reference')")
        return first, int(cursor.fetchone()[0])


def go_on_from(tables: Tables, numbers: Mapping[str, int], reference: int) -> None:
    """Let the sequences go on from these numbers."""
    with connection.cursor() as cursor:
        for label, number in numbers.items():
            table = tables.all[label]
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s, false)", [table.name, table.key, number])
        cursor.execute("SELECT setval('feedback_case_reference', %s, false)", [reference])


@contextmanager
def lean(names: Sequence[str]) -> Iterator[None]:
    """Without the indexes, keys and unique constraints of these tables; they are made again, under their own names and
    checked against every row, when the block ends well. Primary keys stay. Must run inside a transaction."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("lean() must run inside a transaction")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come cannot be altered
        cursor.execute(_CONSTRAINTS, [list(names)])
        constraints = cursor.fetchall()
        for table, name, _definition in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        cursor.execute(_INDEXES, [list(names)])
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in sorted(constraints, key=_unique_first):
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _unique_first(constraint: tuple[Any, ...]) -> bool:
    return not str(constraint[2]).startswith("UNIQUE")


def analyze(tables: Tables, *, also: Sequence[str] = ()) -> None:
    """Tell the planner what is there now."""
    names = [*(table.name for table in tables.all.values()), *also]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(names)}")
