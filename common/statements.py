"""Statements that are written once and planned once: for endpoints where the ORM's writing and PostgreSQL's planning
cost more than the answer.

The ORM still writes them (filters, `visible_to`); what varies from call to call stands in `Slot`s. PostgreSQL keeps
the plan for each connection as long as `DB_PREPARE` is on (off behind a pooler that hands out connections per
transaction)."""

import re
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

import psycopg
from django.db import connection
from django.db.models import Expression, Field, QuerySet

MOST_KEPT = 500
_PLACEHOLDER = re.compile("%s|%%")
KEPT_FOR = 30.0  # seconds: a statement may hold what was looked up for it, such as the id of a code


class Slot(Expression):
    """A value that is given with each call, in the place of a value that a filter would hold."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        self.name = name
        super().__init__(output_field=output_field)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


class PreparingCursor(psycopg.RawCursor[Any]):
    """Has PostgreSQL keep the plan of what it executes, where the connection allows it."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(_numbered(query), params, prepare=True, **options)


@lru_cache(maxsize=1000)
def _numbered(sql: str) -> str:
    """`%s` as `$1`, `$2` …: looked for once, and not with each call."""
    numbers = count(1)
    return _PLACEHOLDER.sub(lambda found: "%" if found[0] == "%%" else f"${next(numbers)}", sql)


def run(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement whose text is always the same."""
    connection.ensure_connection()
    bare = PreparingCursor(connection.connection)
    dressed = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with dressed(bare) as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


@dataclass(frozen=True)
class Statement:
    """What the ORM wrote, with the places of its slots."""

    sql: str
    params: tuple[Any, ...]
    at: float

    @classmethod
    def of(cls, rows: QuerySet[Any]) -> "Statement":
        sql, params = rows.query.sql_with_params()
        return cls(sql, tuple(params), time.monotonic())

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """Run it with these values in its slots."""
        return run(self.sql, [values[each.name] if isinstance(each, Slot) else each for each in self.params])


_kept: dict[Hashable, Statement] = {}


def statement(key: Hashable, build: Callable[[], QuerySet[Any]]) -> Statement:
    """The statement for `key`, built when it is not known or too old. None as key: built anew each time.

    The key must hold everything that the queryset depends on: the rights of who asks, and every value not in a slot."""
    found = _kept.get(key) if key is not None else None
    if found is None or time.monotonic() - found.at > KEPT_FOR:
        found = Statement.of(build())
        if key is not None:
            if len(_kept) >= MOST_KEPT:
                _kept.clear()
            _kept[key] = found
    return found
