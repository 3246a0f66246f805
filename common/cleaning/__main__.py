"""`python -m common.cleaning KIND MOST`: one file, cleaned."""

import os
import sys
from collections.abc import Callable
from importlib import import_module

from common.cleaning import Outcome, Unclean, limits

Cleaner = Callable[[bytes, int], tuple[Outcome, bytes]]


def _cleaner(kind: str) -> Cleaner:
    """Only the library that this kind needs is loaded: each of them takes time and is a way in."""
    module = {
        "jpeg": "pictures",
        "png": "pictures",
        "webp": "pictures",
        "pdf": "papers",
        "mp3": "recordings",
        "office": "office",
    }[kind]
    return import_module(f"common.cleaning.{module}").clean  # type: ignore[no-any-return]


def main(kind: str, most: int) -> int:
    """Clean standard input onto standard output. `most` is the number of pixels or pages that are taken."""
    limits.confine()
    clean = _cleaner(kind)
    content = sys.stdin.buffer.read()
    try:
        outcome, copy = clean(content, most)
        sys.stdout.buffer.write(copy)
        sys.stdout.buffer.flush()
    except Unclean as refusal:
        return refusal.outcome
    except MemoryError:
        return Outcome.TOO_MUCH_INSIDE
    except Exception:  # the libraries raise whatever they like over a broken file, and its words are not logged
        return Outcome.BROKEN
    return outcome


if __name__ == "__main__":
    # without the interpreter's own end: libraries may crash in it, over a file that was cleaned well
    os._exit(main(sys.argv[1], int(sys.argv[2])))
