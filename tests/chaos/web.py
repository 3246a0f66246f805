"""The web server of a crash run: gunicorn as `dev.py run` starts it, whose workers are killed, or all of it."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from random import Random

from config.dev import runner, services
from config.dev.state import Place
from config.dev.terminal import Problem, tail

WORKERS, THREADS = 4, 2
PATIENCE = 120


class WebServer:
    """Keeps the listening socket: who connects while the server is away waits, as behind a proxy that holds on."""

    def __init__(self, place: Place, folder: Path) -> None:
        self.place = place
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.pidfile, self.log = folder / "web.pid", place.logs / "web.log"
        self.environment: Mapping[str, str] = {}
        self.guard: subprocess.Popen[bytes] | None = None

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it, and wait until it answers."""
        self.environment = environment
        self.log.unlink(missing_ok=True)
        self._start()
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if time.monotonic() > until or not self._is_up():
                raise Problem(f"The web server did not become ready. The end of {self.log}:\n{tail(self.log)}")
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with runner.DIRECT.open(f"{self.address}/phan-anh/", timeout=10) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _start(self) -> None:
        self.pidfile.unlink(missing_ok=True)
        command = runner.web_command(self.listener.fileno(), debug=False)
        command += ["--workers", str(WORKERS), "--threads", str(THREADS), "--pid", self.pidfile]
        self.guard = services.start_guarded(
            command,
            lifeline=self.place.lifeline,
            log=self.log,
            environment=self.environment,
            files=[self.listener.fileno()],
        )

    def _is_up(self) -> bool:
        return self.guard is not None and self.guard.poll() is None

    def tend(self) -> None:
        """Bring it back when all of it is gone; single workers are the server's own business."""
        if not self._is_up():
            self._start()

    def kill_worker(self, random: Random) -> bool:
        """`kill -9` one worker; False when there is none just now."""
        try:
            master = int(self.pidfile.read_text())
            workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
            os.kill(int(random.choice(workers)), signal.SIGKILL)
        except (OSError, ValueError, IndexError):  # it is just starting
            return False
        return True

    def kill_all(self) -> bool:
        """`kill -9` the server with all its workers; False when there is none just now."""
        try:
            os.killpg(int(self.pidfile.read_text()), signal.SIGKILL)
        except (OSError, ValueError):
            return False
        assert self.guard is not None
        self.guard.wait(PATIENCE)
        return True

    def stop(self) -> None:
        """End it."""
        if self.guard is not None:
            self.guard.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.guard.wait(30)
        self.listener.close()
