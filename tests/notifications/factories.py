"""People and a mail server for tests."""

from typing import Any

from accounts.models import User
from tests.rights import may

SENT: list[Any] = []


def person(name: str, *permissions: str, **fields: Any) -> User:
    user = User.objects.create_user(username=name, email=fields.pop("email", f"{name}@example.invalid"), **fields)
    if permissions:
        may(user, *permissions)
    return user
