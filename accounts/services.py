"""Deeds over people and rights."""

import re
from datetime import date, datetime, time, timedelta

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken

from accounts import grants
from accounts.models import ApiClient, SeededRight, User
from accounts.roles import ROLES
from common.exceptions import InvalidInput

ENGINE_NAME = "he-thong"
TOKEN_LIFE = timedelta(days=365)
ACCOUNT_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")  # it is the source of what the system sends: 40 characters
DOORS = ("console", "public", "email", "import")  # sources of our own, which no account may be taken for


@transaction.atomic
def seed_roles() -> None:
    """Make the groups of `accounts.roles` where they are missing, and give each the rights that it was never given:
    what a release adds arrives once, what people took away stays away.

    Raises `LookupError` when a role names a permission that no model declares."""
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role in ROLES:
        missing = [code for code in role.permissions if code not in known]
        if missing:
            raise LookupError(f"Role {role.code} names unknown permissions: {', '.join(missing)}")
        group, _is_new = Group.objects.get_or_create(name=role.name_vi)
        seeded = set(group.seeded_rights.values_list("permission", flat=True))
        fresh = [code for code in dict.fromkeys(role.permissions) if code not in seeded]
        group.permissions.add(*(known[code] for code in fresh))
        SeededRight.objects.bulk_create(SeededRight(group=group, permission=code) for code in fresh)


def engine() -> User:
    """The account in whose name the system acts; it cannot sign in."""
    user, is_new = User.objects.get_or_create(
        is_engine=True, defaults={"username": ENGINE_NAME, "display_name": "Hệ thống"}
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def check_account_name(name: str) -> None:
    """Could a new system be called this? Raises `InvalidInput`."""
    if not ACCOUNT_NAME.fullmatch(name) or name in DOORS:
        sentence = _("Take 2 to 40 small letters, digits, dots, dashes, and none of our own doors' names.")
        raise InvalidInput({"name": [sentence]})
    if User.objects.filter(username=name).exists():
        raise InvalidInput({"name": [_("This name is taken.")]})


def system_account(name: str) -> User:
    """A new account that a system calls under; nobody signs in with it. Raises `InvalidInput`."""
    check_account_name(name)
    user = User(username=name, display_name=name)
    user.set_unusable_password()
    user.save()
    return user


@transaction.atomic
def open_client(
    name: str, *, may_read: bool, may_send: bool, channel_code: str = "", expires_on: date | None = None
) -> ApiClient:
    """Make an account for a system in the name of the installation, with the seeded roles that go with what it may do.
    Raises `InvalidInput`."""
    user = system_account(name)
    give_roles(user, may_read=may_read, may_send=may_send, reason=str(_("The account of an API client")))
    return ApiClient.objects.create(
        user=user,
        name=name,
        may_read=may_read,
        may_send=may_send,
        channel_code=channel_code,
        expires_on=expires_on,
    )


def give_roles(user: User, *, may_read: bool, may_send: bool, reason: str) -> None:
    """The seeded roles that go with what a system may do."""
    for code, is_given in (("api_read", may_read), ("api_intake", may_send)):
        if is_given:
            grants.give(user, code, reason=reason)


def issue_token(client: ApiClient) -> str:
    """A new token, which exists in plain only in this answer. It ends with the client, and after a year at most."""
    life = TOKEN_LIFE
    if client.expires_on:
        life = min(life, timezone.make_aware(datetime.combine(client.expires_on, time())) - timezone.now())
    if life <= timedelta():
        raise InvalidInput({"expires_on": [_("This client has expired: set a later day first.")]})
    _row, token = AuthToken.objects.create(user=client.user, expiry=life)
    return str(token)


def revoke_tokens(client: ApiClient) -> int:
    """Withdraw every token of a client: the next request with one of them is refused. Returns how many there were."""
    count, _by_model = AuthToken.objects.filter(user=client.user_id).delete()
    return count
