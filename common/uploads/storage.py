"""Where files lie, and the quarantine: what the scanner has not answered about is stored, but opened by nobody.

A mark beside the file says so. It lies in the storage, not in the database: it is written before the file, so that no
fault leaves a file without it, and it holds for every door, because the storage itself refuses to open."""

import hashlib
import json
from collections.abc import Iterator
from enum import Enum
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

HELD, BLOCKED = "kiem-tra", "chan"


class State(Enum):
    """What becomes of a stored file."""

    FREE = "free"
    HELD = "held"
    BLOCKED = "blocked"


class FileHeld(Exception):
    """A file that is not given out: still being checked, or blocked for good."""

    def __init__(self, state: State) -> None:
        self.state = state


class Quarantine:
    """Over a storage of Django: files that come in with `is_held` are marked and stay closed."""

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        if not getattr(content, "is_held", False) or not name:
            return super().save(name, content, max_length)  # type: ignore[misc,no-any-return]
        self._mark(HELD, name)
        saved: str = super().save(name, content, max_length)  # type: ignore[misc]
        if saved != name:  # taken already: another one was chosen
            self._mark(HELD, saved)
            self._unmark(HELD, name)
        return saved

    def open(self, name: str, mode: str = "rb") -> File:
        state = self.state_of(name)
        if state is not State.FREE:
            raise FileHeld(state)
        return super().open(name, mode)  # type: ignore[misc,no-any-return]

    def state_of(self, name: str) -> State:
        """May this file be opened? One or two looks into the storage."""
        if self.exists(_place(HELD, name)):  # type: ignore[attr-defined]
            return State.HELD
        return State.BLOCKED if self.exists(_place(BLOCKED, name)) else State.FREE  # type: ignore[attr-defined]

    def held(self) -> Iterator[str]:
        """The names of files that wait for the scanner."""
        try:
            _folders, marks = self.listdir(HELD)  # type: ignore[attr-defined]
        except FileNotFoundError:
            return
        for mark in marks:
            with super().open(f"{HELD}/{mark}", "rb") as content:  # type: ignore[misc]
                yield json.loads(content.read())["name"]

    def open_held(self, name: str) -> File:
        """A file in quarantine, for the scanner alone."""
        return super().open(name, "rb")  # type: ignore[misc,no-any-return]

    def release(self, name: str) -> None:
        """Nothing was found: the file may be opened from now on."""
        self._unmark(HELD, name)

    def block(self, name: str) -> None:
        """Something was found: the file stays closed for good."""
        self._mark(BLOCKED, name)
        self._unmark(HELD, name)

    def _mark(self, folder: str, name: str) -> None:
        place = _place(folder, name)
        if not self.exists(place):  # type: ignore[attr-defined]
            super().save(place, ContentFile(json.dumps({"name": name}).encode()))  # type: ignore[misc]

    def _unmark(self, folder: str, name: str) -> None:
        self.delete(_place(folder, name))  # type: ignore[attr-defined]


def _place(folder: str, name: str) -> str:
    return f"{folder}/{hashlib.sha256(name.encode()).hexdigest()}"


class LocalFiles(Quarantine, FileSystemStorage):
    """Files in `MEDIA_ROOT`."""
