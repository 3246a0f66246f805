"""What is kept about signing in."""

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _


class Attempt(models.Model):
    """How often one account, address or code was tried in vain. Holds marks, never a name or an address."""

    kind = models.CharField(_("what is counted"), max_length=10)
    mark = models.CharField(_("mark"), max_length=64)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    last_at = models.DateTimeField(_("last try"))
    waits_until = models.DateTimeField(_("waits until"), null=True)

    class Meta:
        verbose_name = _("sign-in attempts")
        verbose_name_plural = _("sign-in attempts")
        constraints = [models.UniqueConstraint(fields=["kind", "mark"], name="attempts_counted_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.failures}"


class Session(AbstractBaseSession):
    """A session with the person it belongs to; nobody's before they signed in."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, verbose_name=_("user"))

    class Meta(AbstractBaseSession.Meta):
        abstract = False
