"""The one-time secret of a form: made by us, carried by the form, and the seed of the receipt (`common.receipts`)."""

import hashlib
import secrets
from dataclasses import dataclass

from django.core import signing

LIFETIME = 3 * 86400  # seconds: a form may stay open over a weekend


@dataclass(frozen=True)
class FormKeys:
    """The keys of one kind of form; `salt` names it, so that a key of one form opens no other."""

    salt: str

    def new(self) -> str:
        """A fresh signed key for one form: 256 random bits."""
        return signing.TimestampSigner(salt=self.salt).sign(secrets.token_hex(32))

    def secret_of(self, key: str) -> str | None:
        """The secret within a key that we signed; None for a forged or too old one."""
        try:
            return signing.TimestampSigner(salt=self.salt).unsign(key[:200], max_age=LIFETIME)
        except signing.BadSignature:
            return None


def source_id(secret: str) -> str:
    """The number of what was sent with a form. It is stored, so it must not tell the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
