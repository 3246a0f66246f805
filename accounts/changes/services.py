"""Asking for a change of somebody's account, agreeing to it as the second person, declining it."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import clients, services, telling
from accounts.changes.models import AccountChange, Change
from accounts.clients import Limits
from accounts.grants import APPROVE, checked_reason
from accounts.models import ApiClient, GrantState, Membership, RoleGrant, User
from accounts.signin import codes, sessions
from audit.models import Act
from audit.services import record
from common.exceptions import MoveRefused, RightMissing, SecondPersonNeeded, StaleVersion

RIGHTS = {
    Change.FACTOR: "accounts.change_user",
    Change.EMAIL: "accounts.change_user",
    Change.UNIT: "accounts.add_membership",
    Change.TOKEN: "accounts.change_apiclient",
    Change.CLIENT: "accounts.change_apiclient",
}
TOKEN_WITHIN = timedelta(days=1)  # after the agreement: who was allowed a token long ago is asked about again


def email_takes_two(user: User) -> bool:
    """Does somebody read mail at this address to get a role's work, and codes for a new password? One query."""
    return RoleGrant.objects.filter(user=user).exclude(state=GrantState.DECLINED).exists()


@transaction.atomic
def ask(user: User, what: Change, *, by: Any, reason: str, **of: Any) -> AccountChange:
    """Ask for a change; nothing happens before a second person agrees. `of` holds what it is about: an address, or a
    unit with its days.

    Raises `RightMissing`, `SecondPersonNeeded` for one's own account, `MoveRefused` where the same waits already,
    `ReasonRequired`, `InvalidInput`."""
    if not by.has_perm(RIGHTS[what]):
        raise RightMissing
    if user.pk == by.pk:
        record(Act.REFUSED, by=by, about=user, reason="POST")
        raise SecondPersonNeeded(_("Another administrator asks for a change of your own account."))
    if user.is_engine or (user.is_superuser and not by.is_superuser):
        raise RightMissing
    text = checked_reason(reason)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    waiting = AccountChange.objects.filter(user=user, what=what, state=GrantState.PENDING)
    if what != Change.UNIT and waiting.exists():
        raise MoveRefused(_("The same change waits for an answer already."))
    made = AccountChange.objects.create(user=user, what=what, reason=text, asked_by=by, **of)
    record(Act.ROLE, by=by, about=user, reason=f"asked_{what}: #{made.pk}")
    telling.tell(telling.ASKED, made)
    return made


@transaction.atomic
def approve(asked: AccountChange, *, by: Any) -> AccountChange:
    """Agree as the second person: the change is made now. Raises `RightMissing`, `SecondPersonNeeded`, `MoveRefused`,
    `InvalidInput`, `Http404`."""
    waiting = _to_answer(asked, by)
    _made(waiting, by)
    return _answered(waiting, by, GrantState.GRANTED, "")


@transaction.atomic
def decline(asked: AccountChange, *, by: Any, reason: str) -> AccountChange:
    """Say no, and why. Raises what `approve` raises, and `ReasonRequired`."""
    return _answered(_to_answer(asked, by), by, GrantState.DECLINED, checked_reason(reason))


def _to_answer(asked: AccountChange, by: Any) -> AccountChange:
    if not by.has_perm(APPROVE):
        raise RightMissing
    rows = AccountChange.objects.select_for_update(of=("self",)).select_related("user", "asked_by")
    waiting = rows.filter(pk=asked.pk).first()
    if waiting is None:
        raise Http404
    if waiting.state != GrantState.PENDING:
        raise MoveRefused(_("This change waits no longer: it was answered already."))
    if by.pk in (waiting.asked_by_id, waiting.user_id):
        raise SecondPersonNeeded(_("A second person answers: not who asks for it, nor whose account it is."))
    return waiting


def _answered(waiting: AccountChange, by: Any, state: str, answer: str) -> AccountChange:
    waiting.state, waiting.answer = state, answer
    waiting.decided_by, waiting.decided_at = by, timezone.now()
    waiting.save(update_fields=["state", "answer", "decided_by", "decided_at", "former_email"])
    code = "approved" if state == GrantState.GRANTED else "declined"
    record(Act.ROLE, by=by, about=waiting.user, reason=f"{code}_{waiting.what}: #{waiting.pk}")
    telling.tell(telling.ANSWERED, waiting)
    return waiting


def _made(waiting: AccountChange, by: Any) -> None:
    user = waiting.user
    if waiting.what == Change.FACTOR:
        codes.reset(user, by=by, reason=f"#{waiting.pk}")
    elif waiting.what == Change.EMAIL:
        waiting.former_email, user.email = user.email, waiting.email
        user.save(update_fields=["email"])
    elif waiting.what == Change.UNIT:
        days = {"valid_from": waiting.valid_from, "valid_to": waiting.valid_to}
        place = {"division_id": waiting.division_id, "facility_id": waiting.facility_id}
        Membership.objects.create(user=user, is_head=waiting.is_head, **place, **days)
    elif waiting.what == Change.CLIENT:
        clients.agreed(waiting, by)


@transaction.atomic
def set_limits(client: ApiClient, limits: Limits, *, shown: str, by: Any, reason: str) -> AccountChange | None:
    """Let a system do more, which waits for a second person and is returned, or less, which counts at once. Whatever
    does both waits. `shown` is the mark of the limits that were looked at.

    Raises `RightMissing`, `StaleVersion`, `MoveRefused` where nothing is different, and what `ask` raises."""
    if not by.has_perm(RIGHTS[Change.CLIENT]):
        raise RightMissing
    locked = ApiClient.objects.select_for_update(of=("self",)).select_related("user").get(pk=client.pk)
    held = clients.limits_of(locked)
    if clients.mark_of(held) != shown:
        raise StaleVersion
    if limits == held:
        raise MoveRefused(_("Nothing is different from before."))
    if limits.widens(held):
        return ask(locked.user, Change.CLIENT, by=by, reason=reason, **clients.columns_of(limits))
    clients.narrow(locked, limits, by=by, reason=checked_reason(reason))
    return None


def agreements(client: ApiClient, by: Any) -> QuerySet[AccountChange]:
    """What allows this person to make a token of this system now."""
    asked = AccountChange.objects.filter(user=client.user_id, what=Change.TOKEN, asked_by=by.pk)
    return asked.filter(state=GrantState.GRANTED, used_at=None, decided_at__gt=timezone.now() - TOKEN_WITHIN)


@transaction.atomic
def make_token(client: ApiClient, *, by: Any) -> str:
    """A new token of a system, once for each agreement of a second person, written down and shown to its maker only.
    Of a system that may do nothing yet too: it would open what the system may do later.

    Raises `SecondPersonNeeded`, `InvalidInput` where the client has expired."""
    agreed = agreements(client, by).select_for_update().first()
    if agreed is None:
        raise SecondPersonNeeded(_("A lead or a director must agree before a token of this system is made."))
    agreed.used_at = timezone.now()
    agreed.save(update_fields=["used_at"])
    token = services.issue_token(client)
    record(Act.ROLE, by=by, about=client.user, reason=f"token_made: #{agreed.pk}")
    return token


@transaction.atomic
def change_hands(user: User, *, by: Any) -> None:
    """Another address may be another person's: whoever made the password and the second step under the old one is out.
    Written down."""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    codes.reset(user, by=by, reason="another_address")


@transaction.atomic
def void_password(user: User, *, by: Any, reason: str) -> None:
    """Take a person's password away, and their sessions with it: they make a new one with a code from a mail, which
    nobody else gets to know. Written down."""
    checked_reason(reason)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    sessions.end(user, by=by, reason="password_void")
