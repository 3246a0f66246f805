"""Rules and ladders as dated rows: how long, for which records, and who is told when."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from common.models import Dated
from deadlines.choices import (
    Clock,
    Confidence,
    EndsAt,
    Level,
    Nature,
    Obligation,
    Role,
    Side,
    StepUnit,
)
from deadlines.models.editions import NEW_RULES, counted_by


class Ladder(models.Model):
    """Who is told, and when, as a due moment comes near and passes."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("escalation ladder")
        verbose_name_plural = _("escalation ladders")
        ordering = ["code"]
        triggers = [counted_by(NEW_RULES)]

    def __str__(self) -> str:
        return self.name


class LadderStep(models.Model):
    """One step of a ladder: its distance from the due moment, who is told, with which words."""

    ladder = models.ForeignKey(Ladder, models.CASCADE, related_name="steps", verbose_name=_("ladder"))
    position = models.PositiveSmallIntegerField(_("step"))
    side = models.CharField(_("when"), max_length=10, choices=Side)
    amount = models.PositiveIntegerField(_("distance"))
    unit = models.CharField(_("counted in"), max_length=12, choices=StepUnit)
    roles = ArrayField(models.CharField(max_length=12, choices=Role), verbose_name=_("who is told"))
    level = models.PositiveSmallIntegerField(_("escalation level"), choices=Level, default=Level.NONE)
    template = models.CharField(_("text"), max_length=60)
    is_urgent = models.BooleanField(_("urgent"), default=False)

    class Meta:
        verbose_name = _("step of a ladder")
        verbose_name_plural = _("steps of a ladder")
        ordering = ["ladder", "position"]
        constraints = [
            models.UniqueConstraint(fields=["ladder", "position"], name="one_step_per_position"),
            models.CheckConstraint(
                name="step_tells_somebody",
                condition=Q(roles__len__gt=0),
                violation_error_message=_("A step tells somebody: choose at least one role."),
            ),
            models.CheckConstraint(
                name="step_percent_up_to_hundred",
                condition=~Q(unit=StepUnit.PERCENT) | Q(amount__lte=100),
                violation_error_message=_("At most 100 percent of the term."),
            ),
        ]
        triggers = [counted_by(NEW_RULES)]

    def __str__(self) -> str:
        return f"{self.position}"


class DeadlineRule(Dated):
    """How long something may take, for which records, and by which law or policy. Blank conditions mean: any."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    subject = models.CharField(_("kind of record"), max_length=60, default="feedback.case")
    obligation = models.CharField(_("obligation"), max_length=16, choices=Obligation)
    clock = models.CharField(_("counted in"), max_length=14, choices=Clock)
    amount = models.PositiveIntegerField(_("how many"))
    ends_at = models.CharField(_("ends"), max_length=18, choices=EndsAt, default=EndsAt.END_OF_DAY)
    channel = models.CharField(_("only channel"), max_length=20, blank=True)
    kind = models.CharField(_("only kind of case"), max_length=20, blank=True)
    category = models.CharField(_("only category"), max_length=30, blank=True)
    category_root = models.CharField(_("only field"), max_length=30, blank=True)
    urgency = models.CharField(_("only urgency"), max_length=10, blank=True)
    complexity = models.CharField(_("only complexity"), max_length=10, blank=True)
    facility_type = models.CharField(_("only facility type"), max_length=20, blank=True)
    nature = models.CharField(_("force"), max_length=8, choices=Nature, default=Nature.POLICY)
    confidence = models.CharField(_("how sure"), max_length=12, choices=Confidence, default=Confidence.DESIGN)
    source = models.CharField(_("source"), max_length=300)
    origin_code = models.CharField(_("code in the source list"), max_length=40, blank=True)
    note = models.TextField(_("note"), blank=True)
    ladder = models.ForeignKey(Ladder, models.PROTECT, related_name="rules", verbose_name=_("ladder"))
    is_in_use = models.BooleanField(_("in use"), default=True)
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(Dated.Meta):
        verbose_name = _("deadline rule")
        verbose_name_plural = _("deadline rules")
        ordering = ["subject", "obligation", "code"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="rule_lasts_some_time",
                condition=Q(amount__gt=0),
                violation_error_message=_("A term lasts at least one."),
            ),
        ]
        triggers = [counted_by(NEW_RULES)]

    def __str__(self) -> str:
        return self.name
