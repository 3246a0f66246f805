"""Making a clean copy of a file that a stranger sent, in a process that may die of it.

Runs as `python -m common.cleaning KIND`: the file comes in on standard input, the clean copy goes out on standard
output, the exit status says what came of it. Knows nothing of Django, of a database or of a network: whoever takes this
process over through a faulty picture finds no secret in it and little time."""

from enum import IntEnum


class Outcome(IntEnum):
    """How a cleaning ended, as the exit status. What is not named here (a signal, a traceback) means `BROKEN`."""

    CLEAN = 0
    BROKEN = 10
    TOO_MANY_PIXELS = 11
    TOO_MANY_PAGES = 12
    TOO_MUCH_INSIDE = 13  # unpacks to more than a letter or a table ever does
    ACTIVE = 14  # macros, embedded programs, links that fetch something
    LOCKED = 15  # a password
    CLEAN_WORD = 20
    CLEAN_EXCEL = 21


class Unclean(Exception):
    """What is sent cannot be made clean."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
