"""How the states of inspections look, the same on every page."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from common.spans import in_words
from inspections.choices import CorrectionStatus, PlanStatus, Severity, Status
from inspections.models import CorrectiveAction, Finding

register = template.Library()
TONES: dict[str, str] = {
    f"visit-{Status.PREPARED}": "wait",
    f"visit-{Status.OPENED}": "new",
    f"visit-{Status.RECORDED}": "unit",
    f"visit-{Status.CLOSED}": "good",
    f"correction-{CorrectionStatus.WRITTEN}": "wait",
    f"correction-{CorrectionStatus.OPEN}": "new",
    f"correction-{CorrectionStatus.ANSWERED}": "turn",
    f"correction-{CorrectionStatus.RETURNED}": "back",
    f"correction-{CorrectionStatus.REOPENED}": "back",
    f"correction-{CorrectionStatus.VERIFIED}": "good",
    f"plan-{PlanStatus.DRAFT}": "wait",
    f"plan-{PlanStatus.WAITING}": "new",
    f"plan-{PlanStatus.APPROVED}": "good",
}
URGENCIES = {Severity.CRITICAL: "S1", Severity.SERIOUS: "S2", Severity.MINOR: "S4"}


@register.simple_tag
def inspection_state(row: Any, what: str) -> SafeString:
    """The status of a visit, a demand (`correction`) or a plan as a coloured label."""
    tone = TONES.get(f"{what}-{row.status}", "done")
    label = row.get_status_display()
    return format_html('<span class="ln-pill" data-tone="{}" data-status="{}">{}</span>', tone, row.status, label)


@register.simple_tag
def severity(finding: Finding) -> SafeString:
    """How bad a finding is, in a word."""
    urgency = URGENCIES[Severity(finding.severity)]
    label = finding.get_severity_display()
    return format_html('<span class="ln-urgency" data-urgency="{}">{}</span>', urgency, label)


@register.simple_tag
def correction_due(correction: CorrectiveAction, at: datetime) -> SafeString:
    """Until when, in words, with the exact moment on hovering; nothing runs for what is settled."""
    due = correction.due_at
    if due is None:
        return format_html('<span class="ln-due" data-tone="none">{}</span>', "—")
    is_late = due <= at
    span = in_words(at - due if is_late else due - at)
    words = (_("%(span)s late") if is_late else _("%(span)s left")) % {"span": span}
    exact = date_format(localtime(due), "DATETIME_FORMAT")
    tone = "late" if is_late else "fine"
    return format_html('<span class="ln-due" data-tone="{}" title="{}">{}</span>', tone, exact, words)
