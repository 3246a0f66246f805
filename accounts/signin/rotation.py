"""The secrets of second factors under a new key: what `manage.py rotate_keys` does with them."""

import base64
import binascii
from collections import Counter

import structlog
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction

from common.rotation import Elsewhere
from common.sealing import CannotOpen, key_of, keyring

log = structlog.get_logger("accounts.signin")
SEALED = ("secret", "seed")  # of an app, of recovery codes


def count() -> Counter[str]:
    """How many sealed secrets lie under which key."""
    return Counter(key for row in Authenticator.objects.all() for key in _keys(row))


def rotate() -> int:
    """Seal every secret anew, one row at a time; returns how many rows do not open and stay as they are."""
    unread = 0
    for pk in list(Authenticator.objects.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():  # a code that is just being used up must not be lost
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if row is None or set(_keys(row)) <= {keyring().writing}:
                continue
            try:
                row.data |= {name: encrypt(decrypt(row.data[name])) for name in SEALED if name in row.data}
            except CannotOpen:
                log.error("not_sealed_anew", table="mfa_authenticator", row=pk)
                unread += 1
            else:
                row.save(update_fields=["data"])
    return unread


def _keys(row: Authenticator) -> list[str]:
    keys = []
    for name in SEALED:
        if name in row.data:
            try:
                keys.append(key_of(base64.b64decode(row.data[name])))
            except (CannotOpen, binascii.Error):
                keys.append("?")
    return keys


SECOND_FACTORS = Elsewhere("mfa.Authenticator", count, rotate)
