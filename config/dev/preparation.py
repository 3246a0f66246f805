"""Brings a database and the static files up to the checkout, and skips what is up to date already."""

import argparse
import contextlib
import hashlib
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from . import install, services, state
from .terminal import Problem, say, tail

SIGN_INS = state.RUN / "demo.json"


def fingerprint(files: Iterable[Path], *more: str) -> str:
    """Changes when a file's content, name or place does."""
    found = hashlib.sha256("\0".join(more).encode())
    for path in sorted(files):
        found.update(f"\0{path.relative_to(state.ROOT)}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def sources_of_the_database() -> list[Path]:
    """What decides the schema and the reference data: migrations, data files, modules named `reference`."""
    apps = [path.parent for path in state.ROOT.glob("*/apps.py")]
    found: set[Path] = set()
    for app in apps:
        found.update(app.glob("migrations/*.py"))
        found.update(path for ending in ("json", "csv", "toml", "yaml") for path in app.rglob(f"*.{ending}"))
        found.update(path for path in app.rglob("*.py") if "reference" in path.relative_to(app).as_posix())
    return sorted(found)


def sources_of_static_files() -> list[Path]:
    """Our own static files; those of packages change with the lock file."""
    folders = [state.ROOT / "static", *state.ROOT.glob("*/static")]
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def has_command(name: str) -> bool:
    """Whether one of our apps brings this management command."""
    return any(state.ROOT.glob(f"*/management/commands/{name}.py"))


class Preparation:
    """Brings an empty or older database, and the static files, up to the checkout."""

    def __init__(self, found: services.Services, environment: Mapping[str, str], wanted: argparse.Namespace) -> None:
        self.services = found
        self.environment = environment
        self.options = wanted
        self.log = found.place.logs / "prepare.log"
        self.static_stamp = state.RUN / "static.stamp"

    def do(self) -> None:
        """Everything that is not done already."""
        packages = install.KEY_FILE.read_text(encoding="utf-8")
        database = fingerprint(sources_of_the_database(), packages, str(self.options.no_demo))
        static = fingerprint([*sources_of_static_files(), state.ROOT / "config" / "settings.py"], packages)
        with self._collecting(static):
            if self.services.is_own_database and read(self.services.place.stamp) == database:
                return
            self._step("Migrating", "migrate", "--no-input")
            if has_command("load_reference"):
                self._step("Loading reference data", "load_reference")
            if not self.options.no_demo and has_command("load_demo"):
                self._load_demo()
            if has_command("sweep_deadlines"):
                self._step("First sweep over the deadlines", "sweep_deadlines")
        if self.services.is_own_database:
            self.services.place.stamp.write_text(database, encoding="utf-8")

    def _command(self, *arguments: str) -> list[str | Path]:
        return [install.PYTHON, "manage.py", *arguments]

    def _step(self, title: str, *arguments: str) -> None:
        began = time.monotonic()
        with self.log.open("wb") as log:
            done = subprocess.run(
                self._command(*arguments),
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        if done.returncode:
            raise Problem(f"{title} failed. The end of {self.log}:\n{tail(self.log)}")
        say(f"{title}: {time.monotonic() - began:.1f} s")

    @contextlib.contextmanager
    def _collecting(self, wanted: str) -> Iterator[None]:
        """Collect static files, if they changed, on the other processor meanwhile."""
        if read(self.static_stamp) == wanted:
            yield
            return
        path = self.services.place.logs / "collectstatic.log"
        with path.open("wb") as log:
            collecting = subprocess.Popen(
                self._command("collectstatic", "--no-input", "--clear", "-v", "0"),
                env={**self.environment, "DEBUG": "0"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            yield
            if collecting.wait():
                raise Problem(f"Collecting static files failed. The end of {path}:\n{tail(path)}")
        finally:
            if collecting.poll() is None:
                collecting.kill()
                collecting.wait()
        self.static_stamp.write_text(wanted, encoding="utf-8")

    def _load_demo(self) -> None:
        if self.services.has_rows("feedback_case"):
            say("The database holds cases already: no demo data added (`dev.py stop --wipe` starts afresh).")
            return
        SIGN_INS.unlink(missing_ok=True)
        SIGN_INS.touch(mode=0o600)
        arguments = ["load_demo", "--cases", str(self.options.cases), "--signins", str(SIGN_INS)]
        if services.foreground(self._command(*arguments), self.environment):
            raise Problem("load_demo failed; its own message is above.")


def read(path: Path) -> str:
    """A small file's text, or nothing."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
