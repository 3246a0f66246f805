"""Who calls the API: a system by its token, or a person by the console's session."""

import time
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone, translation
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from rest_framework import exceptions
from rest_framework.request import Request

from accounts.access.scope import scope_of_reader
from accounts.models import User
from accounts.scope import Client, Recused, Scope
from common.scope import Scope as DatabaseScope
from common.scope import become
from common.statements import run

MOST_REMEMBERED = 1000
# One statement for everything that decides: a token withdrawn, a client switched off or a right taken away counts from
# the very next request, and there is no cache to empty. Under gunicorn a process remembers the answer for
# `API_TOKEN_MEMORY` seconds (two), which is then how long a withdrawal may take: a busy client asks ten times a second.
_WHO = """
SELECT person.id, person.username, person.is_superuser, person.is_staff, person.language,
       client.id, client.name, client.may_read, client.may_send, client.channel_code,
       ARRAY(SELECT facility_id FROM accounts_apiclient_facilities WHERE apiclient_id = client.id),
       ARRAY(SELECT kind.app_label || '.' || permission.codename
             FROM auth_permission permission JOIN django_content_type kind ON kind.id = permission.content_type_id
             WHERE permission.id IN (
                 SELECT permission_id FROM auth_group_permissions JOIN accounts_rolegrant held USING (group_id)
                 WHERE held.user_id = person.id AND held.state = 'granted' AND held.valid_from <= %s
                       AND (held.valid_to IS NULL OR held.valid_to > %s))),
       ARRAY(SELECT ARRAY[division_id, facility_id] FROM accounts_membership
             WHERE user_id = person.id AND (valid_from IS NULL OR valid_from <= %s)
                   AND (valid_to IS NULL OR valid_to > %s))
FROM knox_authtoken token
JOIN accounts_user person ON person.id = token.user_id
JOIN accounts_apiclient client ON client.user_id = person.id
WHERE token.digest = %s AND (token.expiry IS NULL OR token.expiry > statement_timestamp()) AND person.is_active
      AND (client.expires_on IS NULL OR client.expires_on > %s)
"""


@dataclass(frozen=True)
class Token:
    """What `request.auth` holds: that a token was used, a key of everything that its rights depend on, and the scope
    in which the database answers it."""

    rights: Hashable
    scope: DatabaseScope = field(compare=False)


class ClientTokenAuthentication(TokenAuthentication):
    """`Authorization: Token …`, for accounts with an API client that has not expired. One query.

    `request.user` carries its rights, its client, its units and its facilities; answers come in its language."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        found = super().authenticate(request)
        if found is not None:
            become(found[1].scope)
            if found[0].language != translation.get_language():
                translation.activate(found[0].language)
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[User, Token]:
        try:
            digest = hash_token(token.decode("ascii"))
        except UnicodeDecodeError:
            raise exceptions.AuthenticationFailed from None
        known = _remembered.get(digest)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        today = timezone.localdate()
        rows = run(_WHO, [today, today, today, today, digest, today])
        if not rows:
            raise exceptions.AuthenticationFailed
        found = _user_from(rows[0])
        if settings.API_TOKEN_MEMORY:
            if len(_remembered) >= MOST_REMEMBERED:
                _remembered.clear()
            _remembered[digest] = (time.monotonic() + settings.API_TOKEN_MEMORY, found)
        return found


_remembered: dict[str, tuple[float, tuple[User, Token]]] = {}
_PERSON = ("id", "username", "is_superuser", "is_staff", "language")


def _user_from(row: tuple[Any, ...]) -> tuple[User, Token]:
    limits, rights, units = row[10:]
    user = User(is_active=True, **dict(zip(_PERSON, row[:5], strict=True)))
    user._state.adding, user._state.db = False, connection.alias
    user.client = Client(*row[5:10])
    user.client_facilities = frozenset(limits)
    user.scope = Scope(
        divisions=frozenset(division for division, _facility in units if division),
        facilities=frozenset(facility for _division, facility in units if facility),
    )
    user.recused = Recused()  # people are recused; a system knows nobody
    user._perm_cache = set(rights)
    rights = (*row[:10], user.client_facilities, user.scope, frozenset(rights))
    return user, Token(rights, scope_of_reader(user))
