"""The verbs of dev.py."""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from . import install, keys, services, state
from .terminal import Problem, Stopped, say, table

INTERRUPTED = 130


def environment(found: services.Services) -> dict[str, str]:
    """What Django's processes get: the caller's variables, then ours where the caller set none."""
    ours = {**keys.development_keys(), **found.environment}
    ours["MEDIA_ROOT"] = str(state.RUN / "media" / found.place.name)
    ours["STATIC_ROOT"] = str(state.RUN / "static")
    for folder in (ours["MEDIA_ROOT"], ours["STATIC_ROOT"]):
        Path(folder).mkdir(parents=True, exist_ok=True)
    merged = {**ours, **{name: value for name, value in os.environ.items() if value or name not in ours}}
    merged.pop("PYTHONHOME", None)
    merged["VIRTUAL_ENV"] = str(install.VENV)
    merged["PATH"] = os.pathsep.join([str(install.VENV / "bin"), os.environ.get("PATH", os.defpath)])
    return merged


def test(arguments: Sequence[str]) -> int:
    """Run pytest on servers of its own."""
    install.ensure()
    where, _lock = state.free_test_place()
    with services.running(where, services.NOT_DURABLE) as found:
        services.announce(found)
        return services.foreground([install.PYTHON, "-m", "pytest", *arguments], environment(found))


def manage(arguments: Sequence[str]) -> int:
    """Run a management command on the servers of `run`."""
    install.ensure()
    where = state.place("run")
    if not set(arguments[:1]) <= HARMLESS:
        where.stamp.unlink(missing_ok=True)
    with services.running(where, services.DURABLE) as found:
        return services.foreground([install.PYTHON, "manage.py", *arguments], environment(found))


HARMLESS = {"check", "makemigrations", "showmigrations", "sqlmigrate", "help", "diffsettings", "spectacular"}
VERBS: dict[str, tuple[str, Callable[[Sequence[str]], int]]] = {
    "test": ("[pytest arguments]", test),
    "manage": ("COMMAND [arguments]", manage),
}


def usage() -> str:
    """The table of verbs."""
    rows = [
        (f"  {verb} {arguments}", (run.__doc__ or "").split("\n")[0])
        for verb, (arguments, run) in VERBS.items()
    ]
    return f"{sys.modules[__package__ or ''].__doc__}\n\n{table(rows)}"


def raise_stopped(number: int, _frame: FrameType | None) -> None:
    """Turn a signal into an exception, so that `finally` blocks stop what was started."""
    raise Stopped(number)


def main(arguments: Sequence[str]) -> int:
    """Run a verb; one line for what can be foreseen, no traceback."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        say(usage())
        return 0 if arguments else 2
    if arguments[0] not in VERBS:
        say(f"dev.py has no verb {arguments[0]!r}.\n\n{usage()}")
        return 2
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, raise_stopped)
    os.chdir(state.ROOT)
    try:
        return VERBS[arguments[0]][1](arguments[1:])
    except Problem as problem:
        with contextlib.suppress(BrokenPipeError):
            print(f"dev.py {arguments[0]}: {problem}", file=sys.stderr, flush=True)
        return 1
    except Stopped as stopped:
        return 128 + int(stopped.args[0])
    except KeyboardInterrupt:
        return INTERRUPTED
