"""How directives, obligations and assignments look on pages."""

from datetime import datetime

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from common.spans import in_words
from directives import words
from directives.choices import WAITING, DirectiveState, Status
from directives.models import Assignment, Directive, Obligation

register = template.Library()
TONES = {
    Status.OPEN: "", Status.SUBMITTED: "main", Status.RETURNED: "soon", Status.CHECKED: "main", Status.ACCEPTED: "good",
    Status.WITHDRAWN: "quiet",
}  # fmt: skip


@register.simple_tag
def directive_state(directive: Directive) -> SafeString:
    tone = "good" if directive.state == DirectiveState.IN_FORCE else "quiet"
    return format_html('<span class="ln-pill" data-tone="{}">{}</span>', tone, directive.get_state_display())


@register.simple_tag
def assignment_status(assignment: Assignment) -> SafeString:
    tone = TONES.get(Status(assignment.status), "")
    return format_html('<span class="ln-pill" data-tone="{}">{}</span>', tone, assignment.get_status_display())


@register.simple_tag
def assignment_due(assignment: Assignment, at: datetime) -> SafeString:
    """Until when, in words, with the exact moment on hovering; nothing runs for what is not the facility's turn."""
    if assignment.due_at is None:
        return format_html('<span class="ln-due" data-tone="none">{}</span>', _("no day"))
    exact = date_format(localtime(assignment.due_at), "DATETIME_FORMAT")
    if assignment.status in (*WAITING, Status.ACCEPTED, Status.WITHDRAWN):
        day = date_format(assignment.due_on or at, "SHORT_DATE_FORMAT")
        return format_html('<span class="ln-due" data-tone="none" title="{}">{}</span>', exact, day)
    is_late = assignment.due_at <= at
    span = in_words(at - assignment.due_at if is_late else assignment.due_at - at)
    said = (_("%(span)s late") if is_late else _("%(span)s left")) % {"span": span}
    return format_html(
        '<span class="ln-due" data-tone="{}" title="{}">{}</span>', "late" if is_late else "fine", exact, said
    )


@register.filter
def rule_said(obligation: Obligation) -> str:
    """How often, in words."""
    return words.obligation_rule(obligation)


@register.filter
def parties_said(obligation: Obligation) -> str:
    """Who is obliged, in words."""
    return words.parties_said(obligation.parties)
