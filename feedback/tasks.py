"""What the worker does for cases. A second run changes nothing."""

from celery import shared_task
from django.db import connection

from feedback import daycounts
from feedback.operator import drafts

LOCK = 0x4C4E01  # one refresh at a time: two would count the same days


@shared_task
def refresh_day_counts() -> None:
    """Bring the counts per day up to date."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return
        try:
            daycounts.refresh()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@shared_task
def drop_old_drafts() -> None:
    """Throw away what operators typed a shift ago and never saved. One statement."""
    drafts.drop_old()
