"""Deadlines to look at; rules, ladders and the working calendar to keep."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from common.admin import ConsoleAdmin, Part, ReadOnlyAdmin, ScopedAdmin
from deadlines import registry
from deadlines.choices import LIVE, Level, Role, State, Wording
from deadlines.editions import as_rule
from deadlines.models import (
    CalendarDay,
    Deadline,
    DeadlineQuerySet,
    DeadlineRule,
    Escalation,
    Ladder,
    LadderStep,
    Pause,
    WorkingPeriod,
)
from deadlines.moments import due_in_words, term_in_words
from deadlines.words import explanation


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
    fields = readonly_fields = ["step", "level", "due_at", "fired_at", "recipients"]


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
        return due_in_words(row.due_at)

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
        (_("Term"), {"fields": ["clock", "amount", "ends_at", "ladder"]}),
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
        fields = ["position", "side", "amount", "unit", "roles", "level", "template", "is_urgent"]


class LadderStepPart(Part):
    """The steps, for whoever may see the ladder."""

    model = LadderStep
    form = LadderStepForm
    hide_title = True
    readonly_fields = ["told", "wording"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Codes to change, words to read."""
        if self.has_change_permission(request, obj):
            return ["position", "side", "amount", "unit", "roles", "level", "template", "is_urgent"]
        return ["position", "side", "amount", "unit", "told", "level", "wording", "is_urgent"]

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
    """Who is told, and when."""

    list_display = ["name", "code"]
    search_fields = ["code", "name"]
    inlines = [LadderStepPart]


class YearFilter(SimpleListFilter):
    """The calendar is read a year at a time; opens on this one."""

    title = _("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = CalendarDay.objects.dates("date", "year", order="DESC")
        return [(str(day.year), str(day.year)) for day in years]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(date__year=int(value)) if value and value.isdigit() else queryset


class CalendarForm(forms.ModelForm):
    """Rows of the department's own calendar: whose it is stands on the row, not in the form."""

    def _get_validation_exclusions(self) -> set[str]:
        """Django leaves out constraints over fields that the form does not show; a day twice is then a fault, not a
        sentence."""
        return super()._get_validation_exclusions() - {"authority"}  # type: ignore[misc, no-any-return]


@admin.register(CalendarDay)
class CalendarDayAdmin(ConsoleAdmin):
    """Days off, make-up working days and mornings only, each with its source."""

    form = CalendarForm
    list_display = ["date", "weekday", "kind", "note", "source"]
    list_filter = [YearFilter, "kind"]
    ordering = ["-date"]

    @display(description=_("weekday"))
    def weekday(self, row: CalendarDay) -> Any:
        return WorkingPeriod.Weekday(row.date.weekday()).label


@admin.register(WorkingPeriod)
class WorkingPeriodAdmin(ConsoleAdmin):
    """The working hours of a week."""

    form = CalendarForm
    list_display = ["weekday", "starts", "ends"]
