"""Whether the page of a case offers to ask its facility for an incident report."""

from typing import Any

from django import template

from console.promotion import asked_already, may_ask
from feedback.models import Case

register = template.Library()


@register.simple_tag
def may_ask_for_incident(case: Case, user: Any) -> bool:
    """One query, where the person may ask at all."""
    return may_ask(case, user) and not asked_already(case)
