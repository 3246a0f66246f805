"""What the worker does for incidents. A second run changes nothing."""

from celery import shared_task

from incidents.returns.deeds import open_due
from incidents.weekly import open_week


@shared_task
def tell_weeks() -> None:
    """Tell each facility's head of the week that is over."""
    open_week()


@shared_task
def open_returns() -> None:
    """Open what is to be handed in for the periods that ended lately."""
    open_due()
