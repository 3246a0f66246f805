"""A real stack for real browsers: gunicorn, a Celery worker and beat, on a database of their own, and Chromium.

The stack is started once for all browser tests and stopped with them. Screenshots go to `.run/screenshots/` (and, with
`KEEP_SCREENSHOTS=1`, to `docs/screenshots/`, from where the README shows them)."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from config.dev.guard import dying_with_parent
from config.dev.onetime import PERIOD, code

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / ("docs/screenshots" if os.environ.get("KEEP_SCREENSHOTS") else ".run/screenshots")
NAME = "langnghe_browser"
TYPED_WITHIN = 8  # seconds; a code whose time ends before it is sent would be refused
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="No Chromium on this machine: apt-get install chromium"))


@dataclass(frozen=True)
class Stack:
    """A running system: its address, its sign-ins by role and by name, and how it is managed."""

    address: str
    signins: dict[str, dict[str, str]]
    environment: dict[str, str]
    used: dict[str, int] = field(default_factory=dict)
    sessions: dict[str, list[Any]] = field(default_factory=dict)  # cookies of those who signed in already, by sign-in

    def code_of(self, signin: dict[str, str]) -> str:
        """A code that was not used yet; waits where one person signs in more often than codes change."""
        period = max(self.used.get(signin["user"], 0) + 1, int(time.time() + TYPED_WITHIN) // PERIOD - 1)
        self.used[signin["user"]] = period
        while period > int(time.time()) // PERIOD + 1:
            time.sleep(0.5)
        return code(signin["totp_secret"], period * PERIOD)

    def manage(self, *words: str) -> str:
        """Run a management command against this stack and return what it prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("stack")
    port = _free_port()
    environment = _environment(folder, port)
    started: list[subprocess.Popen[bytes]] = []
    made = Stack(f"http://127.0.0.1:{port}", {}, environment)
    try:
        made.manage("migrate", "--verbosity", "0", "--skip-checks")  # the cluster of tests may forget: langnghe.E021
        made.manage("load_reference")
        made.manage("load_demo", "--cases", "300", "--signins", str(folder / "signins.json"))
        made.manage("collectstatic", "--noinput", "--verbosity", "0")
        for row in json.loads((folder / "signins.json").read_text()):
            made.signins.setdefault(row["role"], row)
            made.signins[row["user"]] = row
        serving = environment | {"DATABASE_ROLE": "langnghe_app"}
        started += [_web(folder, port, serving), _worker(folder, serving)]
        _wait_until_ready(made.address, started, folder)
        yield made
    finally:
        for process in reversed(started):
            process.send_signal(signal.SIGTERM)
        for process in started:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        _drop_database(environment["DATABASE_URL"])


def _environment(folder: Path, port: int) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": _make_database(os.environ["DATABASE_URL"]),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "DB_CONN_MAX_AGE": "600",
        "DEBUG": "0",
        "DEMO": "1",
        "LOG_LEVEL": "WARNING",
        "EMAIL_URL": "consolemail://",
        "QUICK_EXIT_URL": f"http://127.0.0.1:{port}/health/live",  # nobody leaves for the real network
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def _server(url: str, database: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{database}"))


def _make_database(url: str) -> str:
    with psycopg.connect(_server(url, "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {NAME} TEMPLATE template0 ENCODING 'UTF8'")
    return _server(url, NAME)


def _drop_database(url: str) -> None:
    with psycopg.connect(_server(url, "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _web(folder: Path, port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    words = ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4"]
    return _start([sys.executable, "-m", *words], folder / "web.log", environment)


def _worker(folder: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    words = ["celery", "-A", "config", "worker", "-B", "-P", "threads", "-c", "2", "--schedule", str(folder / "beat")]
    return _start([sys.executable, "-m", *words], folder / "worker.log", environment)


def _start(words: list[str], log: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    # a log file of its own and no stdin: a child that holds pytest's pipe open would hang the run
    with log.open("wb") as output:
        return subprocess.Popen(
            words,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=dying_with_parent(signal.SIGTERM),
        )


def _wait_until_ready(address: str, started: list[subprocess.Popen[bytes]], folder: Path) -> None:
    for _attempt in range(240):
        for process in started:
            if process.poll() is not None:
                logs = "\n".join(log.read_text()[-3000:] for log in folder.glob("*.log"))
                pytest.fail(f"A process of the stack ended:\n{logs}")
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.5)
    logs = "\n".join(log.read_text()[-3000:] for log in folder.glob("*.log"))
    pytest.fail(f"The stack did not become ready:\n{logs}")


@pytest.fixture(scope="package")  # while Playwright's event loop runs, Django believes that it runs asynchronously
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        browser.close()


class Person:
    """Somebody at a browser: signs in, looks, clicks; keeps every console error and policy violation."""

    def __init__(self, stack: Stack, browser: Browser, width: int = 1440, height: int = 900) -> None:
        self.stack = stack
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height}, locale="en-US", timezone_id="Asia/Ho_Chi_Minh"
        )
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.stack.address}{path}")
        return self.page

    def come_back(self, role: str) -> "Person":
        """Be signed in: with the session of somebody who came before where it still counts, else by the pages.

        Two passwords and codes of one person take half a minute, because no code counts twice."""
        if cookies := self.stack.sessions.get(role):
            self.context.add_cookies(cookies)
            if not self.open("/console/").url.partition("?")[0].endswith("/login/"):
                return self
            self.context.clear_cookies()
        self.sign_in(role)
        self.stack.sessions[role] = self.context.cookies()
        return self

    def sign_in(self, role: str) -> "Person":
        signin = self.stack.signins[role]
        self.open("/console/login/")
        self.page.fill("input[name=login]", signin["user"])
        self.page.fill("input[name=password]", signin["password"])
        self.page.press("input[name=password]", "Enter")
        self.page.fill("input[name=code]", self.stack.code_of(signin))
        self.page.press("input[name=code]", "Enter")
        self.page.wait_for_url("**/console/")
        return self

    def shot(self, name: str, *, full: bool = False) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=full)


@pytest.fixture
def somebody(stack: Stack, chromium: Browser) -> Iterator[object]:
    """Make people at browsers: `somebody("officer")`, `somebody(width=360)`."""
    people: list[Person] = []

    def make(role: str = "", *, width: int = 1440, height: int = 900) -> Person:
        person = Person(stack, chromium, width, height)
        people.append(person)
        return person.come_back(role) if role else person

    yield make
    for person in people:
        person.context.close()
    complaints = [complaint for person in people for complaint in person.complaints]
    assert not complaints, complaints
