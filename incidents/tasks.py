"""What the worker does for incidents. A second run changes nothing."""

from celery import shared_task

from incidents.weekly import open_week


@shared_task
def tell_weeks() -> None:
    """Tell each facility's head of the week that is over."""
    open_week()
