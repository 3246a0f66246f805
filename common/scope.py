"""On whose behalf the database works: what its row-level-security policies ask (`accounts.access.policies`).

The scope is set within a transaction (`SET LOCAL`) and ends with it. With it the transaction takes the role of the
application, which owns nothing; without a scope that role sees no row that a policy guards."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import connection, transaction
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.sql import quote

ROLE = "langnghe_app"
NAMES = ("person", "divisions", "facilities", "client_facilities", "recused_facilities", "recused_cases")
# What the scope says, as SQL for policies and for the functions that they ask (`accounts.access.asking`). Each right is
# a setting, which is looked up in a tenth of the time that reading a list takes. Rights are no questions of their own
# (`(SELECT …)`): each would be planned and begun for itself in every statement. `NULLIF`: a setting that was set once
# is an empty text afterwards, not unset.
PERSON = "nullif(current_setting('langnghe.person', true), '')::bigint"
SYSTEM = "coalesce(current_setting('langnghe.system', true) = 'on', false)"
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Scope:
    """Who reads and which rights they hold, as settings of the transaction; `is_system` shows every row, whoever
    reads."""

    reader: Mapping[str, str] = field(default_factory=dict)
    rights: frozenset[str] = frozenset()
    is_system: bool = False

    def settings(self) -> dict[str, str]:
        """What the database is told of it."""
        values = {"role": ROLE, **{f"langnghe.{name}": self.reader.get(name, "") for name in NAMES}}
        values["langnghe.system"] = "on" if self.is_system else ""
        return values | {_setting_of(right): "on" for right in sorted(self.rights)}


def _setting_of(right: str) -> str:
    return f"langnghe.may.{right}"


def _change(before: Scope | None, after: Scope | None) -> dict[str, str]:
    """What the database is told when one scope takes the place of another: rights that are not held any more end."""
    ended = (before.rights if before else frozenset()) - (after.rights if after else frozenset())
    return {_setting_of(right): "" for right in sorted(ended)} | (after.settings() if after else _outside())


def _outside() -> dict[str, str]:
    """What holds where no scope is set: web and worker are the application's role and see nothing; commands are the
    owner and work for the system (settings, DATABASES)."""
    role = settings.DATABASE_ROLE
    return {"role": role or "none", "langnghe.system": "" if role else "on"}


def holds(right: str) -> str:
    """SQL: does the reader hold this right or flag? Unknown where there is no reader."""
    return f"current_setting('{_setting_of(right)}', true) = 'on'"


def ids_of(units: str) -> str:
    """SQL: the numbers in one of the reader's lists, as an array."""
    return f"nullif(current_setting('langnghe.{units}', true), '')::bigint[]"


def has_any(units: str) -> str:
    """SQL: is there a number in one of the reader's lists?"""
    return f"coalesce(current_setting('langnghe.{units}', true), '') <> ''"


def current() -> Scope | None:
    """The scope that holds now."""
    return getattr(connection, "langnghe_scope", None)


def become(scope: Scope) -> None:
    """Change the scope until the block that opened the last one ends: for a request that learns who asks. One small
    statement, none for nobody's scope in a web process, whose connections begin with it."""
    before = current()
    if before is not None or scope != Scope() or not settings.DATABASE_ROLE:
        _tell(_change(before, scope))
    connection.langnghe_scope = scope  # type: ignore[attr-defined]


@contextmanager
def entered(scope: Scope) -> Iterator[None]:
    """A scope for a block, in the transaction that is open, else in one of its own. A small statement or two."""
    before, is_inner = current(), connection.in_atomic_block
    with nullcontext() if is_inner else transaction.atomic():
        become(scope)
        try:
            yield
        finally:
            last = current()  # `become` may have changed it meanwhile
            connection.langnghe_scope = before  # type: ignore[attr-defined]
            if is_inner and _is_usable():  # the transaction goes on after us
                _tell(_change(last, before))


@contextmanager
def as_system(*, alone_with: str = "") -> Iterator[None]:
    """Every row, for deeds whose rights were checked and for work in the background: in the transaction that is open,
    else in one of its own. Two small statements, none where it holds already.

    `alone_with` is a name: who comes with the same one waits until the transaction of whoever came first has ended, and
    sees what that one wrote. It costs nothing where the scope is told anyway, and a lock of the server until the end of
    the transaction."""
    before = current()
    if before is None:
        with entered(Scope(is_system=True)):
            if alone_with:
                _tell({}, alone_with=alone_with)
            yield
        return
    with nullcontext() if connection.in_atomic_block else transaction.atomic():
        if not before.is_system or alone_with:
            _tell({"langnghe.system": "on"}, alone_with=alone_with)
        connection.langnghe_scope = Scope(before.reader, before.rights, is_system=True)  # type: ignore[attr-defined]
        try:
            yield
        finally:
            connection.langnghe_scope = before  # type: ignore[attr-defined]
            if not before.is_system and _is_usable():
                _tell({"langnghe.system": ""})


def system(deed: Callable[P, R]) -> Callable[P, R]:
    """For a function that works `as_system` from its beginning to its end."""

    @wraps(deed)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        with as_system():
            return deed(*args, **kwargs)

    return done


@contextmanager
def system_session() -> Iterator[None]:
    """Every row for all transactions of this connection until the block ends: for a task of the worker."""
    before = current()
    scope = Scope(is_system=True)
    _tell(scope.settings(), is_lasting=True)
    connection.langnghe_scope = scope  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.langnghe_scope = before  # type: ignore[attr-defined]
        if connection.connection is not None and _is_usable():
            _tell(before.settings() if before else _outside(), is_lasting=True)


def _is_usable() -> bool:
    """Not after a fault: then a rollback, to a moment before this scope, takes it back as well."""
    server: Any = connection.connection
    is_failed = connection.needs_rollback or server is None
    return not is_failed and server.info.transaction_status != TransactionStatus.INERROR


def _tell(values: Mapping[str, str], *, is_lasting: bool = False, alone_with: str = "") -> None:
    """One message, which also begins the transaction where Django wants one and none is open yet. Past Django's cursor
    and the driver's, which cost more than the statement, and past the log, which is about what pages ask."""
    connection.ensure_connection()
    server: Any = connection.connection
    with connection.wrap_database_errors:
        begins = not server.autocommit and server.info.transaction_status == TransactionStatus.IDLE
        done = server.pgconn.exec_(_message(tuple(values.items()), is_lasting, begins) + _waiting(alone_with))
        if done.status != ExecStatus.TUPLES_OK:
            raise error_from_result(done)


@lru_cache(maxsize=1000)
def _message(values: tuple[tuple[str, str], ...], is_lasting: bool, begins: bool) -> bytes:
    lasting = "false" if is_lasting else "true"
    parts = [f"set_config('{name}', {quote(value)}, {lasting})" for name, value in values]
    return f"{'BEGIN; ' if begins else ''}SELECT {', '.join(parts) or 'true'}".encode()


def _waiting(name: str) -> bytes:
    """The lock that bears this name, as a further column; a statement of its own afterwards sees what others wrote."""
    if not name:
        return b""
    number = int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:8], signed=True)
    return f", pg_advisory_xact_lock({number})".encode()
