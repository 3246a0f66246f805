"""How an incident's status and harm look, the same on every page."""

from datetime import datetime

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.spans import in_words
from deadlines.models import Deadline
from incidents.choices import AlertStatus, ReturnStatus, Status
from incidents.models import Alert, Analysis, Incident, Return

register = template.Library()
TONES = {
    Status.DRAFT: "wait",
    Status.SUBMITTED: "new",
    Status.RETURNED: "back",
    Status.ACCEPTED: "good",
}
ALERT_TONES = {
    AlertStatus.DRAFT: "wait",
    AlertStatus.WAITING: "new",
    AlertStatus.PUBLISHED: "good",
    AlertStatus.WITHDRAWN: "done",
}


@register.simple_tag
def alert_status(alert: Alert) -> SafeString:
    """The status of an alert as a coloured label."""
    tone, label = ALERT_TONES[AlertStatus(alert.status)], alert.get_status_display()
    return format_html('<span class="ln-pill" data-tone="{}" data-status="{}">{}</span>', tone, alert.status, label)


@register.simple_tag
def incident_status(incident: Incident) -> SafeString:
    """The status as a coloured label."""
    tone = TONES.get(Status(incident.status), "done")
    label = incident.get_status_display()
    return format_html('<span class="ln-pill" data-tone="{}" data-status="{}">{}</span>', tone, incident.status, label)


@register.simple_tag
def analysis_status(analysis: Analysis) -> SafeString:
    """The status of an analysis as a coloured label."""
    tone, label = TONES[Status(analysis.status)], analysis.get_status_display()
    return format_html('<span class="ln-pill" data-tone="{}" data-status="{}">{}</span>', tone, analysis.status, label)


@register.simple_tag
def harm(incident: Incident) -> SafeString:
    """Letter and level; the colour says how bad."""
    if not incident.harm:
        return format_html('<span class="ln-muted">{}</span>', _("no letter yet"))
    urgency = {"NC3": "S1", "NC2": "S2", "NC1": "S3"}.get(incident.level, "S4")
    return format_html(
        '<span class="ln-urgency" data-urgency="{}">{} · {}</span>', urgency, incident.level, incident.harm
    )


@register.simple_tag
def incident_due(incident: Incident | Deadline | None, at: datetime) -> SafeString:
    """The nearest due moment in words, with its exact moment on hovering; for a facility its own (`due_here`)."""
    due_at = getattr(incident, "due_here", incident.due_at) if incident else None
    if due_at is None:
        return format_html('<span class="ln-due" data-tone="none">{}</span>', "—")
    is_late = due_at <= at
    span = in_words(at - due_at if is_late else due_at - at)
    words = (_("%(span)s late") if is_late else _("%(span)s left")) % {"span": span}
    exact = date_format(localtime(due_at), "DATETIME_FORMAT")
    tone = "late" if is_late else "fine"
    return format_html('<span class="ln-due" data-tone="{}" title="{}">{}</span>', tone, exact, words)


@register.simple_tag
def return_status(found: Return, at: datetime) -> SafeString:
    """Where a return stands, with whether it is late."""
    is_late = found.status == ReturnStatus.OPEN and found.due_at is not None and found.due_at <= at
    tone = {ReturnStatus.SIGNED: "good", ReturnStatus.CORRECTING: "back"}.get(ReturnStatus(found.status), "new")
    label = pgettext("status of a return", "late") if is_late else found.get_status_display()
    return format_html(
        '<span class="ln-pill" data-tone="{}" data-status="{}">{}</span>',
        "wait" if is_late else tone, found.status, label,
    )  # fmt: skip


@register.simple_tag
def return_due(found: Return, at: datetime) -> SafeString:
    """Until when it was to be signed; whether it was, once it is."""
    if found.due_at is None:
        return format_html('<span class="ln-due" data-tone="none">{}</span>', "—")
    exact = date_format(localtime(found.due_at), "DATETIME_FORMAT")
    if found.signed_at:
        is_late = found.signed_at > found.due_at
        words = _("was late") if is_late else _("on time")
    else:
        is_late = found.due_at <= at
        span = in_words(at - found.due_at if is_late else found.due_at - at)
        words = (_("%(span)s late") if is_late else _("%(span)s left")) % {"span": span}
    tone = "late" if is_late else "good" if found.signed_at else "fine"
    return format_html('<span class="ln-due" data-tone="{}" title="{}">{}</span>', tone, exact, words)
