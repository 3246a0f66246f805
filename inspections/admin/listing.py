"""The list of inspections with its queues, and the addresses under each."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import ListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy

from common.changelist import KeysetAdmin
from common.keyset import Order, capped_counts
from inspections.admin import amending, preparing, record, views
from inspections.admin.forms import facility_field
from inspections.admin.shared import VIEW
from inspections.choices import Kind
from inspections.models import Inspection
from inspections.queues import VISITS, Queue, offered
from inspections.rules import CONDUCT, EVERY

_COLUMNS = ("reference", "kind", "status", "topic", "planned_at", "opened_at", "facility__name")


class VisitFilterForm(forms.Form):
    """The words of the address, as fields; what cannot be read asks for nothing."""

    queue = forms.ChoiceField(required=False, choices=[(name, queue.label) for name, queue in VISITS.items()])
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of inspection"), required=False, choices=[("", gettext_lazy("any")), *Kind.choices]
    )
    facility = facility_field(required=False)

    def condition(self) -> Q:
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value and name != "queue"}
        return Q(**given)


class QueueFilter(ListFilter):
    """The admin's way to a form of filters: takes its words out of the address and narrows the list by them."""

    title = gettext_lazy("Inspections")
    template = "console/nothing.html"
    form_class: type[Any] = VisitFilterForm
    queues: dict[str, Queue] = VISITS

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        given = {name: params.pop(name)[-1] for name in self.expected_parameters() if name in params}
        self.form, self.used_parameters = self.form_class(given), given
        self.now = timezone.now()
        self.offered = offered(self.queues, request.user)
        self.queue = given["queue"] if given.get("queue") in self.offered else "all"

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return list(self.form_class.base_fields)

    def choices(self, changelist: Any) -> Iterator[Any]:
        return iter(())

    @property
    def is_narrowed(self) -> bool:
        """Does anything but the queue narrow the list?"""
        return any(value for name, value in self.used_parameters.items() if name != "queue")

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(self.queues[self.queue].which(self.now)).filter(self.form.condition())


class QueuedAdmin(KeysetAdmin):
    """A list with queues above it, paged by key; nothing is added, changed or deleted by the stock forms."""

    list_display = ["reference"]
    heading: Any = ""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(VIEW)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        response = super().changelist_view(request, {"title": str(self.heading), **(extra_context or {})})
        context = getattr(response, "context_data", None) or {}
        if "cl" in context:
            self._add_tabs(request, context)
        return response

    def _add_tabs(self, request: HttpRequest, context: dict[str, Any]) -> None:
        """The queues above the list with their counts, all counted in one statement."""
        narrowing, user = context["cl"].filter_specs[0], request.user
        every = self.get_queryset(request).order_by()
        at, queues = narrowing.now, narrowing.offered
        lists: dict[str, Any] = {name: every.filter(one.which(at)) for name, one in queues.items()}
        counts = capped_counts({**lists, "": context["cl"].queryset} if narrowing.is_narrowed else lists)
        context |= {
            "tabs": [
                {"name": name, "label": one.label, "count": counts[name], "url": f"?queue={name}",
                 "is_shown": name == narrowing.queue}
                for name, one in narrowing.offered.items()
            ],
            "queue": narrowing.queue,
            "filters": narrowing.form,
            "found": counts.get(""),
            "has_filters": narrowing.is_narrowed,
            "now": narrowing.now,
            "may_start": user.has_perm(CONDUCT),  # type: ignore[union-attr]
            "is_inside": user.has_perm(EVERY),  # type: ignore[union-attr]
        }  # fmt: skip


@admin.register(Inspection)
class InspectionAdmin(QueuedAdmin):
    """Inspections: prepared, recorded and moved by the deeds of this app, deleted by nobody."""

    list_filter = [QueueFilter]
    filter_words = frozenset(VisitFilterForm.base_fields)
    keyset = Order("planned_at", is_descending=True)
    change_list_template = "admin/inspections/inspections.html"
    heading = gettext_lazy("Inspections")

    def get_urls(self) -> list[URLPattern]:
        """The list and the pages of one inspection; the stock forms have no address."""

        def named(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"inspections_inspection_{name}")

        return [
            named("", self.changelist_view, "changelist"),
            named("dot-xuat/", preparing.begin, "start"),
            named("theo-ke-hoach/<int:line_id>/", preparing.begin_planned, "start_planned"),
            named("<int:inspection_id>/change/", views.inspection_page, "change"),
            named("<int:inspection_id>/bien-ban/in/", views.printed, "print"),
            named("<int:inspection_id>/buoc/<slug:status>/", views.step, "step"),
            named("<int:inspection_id>/chuan-bi/", preparing.prepare, "prepare"),
            named("<int:inspection_id>/doan/", preparing.team, "team"),
            named("<int:inspection_id>/can-cu/", preparing.trigger, "trigger"),
            named("<int:inspection_id>/phieu/", record.checklist, "checklist"),
            named("<int:inspection_id>/phieu/them/", record.items, "items"),
            named("<int:inspection_id>/bien-ban/", record.write, "record"),
            named("<int:inspection_id>/dinh-chinh/", amending.amend, "amend"),
            named("<int:inspection_id>/dinh-chinh/<int:amendment_id>/<slug:state>/", amending.decide, "amendment"),
            named("<int:inspection_id>/ton-tai/", record.find, "find"),
            named("<int:inspection_id>/ton-tai/<int:finding_id>/", record.edit_finding, "finding"),
            named("<int:inspection_id>/ton-tai/<int:finding_id>/yeu-cau/", record.demand, "demand"),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Inspection]:
        return Inspection.objects.visible_to(request.user).select_related("facility").only(*_COLUMNS)
