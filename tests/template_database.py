"""One migrated database for a run that is spread over cores; each process gets a copy of it.

Migrating takes a process longer than anything else before its first test, and all of them would do it at once."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

RUN, WORKERS = "PYTEST_XDIST_TESTRUNUID", "PYTEST_XDIST_WORKER_COUNT"


def template(shared: Path) -> str | None:
    """The name of the migrated database, made by whoever asks first; None where a process is alone or came late.

    `shared` is a directory that all processes of the run have in common."""
    if RUN not in os.environ:
        return None
    with _alone(shared):
        copies = _copies(shared)
        if copies is None:
            _migrate(_name())
            _copies(shared, 0)
    return None if copies == int(os.environ[WORKERS]) else _name()


def was_copied(shared: Path) -> None:
    """This process has its database: the last one drops the template. A process that takes the place of one that died
    afterwards migrates for itself."""
    with _alone(shared):
        copies = (_copies(shared) or 0) + 1
        _copies(shared, copies)
        if copies == int(os.environ[WORKERS]):
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(_name())}")


def _name() -> str:
    return f"template_{os.environ[RUN][:20]}"


def _copies(shared: Path, now: int | None = None) -> int | None:
    """How many copies were taken, None before the template is there; `now` writes it down."""
    note = shared / "copies_of_template"
    if now is not None:
        note.write_text(str(now), encoding="utf-8")
    return int(note.read_text(encoding="utf-8")) if note.exists() else None


@contextmanager
def _alone(shared: Path) -> Iterator[None]:
    with (shared / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(name: str) -> None:
    test, own = connection.settings_dict["TEST"], connection.settings_dict["NAME"]
    usual, test["NAME"] = test["NAME"], name
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.creation.destroy_test_db(own, verbosity=0, keepdb=True)  # closes, and goes back to the own name
        test["NAME"] = usual
