"""People and a mail server for tests."""

from typing import Any

from django.contrib.auth.models import Permission

from accounts.models import User

SENT: list[Any] = []


def person(name: str, *permissions: str, **fields: Any) -> User:
    user = User.objects.create_user(username=name, email=fields.pop("email", f"{name}@example.invalid"), **fields)
    for permission in permissions:
        app_label, codename = permission.split(".")
        user.user_permissions.add(Permission.objects.get(codename=codename, content_type__app_label=app_label))
    return user
