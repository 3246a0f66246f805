"""The closed lists of messages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    """The way a message goes."""

    INBOX = "inbox", _("inbox")
    EMAIL = "email", _("e-mail")


class State(models.TextChoices):
    """Where a message to be sent stands; only `notifications.delivery` changes it."""

    WAITING = "waiting", pgettext_lazy("message state", "waiting")
    SENT = "sent", pgettext_lazy("message state", "sent")
    DEAD = "dead", pgettext_lazy("message state", "given up")
