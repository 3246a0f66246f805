"""What the worker does for directives. A second run changes nothing."""

from celery import shared_task

from directives import expansion


@shared_task
def expand_obligations() -> None:
    """Give every facility what its class owes, when facilities, classes, obligations or the day changed."""
    expansion.expand()
