"""Whether a case's page has a place for suggestions."""

from typing import Any

from django import template

from feedback.models import Case
from suggestions import for_case

register = template.Library()


@register.simple_tag
def has_suggestions(case: Case, reader: Any) -> bool:
    """Is anything suggested for this case to this person? No query."""
    return for_case.has_suggestions(case, reader)
