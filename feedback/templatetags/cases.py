"""How a case's status, urgency and due moment look, the same on every page."""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import pgettext

from common.keyset import COUNT_CAP
from feedback.choices import Status
from feedback.due import Due, due_of, until
from feedback.models import Case
from feedback.provisional import MEANING

register = template.Library()

TONES = {
    Status.RECEIVED: "new",
    Status.TRIAGED: "work",
    Status.ASSIGNED: "unit",
    Status.FORWARDED: "unit",
    Status.RETURNED: "back",
    Status.ANSWERED: "turn",
    Status.CHECKED: "turn",
    Status.CONFIRMED: "turn",
    Status.REPLIED: "good",
    Status.PUBLISHED: "good",
    Status.IN_REVIEW: "back",
    Status.WAITING: "wait",
}


@register.simple_tag
def status(value: Case | str) -> SafeString:
    """A case's status as a coloured label."""
    code = value.status if isinstance(value, Case) else value
    return format_html(
        '<span class="ln-pill" data-tone="{}" data-status="{}">{}</span>',
        TONES.get(Status(code), "done"),
        code,
        Status(code).label,
    )


@register.simple_tag
def urgency(case: Case) -> SafeString:
    """How soon somebody must act: a dot and a word."""
    return format_html('<span class="ln-urgency" data-urgency="{}">{}</span>', case.urgency, case.get_urgency_display())


@register.simple_tag
def due(value: Case | datetime | None, at: datetime | None = None) -> SafeString:
    """A due moment in words, with its exact moment on hovering."""
    now = at or timezone.now()
    return _drawn(due_of(value, now) if isinstance(value, Case) else until(value, now))


def _drawn(found: Due) -> SafeString:
    exact = date_format(timezone.localtime(found.at), "DATETIME_FORMAT") if found.at else ""
    drawn = format_html('<span class="ln-due" data-tone="{}" title="{}">{}</span>', found.tone, exact, found.words)
    if not found.is_provisional:
        return drawn
    mark = pgettext("due", "provisional")
    return format_html('{} <span class="ln-tag" data-provisional title="{}">{}</span>', drawn, MEANING, mark)


@register.simple_tag
def age(case: Case, at: datetime) -> str:
    """How long ago a case came in, in its largest unit; an ended one does not grow older."""
    until_then = case.ended_at or at
    if until_then <= case.received_at:
        return ""
    return timesince(case.received_at, until_then, depth=1)


@register.simple_tag
def provisional_meaning(is_shown: bool) -> SafeString:
    """What the mark means, below what bears it: a phone shows nothing on hovering."""
    return format_html('<p class="ln-muted" data-meaning>{}</p>', MEANING) if is_shown else SafeString("")


@register.filter
def capped(count: Any) -> str:
    """A count that stopped at its cap, as people read it: 99+ or 1.000+."""
    number, cap = int(count or 0), getattr(count, "cap", COUNT_CAP)
    shown = number_format(min(number, cap), force_grouping=True)
    return f"{shown}+" if number > cap else shown
