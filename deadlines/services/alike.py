"""Clocks of many records that are all alike: judged and planned once, written in one statement. For duties that a whole
class of facilities gets on the same day."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from psycopg.types.json import Jsonb

from common.exceptions import ReasonRequired
from deadlines import editions, registry
from deadlines.choices import LIVE
from deadlines.planning import judge, schedule
from deadlines.services.asking import actor

_OPEN = """
INSERT INTO deadlines_deadline (
    about_type_id, about_id, reference, obligation, cycle, state, starts_at, due_at, original_due_at, is_provisional,
    rule_id, ladder_id, calendar_version, derivation, moments, positions, planned_at, step, next_at, level, fault,
    by_id, reason)
SELECT %(about_type)s, about.id, about.reference, %(obligation)s,
       1 + coalesce((SELECT max(cycle) FROM deadlines_deadline known WHERE known.about_type_id = %(about_type)s
                      AND known.about_id = about.id AND known.obligation = %(obligation)s), 0),
       'running', %(start)s, %(due)s, %(due)s, %(provisional)s, %(rule)s, %(ladder)s, %(calendar)s, %(derivation)s,
       %(moments)s::timestamptz[], %(positions)s::smallint[], %(now)s, 0, %(next)s, 0, '', %(by)s, ''
FROM unnest(%(ids)s::bigint[], %(references)s::text[]) AS about(id, reference)
ON CONFLICT DO NOTHING
"""
_CANCEL = """
UPDATE deadlines_deadline SET state = 'cancelled', next_at = NULL, paused_at = NULL, stands_until = NULL,
       ended_by_id = %(by)s, reason = %(reason)s
WHERE about_type_id = %(about_type)s AND about_id = ANY(%(ids)s) AND state = ANY(%(live)s)
"""


def open_alike(
    label: str,
    names: Mapping[int, str],
    obligation: str,
    *,
    start: datetime,
    facts: Mapping[str, str],
    by: Any,
    moments: Mapping[str, datetime] | None = None,
) -> int:
    """Start the same clock for all these records (their keys with what people call them); returns how many began.

    While one of the same obligation runs, that record's stays as it is. None begins when no rule fits. Two statements,
    however many records."""
    if not names:
        return 0
    reference = editions.current()
    judgement = judge(reference, label, obligation, start, facts, moments)
    if judgement is None:
        return 0
    rule = judgement.rule
    planned = schedule(reference, rule.term, rule.ladder_id, start, authority=rule.authority)
    values: dict[str, Any] = {
        "about_type": registry.content_type(label).pk,
        "obligation": obligation,
        "ids": list(names),
        "references": [name[:60] for name in names.values()],
        "start": start,
        "due": planned.due_at,
        "provisional": planned.is_provisional,
        "rule": rule.pk,
        "ladder": rule.ladder_id,
        "calendar": reference.version,
        "derivation": Jsonb(judgement.derivation),
        "moments": planned.moments,
        "positions": planned.positions,
        "now": timezone.now(),
        "next": planned.next_at,
        "by": actor(by).pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, values)
        return int(cursor.rowcount)


def cancel_alike(label: str, ids: Sequence[int], *, by: Any, reason: str) -> int:
    """All clocks of these records that run or stand exist no longer; returns how many. One statement.

    For records whose clocks never stand: a pause that is open is not closed here."""
    if not reason.strip():
        raise ReasonRequired
    if not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _CANCEL,
            {
                "about_type": registry.content_type(label).pk,
                "ids": list(ids),
                "live": [str(state) for state in LIVE],
                "by": actor(by).pk,
                "reason": reason,
            },
        )
        return int(cursor.rowcount)
