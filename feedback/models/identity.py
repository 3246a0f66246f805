"""Who told us. Apart from the case: no history, no search, no export, no log reads these tables.

Issue 3 seals these columns (encryption, row-level security, reveal with a reason); until then the permission
`feedback.reveal_reporter` and an audit entry stand before every look (`feedback.services.reveal_reporter`)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reporter(models.Model):
    """The person behind one submission: only what they gave, only for reaching them."""

    submission = models.OneToOneField(
        "feedback.Submission", models.PROTECT, related_name="reporter", verbose_name=_("submission")
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("reporter")
        verbose_name_plural = _("reporters")
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"


class Receipt(models.Model):
    """What lets a reporter follow a case: a locator to find it and a verifier that only they hold (kept as a hash)."""

    case = models.ForeignKey("feedback.Case", models.PROTECT, related_name="receipts", verbose_name=_("case"))
    locator = models.CharField(_("locator"), max_length=9, unique=True)
    salt = models.BinaryField(max_length=16)
    verifier_hash = models.BinaryField(max_length=32)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        default_permissions = ()

    def __str__(self) -> str:
        return self.locator
