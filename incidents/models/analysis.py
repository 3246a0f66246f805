"""The analysis of Annex IV: what the facility's expert group found, and what the department said to it."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.access import VisibleRows
from common.keeping import APPEND_ONLY, KEPT
from incidents.choices import AnalysisStatus, Part, Told
from incidents.models.report import Incident
from incidents.visibility import ANALYSIS, OF_ANALYSIS, PAST_OF_ANALYSIS

UNSENT = [str(AnalysisStatus.DRAFT)]


class Analysis(models.Model):
    """One incident looked into: both parts of Annex IV, and the way to the root cause.

    `timeline` is a list of `{"at": moment in ISO, "text": …}` in the order of time, `whys` a list of answers each of
    which asks the next “why?”, `factors` says of a ticked cause (by its code) how it contributed, `experts` is a list
    of `{"name": …, "post": …, "is_head": …, "signed_on": day in ISO or ""}`. How badly the patient was harmed is the
    incident's own letter and is not asked again."""

    incident = models.OneToOneField(
        Incident, models.PROTECT, related_name="analysis", editable=False, verbose_name=_("incident")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=AnalysisStatus, default=AnalysisStatus.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    details = models.TextField(_("detailed description"), blank=True)
    types = ArrayField(models.CharField(max_length=8), verbose_name=_("types"), default=list, blank=True)
    treatment = models.TextField(_("treatment and orders carried out"), blank=True)
    causes = ArrayField(models.CharField(max_length=8), verbose_name=_("causes"), default=list, blank=True)
    corrective = models.TextField(_("corrective action"), blank=True)
    advice = models.TextField(_("proposed recommendation for prevention"), blank=True)

    timeline = models.JSONField(_("time line"), default=list, blank=True)
    whys = models.JSONField(_("why, again and again"), default=list, blank=True)
    factors = models.JSONField(_("how each cause contributed"), default=dict, blank=True)
    root_cause = models.TextField(_("root cause"), blank=True)

    findings = models.TextField(_("findings of the expert group"), blank=True)
    discussed = models.CharField(_("discussed with the reporter"), max_length=10, choices=Told, blank=True)
    conforms = models.CharField(_("in line with official recommendations"), max_length=10, choices=Told, blank=True)
    guidance = models.TextField(_("which recommendation"), blank=True)
    impacts = ArrayField(
        models.CharField(max_length=8), verbose_name=_("effects on the organisation"), default=list, blank=True
    )
    impact_other = models.CharField(_("other effect, namely"), max_length=200, blank=True)
    experts = models.JSONField(_("expert group"), default=list, blank=True)

    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened"), editable=False)
    submitted_at = models.DateTimeField(_("sent"), null=True, editable=False)

    history = HistoricalRecords(
        history_change_reason_field=models.TextField(null=True),
        cascade_delete_history=False,
        no_db_index=["incident", "opened_by"],
    )
    access = ANALYSIS
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("incident analysis")
        verbose_name_plural = _("incident analyses")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="analysis_sent_says_since_when",
                condition=Q(status__in=UNSENT) | Q(submitted_at__isnull=False),
                violation_error_message=_("An analysis that was sent says when."),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_writable(self) -> bool:
        return self.status in (AnalysisStatus.DRAFT, AnalysisStatus.RETURNED)


class Remark(models.Model):
    """What the department asks about one part of a returned analysis. Written once."""

    analysis = models.ForeignKey(Analysis, models.PROTECT, related_name="remarks", verbose_name=_("analysis"))
    part = models.CharField(_("part of the form"), max_length=10, choices=Part)
    text = models.TextField(_("remark"))
    version = models.PositiveIntegerField(_("about version"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    access = OF_ANALYSIS
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("remark on an analysis")
        verbose_name_plural = _("remarks on analyses")
        ordering = ["at", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"


AnalysisPast: Any = Analysis.history.model  # type: ignore[attr-defined]
AnalysisPast.access = PAST_OF_ANALYSIS
for written_once in (AnalysisPast, Remark):
    pgtrigger.register(*APPEND_ONLY)(written_once)
pgtrigger.register(*KEPT)(Analysis)
