"""Putting messages into the outbox, inside the transaction of the deed that gives rise to them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model, QuerySet
from django.utils import timezone

from notifications.choices import ALWAYS_MAILED, Channel, State
from notifications.models import InboxItem, Outbox
from notifications.templates import kind_of

OF_THE_HOUSE = (Channel.INBOX, Channel.EMAIL, Channel.DIGEST)

# One row per person and channel: the inbox for everybody; e-mail for those who have an address, at once or in the next
# digest, as they wish for messages of this kind; what must not be missed is mailed at once anyway, and what is urgent
# waits for no digest; other ways to whoever asked for them.
_ENQUEUE = """
INSERT INTO notifications_outbox (key, recipient_id, template, params, about_type_id, about_id, url, is_urgent,
                                  channel, state, created_at, next_try_at, attempts, last_error)
SELECT wanted.key, person.id, wanted.template, wanted.params, wanted.about_type, wanted.about_id, wanted.url,
       wanted.is_urgent, way.channel, 'waiting', now(),
       greatest(wanted.not_before, CASE way.channel WHEN 'digest' THEN (
           date_trunc('day', now() AT TIME ZONE %(zone)s - wish.digest_hour * interval '1 hour')
           + interval '1 day' + wish.digest_hour * interval '1 hour') AT TIME ZONE %(zone)s
       ELSE now() END), 0, ''
FROM json_to_recordset(%(rows)s) AS wanted(key text, recipient bigint, template text, params jsonb, about_type int,
                                           about_id bigint, url text, is_urgent bool, not_before timestamptz, kind text)
JOIN accounts_user person ON person.id = wanted.recipient AND person.is_active
LEFT JOIN notifications_preference wish ON wish.user_id = person.id
LEFT JOIN notifications_phone phone ON phone.user_id = person.id
CROSS JOIN LATERAL unnest(%(channels)s::text[]) AS way(channel)
CROSS JOIN LATERAL (SELECT CASE
    WHEN wanted.kind = ANY(%(always)s::text[]) THEN 'email'
    WHEN NOT coalesce(wish.email_enabled, true) OR wanted.kind = ANY(coalesce(wish.muted, '{}')) THEN ''
    WHEN wanted.kind = ANY(coalesce(wish.digested, '{}')) AND NOT wanted.is_urgent THEN 'digest'
    ELSE 'email' END AS channel) AS mailed
WHERE CASE
    WHEN way.channel = 'inbox' THEN true
    WHEN way.channel IN ('email', 'digest') THEN person.email <> '' AND way.channel = mailed.channel
    ELSE way.channel || ':' || wanted.kind = ANY(coalesce(wish.also, '{}'))
         AND (way.channel = 'webhook' OR phone.id IS NOT NULL) END
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
    not_before: str | None = None  # a moment (ISO) until which it waits; None: it goes at once


def enqueue(
    key: str,
    *,
    to: Iterable[int],
    template: str,
    about: Model | None = None,
    params: Mapping[str, str] | None = None,
    url: str = "",
    urgent: bool = False,
    channels: Sequence[str] | None = None,
) -> int:
    """Tell some people something once per `key`; returns how many rows are new. One statement.

    Inactive people get nothing; by default it goes all the ways that each person wants."""
    about_type = ContentType.objects.get_for_model(about).pk if about is not None else None
    about_id = about.pk if about is not None else None
    wanted = [
        Wanted(key, person, template, dict(params or {}), about_type, about_id, url, urgent)
        for person in dict.fromkeys(to)
    ]
    return enqueue_many(wanted, channels=channels)


def enqueue_many(rows: Sequence[Wanted], *, channels: Sequence[str] | None = None) -> int:
    """The same for any number of different messages. One statement however many."""
    if not rows:
        return 0
    told = [{**row._asdict(), "kind": kind_of(row.template)} for row in rows]
    values: dict[str, Any] = {
        "rows": json.dumps(told),
        "channels": list(channels if channels is not None else (*OF_THE_HOUSE, *settings.GATEWAYS)),
        "always": list(ALWAYS_MAILED),
        "zone": settings.TIME_ZONE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ENQUEUE, values)
        return int(cursor.rowcount)


def hide(person: int, records: QuerySet[Any]) -> None:
    """Tell this person nothing about these records any more: what waits is withheld, what was delivered is hidden.

    Later messages are asked about by the delivery (`notifications.withholding`). Three statements at most."""
    about = _about(person, records)
    Outbox.objects.waiting().filter(**about).update(state=State.WITHHELD, locked_until=None)
    InboxItem.objects.filter(hidden_at=None, **about).update(hidden_at=timezone.now())


def unhide(person: int, records: QuerySet[Any]) -> None:
    """Show what was hidden; what was withheld meanwhile is not delivered late."""
    InboxItem.objects.filter(hidden_at__isnull=False, **_about(person, records)).update(hidden_at=None)


def _about(person: int, records: QuerySet[Any]) -> dict[str, Any]:
    kind = ContentType.objects.get_for_model(records.model)
    return {"recipient": person, "about_type": kind, "about_id__in": records.values("pk")}


def unread_count(user: Any) -> int:
    """How many messages this person has not read. One index-only query."""
    return InboxItem.objects.visible_to(user).unread().count()
