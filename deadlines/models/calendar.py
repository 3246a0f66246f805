"""The working calendar: which days and hours count."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from deadlines.choices import Authority, DayKind
from deadlines.models.editions import NEW_CALENDAR, counted_by


class CalendarDay(models.Model):
    """A day that differs from its weekday: off, a make-up working day, or a morning only. Other authorities inherit
    the department's days; what they enter themselves takes the place of the same day."""

    authority = models.CharField(_("whose calendar"), max_length=20, choices=Authority, default=Authority.DEPARTMENT)
    date = models.DateField(_("day"))
    kind = models.CharField(pgettext_lazy("of a day", "kind"), max_length=8, choices=DayKind)
    is_announced = models.BooleanField(
        _("announced"),
        default=True,
        help_text=_(
            "Not ticked: computed ahead. Until a year is announced, due moments that reach it are provisional."
        ),
    )
    note = models.CharField(_("occasion"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=300, help_text=_("The decision or notice, with its date."))
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("working calendar")
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "date"],
                name="one_row_per_day",
                violation_error_message=_("This day is in the calendar already: change that row."),
            )
        ]
        triggers = [counted_by(NEW_CALENDAR)]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.get_kind_display()}"


class WorkingPeriod(models.Model):
    """A stretch of working time on one weekday. An authority that entered hours for a weekday has these and no others
    on it; its other weekdays are the department's."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    authority = models.CharField(_("whose calendar"), max_length=20, choices=Authority, default=Authority.DEPARTMENT)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))

    class Meta:
        verbose_name = _("working period")
        verbose_name_plural = _("working periods")
        ordering = ["weekday", "starts"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "weekday", "starts"], name="one_period_per_start"),
            models.CheckConstraint(
                name="period_ends_after_it_starts",
                condition=Q(starts__lt=F("ends")),
                violation_error_message=_("A period ends after it starts."),
            ),
        ]
        triggers = [counted_by(NEW_CALENDAR)]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M}–{self.ends:%H:%M}"
