"""`dev.py run`: prepare the database, start web server and worker, keep watch, stop everything."""

import argparse
import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import install, services, state
from .environment import django_environment
from .preparation import SIGN_INS, Preparation
from .terminal import Problem, say, table, tail

FIRST_PORT, LAST_PORT = 8000, 8099
PATIENCE = 120
SHARED_MEMORY = Path("/dev/shm")
RUNNING = state.RUN / "run.json"
LOCK = state.RUN / "run.lock"
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # this machine is not behind a proxy of itself


def options(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of `run`."""
    parser = argparse.ArgumentParser(prog="dev.py run", description="The whole system on this machine.")
    parser.add_argument(
        "--port", type=int, help=f"of the web server on 127.0.0.1; default: the first free from {FIRST_PORT}"
    )
    parser.add_argument("--cases", type=int, default=2000, help="demo cases for an empty database (2000)")
    parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
    parser.add_argument("--debug", action="store_true", help="DEBUG=1 and a web server that reloads changed code")
    return parser.parse_args(arguments)


def listen(wanted: int | None) -> socket.socket:
    """A listening socket on the wanted port, or on the first free one. The web server inherits it."""
    for port in [wanted] if wanted is not None else range(FIRST_PORT, LAST_PORT + 1):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen(512)
        except (OSError, OverflowError) as error:
            listener.close()
            if wanted is not None:
                raise Problem(f"Port {wanted} cannot be used ({error}). Choose another one with --port.") from None
            continue
        if wanted is None and port != FIRST_PORT:
            say(f"Port {FIRST_PORT} is taken; using {port}.")
        return listener
    raise Problem(f"Every port from {FIRST_PORT} to {LAST_PORT} is taken. Choose another one with --port.")


class Programs:
    """The web server and the worker, each under its guard; in the order they were started."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.started: list[tuple[str, subprocess.Popen[bytes], Path]] = []
        self.lifeline = state.RUN / "programs.lifeline"
        self._hold = open(self.lifeline, "a", encoding="utf-8")  # noqa: SIM115 - held until stop()
        fcntl.flock(self._hold, fcntl.LOCK_SH)  # waits while guards of a killed dev.py are ending theirs

    def start(self, title: str, command: Sequence[str | Path], environment: Mapping[str, str], *files: int) -> None:
        """Start one, with its own log."""
        log = self.logs / f"{title}.log"
        if log.exists():
            log.replace(log.with_suffix(".old"))
        guard = services.start_guarded(command, lifeline=self.lifeline, log=log, environment=environment, files=files)
        self.started.append((title, guard, log))

    def check(self) -> None:
        """Complain when one has ended."""
        for title, guard, log in self.started:
            if guard.poll() is not None:
                raise Problem(f"The {title} ended by itself (code {guard.returncode}). The end of {log}:\n{tail(log)}")

    def stop(self) -> None:
        """End them, the last one first."""
        for _title, guard, _log in reversed(self.started):
            guard.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                guard.wait(30)
        self._hold.close()


def web_command(descriptor: int, *, debug: bool) -> list[str | Path]:
    """gunicorn, as in production but on an inherited socket."""
    command: list[str | Path] = [install.VENV / "bin" / "gunicorn", "config.wsgi:application"]
    command += ["--bind", f"fd://{descriptor}", "--workers", "2", "--threads", "4", "--worker-class", "gthread"]
    command += ["--no-control-socket", "--reload" if debug else "--preload"]
    if os.access(SHARED_MEMORY, os.W_OK):
        command += ["--worker-tmp-dir", SHARED_MEMORY]  # a slow disk must not look like a dead worker
    return command


def worker_command(name: str) -> list[str | Path]:
    """One Celery process with beat: threads instead of processes, because it is light and stops at once."""
    return [
        *(install.VENV / "bin" / "celery", "-A", "config", "worker", "-B", "-P", "threads", "-c", "2"),
        *("--schedule", state.RUN / "beat", "--without-gossip", "--without-mingle", "-n", f"{name}@%h"),
        *("-l", "INFO", "--pidfile", ""),
    ]


def readiness(address: str) -> dict[str, Any]:
    """What /health/ready says; empty when nobody answers."""
    try:
        with DIRECT.open(f"{address}/health/ready", timeout=10) as answer:
            return {**json.load(answer)}
    except urllib.error.HTTPError as error:
        with contextlib.suppress(ValueError):
            return {**json.load(error)}
        return {"status": f"HTTP {error.code}"}
    except (OSError, ValueError):
        return {}


def wait_until_ready(address: str, programs: Programs, found: services.Services) -> None:
    """Return when the system says that it can work."""
    end = time.monotonic() + PATIENCE
    said: dict[str, Any] = {}
    while time.monotonic() < end:
        check_all(programs, found)
        said = readiness(address)
        if said.get("status") == "ok":
            return
        time.sleep(0.2)
    told = {part: word for part, word in said.items() if word != "ok" and part != "operations"}
    faults = ", ".join(f"{part}: {word}" for part, word in told.items()) or "no answer"
    raise Problem(f"Not ready after {PATIENCE} s ({faults}). Logs: {programs.logs}")


def check_all(programs: Programs, found: services.Services) -> None:
    """Complain about the first part that has ended."""
    server = found.dead()
    if server:
        raise Problem(f"{server.title} ended by itself. The end of {server.log}:\n{tail(server.log)}")
    programs.check()


def sign_ins() -> str:
    """One sign-in per role, as load_demo left them."""
    columns = {"role_vi": "Vai trò", "user": "Tài khoản", "password": "Mật khẩu", "address": "Địa chỉ"}
    try:
        entries = json.loads(SIGN_INS.read_text(encoding="utf-8"))
        rows = [[str(entry.get(name) or "") for name in columns] for entry in entries]
    except (OSError, ValueError, AttributeError):
        return "No demo sign-ins are known; `python3 dev.py manage createsuperuser` makes one."
    hint = "The second step asks for a code: `python3 dev.py code USER` prints it."
    return f"{table([list(columns.values()), *rows])}\n\n{hint}"


def welcome(address: str, seconds: float) -> str:
    """What a person who has just started it wants to know."""
    addresses = [
        ["Console", f"{address}/console/"],
        ["Public form", f"{address}/phan-anh/"],
        ["API", f"{address}/api/v1/docs/"],
        ["Health", f"{address}/health/ready"],
        ["Logs", str(state.RUN / "logs" / "run")],
    ]
    return f"\nReady in {seconds:.1f} s.\n\n{table(addresses)}\n\n{sign_ins()}\n\nCtrl-C stops everything."


def run(arguments: Sequence[str]) -> int:
    """The whole system with demo data, until Ctrl-C."""
    began = time.monotonic()
    wanted = options(arguments)
    install.ensure()
    where = state.place("run")
    lock = state.try_lock(LOCK)
    if lock is None:
        raise Problem(f"It is running already in this checkout{running_address()}. `dev.py stop` ends it.")
    programs = Programs(where.logs)
    with lock, listen(wanted.port) as listener, services.running(where, services.DURABLE) as found:
        try:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            RUNNING.write_text(json.dumps({"pid": os.getpid(), "address": address}), encoding="utf-8")
            services.announce(found)
            environment = {**django_environment(found), "BASE_URL": address, "DEBUG": str(int(wanted.debug))}
            Preparation(found, environment, wanted).do()
            serving = {**environment, "DATABASE_ROLE": "langnghe_app"}
            programs.start("worker", worker_command("worker"), serving)
            web = {**serving, "DB_CONN_MAX_AGE": "600"}
            programs.start("web", web_command(listener.fileno(), debug=wanted.debug), web, listener.fileno())
            listener.close()  # the web server has it now; if that dies, the port is free
            wait_until_ready(address, programs, found)
            say(welcome(address, time.monotonic() - began))
            while True:
                time.sleep(0.5)
                check_all(programs, found)
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # an impatient second Ctrl-C must not leave half of it
            say("Stopping …")
            RUNNING.unlink(missing_ok=True)
            programs.stop()


def running_address() -> str:
    """` at <address>` of the `run` that goes on, as far as known."""
    try:
        return f" at {json.loads(RUNNING.read_text(encoding='utf-8'))['address']}"
    except (OSError, ValueError, KeyError):
        return ""


def stop(arguments: Sequence[str]) -> int:
    """End `run`; --wipe also removes databases, files and keys."""
    parser = argparse.ArgumentParser(prog="dev.py stop")
    parser.add_argument("--wipe", action="store_true", help="remove databases, uploads, logs and development keys")
    wanted = parser.parse_args(arguments)
    say("Stopped." if state.RUN.is_dir() and stop_running() else "Nothing was running.")
    if wanted.wipe:
        busy = [path.stem for path in state.RUN.glob("*.lifeline") if is_held(path)]
        if busy:
            raise Problem(f"Still in use by another dev.py command: {', '.join(busy)}. Nothing was removed.")
        for path in state.wipe():
            say(f"Removed {path}")
    return 0


def is_held(path: Path) -> bool:
    """Whether a command holds this lifeline, or a guard is still ending its server."""
    lock = state.try_lock(path)
    if lock:
        lock.close()
    return lock is None


def stop_running() -> bool:
    """Ask the running dev.py to end and wait for it."""
    if not is_held(LOCK):
        return False
    try:
        pid = int(json.loads(RUNNING.read_text(encoding="utf-8"))["pid"])
        os.kill(pid, signal.SIGTERM)
    except (OSError, ValueError, KeyError):
        raise Problem("It is just starting or stopping; try again in a moment.") from None
    end = time.monotonic() + 60
    while is_held(LOCK):
        if time.monotonic() > end:
            raise Problem(f"Process {pid} did not end within a minute.")
        time.sleep(0.1)
    return True
