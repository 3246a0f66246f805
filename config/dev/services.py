"""PostgreSQL and Valkey for development: started under a guard, shared, gone when nobody needs them.

Servers listen on Unix sockets in private directories: no port to clash, no password, checkouts side by side.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO
from urllib.parse import quote

from .binaries import as_account, find_postgres, find_valkey, plain_environment
from .guard import dying_with_parent
from .state import RUN, Account, Place, wait_lock
from .terminal import Problem, Stopped, say, tail

DATABASE = USER = "app"
POSTGRES_SOCKET = ".s.PGSQL.5432"
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "2GB"}
DURABLE = {"shared_buffers": "256MB", "max_wal_size": "2GB", "checkpoint_timeout": "15min"}
FOR_BENCH = {
    "shared_buffers": "1GB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "3GB",
    "random_page_cost": "1.1",
}


@dataclass(frozen=True)
class Server:
    """A server on a socket: how to start it, how to know that it works, how to end it."""

    title: str
    command: Sequence[str | Path]
    socket: Path
    log: Path
    is_ready: Callable[[], bool]
    stop_signal: int = signal.SIGTERM
    grace: float = 30


def is_listening(path: Path) -> bool:
    """Whether somebody accepts connections on a socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(2)
        try:
            client.connect(os.fspath(path))
        except OSError:
            return False
    return True


def valkey_answers(path: Path) -> bool:
    """Whether PING is answered."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(2)
        try:
            client.connect(os.fspath(path))
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def postgres_client(programs: Path, place: Place, program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run one of PostgreSQL's client programs against the place's server."""
    return subprocess.run(
        [programs / program, "-h", place.sockets, "-U", USER, *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=plain_environment(),
    )


def make_cluster(programs: Path, version: str, place: Place, *, durable: bool) -> Path:
    """The data directory of this major version, made if missing. Same letters and order on every machine."""
    major = int(version.split(".")[0])
    data = place.data / f"pg{major}"
    if (data / "PG_VERSION").is_file():
        return data
    unfinished = place.data / f"pg{major}.new"
    if unfinished.exists():
        shutil.rmtree(unfinished)
    letters = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"] if major >= 17 else []
    made = subprocess.run(
        [
            *(
                programs / "initdb",
                "-D",
                unfinished,
                "-U",
                USER,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-instructions",
            ),
            *(letters or ["--locale=C.UTF-8"]),
            *([] if durable else ["--no-sync"]),
        ],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=plain_environment(),
        **as_account(place.account),
    )
    if made.returncode:
        raise Problem(f"PostgreSQL could not make its data directory.\n{made.stdout}{made.stderr}")
    unfinished.rename(data)
    place.stamp.unlink(missing_ok=True)
    return data


def postgres(place: Place, settings: Mapping[str, str]) -> tuple[Server, Path]:
    """The PostgreSQL of a place, with its cluster made, and where its programs are."""
    programs, version = find_postgres(place)
    data = make_cluster(programs, version, place, durable="fsync" not in settings)
    fixed = {
        "listen_addresses": "",
        "unix_socket_directories": os.fspath(place.sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    options = [part for name, value in {**fixed, **settings}.items() for part in ("-c", f"{name}={value}")]
    server = Server(
        title=f"PostgreSQL {version}",
        command=[programs / "postgres", "-D", data, *options],
        socket=place.sockets / POSTGRES_SOCKET,
        log=place.logs / "postgres.log",
        is_ready=lambda: postgres_client(programs, place, "pg_isready", "-q", "-d", "postgres").returncode == 0,
        stop_signal=signal.SIGINT,  # "fast": end sessions, write a checkpoint, go
    )
    return server, programs


def valkey(place: Place) -> Server:
    """The Valkey of a place. It keeps nothing on disk: the database is the truth."""
    path = place.sockets / "valkey.sock"
    settings = {
        "port": "0",
        "unixsocket": os.fspath(path),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
    }
    options = [part for name, value in settings.items() for part in (f"--{name}", value)]
    return Server(
        title="Valkey",
        command=[find_valkey(place), *options, "--dir", place.data],
        socket=path,
        log=place.logs / "valkey.log",
        is_ready=lambda: valkey_answers(path),
    )


def start_guarded(
    command: Sequence[str | Path],
    *,
    lifeline: Path,
    log: Path,
    stop_signal: int = signal.SIGTERM,
    grace: float = 20,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
    files: Sequence[int] = (),
) -> "subprocess.Popen[bytes]":
    """Start a program under guard.py, with its own log, no terminal, and the descriptors `files`."""
    switch = ["--uid", str(account.uid), "--gid", str(account.gid)] if account else []
    switch += [part for number in files for part in ("--file", str(number))]
    guard = Path(__file__).with_name("guard.py")
    with log.open("ab") as output:
        return subprocess.Popen(
            [
                *(sys.executable, "-I", "-S", guard, "--lifeline", lifeline),
                *("--signal", str(int(stop_signal)), "--grace", str(grace), *switch, "--", *command),
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            cwd="/" if account else None,
            env=environment or plain_environment(),
            pass_fds=files,
        )


def ensure_started(server: Server, place: Place, patience: float = 120) -> "subprocess.Popen[bytes] | None":
    """Start a server unless one answers on its socket already; returns its guard when it was started here."""
    if is_listening(server.socket):
        return None
    if server.log.exists() and server.log.stat().st_size > 5_000_000:
        server.log.replace(server.log.with_suffix(".old"))
    guard = start_guarded(
        server.command,
        lifeline=place.lifeline,
        log=server.log,
        stop_signal=server.stop_signal,
        grace=server.grace,
        account=place.account,
    )
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if server.is_ready():
            return guard
        if guard.poll() is not None:
            raise Problem(f"{server.title} did not start. The end of {server.log}:\n{tail(server.log)}")
        time.sleep(0.03)
    guard.terminate()
    raise Problem(f"{server.title} was not ready after {patience:.0f} s. The end of {server.log}:\n{tail(server.log)}")


def ensure_database(programs: Path, place: Place) -> None:
    """The database in the cluster."""
    query = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"
    if postgres_client(programs, place, "psql", "-d", "postgres", "-Atc", query).stdout.strip() == "1":
        return
    made = postgres_client(programs, place, "createdb", DATABASE)
    if made.returncode and "already exists" not in made.stderr:
        raise Problem(f"The database could not be made: {made.stderr.strip()}")


class Services:
    """The servers that one command uses, and its part in keeping them."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.environment: dict[str, str] = {}
        self.servers: list[Server] = []
        self.is_own_database = False
        self._guards: list[subprocess.Popen[bytes]] = []
        self._lifeline: IO[str] = open(place.lifeline, "a", encoding="utf-8")  # noqa: SIM115 - held until release()

    def start(self, settings: Mapping[str, str]) -> None:
        """Start or join what DATABASE_URL and REDIS_URL do not name already."""
        fcntl.flock(self._lifeline, fcntl.LOCK_SH)  # waits while guards are just ending the servers
        with wait_lock(RUN / f"{self.place.name}.start"):
            if not os.environ.get("DATABASE_URL"):
                server, programs = postgres(self.place, settings)
                self._start(server)
                ensure_database(programs, self.place)
                self.is_own_database = True
                host = quote(os.fspath(self.place.sockets), safe="/")
                self.environment["DATABASE_URL"] = f"postgresql://{USER}@/{DATABASE}?host={host}"
            if not os.environ.get("REDIS_URL"):
                server = valkey(self.place)
                self._start(server)
                self.environment["REDIS_URL"] = f"redis+socket://{server.socket}"

    def _start(self, server: Server) -> None:
        guard = ensure_started(server, self.place)
        self.servers.append(server)
        if guard:
            self._guards.append(guard)

    def has_rows(self, name: str) -> bool:
        """Whether a table of the database holds anything; a table that does not exist holds nothing."""
        return self.rows(f"SELECT EXISTS (SELECT 1 FROM {name})") == ["t"]

    def rows(self, query: str) -> list[str]:
        """What the database answers, line by line; nothing when it has no such table."""
        programs, _version = find_postgres(self.place)
        url = self.environment.get("DATABASE_URL") or os.environ["DATABASE_URL"]
        asked = subprocess.run(
            [programs / "psql", "-d", url, "-Atc", query],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            env=plain_environment(),
        )
        return asked.stdout.split("\n")[:-1]

    def dead(self) -> Server | None:
        """A server that no longer answers."""
        return next((server for server in self.servers if not is_listening(server.socket)), None)

    def release(self) -> None:
        """Let go. When no other command holds on, wait until the guards have ended the servers."""
        try:
            fcntl.flock(self._lifeline, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_last = True
        except OSError:
            is_last = False
        self._lifeline.close()
        if not is_last:
            return
        end = time.monotonic() + 40
        while time.monotonic() < end and (self._are_guards_alive() or self.is_any_up()):
            time.sleep(0.05)

    def _are_guards_alive(self) -> bool:
        return any(guard.poll() is None for guard in self._guards)

    def is_any_up(self) -> bool:
        """Whether a server still answers."""
        return any(is_listening(server.socket) for server in self.servers)


@contextlib.contextmanager
def running(place: Place, settings: Mapping[str, str]) -> Iterator[Services]:
    """The services of a place for the time of a `with` block."""
    services = Services(place)
    try:
        services.start(settings)
        yield services
    finally:
        services.release()


def foreground(command: Sequence[str | Path], environment: Mapping[str, str]) -> int:
    """Run a program at this terminal; its exit code. Ctrl-C is its business; SIGTERM is passed on, then obeyed."""
    stopped: list[int] = []
    child = subprocess.Popen(command, env=environment, preexec_fn=dying_with_parent(signal.SIGTERM))

    def pass_on(number: int, _frame: FrameType | None) -> None:
        stopped.append(number)
        child.send_signal(number)

    previous = {number: signal.signal(number, pass_on) for number in (signal.SIGTERM, signal.SIGHUP)}
    previous[signal.SIGINT] = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = child.wait()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    if stopped:
        raise Stopped(stopped[0])
    return 128 - code if code < 0 else code


def announce(services: Services) -> None:
    """One line on what is used."""
    titles = [server.title for server in services.servers]
    if "DATABASE_URL" not in services.environment:
        titles.insert(0, "PostgreSQL of DATABASE_URL")
    if "REDIS_URL" not in services.environment:
        titles.append("Redis of REDIS_URL")
    say("Services: " + ", ".join(titles))
