"""The second factor: codes of an authenticator app, and recovery codes for when the phone is gone.

allauth keeps them (`allauth.mfa`) and does the arithmetic. Here each code of an app counts once, which is remembered in
the database and not in the cache, and codes of invented people open nothing outside a demonstration."""

import base64
import hmac
import secrets
from collections.abc import Iterable
from typing import Any

import structlog
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt, encrypt
from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.signin import sessions
from audit.models import Act
from audit.services import record
from common.sealing import CannotOpen

log = structlog.get_logger("accounts.signin")
TOTP, RECOVERY = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES
SECRET_BYTES = 20


def has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=TOTP).exists())


def new_secret() -> str:
    """A fresh secret as apps take it: base32."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def counter_of(secret: str, code: str) -> int | None:
    """Which period (30 seconds, one before and one after included) this code belongs to."""
    given = code.replace(" ", "").encode()
    found = [
        counter
        for counter in yield_hotp_counters_from_time()
        if hmac.compare_digest(format_hotp_value(hotp_value(secret, counter)).encode(), given)
    ]
    return found[-1] if found else None


@transaction.atomic
def set_up(user: User, secret: str, counter: int) -> list[str]:
    """Make this secret the person's second factor and return fresh recovery codes. Written down."""
    Authenticator.objects.filter(user=user).delete()
    Authenticator.objects.create(user=user, type=TOTP, data={"secret": encrypt(secret), "counter": counter})
    record(Act.FACTOR, by=user, about=user, reason="set_up")
    return list(RecoveryCodes.activate(user).get_unused_codes())


@transaction.atomic
def take(user: User, code: str) -> Authenticator | None:
    """The authenticator that this code is right for; the code is used up with it.

    Raises `CannotOpen` when it is right for none and a secret does not open, with an alarm in the log."""
    unopened = None
    for row in Authenticator.objects.select_for_update().filter(user=user, type__in=[TOTP, RECOVERY]).order_by("-type"):
        try:
            if _uses_up(row, code):
                return row
        except CannotOpen as fault:
            log.error("seal_does_not_open", table="mfa_authenticator", row=row.pk, fault=fault.code)
            unopened = fault
    if unopened is not None:
        raise unopened
    return None


def _uses_up(row: Authenticator, code: str) -> bool:
    """Is this code right for this row? Then it is used up."""
    if row.type == RECOVERY:
        if not row.wrap().validate_code(code.replace(" ", "")):
            return False
        record(Act.FACTOR, by=row.user, about=row.user, reason="recovery_code_used")
        return True
    if row.data.get("is_demo") and not settings.DEMO:
        return False
    counter = counter_of(decrypt(row.data["secret"]), code)
    if counter is None or counter <= row.data.get("counter", 0):
        return False
    row.data["counter"] = counter
    row.save(update_fields=["data"])
    return True


@transaction.atomic
def reset(user: User, *, by: Any, reason: str) -> None:
    """Take a person's second factor away; and their sessions with it; they set up a new one when they next sign in.

    Written down."""
    Authenticator.objects.filter(user=user).delete()
    sessions.end(user, by=by, reason="factor_reset")
    record(Act.FACTOR, by=by, about=user, reason=f"reset: {reason}")


def demo_secret(username: str) -> str:
    """The same secret for the same invented person of one installation."""
    return base64.b32encode(hmac.digest(settings.SECRET_KEY.encode(), f"demo {username}".encode(), "sha1")).decode()


def give_demo_secrets(users: Iterable[User]) -> None:
    """Set invented people's second factors up, so that a demonstration begins at once."""
    if not settings.DEMO:
        raise RuntimeError("Invented people sign in only where DEMO=1.")
    people = list(users)
    Authenticator.objects.filter(user__in=people).delete()
    Authenticator.objects.bulk_create(
        Authenticator(user=each, type=TOTP, data={"secret": encrypt(demo_secret(each.username)), "is_demo": True})
        for each in people
    )


def recovery_codes(user: User) -> list[str]:
    """The recovery codes that are left."""
    row = Authenticator.objects.filter(user=user, type=RECOVERY).first()
    return list(row.wrap().get_unused_codes()) if row else []
