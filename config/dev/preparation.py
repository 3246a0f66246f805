"""Brings a database and the static files up to the checkout, and skips what is up to date already."""

import argparse
import contextlib
import hashlib
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from . import install, services, state
from .guard import dying_with_parent
from .terminal import INTERRUPTED, Problem, say, tail

SIGN_INS = state.RUN / "demo.json"


def fingerprint(files: Iterable[Path], *more: str) -> str:
    """Changes when a file's content, name or place does."""
    found = hashlib.sha256("\0".join(more).encode())
    for path in sorted(files):
        found.update(f"\0{path.relative_to(state.ROOT)}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def sources_of_the_database() -> list[Path]:
    """What decides the schema and the reference data: migrations, data files, modules of reference data."""
    apps = [path.parent for path in state.ROOT.glob("*/apps.py")]
    found: set[Path] = set()
    for app in apps:
        found.update(app.glob("migrations/*.py"))
        found.update(path for ending in ("json", "csv", "toml", "yaml") for path in app.rglob(f"*.{ending}"))
        modules = {path: path.relative_to(app).as_posix() for path in app.rglob("*.py")}
        found.update(path for path, name in modules.items() if "reference" in name or name == "roles.py")
    return sorted(found)


def sources_of_static_files() -> list[Path]:
    """Our own static files, not those that were collected under `.run`; those of packages change with the lock file."""
    folders = [state.ROOT / "static", *state.ROOT.glob("[!.]*/static")]
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def no_longer_here(applied: Iterable[str]) -> list[str]:
    """Which of these migrations (`app.name`) are of our apps, but not of this checkout."""
    here = {f"{path.parents[1].name}.{path.stem}" for path in state.ROOT.glob("*/migrations/[0-9]*.py")}
    ours = {name.split(".")[0] for name in here}
    return sorted(name for name in applied if name.split(".")[0] in ours and name not in here)


def has_command(name: str) -> bool:
    """Whether one of our apps brings this management command."""
    return any(state.ROOT.glob(f"*/management/commands/{name}.py"))


class Preparation:
    """Brings an empty or older database, and the static files, up to the checkout."""

    def __init__(self, found: services.Services, environment: Mapping[str, str], wanted: argparse.Namespace) -> None:
        self.services = found
        self.environment = environment
        self.options = wanted
        self.static_stamp = state.RUN / f"{found.place.name}.static"

    def do(self) -> None:
        """Everything that is not done already."""
        packages = install.KEY_FILE.read_text(encoding="utf-8")
        database = fingerprint(sources_of_the_database(), packages, str(self.options.no_demo))
        static = fingerprint([*sources_of_static_files(), state.ROOT / "config" / "settings.py"], packages)
        with self._collecting(static):
            if self.services.is_own_database and read(self.services.place.stamp) == database:
                return
            self._refuse_other_migrations()
            self._step("Migrating", "migrate", "--no-input")
            if has_command("load_reference"):
                self._step("Loading reference data", "load_reference")
            if not self.options.no_demo and has_command("load_demo"):
                self._load_demo()
            if has_command("sweep_deadlines"):
                self._step("First sweep over the deadlines", "sweep_deadlines")
        if self.services.is_own_database:
            self.services.place.stamp.write_text(database, encoding="utf-8")

    def _refuse_other_migrations(self) -> None:
        """Migrations that were written anew under a name that is recorded already would silently not run."""
        others = no_longer_here(self.services.rows("SELECT app || '.' || name FROM django_migrations"))
        if others:
            remedy = "`dev.py stop --wipe` removes it with its demo data; then run again."
            if not self.services.is_own_database:
                remedy = "Let DATABASE_URL name an empty one."
            raise Problem(
                f"The database was made by migrations that this checkout does not have: {others[-1]}"
                f" ({len(others)} in all). {remedy}"
            )

    def _command(self, *arguments: str) -> list[str | Path]:
        return [install.PYTHON, "manage.py", *arguments]

    def _start(self, log: Path, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a management command with its output in a log."""
        with log.open("wb") as output:
            return subprocess.Popen(
                self._command(*arguments),
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=dying_with_parent(signal.SIGTERM),
            )

    def _step(self, title: str, *arguments: str) -> None:
        began = time.monotonic()
        log = self.services.place.logs / f"{arguments[0]}.log"
        with ending(self._start(log, *arguments)) as command:
            if command.wait():
                raise Problem(f"{title} failed. The end of {log}:\n{tail(log)}")
        say(f"{title}: {time.monotonic() - began:.1f} s")

    @contextlib.contextmanager
    def _collecting(self, wanted: str) -> Iterator[None]:
        """Collect static files, if they changed, on the other processor meanwhile."""
        if read(self.static_stamp) == wanted:
            yield
            return
        log = self.services.place.logs / "collectstatic.log"
        with ending(self._start(log, "collectstatic", "--no-input", "--clear", "-v", "0")) as command:
            yield
            if command.wait():
                raise Problem(f"Collecting static files failed. The end of {log}:\n{tail(log)}")
        self.static_stamp.write_text(wanted, encoding="utf-8")

    def _load_demo(self) -> None:
        if self.services.has_rows("feedback_case"):
            say("The database holds cases already: no demo data added (`dev.py stop --wipe` starts afresh).")
            return
        SIGN_INS.unlink(missing_ok=True)
        SIGN_INS.touch(mode=0o600)
        arguments = ["load_demo", "--cases", str(self.options.cases), "--signins", str(SIGN_INS)]
        code = services.foreground(self._command(*arguments), self.environment)
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        if code:
            raise Problem("load_demo failed; its own message is above.")


@contextlib.contextmanager
def ending(command: "subprocess.Popen[bytes]") -> Iterator["subprocess.Popen[bytes]"]:
    """A command that does not outlive the `with` block, whatever happens in it."""
    try:
        yield command
    finally:
        if command.poll() is None:
            command.kill()
            command.wait()


def read(path: Path) -> str:
    """A small file's text, or nothing."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
