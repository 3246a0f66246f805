"""Emulation (thi đua): by what units are scored, the scores, and what is proposed for whom."""

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
from common.models import Dated
from directives.choices import MeritKind, MeritState, ScorePart
from directives.models.reports import Assignment
from directives.visibility import OF_MERIT, ROUND, SCORE, UNNAMED

DECIDED_ONCE = pgtrigger.Protect(
    name="decided_once", operation=pgtrigger.Update, condition=~pgtrigger.Q(old__state="proposed")
)


class ScoreWeight(Dated):
    """How many points one part of the score gives at most, in which days, and who says so."""

    part = models.CharField(pgettext_lazy("of a score", "part"), max_length=12, choices=ScorePart)
    points = models.PositiveSmallIntegerField(
        _("points at most"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    source = models.CharField(_("source"), max_length=200)
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(Dated.Meta):
        verbose_name = _("weight in the emulation score")
        verbose_name_plural = _("weights in the emulation score")
        ordering = ["part", "valid_from", "id"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["part", "valid_from"],
                nulls_distinct=False,
                name="score_weight_said_once",
                violation_error_message=_("This part has a weight from that day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()}"


class ScoreRound(models.Model):
    """The scores of all units over some months, as of a moment, by the weights that held then.

    Only the department sees one until it is published; then each facility reads its own score."""

    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    as_of = models.DateTimeField(_("as of"))
    weights = models.JSONField(_("weights"))
    note = models.TextField(_("note"), blank=True)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    published_at = models.DateTimeField(_("published"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("published by")
    )
    version = models.PositiveIntegerField(default=1)
    access = ROUND
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("round of emulation scores")
        verbose_name_plural = _("rounds of emulation scores")
        ordering = ["-as_of", "-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="score_round_days_in_order",
                condition=Q(starts_on__lte=F("ends_on")),
                violation_error_message=_("The last day must not come before the first."),
            ),
            models.CheckConstraint(
                name="score_round_published_by_somebody",
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
                violation_error_message=_("What was published says by whom."),
            ),
        ]
        triggers = KEPT

    def __str__(self) -> str:
        return f"{self.starts_on:%d/%m/%Y} – {self.ends_on:%d/%m/%Y}"


class UnitScore(models.Model):
    """The score of one unit with its parts: counts, share and points of each. Written once."""

    round = models.ForeignKey(ScoreRound, models.PROTECT, related_name="scores", verbose_name=_("round"))
    facility = models.ForeignKey("facilities.Facility", models.PROTECT, related_name="+", verbose_name=_("facility"))
    points = models.DecimalField(_("points of 100"), max_digits=5, decimal_places=2, null=True)
    parts = models.JSONField(pgettext_lazy("of a score", "parts"))
    access = SCORE
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("emulation score of a unit")
        verbose_name_plural = _("emulation scores of units")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["round", "facility"], name="unit_scored_once")]
        indexes = [models.Index(fields=["round", "-points", "id"], name="unit_score_by_points")]  # the list of a round
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"#{self.pk}"


class MeritProposal(models.Model):
    """What somebody proposes for a unit, and what another person decided. Nothing is ever proposed by itself."""

    round = models.ForeignKey(ScoreRound, models.PROTECT, related_name="proposals", verbose_name=_("round"))
    facility = models.ForeignKey("facilities.Facility", models.PROTECT, related_name="+", verbose_name=_("facility"))
    kind = models.CharField(pgettext_lazy("proposal", "kind"), max_length=10, choices=MeritKind)
    reason = models.TextField(_("grounds"))
    state = models.CharField(
        pgettext_lazy("proposal", "state"), max_length=10, choices=MeritState, default=MeritState.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    decision = models.TextField(_("why it was decided so"), blank=True)
    version = models.PositiveIntegerField(default=1)
    access = UNNAMED
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("commendation or sanction proposed")
        verbose_name_plural = _("commendations and sanctions proposed")
        ordering = ["-proposed_at", "-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="merit_decided_by_a_second_person",
                condition=Q(state=MeritState.PROPOSED, decided_by=None, decided_at=None)
                | Q(state__in=[MeritState.AGREED, MeritState.REFUSED], decided_at__isnull=False)
                & ~Q(decided_by=F("proposed_by"))
                & Q(decided_by__isnull=False)
                | Q(state=MeritState.TAKEN_BACK, decided_at__isnull=False, decided_by=F("proposed_by")),
                violation_error_message=_("A second person decides; whoever proposed it can only take it back."),
            ),
            models.CheckConstraint(
                name="merit_says_why",
                condition=~Q(reason=""),
                violation_error_message=_("Say on what grounds."),
            ),
        ]
        triggers = [*KEPT, DECIDED_ONCE]

    def __str__(self) -> str:
        return f"#{self.pk}"


class MeritEvidence(models.Model):
    """An assignment that a proposal stands on. Written once."""

    proposal = models.ForeignKey(MeritProposal, models.PROTECT, related_name="evidence", verbose_name=_("proposal"))
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+", verbose_name=_("assignment"))
    access = OF_MERIT
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("evidence of a proposal")
        verbose_name_plural = _("evidence of proposals")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["proposal", "assignment"], name="merit_stands_on_it_once")]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"#{self.pk}"


ScoreWeightPast: Any = ScoreWeight.history.model  # type: ignore[attr-defined]
pgtrigger.register(*APPEND_ONLY)(ScoreWeightPast)
pgtrigger.register(*KEPT)(ScoreWeight)
