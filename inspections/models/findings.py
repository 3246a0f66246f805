"""What a visit found, what the facility has to correct, and what it answers."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from accounts.access import VisibleRows
from common.keeping import APPEND_ONLY, KEPT
from inspections.choices import TO_DO, CorrectionStatus, FindingKind, Severity
from inspections.models.plans import person
from inspections.models.visits import ChecklistItem, Inspection
from inspections.visibility import CORRECTION, FINDING, OF_CORRECTION, PAST_OF_CORRECTION, PAST_OF_FINDING


class Finding(models.Model):
    """Something that was not as it has to be: of which kind, how bad, and on what the judgement rests."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="findings", verbose_name=_("inspection"))
    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, db_index=False, editable=False, related_name="+",
        verbose_name=_("facility"),
    )  # fmt: skip
    item = models.ForeignKey(
        ChecklistItem, models.PROTECT, null=True, blank=True, db_index=False, related_name="findings",
        verbose_name=_("item of the checklist"),
    )  # fmt: skip
    kind = models.CharField(_("kind of finding"), max_length=10, choices=FindingKind)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity)
    text = models.TextField(pgettext_lazy("finding", "what was found"))
    basis = models.CharField(pgettext_lazy("finding", "rests on"), max_length=300)
    repeats = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, db_index=False, related_name="repeated_by",
        verbose_name=_("repeats"),
    )  # fmt: skip
    is_struck = models.BooleanField(_("struck out"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    at = models.DateTimeField(_("at"), editable=False)
    by = person(_("by"), editable=False)
    history = HistoricalRecords(
        history_change_reason_field=models.TextField(null=True),
        cascade_delete_history=False,
        no_db_index=["inspection", "facility", "item", "repeats", "by"],
    )
    access = FINDING
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["inspection", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="finding_says_what_and_why",
                condition=~Q(text="") & ~Q(basis=""),
                violation_error_message=_("A finding says what was found and on what it rests."),
            ),
        ]
        indexes = [models.Index(fields=["facility", "kind", "id"], name="finding_of_a_kind")]  # what came back
        triggers = KEPT

    def __str__(self) -> str:
        return f"#{self.pk}"


class CorrectiveAction(models.Model):
    """What the facility has to correct after a finding, until when. Its clock starts with the finished record."""

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    finding = models.ForeignKey(
        Finding, models.PROTECT, editable=False, related_name="corrections", verbose_name=_("finding")
    )
    inspection = models.ForeignKey(
        Inspection, models.PROTECT, editable=False, related_name="corrections", verbose_name=_("inspection")
    )
    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, db_index=False, editable=False, related_name="+",
        verbose_name=_("facility"),
    )  # fmt: skip
    text = models.TextField(pgettext_lazy("demand to correct", "what is to be corrected"))
    due_on = models.DateField(_("to be done by"))
    status = models.CharField(
        _("status"), max_length=9, choices=CorrectionStatus, default=CorrectionStatus.WRITTEN, editable=False
    )
    since = models.DateTimeField(_("in this state since"), editable=False)
    due_at = models.DateTimeField(_("due"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    made_at = models.DateTimeField(_("written"), editable=False)
    made_by = person(_("written by"), editable=False)
    answered_by = person(_("answered by"), null=True, editable=False)
    verified_by = person(_("verified by"), null=True, editable=False)
    verified_at = models.DateTimeField(_("verified"), null=True, editable=False)
    history = HistoricalRecords(
        history_change_reason_field=models.TextField(null=True),
        cascade_delete_history=False,
        excluded_fields=["due_at"],
        no_db_index=["reference", "finding", "inspection", "facility", "made_by", "answered_by", "verified_by"],
    )
    access = CORRECTION
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("demand to correct")
        verbose_name_plural = _("demands to correct")
        ordering = ["inspection", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="correction_says_what",
                condition=~Q(text=""),
                violation_error_message=_("Say what is to be corrected."),
            ),
            models.CheckConstraint(
                name="correction_verified_says_when_and_by_whom",
                condition=~Q(status=CorrectionStatus.VERIFIED)
                | Q(verified_by__isnull=False, verified_at__isnull=False),
                violation_error_message=_("What was verified says when and by whom."),
            ),
        ]
        indexes = [
            # lists are newest first and paged by key: one index for each filter, and for whom they are narrowed
            models.Index(fields=["-made_at", "-id"], name="correction_newest"),
            models.Index(fields=["status", "-made_at", "-id"], name="correction_by_status"),
            models.Index(fields=["facility", "-made_at", "-id"], name="correction_by_facility"),
            models.Index(fields=["due_at", "id"], name="correction_due", condition=Q(due_at__isnull=False)),
        ]
        triggers = KEPT

    def __str__(self) -> str:
        return self.reference

    @property
    def is_to_do(self) -> bool:
        return self.status in TO_DO


class Answer(models.Model):
    """What the facility says it did. Written once; after a return it answers again."""

    correction = models.ForeignKey(
        CorrectiveAction, models.PROTECT, related_name="answers", verbose_name=_("demand to correct")
    )
    text = models.TextField(pgettext_lazy("demand to correct", "what was done"))
    at = models.DateTimeField(_("at"))
    by = person(_("by"))
    access = OF_CORRECTION
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("answer to a demand")
        verbose_name_plural = _("answers to demands")
        ordering = ["at", "id"]
        default_permissions = ()
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"#{self.pk}"


def answer_path(file: "AnswerFile", _name: str) -> str:
    """Files lie under random names: what a person called one may name a person."""
    return f"kiem-tra/{file.token[:2]}/{file.token}{file.extension}"


class AnswerFile(models.Model):
    """A file that shows what was done; a view that asks who may see it serves it."""

    correction = models.ForeignKey(
        CorrectiveAction, models.PROTECT, db_index=False, related_name="files", verbose_name=_("demand to correct")
    )
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="files", verbose_name=_("answer to a demand"))
    token = models.CharField(max_length=32, unique=True, editable=False)
    file = models.FileField(_("file"), upload_to=answer_path, max_length=200)
    name = models.CharField(_("name"), max_length=120)
    extension = models.CharField(max_length=6)
    content_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(_("digest"), max_length=64)
    at = models.DateTimeField(_("at"))
    by = person(_("by"))
    access = OF_CORRECTION
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("file of an answer")
        verbose_name_plural = _("files of answers")
        ordering = ["id"]
        default_permissions = ()
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"#{self.pk}"


FindingPast: Any = Finding.history.model  # type: ignore[attr-defined]
FindingPast.access = PAST_OF_FINDING
CorrectivePast: Any = CorrectiveAction.history.model  # type: ignore[attr-defined]
CorrectivePast.access = PAST_OF_CORRECTION
for written_once in (FindingPast, CorrectivePast):
    pgtrigger.register(*APPEND_ONLY)(written_once)
