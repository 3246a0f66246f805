"""Starting, stopping and pausing clocks. Everything here runs inside the caller's transaction, best while the caller
holds the lock of the record; deadlines are locked here as well, so that a sweep and a deed never cross."""

from deadlines.services.asking import actor, deadlines_of, next_due
from deadlines.services.going_over import come_back, go_over
from deadlines.services.judging import convert, lengthen, reconsider
from deadlines.services.opening import first_deadlines, open_deadline, open_deadlines, open_for_each
from deadlines.services.stopping import cancel, cancel_for_each, finish, pause, resume, run_on

__all__ = [
    "actor",
    "cancel",
    "cancel_for_each",
    "come_back",
    "convert",
    "deadlines_of",
    "finish",
    "first_deadlines",
    "go_over",
    "lengthen",
    "next_due",
    "open_deadline",
    "open_deadlines",
    "open_for_each",
    "pause",
    "reconsider",
    "resume",
    "run_on",
]
