"""Tokens of systems that call the API: knox keeps only their hash; each token expires."""

from typing import Any

from knox.auth import TokenAuthentication
from rest_framework import exceptions


class ClientTokenAuthentication(TokenAuthentication):
    """`Authorization: Token …`; the account behind the token must be active and its client not expired."""

    def authenticate_credentials(self, token: bytes) -> Any:
        user, auth_token = super().authenticate_credentials(token)
        if not user.is_active:
            raise exceptions.AuthenticationFailed
        return user, auth_token
