"""Rules and ladders as dated rows: how long, for which records, and who is told when."""

from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from common.models import Dated
from deadlines.choices import (
    GIVING,
    Action,
    Authority,
    Clock,
    Confidence,
    EndsAt,
    Event,
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
    quiet_from = models.TimeField(
        _("quiet from"),
        default=time(21),
        help_text=_("What is not urgent waits for the end of the quiet hours. The same time twice: no quiet hours."),
    )
    quiet_until = models.TimeField(_("quiet until"), default=time(7))
    is_quiet_on_rest_days = models.BooleanField(_("quiet on days of rest"), default=True)

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
    action = models.CharField(_("action"), max_length=12, choices=Action, default=Action.NOTIFY)
    given_to = models.CharField(
        _("given to"), max_length=12, choices=Role, blank=True, help_text=_("Who gets the record or the task.")
    )
    keeps_quiet = models.BooleanField(
        _("keeps the quiet hours"),
        default=True,
        help_text=_("An urgent step or an urgent record is never held back."),
    )
    stops_when_acknowledged = models.BooleanField(
        _("left out once acknowledged"),
        default=False,
        help_text=_("Does not happen any more when somebody has acknowledged the deadline."),
    )

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
            models.CheckConstraint(
                name="step_gives_to_somebody",
                condition=Q(action__in=GIVING) ^ Q(given_to=""),
                violation_error_message=_("Say who gets the record or the task; other steps give nothing."),
            ),
        ]
        triggers = [counted_by(NEW_RULES)]

    def __str__(self) -> str:
        return f"{self.position}"


LONG, SHORT = (1, 3, 5, 7, 8, 10, 12), (4, 6, 9, 11)
DAY_THERE_IS = Q(month__in=LONG, day__lte=31) | Q(month__in=SHORT, day__lte=30) | Q(month=2, day__lte=29)


class DeadlineRule(Dated):
    """How long something may take, for which records, and by which law or policy. Blank conditions mean: any."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    subject = models.CharField(_("kind of record"), max_length=60, default="feedback.case")
    obligation = models.CharField(_("obligation"), max_length=16, choices=Obligation)
    clock = models.CharField(_("counted in"), max_length=14, choices=Clock)
    amount = models.PositiveIntegerField(_("how many"))
    day = models.PositiveSmallIntegerField(
        _("day of the month"),
        null=True,
        blank=True,
        help_text=_("Of the fixed date each year. 29 February is the 28th in a year that lacks it."),
    )
    month = models.PositiveSmallIntegerField(pgettext_lazy("of a year", "month"), null=True, blank=True)
    event = models.CharField(
        _("counted from"),
        max_length=12,
        choices=Event,
        blank=True,
        help_text=_("Empty: from the step that starts the clock. Otherwise it starts once the moment is recorded."),
    )
    is_back = models.BooleanField(
        _("counted back"), default=False, help_text=_("The term ends so long before that moment.")
    )
    authority = models.CharField(
        _("whose calendar"),
        max_length=20,
        choices=Authority,
        default=Authority.DEPARTMENT,
        help_text=_("By whose working days and hours the term counts."),
    )
    ends_at = models.CharField(_("ends"), max_length=18, choices=EndsAt, default=EndsAt.END_OF_DAY)
    longest = models.PositiveIntegerField(
        _("may be extended up to"),
        null=True,
        blank=True,
        help_text=_(
            "The whole term with its extension, which one person asks for and another grants. Empty: a law cannot be"
            " extended, a policy up to twice its term."
        ),
    )
    pause_days = models.PositiveIntegerField(
        _("may stand, days in all"),
        null=True,
        blank=True,
        help_text=_("At the last of them the clock runs on by itself. 0: it never stands. Empty: no limit."),
    )
    pause_times = models.PositiveIntegerField(
        _("may stand, times"), null=True, blank=True, help_text=_("0: it never stands. Empty: no limit.")
    )
    pause_nature = models.CharField(_("force of that limit"), max_length=8, choices=Nature, default=Nature.POLICY)
    pause_source = models.CharField(_("source of that limit"), max_length=300, blank=True)
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
            models.CheckConstraint(
                name="rule_ends_in_our_time",
                condition=Q(amount__lte=1200) | (Q(amount__lte=100_000) & ~Q(clock=Clock.MONTHS)),
                violation_error_message=_("At most 100,000, or 1,200 months."),
            ),
            models.CheckConstraint(
                name="rule_date_each_year",
                condition=(~Q(clock=Clock.YEARLY) & Q(day=None, month=None))
                # a comparison with nothing is unknown, and a constraint takes what is unknown
                | (Q(clock=Clock.YEARLY, amount=1, longest=None, day__isnull=False, month__isnull=False, day__gte=1))
                & DAY_THERE_IS,
                violation_error_message=_(
                    "A fixed date each year is a day and a month that there are, its number is 1, and it is never"
                    " extended; other clocks have no date."
                ),
            ),
            models.CheckConstraint(
                name="rule_back_from_an_event",
                condition=Q(is_back=False) | (~Q(event="") & ~Q(clock=Clock.YEARLY) & Q(longest=None)),
                violation_error_message=_(
                    "What is counted back names the event that it counts from, and is never extended."
                ),
            ),
            models.CheckConstraint(
                name="rule_longest_is_longer",
                condition=Q(longest=None) | Q(longest__gte=F("amount")),
                violation_error_message=_("An extended term is no shorter than the term itself."),
            ),
        ]
        triggers = [counted_by(NEW_RULES)]

    def __str__(self) -> str:
        return self.name
