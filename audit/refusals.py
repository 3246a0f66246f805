"""Who asked for what is not theirs. Written after the answer has gone out, so that neither its words nor its time tell
what stands behind an address; at most `PER_HOUR` entries a person and hour, the rest is only counted."""

from typing import Any

import structlog
from django.db import DatabaseError, connection, transaction
from django.urls import ResolverMatch

from audit.models import Act, Entry
from audit.subjects import SUBJECTS, asked_by
from common.scope import as_system

PER_HOUR = 30
_COUNT = """
INSERT INTO audit_refusals (by_id, hour, count) VALUES (%s, date_trunc('hour', now()), 1)
ON CONFLICT (by_id, hour) DO UPDATE SET count = audit_refusals.count + 1 RETURNING count
"""
log = structlog.get_logger("audit")


def note(user: Any, match: ResolverMatch, *, method: str, request_id: str) -> None:
    """Write down that this person was refused this address. Two statements; a fault goes to the log only, since the
    answer is out already."""
    try:
        with transaction.atomic(), as_system():  # the request and its scope are over
            if _count(user) <= PER_HOUR:
                _write(user, match, method, request_id)
    except DatabaseError as fault:
        log.error("refusal_not_written", route=match.view_name, fault=type(fault).__name__)


def _count(user: Any) -> int:
    """How many there were in this hour, this one included: all on one row."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [user.pk])
        return int(cursor.fetchone()[0])


def _write(user: Any, match: ResolverMatch, method: str, request_id: str) -> None:
    asked = asked_by(match)
    number = asked.number
    if number is None and asked.words and asked.label in SUBJECTS:
        number = SUBJECTS[asked.label].find(asked.words)
    Entry.objects.create(
        act=Act.REFUSED,
        by_id=user.pk,
        about_type=asked.label,
        about_id=number,
        reason=f"{method} {match.view_name}"[:120],
        request_id=request_id,
    )
