"""What the worker does for incidents. A second run changes nothing."""

from celery import shared_task

from accounts.services import engine
from incidents.returns.deeds import open_due
from incidents.signals.finding import look
from incidents.weekly import open_week


@shared_task
def tell_weeks() -> None:
    """Tell each facility's head of the week that is over."""
    open_week()


@shared_task
def open_returns() -> None:
    """Open what is to be handed in for the periods that ended lately."""
    open_due()


@shared_task
def find_signals() -> None:
    """Look for kinds of incidents that are reported more often than before."""
    look(engine())
