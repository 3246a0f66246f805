"""The web server of the benchmark: gunicorn as in production, on loopback, for as long as a `with` block lasts."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from console.bench.load import HOST, Line, Refused, get

PATIENCE = 60
CONFIG = Path("deploy") / "gunicorn.conf.py"


@contextmanager
def serving(database_url: str = "", *, workers: int = 2, threads: int = 4) -> Iterator[int]:
    """The port of a running server, by default with two workers of four threads."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = int(free.getsockname()[1])
    environment = {
        **os.environ,
        "BIND": f"{HOST}:{port}",
        "WEB_WORKERS": str(workers),
        "WEB_THREADS": str(threads),
        "DATABASE_ROLE": "langnghe_app",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    if database_url:
        environment["DATABASE_URL"] = database_url
    command = [sys.executable, "-m", "gunicorn", "-c", str(settings.BASE_DIR / CONFIG), "--max-requests", "0"]
    with subprocess.Popen(
        [*command, "console.bench.wsgi:application"],
        env=environment,
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            _wait_for(port, server)
            yield port
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            Line(port).ask(get("/health/live"))
        except (OSError, Refused):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"gunicorn did not answer within {PATIENCE} s (code {server.poll()})")
