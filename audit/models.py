"""Who looked at what is sensitive, and who was refused. Written once, never changed, never deleted."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


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


class Purpose(models.TextChoices):
    """What somebody wants a person's identity for."""

    VERIFY = "verify", _("Call back to verify")
    INVITE = "invite", _("Invite to work with us")
    REPLY = "reply", _("Reply to the reporter")
    PROTECT = "protect", _("Protect the reporter")
    OTHER = "other", _("Another purpose (say it in the reason)")


class Entry(models.Model):
    """One sensitive act. Holds handles (type and number), never names, texts or addresses of people."""

    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    act = models.CharField(_("act"), max_length=10, choices=Act)
    about_type = models.CharField(_("kind of record"), max_length=60, blank=True)
    about_id = models.BigIntegerField(_("record"), null=True)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-id"]
        indexes = [models.Index(fields=["about_type", "about_id", "-id"], name="audit_of_one_record")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.about_type} {self.about_id or ''}".strip()
