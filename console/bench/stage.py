"""What the benchmark works on: the rows, people of every role with a session, a client with a token, a server."""

import os
import platform
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from knox.models import AuthToken

from accounts.models import User
from accounts.signin.middleware import PASSED_AT
from accounts.signin.sessions import SessionStore
from console.bench.load import get
from console.bench.server import serving
from facilities.models import Facility
from feedback.demo.loading import Loaded, load
from feedback.demo.rows import Tables
from feedback.models import Case

ROLES = {  # who opens the pages, by role; the facility is one with many cases
    "operator": "truc.duong-day-nong",
    "officer": "lan.to-cong-tac",
    "division_officer": "thao.nghiep-vu-y",
    "lead": "to.truong",
    "director": "lanh.dao-so",
    "facility_officer": "cbql.truc-van",
    "facility_director": "giam.doc.lam-kieu",
    "auditor": "giam.sat",
    "sysadmin": "quan.tri",
}
READER, SENDER = "kho-du-lieu-nganh", "he-thong-1022"


class NotForRealData(Exception):
    """A benchmark writes and removes cases: it has no place beside real facilities."""


@dataclass
class Stage:
    """Handed to every measure. `port` is the server's; `loaded` is there when the rows were loaded in this run."""

    cases: int
    rounds: int
    seconds: float
    loaded: Loaded | None = None
    port: int = 0
    users: dict[str, User] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def page(self, role: str, path: str) -> bytes:
        """A request for a page of the console by somebody of this role."""
        return get(path, Cookie=f"{settings.SESSION_COOKIE_NAME}={self.cookies[role]}")

    def api(self, path: str) -> bytes:
        """A request of the reading client."""
        return get(path, Authorization=f"Token {self.tokens[READER]}")


def prepare(cases: int, progress: Any) -> Loaded | None:
    """Schema, static files, reference data and rows, as far as they are missing; what was loaded is returned."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)  # pages name these files by their content
    call_command("load_reference", stdout=open(os.devnull, "w"))  # noqa: SIM115
    if Facility.objects.real().exists():
        raise NotForRealData
    there = Case.objects.count()
    if there >= cases:
        return None
    now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    loaded = load(cases - there, seed=1 + there, now=now, progress=progress)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    return loaded


@contextmanager
def staged(cases: int, *, rounds: int, seconds: float, loaded: Loaded | None) -> Iterator[Stage]:
    """A stage with everybody signed in and the server up."""
    stage = Stage(cases, rounds, seconds, loaded)
    stage.users = {role: User.objects.get(username=name) for role, name in ROLES.items()}
    stage.cookies = {role: _session(user) for role, user in stage.users.items()}
    for name in (READER, SENDER):
        stage.tokens[name] = AuthToken.objects.create(User.objects.get(username=name))[1]
    try:
        with serving() as port:
            stage.port = port
            yield stage
    finally:
        for cookie in stage.cookies.values():
            SessionStore(cookie).delete()
        AuthToken.objects.filter(user__username__in=[READER, SENDER]).delete()


def _session(user: User) -> str:
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[PASSED_AT] = time.time()
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


@contextmanager
def leaving_no_rows() -> Iterator[None]:
    """For measures that write cases: what they wrote goes again, or the newest rows would be unlike all others.

    The tables' own triggers forbid deletion; in a database of nothing but invented data they are told to look away."""
    tables = Tables().all.values()
    begun = {
        table.name: one(f"SELECT coalesce(max({table.key or 'case_id'}), 0) FROM {table.name}") for table in tables
    }
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            for table in reversed(tables):
                cursor.execute(f"DELETE FROM {table.name} WHERE {table.key or 'case_id'} > %s", [begun[table.name]])
            cursor.execute("RESET session_replication_role")
            cursor.execute(f"VACUUM ANALYZE {', '.join(begun)}")


def one(sql: str, params: Sequence[Any] = ()) -> Any:
    """The first column of the first row."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]


def about() -> dict[str, str]:
    """The machine, as far as it matters."""
    return {
        "date": timezone.localdate().isoformat(),
        "machine": f"{os.cpu_count()} cores ({_processor()}), {_memory()}",
        "postgresql": str(one("SHOW server_version")).split()[0],
        "shared_buffers": str(one("SHOW shared_buffers")),
        "python": platform.python_version(),
    }


def _processor() -> str:
    found = re.search(r"model name\s*: (.+)", _read("/proc/cpuinfo"))
    return found[1] if found else platform.machine()


def _memory() -> str:
    found = re.search(r"MemTotal:\s*(\d+)", _read("/proc/meminfo"))
    return f"{int(found[1]) / 1024**2:.0f} GB" if found else "memory unknown"


def _read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8") if Path(path).exists() else ""
