"""Visits: what is prepared, who goes, what is looked at, and the record of what was seen."""

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from accounts.access import VisibleRows
from common.keeping import APPEND_ONLY, KEPT
from inspections.choices import Function, Kind, Result, Status, TeamRole
from inspections.models.plans import PlanLine, person
from inspections.visibility import INSPECTION, OF_INSPECTION, OF_PREPARATION, PAST_OF_INSPECTION, PAST_OF_ITEM

UNOPENED = (str(Status.PREPARED), str(Status.CANCELLED))
DONE = (str(Status.RECORDED), str(Status.CLOSED))


class Inspection(models.Model):
    """One visit of the department to one facility, from its preparation to the last thing corrected.

    Until `opened_at` is set the facility knows nothing of it. A score of risk that proposes visits, and records written
    offline, will come in as columns and a door of their own; neither changes this way."""

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    kind = models.CharField(_("kind of inspection"), max_length=11, choices=Kind, editable=False)
    line = models.ForeignKey(
        PlanLine, models.PROTECT, null=True, editable=False, related_name="inspections",
        verbose_name=_("line of the plan"),
    )  # fmt: skip
    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, db_index=False, related_name="+", verbose_name=_("facility")
    )
    topic = models.CharField(pgettext_lazy("inspection", "what is inspected"), max_length=300)
    legal_basis = models.TextField(_("legal basis"))
    planned_at = models.DateTimeField(pgettext_lazy("inspection", "planned for"))
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.PREPARED, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    made_by = person(_("prepared by"), editable=False)
    made_at = models.DateTimeField(_("prepared"), editable=False)
    opened_at = models.DateTimeField(pgettext_lazy("inspection", "opened"), null=True, editable=False)
    started_at = models.DateTimeField(pgettext_lazy("inspection", "began"), null=True)
    ended_at = models.DateTimeField(pgettext_lazy("inspection", "ended"), null=True)
    present = ArrayField(
        models.CharField(max_length=11, choices=Function), verbose_name=_("present for the facility"), default=list
    )
    summary = models.TextField(_("summary"), blank=True)
    recorded_at = models.DateTimeField(_("record finished"), null=True, editable=False)
    closed_at = models.DateTimeField(pgettext_lazy("inspection", "closed"), null=True, editable=False)
    history = HistoricalRecords(
        history_change_reason_field=models.TextField(null=True),
        cascade_delete_history=False,
        no_db_index=["reference", "line", "facility", "made_by"],
    )
    access = INSPECTION
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ["-planned_at", "-id"]
        default_permissions = ("view",)
        permissions = [
            ("view_every_inspection", _("See all inspections, plans and checklists")),
            ("view_facility_inspection", _("See the opened inspections of one's facility")),
            ("conduct_inspection", _("Prepare, open and record inspections, and verify what was corrected")),
            ("answer_correction", _("Answer the demands to correct of one's facility")),
            ("exchange_inspection", _("Read opened inspections and demands to correct by the API (systems)")),
        ]
        constraints = [
            models.CheckConstraint(
                name="inspection_planned_has_a_line",
                condition=Q(kind=Kind.PLANNED, line__isnull=False) | Q(kind=Kind.UNANNOUNCED, line=None),
                violation_error_message=_("A planned inspection has a line of the plan, an unannounced one has none."),
            ),
            models.CheckConstraint(
                name="inspection_opened_says_when",
                condition=Q(status__in=UNOPENED) | Q(opened_at__isnull=False),
                violation_error_message=_("An opened inspection says since when."),
            ),
            models.CheckConstraint(
                name="inspection_prepared_is_not_opened",
                condition=~Q(status=Status.PREPARED) | Q(opened_at=None),
                violation_error_message=_("An inspection that is being prepared was not opened."),
            ),
            models.CheckConstraint(
                name="inspection_recorded_says_from_when_to_when",
                condition=~Q(status__in=DONE)
                | Q(recorded_at__isnull=False, started_at__isnull=False, ended_at__isnull=False),
                violation_error_message=_("A record says when the visit began and ended."),
            ),
            models.CheckConstraint(
                name="inspection_ends_after_it_began",
                condition=Q(started_at=None) | Q(ended_at=None) | Q(started_at__lte=F("ended_at")),
                violation_error_message=_("It cannot end before it began."),
            ),
        ]
        indexes = [
            # lists go by the day of the visit and are paged by key: one index for each filter
            models.Index(fields=["-planned_at", "-id"], name="inspection_newest"),
            models.Index(fields=["status", "-planned_at", "-id"], name="inspection_by_status"),
            models.Index(fields=["facility", "-planned_at", "-id"], name="inspection_by_facility"),
            models.Index(fields=["kind", "-planned_at", "-id"], name="inspection_by_kind"),
        ]
        triggers = KEPT

    def __str__(self) -> str:
        return self.reference

    @property
    def is_prepared(self) -> bool:
        return self.status == Status.PREPARED

    @property
    def is_open(self) -> bool:
        """Is the record being written?"""
        return self.status == Status.OPENED


class Member(models.Model):
    """Somebody in the team. Whoever leaves it stays readable."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="team", verbose_name=_("inspection"))
    user = person(_("person"))
    role = models.CharField(_("role"), max_length=9, choices=TeamRole)
    at = models.DateTimeField(_("at"))
    by = person(_("by"))
    left_at = models.DateTimeField(_("left the team"), null=True)
    left_by = person(_("taken out by"), null=True)
    access = OF_INSPECTION
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("member of a team")
        verbose_name_plural = _("members of teams")
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "user"], condition=Q(left_at=None), name="team_member_once",
                violation_error_message=_("This person is in the team already."),
            ),
            models.UniqueConstraint(
                fields=["inspection"], condition=Q(left_at=None, role=TeamRole.LEAD), name="team_has_one_lead",
                violation_error_message=_("The team has a lead already."),
            ),
        ]  # fmt: skip
        triggers = KEPT

    def __str__(self) -> str:
        return f"#{self.pk}"


class ChecklistItem(models.Model):
    """Something to look at: an obligation of the facility that was open on the day, or the team's own."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="items", verbose_name=_("inspection"))
    position = models.PositiveSmallIntegerField(_("order"))
    obligation = models.ForeignKey(
        "directives.Obligation", models.PROTECT, null=True, db_index=False, related_name="+",
        verbose_name=_("obligation"),
    )  # fmt: skip
    assignment = models.ForeignKey(
        "directives.Assignment", models.PROTECT, null=True, db_index=False, related_name="+",
        verbose_name=_("assignment"),
    )  # fmt: skip
    text = models.CharField(pgettext_lazy("checklist", "what is looked at"), max_length=500)
    basis = models.CharField(pgettext_lazy("checklist", "rests on"), max_length=200, blank=True)
    result = models.CharField(_("result"), max_length=14, choices=Result, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    evidence = models.TextField(_("evidence seen"), blank=True)
    history = HistoricalRecords(
        history_change_reason_field=models.TextField(null=True),
        cascade_delete_history=False,
        no_db_index=["inspection", "obligation", "assignment"],
    )
    access = OF_PREPARATION
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("item of a checklist")
        verbose_name_plural = _("items of checklists")
        ordering = ["inspection", "position", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["inspection", "obligation"], name="checklist_obligation_once"),
            models.CheckConstraint(
                name="checklist_item_says_what",
                condition=~Q(text=""),
                violation_error_message=_("Say what is looked at."),
            ),
        ]
        triggers = KEPT

    def __str__(self) -> str:
        return self.text[:80]


InspectionPast: Any = Inspection.history.model  # type: ignore[attr-defined]
InspectionPast.access = PAST_OF_INSPECTION
ChecklistItemPast: Any = ChecklistItem.history.model  # type: ignore[attr-defined]
ChecklistItemPast.access = PAST_OF_ITEM
for written_once in (InspectionPast, ChecklistItemPast):
    pgtrigger.register(*APPEND_ONLY)(written_once)
