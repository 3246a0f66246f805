"""What the worker does about people. A second run changes nothing."""

from celery import shared_task

from accounts.signin import throttling


@shared_task
def forget_old_attempts() -> None:
    """Clear counts of failed sign-ins that decide nothing any more."""
    throttling.forget_old()
