"""What a cleaning may use. The process sets its own limits before it has read a byte; they cannot be raised again
beyond the hard ones."""

import ctypes
import os
import resource
from contextlib import suppress

MEMORY = 768 * 1024**2  # of addresses, libraries included; what is really held stays below 300 MB (test_hostile.py)
OUTPUT = 64 * 1024**2
CPU_SECONDS = 5  # for any one file …
CPU_SECONDS_OF_PAPERS = 30  # … but honest papers have pages, and each of them is drawn
PAGE_SECONDS = 0.25
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


def confine() -> None:
    """Little memory, little time, no large output, no further process's core, and no network where the kernel lets an
    ordinary process give it up."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS_OF_PAPERS))
    os.nice(5)
    with suppress(OSError, AttributeError):  # not Linux
        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)


def allow_for(pages: int) -> None:
    """More time for papers that have pages."""
    seconds = min(CPU_SECONDS + int(pages * PAGE_SECONDS), CPU_SECONDS_OF_PAPERS)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, CPU_SECONDS_OF_PAPERS))
