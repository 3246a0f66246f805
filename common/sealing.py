"""Sealing: AES-256-GCM over what nobody may read in the database, bound to the one place where it belongs.

What is sealed reads: version byte, length of the key's id, the key's id, 96 random bits, ciphertext with its tag. The
place (table, column, row) and everything before the nonce are authenticated with it, so that a sealed value that is
changed, or pasted into another row or column, does not open. Keys come from `FIELD_KEYS`; the first one seals, all of
them open. Docs: docs/adr/0006."""

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.exceptions import Refused

VERSION = 1
NONCE_BYTES = 12
TAG_BYTES = 16


class CannotOpen(Refused):
    """Something sealed that does not open. It is shown to nobody, and it stays as it is."""

    code = "cannot_open"
    status = 500
    message = _("This cannot be shown. Nothing was lost or changed; tell the system administrator.")


class KeyUnknown(CannotOpen):
    """Sealed with a key that `FIELD_KEYS` does not name."""

    code = "key_unknown"
    message = _(
        "This cannot be shown: it is sealed with a key that this system was started without. Nothing was lost or"
        " changed; tell the system administrator."
    )


class Tampered(CannotOpen):
    """Changed, cut, or moved from another row or column since it was sealed."""

    code = "tampered"
    message = _(
        "This cannot be shown: what is stored was damaged or exchanged since it was written. Nothing was changed now;"
        " tell the system administrator."
    )


@dataclass(frozen=True)
class Place:
    """Where a sealed value belongs. `row` is what names the row before it is written and never changes."""

    table: str
    column: str
    row: int | str

    def as_bytes(self) -> bytes:
        """The same for the same place only: JSON keeps the three apart."""
        return json.dumps([self.table, self.column, str(self.row)]).encode()


class Keyring:
    """The keys of this process by their ids; the first one seals."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self.ids = tuple(keys)
        self.writing = self.ids[0]
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self._marks = {name: hmac.digest(key, b"langnghe fingerprint", "sha256") for name, key in keys.items()}

    def __repr__(self) -> str:
        return f"<Keyring {', '.join(self.ids)}>"

    def seal(self, plain: bytes, place: Place) -> bytes:
        """Seal under the writing key. A few microseconds."""
        name = self.writing.encode()
        header = bytes([VERSION, len(name)]) + name
        nonce = secrets.token_bytes(NONCE_BYTES)
        return header + nonce + self._ciphers[self.writing].encrypt(nonce, plain, header + place.as_bytes())

    def open(self, sealed: bytes, place: Place) -> bytes:
        """What was sealed. Raises `KeyUnknown`, `Tampered`."""
        name, header, rest = _parts(sealed)
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise KeyUnknown
        try:
            return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], header + place.as_bytes())
        except InvalidTag:
            raise Tampered from None

    def fingerprint(self, content: bytes) -> str:
        """A mark that is the same for the same content and tells nothing to who has no key."""
        return hmac.digest(self._marks[self.writing], content, "sha256").hex()

    def marks(self, content: bytes) -> list[int]:
        """What stands for this content in an index, under each of the keys, the writing one's first: 64 bits that tell
        nothing to who has no key, and are the same for the same content."""
        digests = [hmac.digest(self._marks[name], b"index " + content, "sha256") for name in self.ids]
        return [int.from_bytes(digest[:8], "big", signed=True) for digest in digests]

    def is_fingerprint_of(self, content: bytes, mark: str) -> bool:
        """Was this mark made of this content, under any of the keys?"""
        own = (hmac.digest(key, content, "sha256").hex() for key in self._marks.values())
        return any([hmac.compare_digest(each, mark) for each in own])


def key_of(sealed: bytes) -> str:
    """The id of the key that this was sealed with. Raises `Tampered` for what was never sealed by us."""
    return _parts(sealed)[0]


def _parts(sealed: bytes) -> tuple[str, bytes, bytes]:
    """The key's id, the header, and nonce with ciphertext. Raises `Tampered` for what was never sealed by us."""
    end = 2 + sealed[1] if len(sealed) > 1 else 0
    if not end or sealed[0] != VERSION or len(sealed) < end + NONCE_BYTES + TAG_BYTES:
        raise Tampered
    return sealed[2:end].decode("ascii", "replace"), sealed[:end], sealed[end:]


def keyring() -> Keyring:
    """The keys of the settings."""
    return _keyring(tuple(settings.FIELD_KEYS.items()))


@lru_cache(maxsize=4)
def _keyring(keys: tuple[tuple[str, bytes], ...]) -> Keyring:
    return Keyring(dict(keys))


def padded(document: Mapping[str, str]) -> bytes:
    """A document as JSON, filled with blanks to a multiple of 64 bytes, so that its length tells little."""
    plain = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return plain + b" " * (-len(plain) % 64)
