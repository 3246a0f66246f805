"""What we promise to whoever reported: until when there is a first contact, and until when a reply."""

from datetime import datetime

from deadlines.choices import State
from deadlines.services import deadlines_of
from feedback.models import Case
from feedback.obligations import ACKNOWLEDGE, RESOLVE


def due_moments(case: Case) -> dict[str, datetime]:
    """Until when we make first contact and until when we reply, as far as those clocks run. One query."""
    running = deadlines_of(case).filter(state=State.RUNNING, obligation__in=(ACKNOWLEDGE, RESOLVE))
    return dict(running.values_list("obligation", "due_at"))
