"""How the ends of links are shown: each app says it for its records, so that a page shows links without knowing the
app at the other end. What a reader may not see is not there, not even as a number."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Describe = Callable[[Iterable[int], Any], Mapping[int, tuple[str, str]]]
_ENDS: dict[str, Describe] = {}


def register(label: str, describe: Describe) -> None:
    """Let links lead to records of `app_label.model`. `describe(ids, reader)` gives what people call each of those that
    the reader sees, with the path of its page."""
    _ENDS[label.lower()] = describe


def describer(label: str) -> Describe | None:
    """How records of a model are shown at the end of a link; None where no app said so."""
    return _ENDS.get(label.lower())
