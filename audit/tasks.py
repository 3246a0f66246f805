"""What the worker does for the log. A second run changes nothing."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from audit import chain
from audit.models import Refusals

COUNTS_KEPT = timedelta(days=60)


@shared_task
def seal_audit() -> None:
    """Link the entries of the last minute, and all that waited while the worker was away."""
    chain.seal_all()


@shared_task
def verify_audit() -> None:
    """Go through the whole chain once a day, and forget old counts of refusals."""
    chain.verify()
    Refusals.objects.filter(hour__lt=timezone.now() - COUNTS_KEPT).delete()
