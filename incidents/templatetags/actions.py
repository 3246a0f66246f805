"""How an action's status and strength look, the same on every page."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from incidents.choices import ActionStatus, Strength
from incidents.models import Action

register = template.Library()
TONES = {
    ActionStatus.OPEN: "new",
    ActionStatus.DONE: "wait",
    ActionStatus.VERIFIED: "wait",
    ActionStatus.EFFECTIVE: "good",
    ActionStatus.REOPENED: "back",
    ActionStatus.WITHDRAWN: "done",
}
URGENCIES = {Strength.STRONG: "S4", Strength.INTERMEDIATE: "S3", Strength.WEAK: "S2"}


@register.simple_tag
def action_status(action: Action) -> SafeString:
    """The status as a coloured label."""
    tone, label = TONES[ActionStatus(action.status)], action.get_status_display()
    return format_html('<span class="ln-pill" data-tone="{}" data-status="{}">{}</span>', tone, action.status, label)


@register.simple_tag
def action_strength(action: Action) -> SafeString:
    """How surely it prevents the next one, in a word."""
    if not action.strength:
        return format_html("{}", "")
    strength = Strength(action.strength)
    urgency, label = URGENCIES[strength], strength.label
    return format_html('<span class="ln-urgency" data-urgency="{}">{}</span>', urgency, label)
