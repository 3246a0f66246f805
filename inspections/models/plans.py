"""The yearly plan: which facility is inspected when, on what, under whose lead."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from accounts.access import VisibleRows
from common.keeping import APPEND_ONLY, KEPT
from inspections.choices import Period, PlanStatus
from inspections.visibility import LINE, PAST_OF_LINE, PLAN


def person(label: Any, **more: Any) -> Any:
    """A column that points to somebody of the department."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=label, **more
    )


class Plan(models.Model):
    """What the department inspects in a year. Written by one person, approved by another; changed only after it was
    taken up again. A plan sealed until each visit will stand here as a state of its own."""

    year = models.PositiveSmallIntegerField(
        _("year"), unique=True, validators=[MinValueValidator(2020), MaxValueValidator(2100)]
    )
    legal_basis = models.TextField(_("legal basis"))
    status = models.CharField(_("status"), max_length=10, choices=PlanStatus, default=PlanStatus.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    made_by = person(_("written by"), editable=False)
    made_at = models.DateTimeField(_("written"), editable=False)
    proposed_by = person(_("proposed by"), null=True, editable=False)
    approved_by = person(_("approved by"), null=True, editable=False)
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    history = HistoricalRecords(
        history_change_reason_field=models.TextField(null=True),
        cascade_delete_history=False,
        no_db_index=["year", "made_by", "proposed_by", "approved_by"],
    )
    access = PLAN
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("plan of inspections")
        verbose_name_plural = _("plans of inspections")
        ordering = ["-year"]
        default_permissions = ()
        permissions = [
            ("manage_plan", _("Write the yearly plan of inspections")),
            ("approve_plan", _("Approve the plan of inspections as the second person")),
        ]
        constraints = [
            models.CheckConstraint(
                name="plan_approved_says_when_and_by_whom",
                condition=~Q(status=PlanStatus.APPROVED) | Q(approved_by__isnull=False, approved_at__isnull=False),
                violation_error_message=_("An approved plan says when and by whom."),
            ),
            models.CheckConstraint(
                name="plan_approved_by_a_second_person",
                condition=Q(approved_by=None) | Q(proposed_by=None) | ~Q(approved_by=F("proposed_by")),
                violation_error_message=_("Whoever proposed a plan does not approve it."),
            ),
        ]
        triggers = KEPT

    def __str__(self) -> str:
        return f"{self.year}"


class PlanLine(models.Model):
    """One visit of the plan. A line that is not wanted any more is struck out and stays."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="lines", verbose_name=_("plan"))
    facility = models.ForeignKey("facilities.Facility", models.PROTECT, related_name="+", verbose_name=_("facility"))
    period = models.CharField(_("when"), max_length=3, choices=Period)
    topic = models.CharField(pgettext_lazy("inspection", "what is inspected"), max_length=300)
    lead = person(_("team lead"))
    is_struck = models.BooleanField(_("struck out"), default=False)
    history = HistoricalRecords(
        history_change_reason_field=models.TextField(null=True),
        cascade_delete_history=False,
        no_db_index=["plan", "facility", "lead"],
    )
    access = LINE
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("line of a plan")
        verbose_name_plural = _("lines of plans")
        ordering = ["plan", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "facility", "period", "topic"],
                name="plan_line_said_once",
                violation_error_message=_("The plan has this line already."),
            )
        ]
        triggers = KEPT

    def __str__(self) -> str:
        return f"#{self.pk}"


PlanPast: Any = Plan.history.model  # type: ignore[attr-defined]
PlanPast.access = PLAN
PlanLinePast: Any = PlanLine.history.model  # type: ignore[attr-defined]
PlanLinePast.access = PAST_OF_LINE
for written_once in (PlanPast, PlanLinePast):
    pgtrigger.register(*APPEND_ONLY)(written_once)
