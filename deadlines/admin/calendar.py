"""The working calendar to keep: days, hours, a swap, a year."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from common.admin import ConsoleAdmin
from deadlines import swap_page, swaps, year_page
from deadlines.calendar import horizon_of
from deadlines.calendar_forms import DayForm, PeriodForm
from deadlines.editions import current
from deadlines.models import (
    CalendarDay,
    WorkingPeriod,
)


class YearFilter(SimpleListFilter):
    """The calendar is read a year at a time; opens on this one."""

    title = _("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = CalendarDay.objects.dates("date", "year", order="DESC")
        return [(str(day.year), str(day.year)) for day in years]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        is_offered = value in [year for year, _label in self.lookup_choices]
        return queryset.filter(date__year=value) if is_offered else queryset


class CountedAdmin(ConsoleAdmin):
    """What a change moves is no fault of whoever enters it: the counts are shown as a warning above the form."""

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        form = context["adminform"].form
        faults = form.errors.as_data() if form.is_bound else {}
        if [error.code for errors in faults.values() for error in errors] == ["counted"]:
            messages.warning(request, form.non_field_errors()[0])
            form.errors.clear()
            context["errors"] = []
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(CalendarDay)
class CalendarDayAdmin(CountedAdmin):
    """Days off, make-up working days and mornings only, each with its source."""

    form = DayForm
    list_display = ["date", "weekday", "authority", "kind", "is_announced", "note", "source"]
    list_filter = [YearFilter, "authority", "kind", "is_announced"]
    list_before_template = "admin/deadlines/before_calendar.html"
    ordering = ["-date"]

    def get_urls(self) -> list[URLPattern]:
        """The usual pages, one on which two days change places, and one on which a year is announced."""
        swap = path("hoan-doi/", self.admin_site.admin_view(swap_page.swap), name="deadlines_calendarday_swap")
        year = path("nam/", self.admin_site.admin_view(year_page.year), name="deadlines_calendarday_year")
        return [swap, year, *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: CalendarDay, form: Any, change: bool) -> None:
        """The history says by which notice."""
        obj._change_reason = obj.source  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        known = {
            "may_swap": swaps.may_swap(request.user),
            "horizon": horizon_of(current().calendar, timezone.localdate()),
        }
        return super().changelist_view(request, {**known, **(extra_context or {})})

    @display(description=_("weekday"))
    def weekday(self, row: CalendarDay) -> Any:
        return WorkingPeriod.Weekday(row.date.weekday()).label


@admin.register(WorkingPeriod)
class WorkingPeriodAdmin(CountedAdmin):
    """The working hours of a week."""

    form = PeriodForm
    list_display = ["authority", "weekday", "starts", "ends"]
    list_filter = ["authority"]
