"""Until when a case is due, as people say it. Pure: the moment of looking is an argument."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.spans import in_words
from feedback.choices import ENDED, Status
from feedback.models import Case

SOON = timedelta(hours=24)


@dataclass(frozen=True)
class Due:
    """Words and a tone: `late`, `soon`, `fine`, `paused`, `none` or `ended`."""

    words: str
    tone: str
    at: datetime | None = None
    is_provisional: bool = False


def due_of(case: Case, at: datetime) -> Due:
    """When the next deadline of a case falls, seen from `at`."""
    if case.status in ENDED:
        return Due(pgettext("due", "ended"), "ended", case.ended_at)
    if case.status == Status.WAITING and case.due_at is None:
        return Due(pgettext("due", "clock paused"), "paused")
    return replace(until(case.due_at, at), is_provisional=case.is_provisional)


def until(due_at: datetime | None, at: datetime) -> Due:
    """A due moment, seen from `at`."""
    if due_at is None:
        return Due(pgettext("due", "no deadline"), "none")
    if due_at <= at:
        return Due(_("%(span)s late") % {"span": in_words(at - due_at)}, "late", due_at)
    left = due_at - at
    return Due(_("%(span)s left") % {"span": in_words(left)}, "soon" if left <= SOON else "fine", due_at)
