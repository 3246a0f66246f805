"""Deadlines, what their steps gave people to do, and the holds of the clock: to look at."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from common.admin import Part, ReadOnlyAdmin, ScopedAdmin
from deadlines import registry, release_page
from deadlines.choices import LIVE, Level, State
from deadlines.models import (
    ClockHold,
    Deadline,
    DeadlineQuerySet,
    Duty,
    DutyQuerySet,
    Escalation,
    Pause,
)
from deadlines.moments import due_in_words
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
    empty_title = _("No task waits")
    empty_words = _(
        "When a deadline is late, its ladder may give you a task: to find out why and to see to it. It stands here"
        " until you write on the page of its deadline what was done. Filter by “all” to read what was done before."
    )
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
