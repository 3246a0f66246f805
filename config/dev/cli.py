"""The verbs of dev.py."""

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from . import checks, install, locking, onetime, preparation, runner, services, state, zones
from .environment import django_environment
from .terminal import INTERRUPTED, Problem, Stopped, say, table

# commands that leave the database as `run` prepared it
HARMLESS = {"check", "makemigrations", "showmigrations", "sqlmigrate", "help", "diffsettings", "spectacular"}
MOST_CORES = 4
WAITING = 2  # processes of a test run that mostly wait for others
PYTEST_RAN = {0, 1, 5}  # passed, failed, nothing collected: the test database was made in full


def test(arguments: Sequence[str]) -> int:
    """Run pytest on servers of its own."""
    install.ensure()
    where, _lock = state.free_test_place()
    packages = install.KEY_FILE.read_text(encoding="utf-8")
    spread = _spread(arguments)
    wanted = preparation.fingerprint(preparation.sources_of_the_database(), packages) + "".join(spread)
    with services.running(where, services.NOT_DURABLE) as found:
        services.announce(found)
        # --reuse-db does not notice an edited migration
        is_fresh = found.is_own_database and preparation.read(where.stamp) == wanted
        remake = [] if is_fresh else ["--create-db"]
        words: list[str | Path] = [install.PYTHON, "-m", "pytest", *remake, *spread, *arguments]
        code = services.foreground(words, django_environment(found))
        if found.is_own_database and code in PYTEST_RAN:
            where.stamp.write_text(wanted, encoding="utf-8")
        return code


def in_zones(arguments: Sequence[str]) -> int:
    """Run pytest in three time zones and compare how each test came out."""
    return zones.compared(arguments, test)


def _spread(arguments: Sequence[str]) -> list[str]:
    """The whole suite runs on several cores, each with a database of its own; a part of it on one.

    Two processes more than cores: the crash runs keep one and the browser another, and both spend minutes waiting,
    during which the others work."""
    is_part = any(Path(argument.split("::")[0]).exists() for argument in arguments)
    cores = min(os.cpu_count() or 1, MOST_CORES)
    is_said = any(argument in ("-n", "-x", "--pdb") or argument.startswith("-n") for argument in arguments)
    if is_part or is_said or cores < 2:
        return []
    return ["-n", str(cores + WAITING), "--dist", "loadscope", "--no-loadscope-reorder"]


def manage(arguments: Sequence[str]) -> int:
    """Run a management command on the database of `run`."""
    install.ensure()
    where = state.place("run")
    if not set(arguments[:1]) <= HARMLESS:
        where.stamp.unlink(missing_ok=True)
    with services.running(where, services.DURABLE) as found:
        return services.foreground([install.PYTHON, "manage.py", *arguments], django_environment(found))


def bench(arguments: Sequence[str]) -> int:
    """Run the benchmark on a durable database of its own."""
    install.ensure()
    if not preparation.has_command("bench"):
        raise Problem("This checkout has no `bench` management command.")
    with services.running(state.place("bench"), services.FOR_BENCH) as found:
        services.announce(found)
        return services.foreground([install.PYTHON, "manage.py", "bench", *arguments], django_environment(found))


def chaos(arguments: Sequence[str]) -> int:
    """Kill processes and the database while steps fall due (--intake: while people send), and count what is lost."""
    install.ensure()
    # its servers are its own, started and killed by itself
    return services.foreground([install.PYTHON, "-m", "tests.chaos", *arguments], dict(os.environ))


def messages(arguments: Sequence[str]) -> int:
    """Bring the Vietnamese catalogue up to the sources."""
    install.ensure()
    # Neither server is used: the catalogue needs the sources and the installed packages only.
    return services.foreground(checks.messages(*arguments), dict(os.environ))


def code(arguments: Sequence[str]) -> int:
    """The second step's code of a demo account, now."""
    if len(arguments) != 1:
        raise Problem("dev.py code USER, with a user of .run/demo.json.")
    try:
        entries = json.loads(preparation.SIGN_INS.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        entries = []
    secrets = {entry["user"]: entry.get("totp_secret") for entry in entries}
    if not secrets.get(arguments[0]):
        raise Problem(f"{arguments[0]} is no demo account that signs in to the console.")
    say(onetime.code(secrets[arguments[0]], time.time()))
    return 0


VERBS: dict[str, tuple[str, Callable[[Sequence[str]], int]]] = {
    "run": ("[--port N] [--cases N] …", runner.run),
    "code": ("USER", code),
    "stop": ("[--wipe]", runner.stop),
    "test": ("[pytest arguments]", test),
    "zones": ("[pytest arguments]", in_zones),
    "check": ("[words]", checks.check),
    "bench": ("[bench arguments]", bench),
    "chaos": ("[--intake] [--minutes N] …", chaos),
    "manage": ("COMMAND …", manage),
    "messages": ("[--check|--missing|--from DIR]", messages),
    "lock": ("[uv arguments]", locking.lock),
}


def usage() -> str:
    """The table of verbs."""
    rows = [[f"  {verb}", words, (run.__doc__ or "").split("\n")[0]] for verb, (words, run) in VERBS.items()]
    return (
        "python3 dev.py VERB …\n\n"
        "The development entrance of Lắng Nghe: from a bare clone, with nothing but Python 3.11 or newer.\n\n"
        f"{table(rows)}\n\n"
        "`dev.py run --help` has the details. DATABASE_URL and REDIS_URL, when set, are used instead of the\n"
        "embedded servers. What is made lies in .venv/, .tools/ and .run/ (as root, databases lie in\n"
        "/var/lib/langnghe-dev/). Several checkouts, and several test runs of one, can go on side by side."
    )


def raise_stopped(number: int, _frame: FrameType | None) -> None:
    """Turn a signal into an exception, so that `finally` blocks stop what was started."""
    raise Stopped(number)


def main(arguments: Sequence[str]) -> int:
    """Run a verb; one line for what can be foreseen, no traceback."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        say(usage())
        return 0 if arguments else 2
    verb, rest = arguments[0], arguments[1:]
    if verb not in VERBS:
        say(f"dev.py has no verb {verb!r}.\n\n{usage()}")
        return 2
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, raise_stopped)
    os.chdir(state.ROOT)
    return guarded(verb, rest)


def guarded(verb: str, arguments: Sequence[str]) -> int:
    """The exit code of a verb, also when it is stopped or cannot go on."""
    try:
        return VERBS[verb][1](arguments)
    except Problem as problem:
        with contextlib.suppress(BrokenPipeError):
            print(f"dev.py {verb}: {problem}", file=sys.stderr, flush=True)
        return 1
    except Stopped as stopped:
        return 128 + int(stopped.args[0])
    except BrokenPipeError:  # whoever read the output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
