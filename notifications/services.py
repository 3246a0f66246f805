"""Putting messages into the outbox, inside the transaction of the deed that gives rise to them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model

from notifications.choices import Channel
from notifications.models import InboxItem

ALL_CHANNELS = (Channel.INBOX, Channel.EMAIL)

# One row per person and channel: the inbox for everybody, e-mail for those who have an address and did not decline.
_ENQUEUE = """
INSERT INTO notifications_outbox (key, recipient_id, template, params, about_type_id, about_id, url, is_urgent,
                                  channel, state, created_at, next_try_at, attempts, last_error)
SELECT wanted.key, person.id, wanted.template, wanted.params, wanted.about_type, wanted.about_id, wanted.url,
       wanted.is_urgent, way.channel, 'waiting', now(), now(), 0, ''
FROM json_to_recordset(%s) AS wanted(key text, recipient bigint, template text, params jsonb, about_type int,
                                     about_id bigint, url text, is_urgent bool)
JOIN accounts_user person ON person.id = wanted.recipient AND person.is_active
LEFT JOIN notifications_preference wish ON wish.user_id = person.id
CROSS JOIN LATERAL unnest(%s::text[]) AS way(channel)
WHERE way.channel = 'inbox' OR (person.email <> '' AND coalesce(wish.email_enabled, true))
ON CONFLICT DO NOTHING
"""


class Wanted(NamedTuple):
    """One message to one person, before it is split into channels. The names are those of `_ENQUEUE`."""

    key: str
    recipient: int
    template: str
    params: Mapping[str, str]
    about_type: int | None = None
    about_id: int | None = None
    url: str = ""
    is_urgent: bool = False


def enqueue(
    key: str,
    *,
    to: Iterable[int],
    template: str,
    about: Model | None = None,
    params: Mapping[str, str] | None = None,
    url: str = "",
    urgent: bool = False,
    channels: Sequence[str] = ALL_CHANNELS,
) -> int:
    """Tell some people something once per `key`; returns how many rows are new. One statement.

    Inactive people get nothing; e-mail goes to those who have an address and want it."""
    about_type = ContentType.objects.get_for_model(about).pk if about is not None else None
    about_id = about.pk if about is not None else None
    wanted = [
        Wanted(key, person, template, dict(params or {}), about_type, about_id, url, urgent)
        for person in dict.fromkeys(to)
    ]
    return enqueue_many(wanted, channels=channels)


def enqueue_many(rows: Sequence[Wanted], *, channels: Sequence[str] = ALL_CHANNELS) -> int:
    """The same for any number of different messages. One statement however many."""
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_ENQUEUE, [json.dumps([row._asdict() for row in rows]), list(channels)])
        return int(cursor.rowcount)


def unread_count(user: Any) -> int:
    """How many messages this person has not read. One index-only query."""
    return InboxItem.objects.visible_to(user).unread().count()
