"""Children that are killed and come back: forked from a process that has everything loaded, so they cost nothing."""

import contextlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from config.dev.guard import dying_with_parent

REST = 1.0  # seconds between two births of one child: while the database is away they die as soon as they look


@dataclass
class Child:
    """One process that is to be there: what it does, its number while it lives, and when it was born."""

    name: str
    work: Callable[[], None]
    pid: int = 0
    born_at: float = 0.0


@dataclass
class Family:
    """Keeps all of them going. The parent has no thread and no connection when a child is born."""

    folder: Path
    children: list[Child] = field(default_factory=list)
    killed: int = 0
    died: int = 0  # by themselves, which the loss of a server may well make them do

    def __post_init__(self) -> None:
        self._dying_with_parent = dying_with_parent(signal.SIGKILL)

    def add(self, name: str, work: Callable[[], None]) -> None:
        self.children.append(Child(name, work))

    def tend(self) -> None:
        """Bring back whoever is gone."""
        for child in self.children:
            if child.pid and os.waitpid(child.pid, os.WNOHANG)[0]:
                self.died += 1
                child.pid = 0
            if not child.pid and time.monotonic() - child.born_at > REST:
                self._bear(child)

    def _bear(self, child: Child) -> None:
        child.born_at = time.monotonic()
        child.pid = os.fork()
        if child.pid:
            return
        try:  # the child, which never returns
            os.setsid()
            self._dying_with_parent()
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)
            log = os.open(self.folder / f"{child.name}.log", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
            os.dup2(log, 1)
            os.dup2(log, 2)
            child.work()
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(1)

    def kill_one(self, random: Random) -> None:
        """`kill -9` somebody, with everything that hangs on them."""
        child = random.choice(self.children)
        if child.pid:
            _send(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
            child.pid = 0
            self.killed += 1

    def end(self) -> None:
        """Let everybody go, and wait until they went."""
        for number, patience in ((signal.SIGTERM, 10.0), (signal.SIGKILL, 10.0)):
            for child in self.children:
                if child.pid:
                    _send(child.pid, number)
            until = time.monotonic() + patience
            while any(child.pid for child in self.children) and time.monotonic() < until:
                for child in self.children:
                    if child.pid and os.waitpid(child.pid, os.WNOHANG)[0]:
                        child.pid = 0
                time.sleep(0.05)


def _send(pid: int, number: signal.Signals) -> None:
    """To a child and all that hangs on it; one that was born this moment has no group yet, and would be waited for in
    vain."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
