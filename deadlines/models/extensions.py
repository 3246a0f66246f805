"""Longer terms: who asked, who agreed, and what the deadline was before."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.access import VisibleRows
from common.keeping import KEPT
from deadlines.models.clocks import Deadline
from deadlines.visibility import PART_OF_DEADLINE


class ExtensionQuerySet(VisibleRows["Extension"]):
    def waiting(self) -> "ExtensionQuerySet":
        """Not answered yet."""
        return self.filter(decided_at=None)


class Extension(models.Model):
    """A longer term for one deadline: asked for by one person, granted or refused by another, then kept as it is."""

    deadline = models.ForeignKey(
        Deadline, models.PROTECT, related_name="extensions", verbose_name=_("deadline"), editable=False
    )
    amount = models.PositiveIntegerField(_("whole term asked for"), editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"), editable=False
    )
    asked_at = models.DateTimeField(_("asked"), editable=False)
    reason = models.TextField(_("reason"), editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
        editable=False,
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    is_granted = models.BooleanField(_("granted"), null=True, editable=False)
    answer = models.TextField(_("reason of the answer"), blank=True, editable=False)
    due_before = models.DateTimeField(_("due before"), editable=False)
    due_after = models.DateTimeField(_("due after"), null=True, editable=False)
    access = PART_OF_DEADLINE
    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["asked_at", "pk"]
        default_permissions = ()
        permissions = [
            ("ask_extension", _("Ask for a longer term")),
            ("grant_extension", _("Grant or refuse a longer term that somebody else asked for")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["deadline"], condition=Q(decided_at=None), name="one_extension_waits_per_deadline"
            ),
            models.CheckConstraint(
                name="extension_has_second_person",
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                violation_error_message=_("Whoever asks cannot answer."),
            ),
            models.CheckConstraint(
                name="extension_decided_whole",
                condition=Q(decided_by=None, decided_at=None, is_granted=None, due_after=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False, is_granted=True, due_after__isnull=False)
                | Q(decided_by__isnull=False, decided_at__isnull=False, is_granted=False, due_after=None),
            ),
        ]
        triggers = [
            *KEPT,
            pgtrigger.Protect(
                name="answer_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.decided_at IS NOT NULL"),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
