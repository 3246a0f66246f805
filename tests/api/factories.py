"""Callers of the API for tests."""

import json
from typing import Any

from django.test import Client

from accounts.grants import give
from accounts.models import ApiClient, User
from accounts.models import Membership as Membership
from accounts.services import issue_token, open_client
from tests.feedback.factories import *  # noqa: F403  (people, units and cases are those of feedback's tests)

LIST, INTAKE = "/api/v1/cases/", "/api/v1/intake/"
PROBLEM = "application/problem+json"


def system(name: str, *, roles: tuple[str, ...] = (), **options: Any) -> tuple[ApiClient, "Caller"]:
    """A system with its token. `roles` are given beside those that go with reading and sending."""
    client = open_client(name, **{"may_read": False, "may_send": False} | options)
    for role in roles:
        give(client.user, role, reason="kiểm thử")
    return client, Caller(token=issue_token(client))


class Caller:
    """Somebody who calls the API: by token, by session, or nobody."""

    def __init__(self, *, token: str = "", user: User | None = None, word: str = "Token") -> None:
        self.client = Client(raise_request_exception=True)
        self.headers = {"Authorization": f"{word} {token}"} if token else {}
        if user is not None:
            self.client.force_login(user)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=self.headers | _names(headers))

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send JSON, or bytes as they are."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.generic(
            method, path, content, content_type="application/json", headers=self.headers | _names(headers)
        )

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)


def _names(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def case_path(case: Any, tail: str = "") -> str:
    return f"/api/v1/cases/{case.reference}/{tail}"
