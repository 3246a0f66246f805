"""What we promise to whoever reported: until when there is a first contact, and until when a reply."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from deadlines.choices import State
from deadlines.services import deadlines_of
from feedback.models import Case
from feedback.obligations import ACKNOWLEDGE, RESOLVE


def promised(case: Case) -> dict[str, str]:
    """Until when we make first contact and until when we reply, in words, as far as those clocks run. One query."""
    running = deadlines_of(case).filter(state=State.RUNNING, obligation__in=(ACKNOWLEDGE, RESOLVE))
    found = running.values_list("obligation", "due_at", "is_provisional")
    return {obligation: in_words(due_at, is_provisional) for obligation, due_at, is_provisional in found}


def in_words(moment: datetime, is_provisional: bool) -> str:
    """A promised moment for people: midnight is the end of the day before."""
    said = _in_words(moment)
    return _("%(due)s (provisional: not all days off are announced)") % {"due": said} if is_provisional else said


def _in_words(moment: datetime) -> str:
    local = timezone.localtime(moment)
    if local.time() == time.min:
        local -= timedelta(minutes=1)
        return _("the end of %(weekday)s, %(day)s") % _day(local)
    return _("%(time)s on %(weekday)s, %(day)s") % {"time": f"{local:%H:%M}", **_day(local)}


def _day(local: datetime) -> dict[str, str]:
    return {"weekday": date_format(local, "l"), "day": f"{local:%d/%m/%Y}"}
