"""Statements that are written once and planned once: for endpoints where the ORM's writing and PostgreSQL's planning
cost more than the answer.

The ORM still writes them (filters, `visible_to`); what varies from call to call stands in `Slot`s. PostgreSQL keeps
the plan for each connection as long as `DB_PREPARE` is on (off behind a pooler that hands out connections per
transaction)."""

import re
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

import psycopg
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Expression,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    QuerySet,
    TextField,
)

MOST_KEPT = 500
_PLACEHOLDER = re.compile("%s|%%")
_NAMED = re.compile(r"%\((\w+)\)s")
KEPT_FOR = 30.0  # seconds: a statement may hold what was looked up for it, such as the id of a code


class Slot(Expression):
    """A value that is given with each call, in the place of a value that a filter would hold."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        self.name = name
        super().__init__(output_field=output_field)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


class PreparingCursor(psycopg.RawCursor[Any]):
    """Has PostgreSQL keep the plan of what it executes, where the connection allows it."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        sql, names = _numbered(query)
        values = [params[name] for name in names] if names else params
        try:
            return super().execute(sql, values, prepare=True, **options)
        finally:
            self._query = _Told(query.encode())  # type: ignore[assignment]


@dataclass(frozen=True)
class _Told:
    """What Django's log of queries shows of a statement: its text with the places of its values."""

    query: bytes


@lru_cache(maxsize=1000)
def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """`%s` as `$1`, `$2` …, looked for once and not with each call; and the names where places are `%(name)s`."""
    numbers, names = count(1), tuple(dict.fromkeys(_NAMED.findall(sql)))
    if names:
        sql = _NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", sql)
        return sql.replace("%%", "%"), names
    return _PLACEHOLDER.sub(lambda found: "%" if found[0] == "%%" else f"${next(numbers)}", sql), ()


def run(sql: str, params: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement whose text is always the same."""
    server = connections[DEFAULT_DB_ALIAS]
    server.ensure_connection()
    bare: Any = PreparingCursor(server.connection)
    if server.queries_logged or server.execute_wrappers:  # Django's cursor, for those who want to know
        dressed = server.make_debug_cursor if server.queries_logged else server.make_cursor
        with dressed(bare) as cursor:
            cursor.execute(sql, params)
            return _rows_of(bare)
    server.validate_no_broken_transaction()
    with server.wrap_database_errors:
        bare.execute(sql, params)
        return _rows_of(bare)


def _rows_of(cursor: Any) -> list[tuple[Any, ...]]:
    return cursor.fetchall() if cursor.pgresult.nfields else []


@dataclass(frozen=True)
class Part:
    """A statement that writes, to be joined with others."""

    sql: str
    params: Sequence[Any]


def insert(*rows: Model | Part) -> None:
    """Write new rows of different tables in one statement, which happens whole or not at all; what one of them points
    to may be among them. Later parts may read the first row, as it was written, as `part0`.

    For rows whose keys are known beforehand, or that nobody points to. No signals, no history: rows as they are."""
    parts = [_part_of(row) if isinstance(row, Model) else row for row in rows]
    *earlier, last = [part.sql for part in parts]
    named = [f"part{number} AS ({sql}{'' if number else ' RETURNING *'})" for number, sql in enumerate(earlier)]
    sql = f"WITH {', '.join(named)} {last}" if named else last
    run(sql, [value for part in parts for value in part.params])
    for row in rows:
        if isinstance(row, Model):
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _part_of(row: Model) -> Part:
    server = connections[DEFAULT_DB_ALIAS]  # the thing itself: each look through Django's stand-in costs
    columns, values = [], []
    for column, name, field in _columns(type(row), row.pk is not None):
        value = getattr(row, name) if field is None else _prepared(field, row, server)
        if value is not None:  # what is left out is NULL
            columns.append(column)
            values.append(value)
    return Part(_insert_into(type(row), tuple(columns)), values)


def _prepared(field: "Field[Any, Any]", row: Model, server: Any) -> Any:
    """As the driver takes it. Lists of moments and numbers as the text that PostgreSQL reads: the driver's own way
    looks at each value several times."""
    value = field.pre_save(row, True)
    is_plain = isinstance(field, ArrayField) and isinstance(field.base_field, (DateTimeField, IntegerField))
    if is_plain and value and None not in value:
        return "{" + ",".join(f'"{one}"' for one in value) + "}"
    return field.get_db_prep_save(value, server)


@lru_cache
def _columns(model: type[Model], has_key: bool) -> "list[tuple[str, str, Field[Any, Any] | None]]":
    """Column, attribute, and the field where it must prepare the value."""
    return [
        (str(field.column), field.attname, None if _takes_as_it_is(field) else field)
        for field in model._meta.concrete_fields
        if not field.generated and (has_key or not field.primary_key)
    ]


@lru_cache(maxsize=1000)
def _insert_into(model: type[Model], columns: tuple[str, ...]) -> str:
    quoted = connection.ops.quote_name
    places = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {quoted(model._meta.db_table)} ({', '.join(map(quoted, columns))}) VALUES ({places})"


def _takes_as_it_is(field: "Field[Any, Any]") -> bool:
    """Does the driver take the attribute's value as the field would give it?"""
    if isinstance(field, DateTimeField):
        return not (field.auto_now or field.auto_now_add)
    return isinstance(field, (CharField, TextField, BooleanField, ForeignKey, IntegerField))


@dataclass(frozen=True)
class Statement:
    """What the ORM wrote, with the places of its slots."""

    sql: str
    params: tuple[Any, ...]
    at: float

    @classmethod
    def of(cls, rows: QuerySet[Any]) -> "Statement":
        try:
            sql, params = rows.query.sql_with_params()
        except EmptyResultSet:  # Django knows without asking: nobody's rows, no ids
            sql, params = "SELECT NULL WHERE false", ()
        return cls(sql, tuple(params), time.monotonic())

    @classmethod
    def side_by_side(cls, *each: QuerySet[Any]) -> "Statement":
        """One row with the first column of each queryset's only row, None where it has none."""
        parts = [cls.of(rows) for rows in each]
        columns = ", ".join(f"({part.sql})" for part in parts)
        return cls(f"SELECT {columns}", tuple(param for part in parts for param in part.params), time.monotonic())

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """Run it with these values in its slots."""
        return run(self.sql, self.filled(values))

    def filled(self, values: Mapping[str, Any]) -> list[Any]:
        """The parameters with these values in the places of its slots."""
        return [values[each.name] if isinstance(each, Slot) else each for each in self.params]


_kept: dict[Hashable, Statement] = {}


def statement(key: Hashable, build: Callable[[], QuerySet[Any] | Statement]) -> Statement:
    """The statement for `key`, built when it is not known or too old. None as key: built anew each time.

    The key must hold everything that the queryset depends on: the rights of who asks, and every value not in a slot."""
    found = _kept.get(key) if key is not None else None
    if found is None or time.monotonic() - found.at > KEPT_FOR:
        built = build()
        found = built if isinstance(built, Statement) else Statement.of(built)
        if key is not None:
            if len(_kept) >= MOST_KEPT:
                _kept.clear()
            _kept[key] = found
    return found
