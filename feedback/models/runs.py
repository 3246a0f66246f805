"""Work on many submissions at once that a worker does while somebody looks on: importing a file of cases, comparing
with what another system says it sent. What waits stands here; a worker that dies is followed by another one."""

from datetime import datetime, timedelta
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.access import VisibleRows
from common.keeping import KEPT
from common.models import Sealed
from feedback.visibility import CASE_IMPORT, IMPORTED_ROW, RECONCILED, RECONCILIATION

STALLED = timedelta(minutes=5)  # a worker that wrote nothing for so long has died


class RunState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("of a run", "waiting")
    RUNNING = "running", pgettext_lazy("of a run", "running")
    CHECKED = "checked", pgettext_lazy("of a run", "trial run done, nothing stored yet")
    DONE = "done", pgettext_lazy("of a run", "done")
    DROPPED = "dropped", pgettext_lazy("of a run", "not confirmed in time, emptied")


class RunQuerySet(VisibleRows[Any]):
    def to_do(self, at: datetime) -> "RunQuerySet":
        """What a worker may take up: waiting, or left by one that died."""
        left = Q(state=RunState.RUNNING, touched_at__lt=at - STALLED)
        return self.filter(Q(state=RunState.WAITING) | left)


class Run(models.Model):
    """What every such work says of itself."""

    source = models.CharField(_("source system"), max_length=40, editable=False)
    file_name = models.CharField(_("file"), max_length=200, blank=True, editable=False)
    state = models.CharField(
        pgettext_lazy("of a run", "state"), max_length=8, choices=RunState, default=RunState.WAITING, editable=False
    )
    total = models.PositiveIntegerField(_("rows"), default=0, editable=False)
    done = models.PositiveIntegerField(_("looked at"), default=0, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("handed in"), editable=False)
    touched_at = models.DateTimeField(_("last step"), editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["-at", "-id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["-at", "-id"], name="%(class)s_newest"),
            # what a worker looks for every few seconds
            models.Index(fields=["touched_at"], name="%(class)s_to_do", condition=Q(state__in=["waiting", "running"])),
        ]

    def __str__(self) -> str:
        return f"{self.source} #{self.pk}"

    @property
    def is_under_way(self) -> bool:
        return self.state in (RunState.WAITING, RunState.RUNNING)


@pgtrigger.register(*KEPT)
class Reconciliation(Run):
    """What another system says it sent within some days, and how that fits what is held. Numbers and days only."""

    key = models.CharField(_("number at the source"), max_length=100, editable=False)
    since = models.DateField(_("from day"), editable=False)
    until = models.DateField(_("until day"), editable=False)
    stated = models.JSONField(_("what the source says"), editable=False)  # [number, day or "", reference or ""]
    agreed = models.PositiveIntegerField(_("agree"), default=0, editable=False)
    access = RECONCILIATION
    objects = RunQuerySet.as_manager()

    class Meta(Run.Meta):
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        permissions = [("reconcile_source", _("Compare what source systems say they sent with what is held"))]
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="reconciliation_arrives_once"),
            models.CheckConstraint(
                name="reconciliation_days_in_order",
                condition=Q(since__lte=F("until")),
                violation_error_message=_("The last day must not come before the first."),
            ),
        ]


class DifferenceKind(models.TextChoices):
    MISSING_HERE = "not_here", _("sent there, not held here")
    MISSING_THERE = "not_there", _("held here, not in their list")
    DIFFERING = "differs", _("on both sides, but different")


@pgtrigger.register(*KEPT)
class Difference(models.Model):
    """One submission on which the two sides disagree, until somebody says what became of it."""

    about = models.ForeignKey(
        Reconciliation, models.PROTECT, db_index=False, related_name="differences", verbose_name=_("reconciliation")
    )
    kind = models.CharField(_("difference"), max_length=9, choices=DifferenceKind, editable=False)
    number = models.CharField(_("number at the source"), max_length=100, editable=False)
    stated = models.CharField(_("their side"), max_length=60, blank=True, editable=False)
    held = models.CharField(_("our side"), max_length=60, blank=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("settled by"),
    )
    note = models.CharField(_("what became of it"), max_length=500, blank=True, editable=False)
    access = RECONCILED
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["about", "number"], name="difference_once_a_number"),
            models.CheckConstraint(
                name="difference_settled_says_how",
                condition=Q(settled_at=None, settled_by=None, note="")
                | Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(note=""),
                violation_error_message=_("What is settled says by whom and how."),
            ),
        ]
        indexes = [
            models.Index(fields=["about", "id"], name="difference_of_list"),
            models.Index(fields=["about", "kind", "id"], name="difference_by_kind"),
            models.Index(fields=["number"], name="difference_unsettled", condition=Q(settled_at=None)),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


@pgtrigger.register(*KEPT)
class CaseImport(Run):
    """A file of cases: looked through first, and stored once somebody has confirmed what it would do."""

    channel = models.ForeignKey(
        "feedback.Channel", models.PROTECT, editable=False, related_name="+", verbose_name=_("channel")
    )
    notices = models.JSONField(_("notices about the file"), default=list, editable=False)
    is_confirmed = models.BooleanField(_("confirmed"), default=False, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    access = CASE_IMPORT
    objects = RunQuerySet.as_manager()

    class Meta(Run.Meta):
        verbose_name = _("file of cases")
        verbose_name_plural = _("files of cases")
        permissions = [("import_case", _("Record cases from a file"))]
        constraints = [
            models.CheckConstraint(
                name="case_import_confirmed_by_somebody",
                condition=Q(is_confirmed=False) ^ Q(confirmed_by__isnull=False),
            ),
        ]


class RowOutcome(models.TextChoices):
    NEW = "new", pgettext_lazy("row of a file", "would be stored")
    STORED = "stored", pgettext_lazy("row of a file", "stored")
    KNOWN = "known", pgettext_lazy("row of a file", "held already")
    REFUSED = "refused", pgettext_lazy("row of a file", "refused")
    UNREAD = "", pgettext_lazy("row of a file", "not looked at yet")


@pgtrigger.register(*KEPT)
class ImportedRow(Sealed):
    """One row of a file of cases. What it says lies under seal, and only until it is stored."""

    named_by = "place"
    about = models.ForeignKey(CaseImport, models.PROTECT, db_index=False, related_name="rows", verbose_name=_("file"))
    place = models.CharField(max_length=40, unique=True, editable=False)  # what the seal is bound to
    number = models.PositiveIntegerField(_("row"), editable=False)
    source_id = models.CharField(_("number at the source"), max_length=100, blank=True, editable=False)
    outcome = models.CharField(
        _("outcome"), max_length=7, choices=RowOutcome, blank=True, default=RowOutcome.UNREAD, editable=False
    )
    remarks = models.JSONField(_("remarks"), default=list, editable=False)
    access = IMPORTED_ROW
    objects = VisibleRows.as_manager()

    class Meta(Sealed.Meta):
        verbose_name = _("row of a file of cases")
        verbose_name_plural = _("rows of files of cases")
        ordering = ["number"]
        default_permissions = ()
        indexes = [
            *Sealed.Meta.indexes,
            models.Index(fields=["about", "number"], name="imported_row_of_file"),
            models.Index(fields=["about", "outcome", "number"], name="imported_row_by_outcome"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
