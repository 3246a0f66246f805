"""Terms and moments as people say them, in the language that is active. No models: messages use this as well."""

from dataclasses import replace
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deadlines import calendar as dates
from deadlines.calendar import Term
from deadlines.choices import Clock, EndsAt


def term_in_words(term: Term) -> str:
    """“3 working days”, “24 hours”."""
    if term.clock == Clock.MINUTES and term.amount % 60 == 0:
        term = replace(term, clock=Clock.HOURS, amount=term.amount // 60)
    texts = {
        Clock.MINUTES: ngettext("%(count)d minute", "%(count)d minutes", term.amount),
        Clock.HOURS: ngettext("%(count)d hour", "%(count)d hours", term.amount),
        Clock.WORKING_HOURS: ngettext("%(count)d working hour", "%(count)d working hours", term.amount),
        Clock.DAYS: ngettext("%(count)d day", "%(count)d days", term.amount),
        Clock.WORKING_DAYS: ngettext("%(count)d working day", "%(count)d working days", term.amount),
        Clock.MONTHS: ngettext("%(count)d month", "%(count)d months", term.amount),
        Clock.YEARLY: _("%(day)d/%(month)d each year"),
    }
    text = texts[term.clock] % {"count": term.amount, "day": term.day, "month": term.month}
    if term.ends_at == EndsAt.CLOSE_OF_BUSINESS:
        return _("%(term)s, until close of business") % {"term": text}
    return text


def moment_in_words(at: datetime) -> str:
    """Day and time by the clock on the wall."""
    return date_format(timezone.localtime(at, dates.ZONE), "SHORT_DATETIME_FORMAT")


def due_in_words(at: datetime) -> str:
    """A due moment as people say it: 00:00 is 24:00 of the day before."""
    here = dates.local(at)
    if here.hour or here.minute or here.second:
        return moment_in_words(at)
    return _("24:00 on %(day)s") % {"day": date_format(dates.last_day_of(at), "SHORT_DATE_FORMAT")}
