"""What came of each e-mail that was read: never who wrote it, nor a word of it."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.access import VisibleRows
from common.keeping import KEPT
from feedback.visibility import MAIL


class MailOutcome(models.TextChoices):
    CASE = "case", pgettext_lazy("an e-mail", "became a case")
    ADDED = "added", pgettext_lazy("an e-mail", "added to a case")
    AUTOMATIC = "auto", pgettext_lazy("an e-mail", "sent by a machine, not answered")
    REFUSED = "refused", pgettext_lazy("an e-mail", "could not be taken in")


@pgtrigger.register(*KEPT)
class ReceivedMail(models.Model):
    """One e-mail that was read from the mailbox. `mark` knows it again, `sender` counts a sender's; both are keyed, so
    that neither tells an address."""

    mark = models.CharField(max_length=64, unique=True, editable=False)
    sender = models.CharField(max_length=64, editable=False)
    at = models.DateTimeField(_("read"), editable=False)
    outcome = models.CharField(pgettext_lazy("an e-mail", "outcome"), max_length=7, choices=MailOutcome, editable=False)
    case = models.ForeignKey(
        "feedback.Case",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("case"),
    )
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    left_out = models.PositiveSmallIntegerField(_("files left out"), default=0, editable=False)
    access = MAIL
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("e-mail read")
        verbose_name_plural = _("e-mails read")
        ordering = ["-at", "-id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["-at", "-id"], name="mail_newest"),
            models.Index(fields=["sender", "-at"], name="mail_by_sender"),  # how many within an hour
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
