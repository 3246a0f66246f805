"""Is the clock to be trusted? What each machine last read, and when the engine was held because of a jump."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.keeping import KEPT


class ClockReading(models.Model):
    """The database's time beside the running time of one machine since it was started, as last read together."""

    machine = models.CharField(_("machine and its start"), max_length=80, unique=True)
    at = models.DateTimeField(_("time of the database"))
    running = models.FloatField(_("seconds since the machine was started"))

    class Meta:
        verbose_name = _("reading of the clock")
        verbose_name_plural = _("readings of the clock")
        default_permissions = ()

    def __str__(self) -> str:
        return self.machine


class ClockHold(models.Model):
    """The clock jumped, so no step of any ladder is taken until it is right again or a person says that it is."""

    held_at = models.DateTimeField(_("held since"), editable=False)
    jump = models.DurationField(
        _("jump"), editable=False, help_text=_("How far the clock went, beyond the time that really passed.")
    )
    machine = models.CharField(_("noticed by the machine"), max_length=80, editable=False)
    released_at = models.DateTimeField(_("released"), null=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("released by"),
        editable=False,
    )
    reason = models.TextField(_("reason"), blank=True, editable=False)

    class Meta:
        verbose_name = _("jump of the clock")
        verbose_name_plural = _("jumps of the clock")
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [("release_clock", _("Is told when the clock jumps, and lets the deadlines go on"))]
        constraints = [
            models.UniqueConstraint(
                fields=["released_at"], condition=Q(released_at=None), nulls_distinct=False, name="one_hold_at_a_time"
            ),
            models.CheckConstraint(
                name="hold_released_with_reason",
                condition=Q(released_at=None, released_by=None, reason="")
                | (Q(released_at__isnull=False, released_by__isnull=False) & ~Q(reason="")),
            ),
        ]
        triggers = [
            *KEPT,
            pgtrigger.Protect(
                name="release_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.released_at IS NOT NULL"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_at}"

    @property
    def minutes(self) -> int:
        """The jump in whole minutes; less than nothing when the clock went back."""
        return round(self.jump.total_seconds() / 60)
