"""When a matter can have happened: one rule for every door."""

from datetime import date

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EARLIEST = date(1990, 1, 1)


def fault_of_day(day: date) -> Promise | None:
    """What is wrong with the day on which something is said to have happened."""
    if day > timezone.localdate():
        return _("This day is in the future.")
    if day < EARLIEST:
        return _("This day is too long ago.")
    return None
