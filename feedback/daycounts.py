"""Keeping the counts per day: rebuilt for the days that changed, so running it twice changes nothing."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone

from deadlines.models import Heartbeat
from feedback.models import Case, DayCount

ZONE = "Asia/Ho_Chi_Minh"
WATERMARK = "day-counts"

# One pass over the cases of some days, grouped by every scope and dimension that a page asks for.
_REBUILD = """
WITH judged AS (
    SELECT (c.received_at AT TIME ZONE %(zone)s)::date AS day,
           c.facility_id, c.division_id, c.is_confidential,
           c.is_confidential OR NOT c.is_released AS hidden_from_facility,
           c.channel_id::text AS channel, coalesce(root.parent_id, root.id)::text AS category, c.urgency,
           (SELECT s.ended_as FROM feedback_submission s WHERE s.case_id = c.id AND s.ended_as <> '' LIMIT 1) AS call,
           NOT c.is_open AS ended,
           NOT c.is_open AND d.on_time IS TRUE AS on_time,
           (d.on_time IS FALSE) OR (c.is_open AND c.due_at <= now()) AS late
    FROM feedback_case c
    LEFT JOIN feedback_category root ON root.id = c.category_id
    LEFT JOIN LATERAL (
        SELECT bool_and(on_time) AS on_time FROM deadlines_deadline
        WHERE about_type_id = %(about_type)s AND about_id = c.id AND obligation = 'resolve' AND on_time IS NOT NULL
    ) d ON true
    WHERE c.received_at >= %(since)s AND c.received_at < %(until)s
), scoped AS (
    SELECT 'all' AS scope, * FROM judged
    UNION ALL
    SELECT 'ordinary', * FROM judged WHERE NOT is_confidential
    UNION ALL
    SELECT 'facility:' || facility_id, * FROM judged WHERE facility_id IS NOT NULL AND NOT hidden_from_facility
    UNION ALL
    SELECT 'division:' || division_id, * FROM judged WHERE division_id IS NOT NULL AND NOT is_confidential
)
INSERT INTO feedback_daycount (day, scope, dimension, key, received, ended, on_time, late)
SELECT day, scope, dimension, key, count(*), count(*) FILTER (WHERE ended), count(*) FILTER (WHERE on_time),
       count(*) FILTER (WHERE late)
FROM scoped CROSS JOIN LATERAL (
    VALUES ('total', ''), ('channel', channel), ('category', coalesce(category, '')), ('urgency', urgency),
           ('call', call)
) AS by_value(dimension, key)
WHERE key IS NOT NULL
GROUP BY day, scope, dimension, key
"""

_CHANGED_DAYS = """
SELECT DISTINCT (received_at AT TIME ZONE %s)::date FROM feedback_case WHERE updated_at >= %s
"""
_OVERLAP = timedelta(minutes=5)  # transactions that were open at the last look and committed since


def refresh() -> int:
    """Count anew the days of cases that changed since the last look; returns how many days that were."""
    beat = Heartbeat.objects.filter(name=WATERMARK).first()
    now = timezone.now()
    if beat is None:
        days = rebuild_all()
    else:
        with connection.cursor() as cursor:
            cursor.execute(_CHANGED_DAYS, [ZONE, beat.at - _OVERLAP])
            changed = [row[0] for row in cursor.fetchall()]
        for day in changed:
            rebuild(day, day + timedelta(days=1))
        days = len(changed)
    Heartbeat.objects.update_or_create(name=WATERMARK, defaults={"at": now})
    return days


def rebuild_all() -> int:
    """Count every day anew; seconds at a million cases."""
    span = Case.objects.aggregate(first=Min("received_at"), last=Max("received_at"))
    if span["first"] is None:
        return 0
    first, last = timezone.localdate(span["first"]), timezone.localdate(span["last"]) + timedelta(days=1)
    rebuild(first, last)
    return (last - first).days


@transaction.atomic
def rebuild(since: date, until: date) -> None:
    """Count the days from `since` up to but not including `until` anew."""
    DayCount.objects.filter(day__gte=since, day__lt=until).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            _REBUILD,
            {
                "zone": ZONE,
                "about_type": ContentType.objects.get_for_model(Case).pk,
                "since": _midnight(since),
                "until": _midnight(until),
            },
        )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def per_day(scope: str, since: date, dimension: str = "total") -> list[dict[str, Any]]:
    """The counts of one scope and dimension from `since` on: one index range, whatever the number of cases."""
    counts = DayCount.objects.filter(scope=scope, dimension=dimension, day__gte=since).order_by("day", "key")
    return [dict(row) for row in counts.values("day", "key", "received", "ended", "on_time", "late")]
