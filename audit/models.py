"""Who looked at what is sensitive, and who was refused. Written once, never changed, never deleted."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.keeping import APPEND_ONLY


class Act(models.TextChoices):
    VIEW = "view", _("viewed")
    REVEAL = "reveal", _("identity revealed")
    ASK = "ask", _("asked to see an identity")
    APPROVE = "approve", _("look at an identity approved")
    DECLINE = "decline", _("look at an identity declined")
    EXPORT = "export", _("exported")
    REFUSED = "refused", _("refused")
    SIGN_IN = "sign_in", _("signed in")
    SIGN_IN_FAILED = "no_sign_in", _("sign-in failed")
    SIGN_OUT = "sign_out", _("signed out")
    FACTOR = "factor", _("second factor changed")
    SESSIONS = "sessions", _("sessions ended")
    ROLE = "role", _("rights changed")
    RECUSED = "recused", _("kept from something")
    LIFTED = "lifted", _("recusal lifted")
    HAND_OVER = "hand_over", _("work handed over")


class Purpose(models.TextChoices):
    """What somebody wants a person's identity for."""

    VERIFY = "verify", _("Call back to verify")
    INVITE = "invite", _("Invite to work with us")
    REPLY = "reply", _("Reply to the reporter")
    PROTECT = "protect", _("Protect the reporter")
    OTHER = "other", _("Another purpose (say it in the reason)")


ONLY_GROWS = "SELECT, INSERT"  # what the application may do with these tables


class Entry(models.Model):
    """One sensitive act. Holds handles (type and number), never names, texts or addresses of people."""

    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"), db_index=False
    )
    act = models.CharField(_("act"), max_length=10, choices=Act)
    about_type = models.CharField(_("kind of record"), max_length=60, blank=True)
    about_id = models.BigIntegerField(_("record"), null=True)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    application_may = ONLY_GROWS

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["about_type", "about_id", "-id"], name="audit_of_one_record"),
            # the auditor's list: everything, of one person, of one kind; each newest first
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["by", "-at", "-id"], name="audit_of_one_person"),
            models.Index(fields=["act", "-at", "-id"], name="audit_of_one_kind"),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.get_act_display()} #{self.pk}"


class Refusals(models.Model):
    """How often one person was refused within one hour: counted on one row, however often."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("by"), db_index=False
    )
    hour = models.DateTimeField(_("hour"))
    count = models.PositiveIntegerField(_("how often"))

    class Meta:
        verbose_name = _("refusals of one hour")
        verbose_name_plural = _("refusals of one hour")
        constraints = [models.UniqueConstraint(fields=["by", "hour"], name="refusals_counted_once")]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H} {self.count}"


class Link(models.Model):
    """One entry in the chain (`audit.chain`): its digest covers the entry and the digest before it."""

    number = models.BigIntegerField(_("place in the chain"), primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="link", verbose_name=_("audit entry"))
    digest = models.CharField(_("digest"), max_length=64)
    application_may = ONLY_GROWS

    class Meta:
        verbose_name = _("link of the audit chain")
        verbose_name_plural = _("links of the audit chain")
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.number}"


class Seal(models.Model):
    """The chain's digest at one place, marked with a key that is not in the database."""

    number = models.BigIntegerField(_("place in the chain"), db_index=True)
    up_to = models.BigIntegerField(_("last entry"))
    digest = models.CharField(_("digest"), max_length=64)
    key_id = models.CharField(_("key"), max_length=16)
    mark = models.CharField(_("mark"), max_length=64)
    at = models.DateTimeField(_("at"), auto_now_add=True, db_index=True)
    application_may = ONLY_GROWS

    class Meta:
        verbose_name = _("seal of the audit chain")
        verbose_name_plural = _("seals of the audit chain")
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.number}"


class Fault(models.TextChoices):
    """What can be wrong with the chain."""

    CHANGED = "changed", _("an entry was changed")
    MISSING = "missing", _("an entry is missing")
    STRAY = "stray", _("an entry was put in later")
    MARK = "mark", _("the chain was made anew without our key")


class Verification(models.Model):
    """One walk through the whole chain, and what came of it."""

    at = models.DateTimeField(_("at"), auto_now_add=True)
    links = models.BigIntegerField(_("entries checked"))
    fault = models.CharField(_("fault"), max_length=10, choices=Fault, blank=True)
    entry_id = models.BigIntegerField(_("first entry that is wrong"), null=True)
    head = models.CharField(_("last digest"), max_length=64, blank=True)
    application_may = ONLY_GROWS

    class Meta:
        verbose_name = _("verification of the audit log")
        verbose_name_plural = _("verifications of the audit log")
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.fault}".strip()
