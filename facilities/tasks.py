"""What the worker does for facilities. A second run changes nothing."""

from celery import shared_task
from django.contrib.auth import get_user_model

from facilities import services


@shared_task
def lift_ended_suspensions() -> None:
    """Let suspensions end whose last day has passed."""
    services.lift_ended_suspensions(by=get_user_model().objects.get(is_engine=True))
