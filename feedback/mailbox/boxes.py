"""Two kinds of mailbox, read the same way: what is not marked as read waits, and is marked once it was dealt with."""

import mailbox
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings
from imap_tools import AND, MailBox, MailBoxUnencrypted, MailMessageFlags

TIMEOUT = 30


class Box(Protocol):
    """A mailbox that is open."""

    def waiting(self) -> list[str]:
        """Names of the letters that wait, the oldest first."""

    def size(self, name: str) -> int:
        """How many bytes one has."""

    def content(self, name: str) -> bytes:
        """One letter, without marking it."""

    def done(self, name: str) -> None:
        """Mark one as dealt with."""


@contextmanager
def opened() -> Iterator[Box]:
    """The mailbox of the settings. Raises `OSError` where nobody answers."""
    parts = urlsplit(settings.MAILBOX_URL)
    if parts.scheme == "maildir":
        yield Maildir(Path(unquote(parts.path)))
        return
    kind: Any = MailBox if parts.scheme == "imaps" else MailBoxUnencrypted
    port = parts.port or (993 if parts.scheme == "imaps" else 143)
    with kind(parts.hostname or "", port, timeout=TIMEOUT).login(
        unquote(parts.username or ""), unquote(parts.password or ""), initial_folder=parts.path.strip("/") or "INBOX"
    ) as server:
        yield Imap(server)


class Maildir:
    """A folder in which a mail server puts each letter as a file."""

    def __init__(self, folder: Path) -> None:
        self.box = mailbox.Maildir(str(folder), factory=None, create=False)
        self.box._refresh()  # type: ignore[attr-defined]

    def waiting(self) -> list[str]:
        found = []
        for name in list(self.box.iterkeys()):
            with suppress(KeyError):  # taken away meanwhile
                if "S" not in self.box.get_message(name).get_flags():
                    found.append(name)
        return sorted(found)

    def size(self, name: str) -> int:
        return self._path(name).stat().st_size

    def content(self, name: str) -> bytes:
        return self._path(name).read_bytes()

    def done(self, name: str) -> None:
        path = self._path(name)
        flags = path.name.partition(":2,")[2]
        path.rename(path.parent.parent / "cur" / f"{name}:2,{''.join(sorted({*flags, 'S'}))}")

    def _path(self, name: str) -> Path:
        return Path(self.box._path) / self.box._lookup(name)  # type: ignore[attr-defined]


class Imap:
    """A mail server, asked by IMAP."""

    def __init__(self, server: Any) -> None:
        self.server = server

    def waiting(self) -> list[str]:
        return list(self.server.uids(AND(seen=False)))

    def size(self, name: str) -> int:
        _status, told = self.server.client.uid("FETCH", name, "(RFC822.SIZE)")
        text = b" ".join(part if isinstance(part, bytes) else part[0] for part in told if part)
        _before, _word, after = text.partition(b"RFC822.SIZE ")
        return int(after.split(b")")[0].split()[0] or 0)

    def content(self, name: str) -> bytes:
        _status, told = self.server.client.uid("FETCH", name, "(BODY.PEEK[])")
        return next(bytes(part[1]) for part in told if isinstance(part, tuple))

    def done(self, name: str) -> None:
        self.server.flag(name, MailMessageFlags.SEEN, True)
