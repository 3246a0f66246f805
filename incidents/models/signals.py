"""What the rule for change found: a kind of incident that was reported more often than before, and what people make
of it."""

from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.access import VisibleRows
from common.keeping import APPEND_ONLY, KEPT
from incidents.choices import Verdict
from incidents.visibility import PAST_OF_SIGNAL, SIGNAL


class Signal(models.Model):
    """More reports of one kind than expected, at one facility or (none named) at all together.

    `figures` holds what it stood on: reports of the baseline, the unit of exposure, voluntary and harmful reports.
    It is a question, never a verdict: more reports may be more harm, chance, or people who dare to report."""

    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, null=True, related_name="+", verbose_name=_("facility")
    )
    division = models.ForeignKey(
        "facilities.Division", models.PROTECT, null=True, related_name="+", verbose_name=_("division")
    )
    kind = models.CharField(_("type of incident"), max_length=8)
    week = models.DateField(_("week in which it was seen"))
    since = models.DateField(_("week in which it began"))
    observed = models.PositiveIntegerField(_("reports"))
    expected = models.FloatField(_("expected"))
    statistic = models.FloatField(_("statistic of the rule"))
    threshold = models.FloatField(_("threshold of the rule"))
    figures = models.JSONField(_("figures"), default=dict)
    found_at = models.DateTimeField(_("found"))

    verdict = models.CharField(
        _("what people make of it"), max_length=10, choices=Verdict, default=Verdict.OPEN, editable=False
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    history = HistoricalRecords(
        history_change_reason_field=models.TextField(null=True),
        cascade_delete_history=False,
        no_db_index=["facility", "division"],
    )
    access = SIGNAL
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        ordering = ["-week", "-id"]
        default_permissions = ("view",)
        permissions = [("judge_signal", _("Say what a signal means"))]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "kind", "week"], name="signal_found_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.week}"


SignalPast: Any = Signal.history.model  # type: ignore[attr-defined]
SignalPast.access = PAST_OF_SIGNAL
pgtrigger.register(*APPEND_ONLY)(SignalPast)
pgtrigger.register(*KEPT)(Signal)
