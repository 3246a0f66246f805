"""Rights for people in tests: through roles, as everybody gets them."""

from datetime import date
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from accounts.grants import give
from accounts.models import GrantState, RoleGrant

LONG_AGO = date(2020, 1, 1)


def hold(user: Any, group: Group) -> None:
    """Let a person hold this role since long ago, so that tests may travel to a day in the past."""
    RoleGrant.objects.create(user=user, group=group, valid_from=LONG_AGO, state=GrantState.GRANTED, reason="kiểm thử")


def may(user: Any, *permissions: str) -> None:
    """Let a person do exactly these things more: through a role of their own, made for it."""
    group = Group.objects.create(name=f"Riêng {user.pk} {Group.objects.count()}")
    for permission in permissions:
        app_label, codename = permission.split(".")
        group.permissions.add(Permission.objects.get(codename=codename, content_type__app_label=app_label))
    hold(user, group)


def no_roles(user: Any) -> None:
    """End every role as of today."""
    today = timezone.localdate()
    RoleGrant.objects.filter(user=user).update(valid_to=today)


__all__ = ["give", "hold", "may", "no_roles"]
