"""The closed lists of messages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    """The way a message goes."""

    INBOX = "inbox", _("inbox")
    EMAIL = "email", _("e-mail")
    DIGEST = "digest", _("daily digest")  # waits for its hour and then becomes part of one mail
    SMS = "sms", _("text message")
    ZALO = "zalo", _("Zalo")
    WEBHOOK = "webhook", _("the department's messaging system")


TO_PHONES = (Channel.SMS, Channel.ZALO)
POSTED = (*TO_PHONES, Channel.WEBHOOK)  # over HTTP, where the installation has an address for it


class State(models.TextChoices):
    """Where a message to be sent stands; `notifications.delivery` changes it, and `notifications.services.hide`."""

    WAITING = "waiting", pgettext_lazy("message state", "waiting")
    SENT = "sent", pgettext_lazy("message state", "sent")
    DEAD = "dead", pgettext_lazy("message state", "given up")
    WITHHELD = "withheld", pgettext_lazy("message state", "withheld")  # the recipient is kept from what it is about
    DROPPED = "dropped", pgettext_lazy("message state", "not to be sent any more")  # somebody said so


class Kind(models.TextChoices):
    """What a message is about, as far as people choose how they hear of it."""

    WORK = "work", _("New work and the next step of a case")
    REPORTER = "reporter", _("The reporter wrote again or is not satisfied")
    REMINDER = "reminder", _("A deadline comes near")
    LATE = "late", _("A deadline has passed, and reports to the lead and the director")
    IDENTITY = "identity", _("Requests to see who reported a confidential case")
    RIGHTS = "rights", _("Roles and accounts: what waits for a second person, and changes of my account")
    SYSTEM = "system", _("Faults of the system, for whoever looks after it")


# people rely on these reaching a colleague; nobody can switch them off
ALWAYS_MAILED = {
    Kind.LATE: _("Late cases are reported upwards by rule; who is responsible has to know."),
    Kind.IDENTITY: _("A colleague waits for a second person's answer, and each look is to be noticed."),
    Kind.RIGHTS: _("Whoever could keep this from you could become you, or give a role that nobody looked at."),
    Kind.SYSTEM: _("Messages that did not go out have to be seen by somebody."),
}
