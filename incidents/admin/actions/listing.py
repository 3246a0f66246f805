"""The list of actions with its queues, and the addresses under each."""

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
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.changelist import KeysetAdmin
from common.keyset import Order, capped_counts
from facilities.models import Facility
from incidents.actions.queues import QUEUES, actions_in
from incidents.admin.actions import views
from incidents.admin.forms import FacilityChooser
from incidents.choices import Strength
from incidents.models import Action
from incidents.transitions import WRITE

_COLUMNS = (
    "reference", "status", "version", "title", "kind", "strength", "due_at", "due_on", "opened_at", "incident",
    "facility__name", "owner__display_name", "owner__username",
)  # fmt: skip


class FilterForm(forms.Form):
    """The words of the address, as fields; what cannot be read asks for nothing."""

    queue = forms.ChoiceField(required=False, choices=[(name, queue.label) for name, queue in QUEUES.items()])
    strength = forms.ChoiceField(
        label=gettext_lazy("Strength"), required=False, choices=[("", gettext_lazy("any")), *Strength.choices]
    )
    facility = forms.ModelChoiceField(Facility.objects.all(), label=gettext_lazy("Facility"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["facility"]
        field.widget = FacilityChooser()
        field.widget.choices = field.choices

    def condition(self) -> Q:
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value and name != "queue"}
        return Q(**given)


class ActionFilter(ListFilter):
    """The admin's way to `FilterForm`: takes its words out of the address and narrows the list by them."""

    title = gettext_lazy("Corrective actions")
    template = "console/nothing.html"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: type[Action], model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        given = {name: params.pop(name)[-1] for name in self.expected_parameters() if name in params}
        self.form, self.used_parameters = FilterForm(given), given
        self.now = timezone.now()
        self.queue = given["queue"] if given.get("queue") in QUEUES else "all"

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return list(FilterForm.base_fields)

    def choices(self, changelist: Any) -> Iterator[Any]:
        return iter(())

    @property
    def is_narrowed(self) -> bool:
        """Does anything but the queue narrow the list?"""
        return any(value for name, value in self.used_parameters.items() if name != "queue")

    def queryset(self, request: HttpRequest, queryset: QuerySet[Action]) -> QuerySet[Action]:
        return queryset.filter(QUEUES[self.queue].which(self.now)).filter(self.form.condition())


@admin.register(Action)
class ActionAdmin(KeysetAdmin):
    """Actions: read by those who may see them, written by their facility, moved by `incidents.actions`, deleted by
    nobody."""

    list_display = ["reference"]
    list_filter = [ActionFilter]
    filter_words = frozenset(FilterForm.base_fields)
    keyset = Order("opened_at", is_descending=True)
    change_list_template = "admin/incidents/action/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        """The list and the pages of one action; the stock forms have no address."""

        def named(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"incidents_action_{name}")

        return [
            named("", self.changelist_view, "changelist"),
            named("moi/", views.begin, "start"),
            named("moi/<int:incident_id>/", views.begin_after, "start_after"),
            named("<int:action_id>/change/", views.action_page, "change"),
            named("<int:action_id>/sua/", views.edit, "edit"),
            named("<int:action_id>/tien-do/", views.progress, "progress"),
            named("<int:action_id>/tep/<slug:token>/", views.evidence, "evidence"),
            named("<int:action_id>/buoc/<slug:status>/", views.step, "step"),
            named("<int:action_id>/hieu-qua/", views.effect, "effect"),
            named("<int:action_id>/de-nghi/<slug:what>/", views.ask, "ask"),
            named("<int:action_id>/tra-loi/<int:asked_id>/", views.answer, "answer"),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Action]:
        rows = Action.objects.visible_to(request.user).select_related("facility", "owner")
        return rows.only(*_COLUMNS)

    def has_view_permission(self, request: HttpRequest, obj: Action | None = None) -> bool:
        return request.user.has_perm("incidents.view_incident")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Action | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Action | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        response = super().changelist_view(request, {"title": _("Corrective actions"), **(extra_context or {})})
        context = getattr(response, "context_data", None) or {}
        if "cl" in context:
            self._add_tabs(request, context)
        return response

    def _add_tabs(self, request: HttpRequest, context: dict[str, Any]) -> None:
        """The queues above the list with their counts, all counted in one statement."""
        narrowing, user = context["cl"].filter_specs[0], request.user
        lists: dict[str, Any] = {name: actions_in(name, user, narrowing.now) for name in QUEUES}
        counts = capped_counts({**lists, "": context["cl"].queryset} if narrowing.is_narrowed else lists)
        context |= {
            "tabs": [
                {"name": name, "label": QUEUES[name].label, "count": counts[name], "url": f"?queue={name}",
                 "is_shown": name == narrowing.queue}
                for name in lists
            ],
            "queue": narrowing.queue,
            "filters": narrowing.form,
            "found": counts.get(""),
            "has_filters": narrowing.is_narrowed,
            "now": narrowing.now,
            "may_start": user.has_perm(WRITE) and bool(user.scope.facilities),  # type: ignore[union-attr]
        }  # fmt: skip
