"""Assignments, what facilities hand in on them, and the files that prove it."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.access import VisibleRows
from common.keeping import APPEND_ONLY, KEPT, NOT_EMPTIED
from directives.choices import Status
from directives.models.register import Directive, Indicator, Obligation
from directives.visibility import ASSIGNMENT, EVERY, OF_REPORT, PAST_OF_ASSIGNMENT, REPORT

NOT_CHANGED_ONCE_IN = pgtrigger.Protect(
    name="handed_in_is_final", operation=pgtrigger.Update, condition=pgtrigger.Q(old__handed_in_at__isnull=False)
)

OF_DRAFTS_ONLY = pgtrigger.Trigger(
    name="of_drafts_only",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func="""
        IF EXISTS (SELECT FROM directives_compliancereport report WHERE report.handed_in_at IS NOT NULL
                   AND report.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.report_id ELSE NEW.report_id END) THEN
            RAISE EXCEPTION 'pgtrigger: Cannot change what was handed in: table %', TG_TABLE_NAME;
        END IF;
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    """,
)


class Assignment(models.Model):
    """One obligation for one facility and one period, from the day it is known until it is accepted or withdrawn.

    Its birth is its own columns; history begins with the first deed, so that expansion writes one row and not two."""

    obligation = models.ForeignKey(
        Obligation, models.PROTECT, db_index=False, related_name="assignments", verbose_name=_("obligation")
    )
    directive = models.ForeignKey(
        Directive, models.PROTECT, db_index=False, related_name="assignments", verbose_name=_("directive")
    )
    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, db_index=False, related_name="+", verbose_name=_("facility")
    )
    period = models.DateField(_("day of the rule"))
    due_on = models.DateField(_("due"), null=True)
    due_at = models.DateTimeField(_("due at"), null=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(_("assigned"))
    handed_in_at = models.DateTimeField(_("first handed in"), null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("checked by"),
    )
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    taken_over_by = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="taken_over", verbose_name=_("taken over by")
    )
    history = HistoricalRecords(
        history_change_reason_field=models.TextField(null=True),
        cascade_delete_history=False,
        excluded_fields=["due_at", "made_at"],
        no_db_index=["obligation", "directive", "facility", "checked_by", "taken_over_by"],
    )
    access = ASSIGNMENT
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["obligation", "facility", "period"], name="assignment_once"),
        ]
        indexes = [
            # lists of a facility and of the department, the nearest first
            models.Index(fields=["facility", "due_at", "id"], name="assignment_by_facility"),
            models.Index(fields=["status", "due_at", "id"], name="assignment_by_status"),
            # what of the register reached a facility (`visibility.Reached`), and the heat map of one directive
            models.Index(fields=["directive", "facility"], name="assignment_of_directive"),
        ]
        triggers = KEPT

    def __str__(self) -> str:
        return f"#{self.pk}"


class ComplianceReport(models.Model):
    """What a facility writes on an assignment. Each handing in closes one; a returned one is written on as the next,
    so what was handed in stays as it was."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="reports", verbose_name=_("assignment"))
    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, db_index=False, related_name="+", verbose_name=_("facility")
    )
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    narrative = models.TextField(_("what was done"), blank=True)
    version = models.PositiveIntegerField(default=1)  # of the draft: what a form must send back
    written_at = models.DateTimeField(_("written"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    handed_in_at = models.DateTimeField(_("handed in"), null=True)
    access = REPORT
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("report on a duty")
        verbose_name_plural = _("reports on duties")
        ordering = ["assignment", "-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["assignment", "number"], name="report_number_once"),
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(handed_in_at=None), name="one_report_is_being_written"
            ),
        ]
        triggers = [*KEPT, NOT_CHANGED_ONCE_IN]

    def __str__(self) -> str:
        return f"{self.number}"


class IndicatorValue(models.Model):
    """A figure of a report, with the unit, base and source as they were defined when it was written."""

    report = models.ForeignKey(ComplianceReport, models.PROTECT, related_name="values", verbose_name=_("report"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name=_("indicator"))
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=3)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    base = models.CharField(_("base"), max_length=200)
    source = models.CharField(_("where the figure comes from"), max_length=200, blank=True)
    explained = models.TextField(_("why it differs so much"), blank=True)
    access = OF_REPORT
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("value of an indicator")
        verbose_name_plural = _("values of indicators")
        ordering = ["indicator"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["report", "indicator"], name="indicator_value_once")]
        triggers = [OF_DRAFTS_ONLY, NOT_EMPTIED]

    def __str__(self) -> str:
        return f"{self.value}"


class Evidence(models.Model):
    """A document of a facility that proves something, for as many obligations as it serves; its files are versions."""

    facility = models.ForeignKey("facilities.Facility", models.PROTECT, related_name="+", verbose_name=_("facility"))
    title = models.CharField(_("document"), max_length=200)
    made_at = models.DateTimeField(_("at"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    handed_in_at = models.DateTimeField(_("first handed in"), null=True)
    access = REPORT
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("document of evidence")
        verbose_name_plural = _("documents of evidence")
        ordering = ["title", "id"]
        default_permissions = ()
        triggers = KEPT

    def __str__(self) -> str:
        return f"#{self.pk}"


def evidence_path(version: "EvidenceFile", name: str) -> str:
    """Files lie under random names."""
    return f"evidence/{version.token[:2]}/{version.token}"


class EvidenceFile(models.Model):
    """One version of a document: the file, its digest, and until when it holds."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="files", verbose_name=_("document"))
    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, db_index=False, related_name="+", verbose_name=_("facility")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    token = models.CharField(max_length=32, unique=True, editable=False)
    file = models.FileField(_("file"), upload_to=evidence_path, max_length=200)
    name = models.CharField(_("name"), max_length=120)
    content_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(_("digest"), max_length=64)
    expires_on = models.DateField(_("holds until"), null=True, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    handed_in_at = models.DateTimeField(_("first handed in"), null=True)
    access = REPORT
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("file of evidence")
        verbose_name_plural = _("files of evidence")
        ordering = ["evidence", "-number"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["evidence", "number"], name="evidence_version_once")]
        triggers = KEPT

    def __str__(self) -> str:
        return self.name

    @property
    def title_and_name(self) -> str:
        """What the document is and what its file is called."""
        return f"{self.evidence.title} – {self.name}"


class ReportEvidence(models.Model):
    """A version of a document that a report stands on."""

    report = models.ForeignKey(ComplianceReport, models.PROTECT, related_name="proofs", verbose_name=_("report"))
    file = models.ForeignKey(EvidenceFile, models.PROTECT, related_name="proves", verbose_name=_("file"))
    access = OF_REPORT
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("evidence of a report")
        verbose_name_plural = _("evidence of reports")
        ordering = ["id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["report", "file"], name="report_stands_on_it_once")]
        triggers = [OF_DRAFTS_ONLY, NOT_EMPTIED]

    def __str__(self) -> str:
        return f"#{self.pk}"


class ExpansionRun(models.Model):
    """What one run of the expansion found and changed. `mark` says how everything stood that it hangs on; while that is
    the same, there is nothing to do."""

    at = models.DateTimeField(_("at"))
    until = models.DateField(_("looked ahead until"))
    mark = models.CharField(max_length=120, editable=False)
    made = models.PositiveIntegerField(_("assigned"))
    withdrawn = models.PositiveIntegerField(_("withdrawn"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    access = EVERY
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("run of the expansion")
        verbose_name_plural = _("runs of the expansion")
        ordering = ["-at"]
        default_permissions = ()
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"#{self.pk}"


AssignmentPast: Any = Assignment.history.model  # type: ignore[attr-defined]
AssignmentPast.access = PAST_OF_ASSIGNMENT
pgtrigger.register(*APPEND_ONLY)(AssignmentPast)
