"""Where development keeps what it makes: `.run/` in the checkout and, for root, one that servers can enter.

PostgreSQL refuses to run as root. So as root its data lives outside the checkout, which may be private, in a
directory named by a hash of the checkout's path, and belongs to an unprivileged account.
"""

import fcntl
import hashlib
import os
import pwd
import re
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .terminal import Problem

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / ".run"
ROOT_STATE = Path("/var/lib/langnghe-dev")
SOCKET_PATH_LIMIT = 70  # bytes of the directory; with a server's file name it stays below the systems' 104
TEST_PLACES = 8


@dataclass(frozen=True)
class Account:
    """Whom server processes run as when dev.py runs as root."""

    uid: int
    gid: int


def server_account() -> Account | None:
    """`postgres`, else `nobody`, for root; nobody else can or needs to change."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise Problem("Running as root needs an account `postgres` or `nobody` for the database server; there is none.")


def short_hash(path: Path) -> str:
    """A name for a checkout that two checkouts never share."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def state_home(root: Path, *, is_root: bool) -> Path:
    """Where the servers' data of this checkout lives."""
    if not is_root:
        return root / ".run"
    base = ROOT_STATE if os.access(ROOT_STATE.parent, os.W_OK) else Path(tempfile.gettempdir()) / "langnghe-dev"
    return base / short_hash(root)


def socket_home(root: Path, home: Path, *, uid: int) -> Path:
    """Where sockets live: with the data, unless that path is too long for one or awkward inside a URL."""
    if len(os.fsencode(home)) <= SOCKET_PATH_LIMIT - 12 and re.fullmatch(r"[A-Za-z0-9/._-]+", str(home)):
        return home
    return Path(tempfile.gettempdir()) / f"langnghe-{uid}-{short_hash(root)}"


def make_private(path: Path, account: Account | None) -> Path:
    """A directory for one account only; one that somebody else made first is refused."""
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    owner = os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, account.uid if account else owner}:
        raise Problem(f"{path} belongs to somebody else; remove it or set TMPDIR to another directory.")
    if account:
        os.chown(path, account.uid, account.gid)
    path.chmod(0o700)
    return path


def make_passable(path: Path) -> Path:
    """A directory of root's that every account can walk through; one made by somebody else is refused."""
    path.mkdir(mode=0o755, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise Problem(f"{path} belongs to somebody else; remove it.")
    path.chmod(0o755)
    return path


@dataclass(frozen=True)
class Place:
    """The directories of one use: `run`, `bench`, or one of the `test-N` that may run at the same time."""

    name: str
    data: Path
    sockets: Path
    logs: Path
    home: Path
    account: Account | None

    @property
    def lifeline(self) -> Path:
        """Locked by everyone who needs this place's servers; see guard.py."""
        return RUN / f"{self.name}.lifeline"

    @property
    def stamp(self) -> Path:
        """What the database was last prepared with; goes when the data goes."""
        return self.home / f"{self.name}.stamp"


def place(name: str) -> Place:
    """Make the directories of one use."""
    make_run()
    account = server_account()
    home = state_home(ROOT, is_root=account is not None)
    sockets = socket_home(ROOT, home, uid=os.geteuid())
    if account:
        make_passable(home.parent)
        make_passable(home)
        (home / "checkout").write_text(str(ROOT), encoding="utf-8")
    if sockets != home:
        make_passable(sockets) if account else make_private(sockets, None)
    logs = RUN / "logs" / name
    logs.mkdir(parents=True, exist_ok=True)
    return Place(
        name=name,
        data=make_private(home / name, account),
        sockets=make_private(sockets / f"{name}.s", account),
        logs=logs,
        home=home,
        account=account,
    )


def make_run() -> Path:
    """`.run/`, for the eyes of its owner: it holds development keys and passwords."""
    try:
        RUN.mkdir(mode=0o700, exist_ok=True)
        if not os.access(RUN, os.W_OK | os.X_OK):
            raise PermissionError
    except PermissionError:
        raise Problem(f"{RUN} is not writable for this account; it was made by another one.") from None
    return RUN


def try_lock(path: Path) -> IO[str] | None:
    """An exclusive lock that ends with this process, or None when another process has it."""
    handle = open(path, "a", encoding="utf-8")  # noqa: SIM115 - open for as long as the lock is to last
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return None
    return handle


def wait_lock(path: Path) -> IO[str]:
    """An exclusive lock, waiting for its turn."""
    handle = open(path, "a", encoding="utf-8")  # noqa: SIM115 - open for as long as the lock is to last
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def free_test_place() -> tuple[Place, IO[str]]:
    """A place for tests that no other test run uses now, with the lock that keeps it."""
    make_run()
    for number in range(TEST_PLACES):
        lock = try_lock(RUN / f"test-{number}.lock")
        if lock:
            return place(f"test-{number}"), lock
    raise Problem(f"{TEST_PLACES} test runs are going on in this checkout already.")


def forgotten_homes(base: Path) -> list[Path]:
    """Root's state of checkouts that no longer exist."""
    marks = base.glob("*/checkout") if base.is_dir() else []
    return [mark.parent for mark in marks if not Path(mark.read_text(encoding="utf-8")).is_dir()]


def wipe() -> list[Path]:
    """Remove everything that was made, but not the installed packages. Returns what went."""
    home = state_home(ROOT, is_root=os.geteuid() == 0)
    sockets = socket_home(ROOT, home, uid=os.geteuid())
    forgotten = forgotten_homes(home.parent) if os.geteuid() == 0 else []
    gone = [path for path in dict.fromkeys([RUN, home, sockets, *forgotten]) if path.exists()]
    for path in gone:
        shutil.rmtree(path)
    return gone
