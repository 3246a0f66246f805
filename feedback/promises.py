"""What we promise to whoever reported: until when there is a first contact, and until when a reply."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from deadlines.choices import State
from deadlines.services import deadlines_of
from feedback.models import Case
from feedback.obligations import ACKNOWLEDGE, RESOLVE


def due_moments(case: Case) -> dict[str, datetime]:
    """Until when we make first contact and until when we reply, as far as those clocks run. One query."""
    running = deadlines_of(case).filter(state=State.RUNNING, obligation__in=(ACKNOWLEDGE, RESOLVE))
    return dict(running.values_list("obligation", "due_at"))


def in_words(moment: datetime | None) -> str:
    """A promised moment for people: midnight is the end of the day before. Empty when nothing is promised."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    if local.time() == time.min:
        local -= timedelta(minutes=1)
        return _("the end of %(weekday)s, %(day)s") % _day(local)
    return _("%(time)s on %(weekday)s, %(day)s") % {"time": f"{local:%H:%M}", **_day(local)}


def _day(local: datetime) -> dict[str, str]:
    return {"weekday": date_format(local, "l"), "day": f"{local:%d/%m/%Y}"}
