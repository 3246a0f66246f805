"""The words about messages themselves: digests, and what could not be sent."""

from django.utils.translation import gettext_lazy as _

from notifications.choices import Kind
from notifications.texts.template import Template

TEMPLATES: dict[str, Template] = {
    "digest": Template(
        _("Your messages of the day: %(number)s"),
        _("These messages came since the last digest: %(number)s. They are in your inbox as well."),
    ),
    "dead_letter": Template(
        _("A message could not be sent"),
        _("Message %(number)s was given up after %(attempts)s attempts (%(fault)s). See Messages to send."),
        Kind.SYSTEM,
    ),
}
