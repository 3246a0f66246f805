"""What the incident unit tells the head of its facility each week (Circular 43/2018, Article 8, item 1 a)."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.access import VisibleRows
from common.keeping import KEPT
from incidents.visibility import WEEK


class WeeklySummary(models.Model):
    """One facility's incidents of one week, counted when the week is over, until its head has seen them.

    `figures` is frozen: `{"noted": …, "sent": …, "mandatory": …, "levels": {"NC0": …}, "types": {"IT01": …}}`. It is
    the facility's own business; the department reads what is sent to it."""

    reference = models.CharField(_("reference"), max_length=60, unique=True, editable=False)
    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, db_index=False, related_name="+", verbose_name=_("facility")
    )
    monday = models.DateField(_("week from"))
    figures = models.JSONField(_("figures"))
    made_at = models.DateTimeField(_("made"))
    seen_at = models.DateTimeField(_("seen"), null=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name=_("seen by")
    )
    direction = models.TextField(_("what the head directs"), blank=True)
    access = WEEK
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("weekly summary of incidents")
        verbose_name_plural = _("weekly summaries of incidents")
        ordering = ["-monday", "-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["facility", "monday"], name="one_summary_a_week"),
            models.CheckConstraint(
                name="summary_is_seen_by_somebody",
                condition=Q(seen_at=None, seen_by=None) | Q(seen_at__gte=F("made_at"), seen_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["-monday", "-id"], name="summary_newest")]

    def __str__(self) -> str:
        return self.reference


watched: Any = WeeklySummary
pgtrigger.register(*KEPT)(watched)
