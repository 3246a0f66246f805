"""What a person at the terminal sees: sentences, tables, the end of a log, and foreseeable problems."""

import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path

INTERRUPTED = 130  # the exit code of what Ctrl-C ended


class Problem(Exception):
    """Something foreseeable is in the way; its text is one clear sentence and needs no traceback."""


class Stopped(BaseException):
    """The process was told to stop (SIGTERM, SIGHUP). Not an Exception, so that nothing swallows it."""


def say(text: str = "") -> None:
    """Print at once, also into a pipe."""
    print(text, flush=True)


def width(text: str) -> int:
    """Columns a text takes on a terminal; combining Vietnamese tone marks take none."""
    return sum(1 for letter in text if not unicodedata.combining(letter))


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as aligned columns, two blanks apart."""
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    return "\n".join(
        "  ".join(cell + " " * (room - width(cell)) for cell, room in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def tail(path: Path, lines: int = 30) -> str:
    """The last lines of a log, without reading all of a big one."""
    try:
        with path.open("rb") as log:
            size = log.seek(0, 2)
            log.seek(max(0, size - 64_000))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])
    except OSError as error:
        return f"({path}: {error.strerror})"


def is_terminal() -> bool:
    """Whether somebody is watching, so that progress may redraw itself."""
    return sys.stdout.isatty()
