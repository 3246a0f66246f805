"""Deadlines to look at; rules, ladders and the working calendar to keep."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from common.admin import ConsoleAdmin, Part, ReadOnlyAdmin, ScopedAdmin
from deadlines import registry, release_page, swap_page, swaps, year_page
from deadlines.calendar import horizon_of
from deadlines.calendar_forms import DayForm, PeriodForm
from deadlines.choices import LIVE, Level, Role, State, Wording
from deadlines.editions import as_rule, as_rung, current
from deadlines.ladder_words import lines_of
from deadlines.models import (
    CalendarDay,
    ClockHold,
    Deadline,
    DeadlineQuerySet,
    DeadlineRule,
    Duty,
    DutyQuerySet,
    Escalation,
    Ladder,
    LadderStep,
    Pause,
    WorkingPeriod,
)
from deadlines.moments import due_in_words, term_in_words
from deadlines.words import due_said, explanation


class Standing(SimpleListFilter):
    """Late, running, paused or ended; opens on what still runs."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("late", _("late")), ("paused", _("paused")), ("ended", _("ended")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": _("running"),
        }
        for value, title in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": title,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows, value = cast(DeadlineQuerySet, queryset), self.value()
        if value == "late":
            return rows.late(timezone.now())
        if value == "paused":
            return rows.filter(state=State.PAUSED)
        if value == "ended":
            return rows.exclude(state__in=LIVE)
        return rows if value == "all" else rows.running()


class PartToRead(Part):
    """What the system wrote about a deadline; whoever sees the deadline sees it."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PausePart(PartToRead):
    model = Pause
    fields = readonly_fields = ["starts_at", "ends_at", "reason", "by"]


class EscalationPart(PartToRead):
    model = Escalation
    fields = readonly_fields = ["step", "level", "action", "due_at", "fired_at", "recipients", "told_at"]


@admin.register(Deadline)
class DeadlineAdmin(ScopedAdmin, ReadOnlyAdmin):
    """Until when, and why: the latest first, of the records one may see."""

    list_display = ["record", "obligation", "due", "standing", "escalated"]
    list_filter = [Standing, "obligation"]
    list_display_links = ["obligation"]
    ordering = ["due_at", "id"]
    fields = [
        "record",
        "obligation",
        "cycle",
        "state_in_words",
        "starts_at",
        "due",
        "why",
        "first_due",
        "finished_at",
        "paused_total",
        "escalated",
    ]
    readonly_fields = fields
    inlines = [PausePart, EscalationPart]

    @display(description=_("record"), ordering="reference")
    def record(self, row: Deadline) -> str:
        subject = registry.subject_of(registry.label_of_type(row.about_type_id))
        name = row.reference or row.about_id
        return format_html('<a class="ln-ref" href="{}">{}</a>', subject.address(row.about_id), name)

    @display(description=_("due"), ordering="due_at")
    def due(self, row: Deadline) -> str:
        return due_said(row)

    @display(
        description=_("standing"),
        label={"late": "danger", "paused": "warning", "running": "info", "on time": "success", "too late": "danger"},
    )
    def standing(self, row: Deadline) -> tuple[str, Any]:
        if row.state == State.RUNNING and row.is_late(timezone.now()):
            return "late", _("late")
        if row.state == State.DONE:
            return ("on time", _("done on time")) if row.on_time else ("too late", _("done late"))
        return row.state, row.get_state_display()

    @display(description=_("standing"))
    def state_in_words(self, row: Deadline) -> Any:
        return self.standing(row)[1]

    @display(description=_("first due moment"))
    def first_due(self, row: Deadline) -> str:
        return due_in_words(row.original_due_at)

    @display(description=_("escalated to"))
    def escalated(self, row: Deadline) -> str:
        return row.get_level_display() if row.level != Level.NONE else ""

    @display(description=_("why then"))
    def why(self, row: Deadline) -> str:
        return format_html("<ol>{}</ol>", format_html_join("", "<li>{}</li>", ((line,) for line in explanation(row))))


@admin.register(DeadlineRule)
class DeadlineRuleAdmin(ConsoleAdmin):
    """How long what may take, for which cases, by which law or policy."""

    list_display = ["name", "obligation", "term", "conditions", "nature", "source", "is_in_use"]
    list_filter = ["obligation", "nature", "is_in_use", "confidence"]
    search_fields = ["code", "name", "name_en", "source"]
    autocomplete_fields = ["ladder"]
    fieldsets = [
        (None, {"fields": ["code", "name", "name_en", "subject", "obligation", "is_in_use"]}),
        (
            _("Term"),
            {
                "fields": [
                    ("clock", "amount"),
                    ("day", "month"),
                    ("event", "is_back"),
                    "ends_at",
                    "longest",
                    "ladder",
                ]
            },
        ),
        (_("Standing"), {"fields": ["pause_days", "pause_times", "pause_nature", "pause_source"]}),
        (
            _("Only for"),
            {
                "fields": [
                    "kind",
                    "urgency",
                    "complexity",
                    "category",
                    "category_root",
                    "facility_type",
                    "channel",
                ],
                "description": _(
                    "Empty: any. The most specific rule wins, in this order of weight. A policy never ends later than"
                    " a law that fits as well."
                ),
            },
        ),
        (
            _("Source"),
            {"fields": ["nature", "source", "confidence", "origin_code", "note", "valid_from", "valid_to"]},
        ),
    ]

    @display(description=_("term"))
    def term(self, row: DeadlineRule) -> str:
        return term_in_words(as_rule(row).term)

    @display(description=_("only for"))
    def conditions(self, row: DeadlineRule) -> str:
        return ", ".join(as_rule(row).conditions.values()) or "—"


class LadderStepForm(forms.ModelForm):
    """Roles are ticked, not typed, and texts chosen."""

    template = forms.ChoiceField(label=_("text"), choices=Wording, widget=UnfoldAdminSelectWidget)
    roles = forms.MultipleChoiceField(
        label=_("who is told"), choices=Role, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    class Meta:
        model = LadderStep
        fields = [
            *("position", "side", "amount", "unit", "roles", "level", "template", "action", "given_to"),
            *("is_urgent", "keeps_quiet", "stops_when_acknowledged"),
        ]


class LadderStepPart(Part):
    """The steps, for whoever may see the ladder."""

    model = LadderStep
    form = LadderStepForm
    hide_title = True
    readonly_fields = ["told", "wording"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Codes to change, words to read."""
        if self.has_change_permission(request, obj):
            return LadderStepForm.Meta.fields
        words = {"roles": "told", "template": "wording"}
        return [words.get(name, name) for name in LadderStepForm.Meta.fields]

    @display(description=_("who is told"))
    def told(self, row: LadderStep) -> str:
        return ", ".join(str(Role(role).label) for role in row.roles)

    @display(description=_("text"))
    def wording(self, row: LadderStep) -> str:
        return str(dict(Wording.choices).get(row.template, row.template))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("deadlines.view_ladder")


@admin.register(Ladder)
class LadderAdmin(ConsoleAdmin):
    """Who is told, and when: first as a picture of its steps, then the steps to change."""

    list_display = ["name", "code", "quiet_from", "quiet_until"]
    search_fields = ["code", "name"]
    fields = ["code", "name", "name_en", "quiet_from", "quiet_until", "is_quiet_on_rest_days"]
    change_form_outer_before_template = "admin/deadlines/before_ladder.html"
    inlines = [LadderStepPart]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        ladder = self.get_object(request, object_id)
        lines = lines_of(map(as_rung, ladder.steps.all())) if isinstance(ladder, Ladder) else []
        picture = {"ladder_lines": lines}
        return super().change_view(request, object_id, form_url, {**picture, **(extra_context or {})})


class MyOpen(SimpleListFilter):
    """Opens on what the reader still has to do."""

    title = _("which")
    parameter_name = "which"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("all that are open")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": _("mine"),
        }
        for value, title in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": title,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows, value = cast(DutyQuerySet, queryset), self.value()
        if value == "all":
            return rows
        return rows.open() if value == "open" else rows.open().of(request.user)


@admin.register(Duty)
class DutyAdmin(ScopedAdmin, ReadOnlyAdmin):
    """What steps of ladders gave people to do; each leads to its deadline, where it is marked as done."""

    list_display = ["record", "obligation", "person", "given_at", "done_at"]
    list_filter = [MyOpen]
    list_display_links = ["given_at"]
    list_select_related = ["deadline", "person"]
    ordering = ["given_at", "id"]
    fields = ["record", "obligation", "person", "given_at", "done_at", "done_by", "outcome"]
    readonly_fields = fields

    @display(description=_("record"), ordering="deadline__reference")
    def record(self, row: Duty) -> str:
        deadline = row.deadline
        subject = registry.subject_of(registry.label_of_type(deadline.about_type_id))
        address = subject.page_of(deadline.about_id, deadline.pk)
        return format_html('<a class="ln-ref" href="{}">{}</a>', address, deadline.reference or deadline.about_id)

    @display(description=_("obligation"))
    def obligation(self, row: Duty) -> str:
        return row.deadline.get_obligation_display()


@admin.register(ClockHold)
class ClockHoldAdmin(ReadOnlyAdmin):
    """When the clock jumped, for how long deadlines were held, and who let them go on."""

    list_display = ["held_at", "minutes", "released_at", "released_by"]
    list_select_related = ["released_by"]
    fields = ["held_at", "minutes", "machine", "released_at", "released_by", "reason"]
    readonly_fields = fields
    change_form_outer_before_template = "admin/deadlines/before_hold.html"

    @display(description=_("jump in minutes"))
    def minutes(self, row: ClockHold) -> int:
        return row.minutes

    def get_urls(self) -> list[URLPattern]:
        """The usual pages, and one on which a person lets the deadlines go on."""
        view = self.admin_site.admin_view(release_page.release)
        return [path("<int:object_id>/tha/", view, name="deadlines_clockhold_release"), *super().get_urls()]


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
    list_display = ["date", "weekday", "kind", "is_announced", "note", "source"]
    list_filter = [YearFilter, "kind", "is_announced"]
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
    list_display = ["weekday", "starts", "ends"]
