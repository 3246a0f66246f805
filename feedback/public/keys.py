"""The one-time secret of a form: made by us, carried by the form, and the seed of the receipt (`feedback.receipts`)."""

import hashlib
import secrets

from django.core import signing

SALT = "feedback.public.send"
LIFETIME = 3 * 86400  # seconds: a form may stay open over a weekend


def new() -> str:
    """A fresh signed key for one form: 256 random bits."""
    return signing.TimestampSigner(salt=SALT).sign(secrets.token_hex(32))


def secret_of(key: str) -> str | None:
    """The secret within a key that we signed; None for a forged or too old one."""
    try:
        return signing.TimestampSigner(salt=SALT).unsign(key[:200], max_age=LIFETIME)
    except signing.BadSignature:
        return None


def source_id(secret: str) -> str:
    """The submission's number at this door. It is stored, so it must not tell the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
