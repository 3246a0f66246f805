"""Hints from beat: what is to be sent stands in the outbox, a missed or doubled tick changes nothing."""

from celery import shared_task

from notifications.delivery import deliver

SECONDS = 60


@shared_task
def deliver_notifications() -> None:
    """Deliver what waits. Any number of these may run at once, and any may die."""
    deliver(seconds=SECONDS)
