"""Children of a crash run can be killed at any moment of their lives."""

import os
import signal
import time
from pathlib import Path
from random import Random

from tests.chaos.family import Family


def test_a_child_that_was_born_this_moment_is_killed_too(tmp_path: Path) -> None:
    """Before it has a group of its own: the run waited for such a child for ever."""
    family = Family(tmp_path)
    family.add("newborn", lambda: None)
    pid = os.fork()
    if not pid:
        signal.alarm(20)  # whatever this test does: it goes
        time.sleep(30)
        os._exit(1)
    family.children[0].pid = pid
    began = time.monotonic()
    family.kill_one(Random(1))
    assert time.monotonic() - began < 10
    assert family.killed == 1
