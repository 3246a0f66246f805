"""How often one may try to sign in. The counts stand in the database: emptying Redis forgives nobody.

A try counts as failed before the password is looked at, and is taken back when it was right, so that a hundred tries
at once are not a hundred free ones. While one waits nothing is looked at and nothing counts: the right password waits
too, an unknown account waits like a known one, and hammering does not make an owner's wait longer."""

import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone

from accounts.signin.models import Attempt
from common.addresses import client_address
from common.sealing import keyring


@dataclass(frozen=True)
class Limit:
    """So many failures within `window` are free; each further one costs a wait."""

    kind: str
    free: int
    window: timedelta
    wait: timedelta


ACCOUNT = Limit("account", 5, timedelta(minutes=15), timedelta(seconds=60))
ADDRESS = Limit("address", 30, timedelta(minutes=15), timedelta(seconds=60))  # a hospital shares one address
CODE = Limit("code", 5, timedelta(minutes=15), timedelta(seconds=60))
RESET = Limit("reset", 3, timedelta(hours=1), timedelta(minutes=10))  # mails to one address
RESETS = Limit("resets", 20, timedelta(hours=1), timedelta(minutes=10))  # asked for from one place
Counted = tuple[Limit, str]


def of_account(name: str) -> Counted:
    """The count of an account's name as it is typed, whether it exists or not."""
    return ACCOUNT, keyring().fingerprint(unicodedata.normalize("NFKC", name).strip().casefold().encode())


def of_address(request: HttpRequest) -> Counted:
    """The count of where the request comes from."""
    return ADDRESS, keyring().fingerprint(client_address(request).encode())


def of_resets(request: HttpRequest, email: str) -> tuple[Counted, Counted]:
    """The counts of mails for a new password, whether anybody has this address or not."""
    ring = keyring()
    marks = (ring.fingerprint(text.encode()) for text in (email.strip().casefold(), client_address(request)))
    return (RESET, next(marks)), (RESETS, next(marks))


def of_codes(user_id: int) -> Counted:
    """The count of one person's codes."""
    return CODE, str(user_id)


@transaction.atomic
def ask(*counted: Counted) -> int:
    """Count a try in each; or answer how many seconds one has to wait, and count nothing."""
    now = timezone.now()
    counted = tuple(sorted(counted, key=lambda each: each[0].kind))  # one order of locks for everybody
    rows = []
    for limit, mark in counted:
        Attempt.objects.bulk_create([Attempt(kind=limit.kind, mark=mark, last_at=now)], ignore_conflicts=True)
        rows.append(Attempt.objects.select_for_update().get(kind=limit.kind, mark=mark))
    waits = [(row.waits_until - now).total_seconds() for row in rows if row.waits_until and row.waits_until > now]
    if waits:
        return int(max(waits)) + 1
    for (limit, _mark), row in zip(counted, rows, strict=True):
        row.failures = row.failures + 1 if row.last_at > now - limit.window else 1
        row.last_at = now
        row.waits_until = now + limit.wait if row.failures >= limit.free else None
        row.save(update_fields=["failures", "last_at", "waits_until"])
    return 0


def forgive(limit: Limit, mark: str) -> None:
    """The owner was here: forget what was counted."""
    Attempt.objects.filter(kind=limit.kind, mark=mark).delete()


def take_back(limit: Limit, mark: str) -> None:
    """Take one try back that was right; the failures of others at the same address stay."""
    tried = Attempt.objects.filter(kind=limit.kind, mark=mark, failures__gt=0)
    tried.update(failures=F("failures") - 1, waits_until=None)


def forget_old() -> int:
    """Clear counts whose window is over and that make nobody wait; returns how many."""
    now = timezone.now()
    longest = max(limit.window for limit in (ACCOUNT, ADDRESS, CODE, RESET, RESETS))
    waiting = Q(waits_until__gt=now)
    count, _by_model = Attempt.objects.filter(~waiting, last_at__lt=now - longest).delete()
    return count
