"""`dev.py check`: what can be found wrong without running the tests. All steps run, whatever fails."""

import re
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from . import install, services, state
from .environment import django_environment
from .terminal import say

ADDRESS = re.compile(r"\S*://\S*")
PRODUCTION_LIKE = {
    "DEBUG": "0",
    "DEMO": "0",
    "BASE_URL": "https://lang-nghe.example.invalid",
    "ALLOWED_HOSTS": "lang-nghe.example.invalid",
    "BEHIND_TLS_PROXY": "1",
    "EMAIL_URL": "smtp://mail.example.invalid:25",
}


@dataclass(frozen=True)
class Step:
    """One check: its name and the command, or the function, that does it."""

    title: str
    work: Sequence[str] | Callable[[], str]
    more: Mapping[str, str] | None = None


def addresses_in_locks() -> str:
    """Lock files name packages and hashes only: an index's address would be somebody's private network."""
    faults = []
    for path in sorted((state.ROOT / "requirements").glob("*.txt")):
        found = ADDRESS.findall(path.read_text(encoding="utf-8"))
        faults += [f"{path.relative_to(state.ROOT)}: {address}" for address in found]
    return "\n".join(faults)


def program(name: str, *arguments: str) -> list[str]:
    """A program of the virtual environment."""
    return [str(install.VENV / "bin" / name), *arguments]


def django(*arguments: str) -> list[str]:
    """A management command."""
    return [str(install.PYTHON), "manage.py", *arguments]


def messages(*arguments: str) -> list[str]:
    """The translation tool, which needs the installed packages."""
    return [str(install.PYTHON), "-m", "config.dev.messages", *arguments]


def template_folders() -> list[str]:
    """Where templates are."""
    return [
        str(path) for path in [state.ROOT / "templates", *state.ROOT.glob("*/templates")] if any(path.rglob("*.html"))
    ]


def steps() -> list[Step]:
    """What is checked, the quick ones first."""
    return [
        Step("lock files hold no address", addresses_in_locks),
        Step("ruff", program("ruff", "check", "--output-format", "concise", ".")),
        Step("ruff format", program("ruff", "format", "--check", "--output-format", "concise", ".")),
        Step("import contract", program("lint-imports", "--no-cache")),
        Step("templates", program("djlint", "--lint", "--quiet", *template_folders())),
        Step("translations", messages("--check")),
        Step("migrations", django("makemigrations", "--check", "--dry-run")),
        Step("django", django("check", "--fail-level", "WARNING")),
        Step("django, as deployed", django("check", "--deploy", "--fail-level", "WARNING"), PRODUCTION_LIKE),
        Step("types", program("mypy", ".")),
    ]


def outcome(step: Step, environment: Mapping[str, str]) -> str | None:
    """None when the check passed, else what it said."""
    if callable(step.work):
        return step.work() or None
    done = subprocess.run(
        step.work,
        env={**environment, **(step.more or {})},
        cwd=state.ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return (done.stdout.strip() or f"exit code {done.returncode}") if done.returncode else None


def check(arguments: Sequence[str]) -> int:
    """Lint, types, import contract, migrations, translations."""
    install.ensure()
    chosen = [step for step in steps() if not arguments or any(word in step.title for word in arguments)]
    failed = 0
    where, _lock = state.free_test_place()
    with services.running(where, services.NOT_DURABLE) as found:
        environment = {**django_environment(found), "NO_COLOR": "1"}
        for step in chosen:
            began = time.monotonic()
            said = outcome(step, environment)
            failed += said is not None
            say(f"{'ok    ' if said is None else 'FAILED'}  {time.monotonic() - began:5.1f} s  {step.title}")
            if said is not None:
                say("\n".join(f"        {line}" for line in said.splitlines()[-200:]))
    say(f"{len(chosen) - failed} of {len(chosen)} checks passed.")
    return 1 if failed else 0
