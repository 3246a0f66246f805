"""Who calls the API: a system by its token, or a person by the console's session."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone, translation
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from rest_framework import exceptions
from rest_framework.request import Request

from accounts.models import ApiClient, User

# One statement for everything that decides: a token withdrawn, a client switched off or a right taken away counts from
# the very next request, and there is no cache to empty. As quick as asking Redis first (docs/performance.md).
_WHO = """
SELECT person.id, person.username, person.is_superuser, person.is_staff, person.language,
       client.id, client.name, client.may_read, client.may_send, client.channel_code, client.expires_on,
       ARRAY(SELECT facility_id FROM accounts_apiclient_facilities WHERE apiclient_id = client.id),
       ARRAY(SELECT kind.app_label || '.' || permission.codename
             FROM auth_permission permission JOIN django_content_type kind ON kind.id = permission.content_type_id
             WHERE permission.id IN (
                 SELECT permission_id FROM auth_group_permissions JOIN accounts_user_groups USING (group_id)
                 WHERE user_id = person.id
                 UNION ALL
                 SELECT permission_id FROM accounts_user_user_permissions WHERE user_id = person.id))
FROM knox_authtoken token
JOIN accounts_user person ON person.id = token.user_id
JOIN accounts_apiclient client ON client.user_id = person.id
WHERE token.digest = %s AND (token.expiry IS NULL OR token.expiry > now()) AND person.is_active
"""


@dataclass(frozen=True)
class Token:
    """What `request.auth` holds: that a token was used, and nothing of it."""

    client_id: int


class ClientTokenAuthentication(TokenAuthentication):
    """`Authorization: Token …`, for accounts with an API client that has not expired. One query.

    `request.user` carries its rights, its client and its facilities; answers come in the account's language."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        found = super().authenticate(request)
        if found is not None:
            translation.activate(found[0].language)
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[User, Token]:
        try:
            digest = hash_token(token.decode("ascii"))
        except UnicodeDecodeError:
            raise exceptions.AuthenticationFailed from None
        with connection.cursor() as cursor:
            cursor.execute(_WHO, [digest])
            row = cursor.fetchone()
        if row is None or _is_over(row[10]):
            raise exceptions.AuthenticationFailed
        user = _user_from(row)
        return user, Token(row[5])


def _is_over(expires_on: date | None) -> bool:
    return expires_on is not None and expires_on <= timezone.localdate()


def _user_from(row: tuple[Any, ...]) -> User:
    pk, username, is_superuser, is_staff, language, client_id, name, may_read, may_send, channel_code = row[:10]
    user = User(
        pk=pk, username=username, is_superuser=is_superuser, is_staff=is_staff, is_active=True, language=language
    )
    user._state.adding, user._state.db = False, connection.alias
    user.client = ApiClient(
        pk=client_id,
        user_id=pk,
        name=name,
        may_read=may_read,
        may_send=may_send,
        channel_code=channel_code,
        expires_on=row[10],
    )
    user.client_facilities = frozenset(row[11])
    user._perm_cache = set(row[12])
    return user
