"""All messages by their codes, each room holding those about one thing."""

from notifications.texts import accounts, cases, deadlines, directives, incidents, inspections, messages
from notifications.texts.template import Template as Template

TEMPLATES: dict[str, Template] = {
    **deadlines.TEMPLATES,
    **cases.TEMPLATES,
    **incidents.TEMPLATES,
    **directives.TEMPLATES,
    **inspections.TEMPLATES,
    **accounts.TEMPLATES,
    **messages.TEMPLATES,
}
