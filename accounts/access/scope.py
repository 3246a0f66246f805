"""On whose behalf a transaction works: what the database's policies ask (`accounts.access.policies`)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from accounts.access.policies import declared
from accounts.access.terms import rights_in
from accounts.access.who import FLAGS, LISTS, Who

NAMES = ("person", "rights", *LISTS, "system")


def scope_of_reader(user: Any) -> dict[str, str]:
    """What a transaction is told about this reader: who it is, which of the declared rights they hold, their units."""
    who = Who(user)
    if not who.is_active:
        return {}
    rights = {right for right in rights_in(declared().values()) if who.has(right)}
    rights |= {flag for flag in FLAGS if who.flag(flag)}
    return {
        "person": str(who.id),
        "rights": _array(rights),
        **{units: _array(who.ids(units)) for units in LISTS},
    }


def _array(values: Iterable[Any]) -> str:
    return "{" + ",".join(sorted(map(str, values))) + "}"


@contextmanager
def on_behalf_of(user: Any) -> Iterator[None]:
    """A transaction in which policies show what this reader may see, and nothing for nobody."""
    with _scope(scope_of_reader(user)):
        yield


@contextmanager
def as_system() -> Iterator[None]:
    """A transaction in which policies show every row: for deeds whose rights were checked, and for work in the
    background."""
    with _scope({"system": "on"}):
        yield


@contextmanager
def _scope(values: dict[str, str]) -> Iterator[None]:
    with transaction.atomic():
        before = _set({name: values.get(name, "") for name in NAMES})
        yield
        if connection.in_atomic_block and len(connection.savepoint_ids):
            _set(before)  # the transaction goes on after us; when it fails instead, PostgreSQL takes it back itself


def _set(values: dict[str, str]) -> dict[str, str]:
    """Set the scope until the transaction ends; what it was before. One statement."""
    names = list(values)
    old = ", ".join(f"current_setting('langnghe.{name}', true)" for name in names)
    new = ", ".join(f"set_config('langnghe.{name}', %s, true)" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {old}")
        before = cursor.fetchone()
        cursor.execute(f"SELECT {new}", list(values.values()))
    return dict(zip(names, (value or "" for value in before), strict=True))
