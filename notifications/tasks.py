"""Hints from beat: what is to be sent stands in the outbox, a missed or doubled tick changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from celery import shared_task
from django.db import connection

from notifications.delivery import Delivered, deliver_inboxes, send_out

SECONDS = 60
ONE_SENDER = 4_120_001  # the number of the lock; any other use of advisory locks takes another one


@shared_task
def deliver_notifications() -> None:
    """Deliver what waits. Any number of these may run at once, and any may die.

    One of them at a time sends what goes out: however long servers keep it waiting, the others' hands are free for the
    sweep and for inboxes."""
    done = Delivered()
    deliver_inboxes(done)
    with _alone() as is_alone:
        if is_alone:
            send_out(done, SECONDS)


@contextmanager
def _alone() -> Iterator[bool]:
    """Is no other sender at work? The lock goes with the connection, whatever becomes of its holder."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_SENDER])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_SENDER])
