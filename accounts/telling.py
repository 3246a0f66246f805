"""Whom to tell of what waits for a second person, and of the answer: apps further up know how people are told."""

from collections.abc import Callable
from typing import Any

ASKED, ANSWERED = "asked", "answered"
Listener = Callable[[str, Any], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Let `listener(occasion, row)` tell people, in the deed's transaction; `row` is a role of a person or a change of
    an account."""
    _listeners.append(listener)


def tell(occasion: str, row: Any) -> None:
    """Something was asked for, or answered."""
    for listener in _listeners:
        listener(occasion, row)
