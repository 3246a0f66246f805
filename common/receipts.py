"""Receipts: how somebody without an account follows what they sent.

A receipt is 26 symbols: a locator (8 + 1 check symbol) that finds the row and a verifier (16 + 1 check symbol, 80 bits)
that proves it. Both are drawn from the form's one-time secret, so that a retry of the same form shows the same receipt
and the database alone can show none. The verifier is kept only as a slow salted hash (ASVS 5.0.0, 6.5.2)."""

import hashlib
import hmac
import os
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.identifiers import ALPHABET, check_symbol, has_valid_check, normalised
from common.scope import as_system

LOCATOR_SYMBOLS, VERIFIER_SYMBOLS = 8, 16
_WORK = {"n": 2**14, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024, "dklen": 32}


def code_from(secret: str) -> str:
    """The receipt that belongs to a form's one-time secret (at least 128 random bits): locator then verifier."""
    locator = _symbols(secret, b"locator", LOCATOR_SYMBOLS)
    verifier = _symbols(secret, b"verifier", VERIFIER_SYMBOLS)
    return locator + check_symbol(locator) + verifier + check_symbol(verifier)


def shown(code: str) -> str:
    """A receipt in groups, as it is shown and dictated."""
    return f"{code[:4]}-{code[4:9]}-{code[9:13]}-{code[13:17]}-{code[17:21]}-{code[21:]}"


class Receipted(models.Model):
    """What lets a sender follow something: a locator to find it and a verifier that only they hold (kept as a hash).
    A model of this kind points to what is followed."""

    locator = models.CharField(_("locator"), max_length=9, unique=True)
    salt = models.BinaryField(max_length=16)
    verifier_hash = models.BinaryField(max_length=32)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.locator

    @classmethod
    def issue(cls, code: str, **of: Any) -> Self:
        """Keep what is needed to recognise a receipt again."""
        salt = os.urandom(16)
        with as_system():
            return cls._default_manager.create(locator=code[:9], salt=salt, verifier_hash=_hashed(code[9:], salt), **of)

    @classmethod
    def recognised(cls, typed: str, *related: str) -> Self | None:
        """The receipt that somebody typed, or None. An unknown locator costs the same time as a wrong verifier."""
        code = normalised(typed)
        if len(code) != LOCATOR_SYMBOLS + VERIFIER_SYMBOLS + 2:
            return None
        if not (has_valid_check(code[:9]) and has_valid_check(code[9:])):
            return None
        with as_system():
            rows = cls._default_manager.select_related(*related) if related else cls._default_manager.all()
            receipt = rows.filter(locator=code[:9]).first()
        salt = bytes(receipt.salt) if receipt else b"\0" * 16
        answer = _hashed(code[9:], salt)
        if receipt is None or not hmac.compare_digest(answer, bytes(receipt.verifier_hash)):
            return None
        return receipt


def _symbols(secret: str, purpose: bytes, count: int) -> str:
    digest = hmac.digest(secret.encode(), purpose, "sha256")
    number = int.from_bytes(digest, "big")
    return "".join(ALPHABET[(number >> (5 * position)) & 31] for position in range(count))


def _hashed(verifier: str, salt: bytes) -> bytes:
    return hashlib.scrypt(verifier.encode(), salt=salt, **_WORK)  # type: ignore[arg-type]
