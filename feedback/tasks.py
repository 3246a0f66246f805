"""What the worker does for cases. A second run changes nothing."""

from celery import shared_task
from django.conf import settings
from django.db import connection

from feedback import daycounts
from feedback.imports import work
from feedback.mailbox import taking
from feedback.operator import drafts
from feedback.reconciling import comparing

LOCK = 0x4C4E01  # one refresh at a time: two would count the same days
MAILBOX_LOCK = 0x4C4E02  # one reader of the mailbox at a time: two would answer the same letter


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


@shared_task
def work_through_runs() -> None:
    """Take up files of cases and lists of other systems that wait. Any number of these may run at once: each takes
    what no other holds, and one that dies is followed by another after some minutes."""
    while comparing.compare_next():
        pass
    work.work_next()


@shared_task
def look_after_runs() -> None:
    """Once a day: settle what has arrived since, and empty files that nobody confirmed."""
    comparing.settle_what_arrived()
    work.drop_unconfirmed()


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=2)
def read_mailbox() -> None:
    """Take in what waits in the mailbox, where there is one. A letter that was read twice is one case."""
    if not settings.MAILBOX_URL:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [MAILBOX_LOCK])
        if not cursor.fetchone()[0]:
            return
        try:
            taking.take_in()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MAILBOX_LOCK])
