"""Keeps one server for as long as somebody needs it. Run by path: `guard.py --lifeline FILE … -- command …`.

Who needs the server holds a shared lock on the lifeline file. The kernel drops that lock however its holder
ends, `kill -9` included, so the guard cannot be left behind: when nobody holds the lock it stops the server,
politely first, then its whole process group. The guard keeps the lock while stopping, so a newcomer waits for
a clean end instead of meeting a server that is half gone. Works alike on Linux and macOS; if the guard itself
is killed, Linux tells the server (PR_SET_PDEATHSIG).
"""

import argparse
import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import IO

PR_SET_PDEATHSIG = 1
PAUSE = 0.2


def dying_with_parent(stop_signal: int) -> Callable[[], None]:
    """For `preexec_fn`: ask Linux to signal the child when its parent is gone."""
    parent = os.getpid()
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def prepare() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, stop_signal)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def is_needed(lifeline: IO[str]) -> bool:
    """Whether anybody holds the lifeline. When nobody does, this process now has it."""
    try:
        fcntl.flock(lifeline, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    return False


def stop(child: "subprocess.Popen[bytes]", stop_signal: int, grace: float) -> None:
    """Ask the server to end, wait, then end its whole group."""
    with contextlib.suppress(ProcessLookupError):
        child.send_signal(stop_signal)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(grace)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def guard(options: argparse.Namespace) -> int:
    """Start the server, keep it while it is needed, leave nothing of it behind."""
    asked_to_stop: list[int] = []

    def remember(number: int, _frame: FrameType | None) -> None:
        asked_to_stop.append(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, remember)
    account = {} if options.uid is None else {"user": options.uid, "group": options.gid, "extra_groups": []}
    with open(options.lifeline, "a") as lifeline:
        child = subprocess.Popen(
            options.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=dying_with_parent(options.signal),
            pass_fds=options.file,
            **account,
        )
        while child.poll() is None:
            if asked_to_stop or not is_needed(lifeline):
                stop(child, options.signal, options.grace)
                break
            time.sleep(PAUSE)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)  # what a dead server left running
        return abs(int(child.returncode))


def main() -> int:
    """Read the options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lifeline", required=True)
    parser.add_argument("--signal", type=int, default=signal.SIGTERM)
    parser.add_argument("--grace", type=float, default=20)
    parser.add_argument("--uid", type=int)
    parser.add_argument("--gid", type=int)
    parser.add_argument("--file", type=int, action="append", default=[], help="a descriptor that the server inherits")
    parser.add_argument("command", nargs="+")
    return guard(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
