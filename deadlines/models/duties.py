"""What a step of a ladder gave somebody to do."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import VisibleRows
from common.keeping import KEPT
from deadlines.choices import LIVE
from deadlines.models.clocks import Deadline
from deadlines.models.rules import Ladder
from deadlines.visibility import DUTY


class DutyQuerySet(VisibleRows["Duty"]):
    def open(self) -> "DutyQuerySet":
        """Not done, and what they are about still waits: with its deadline a duty ends by itself."""
        return self.filter(done_at=None, deadline__state__in=LIVE)

    def of(self, person: Any) -> "DutyQuerySet":
        return self.filter(person=person)


class Duty(models.Model):
    """A task that a step of a ladder gave one person: to see to a late record, and say what was done about it."""

    deadline = models.ForeignKey(
        Deadline, models.PROTECT, related_name="duties", verbose_name=_("deadline"), editable=False, db_index=False
    )  # the unique constraint begins with it
    ladder = models.ForeignKey(
        Ladder, models.PROTECT, related_name="+", verbose_name=_("ladder"), editable=False, db_index=False
    )
    step = models.PositiveSmallIntegerField(_("step"), editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("given to"),
        editable=False,
        db_index=False,
    )
    given_at = models.DateTimeField(_("given"), editable=False)
    done_at = models.DateTimeField(_("done"), null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("done by"),
        editable=False,
        db_index=False,
    )
    outcome = models.TextField(_("what was done"), blank=True, editable=False)
    access = DUTY
    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["given_at", "pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["deadline", "ladder", "step"], name="duty_once_per_step"),
            models.CheckConstraint(
                name="duty_done_whole",
                condition=Q(done_at=None, done_by=None, outcome="")
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(outcome="")),
            ),
        ]
        indexes = [
            # the tile and list of what one person has to do
            models.Index(fields=["person", "given_at"], condition=Q(done_at=None), name="duty_open_of_person"),
        ]
        triggers = [
            *KEPT,
            pgtrigger.Protect(
                name="done_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.done_at IS NOT NULL"),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
