"""Deeds over people and rights."""

from django.contrib.auth.models import Group, Permission

from accounts.models import User
from accounts.roles import ROLES

ENGINE_NAME = "he-thong"


def seed_roles() -> None:
    """Make the groups of `accounts.roles` where they are missing. What people changed in a group since stays.

    Raises `LookupError` when a role names a permission that no model declares."""
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role in ROLES:
        group, is_new = Group.objects.get_or_create(name=role.name_vi)
        missing = [code for code in role.permissions if code not in known]
        if missing:
            raise LookupError(f"Role {role.code} names unknown permissions: {', '.join(missing)}")
        if is_new:
            group.permissions.set(known[code] for code in role.permissions)


def engine() -> User:
    """The account in whose name the system acts; it cannot sign in."""
    user, is_new = User.objects.get_or_create(
        is_engine=True, defaults={"username": ENGINE_NAME, "display_name": "Hệ thống"}
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
