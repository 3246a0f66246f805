"""The list of incidents, and the addresses under each."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.changelist import KeysetAdmin
from common.exceptions import Refused
from common.keyset import ASIDE_CAP, COUNT_CAP, Order, capped_counts
from incidents.admin import alerts, analysis, deeds, naming, signals, staff, views
from incidents.admin.filters import FilterForm, IncidentFilter
from incidents.exporting.files import RIGHT as EXPORT
from incidents.exporting.files import Form, exported
from incidents.models import Incident
from incidents.obligations import due_of_facility
from incidents.queues import FACILITY, QUEUES, incidents_in, offered_to
from incidents.transitions import WRITE

_COLUMNS = (
    "reference", "status", "version", "harm", "level", "serious_item", "exception", "deaths", "opened_at", "due_at",
    "ward", "description", "facility__name",
)  # fmt: skip


@admin.register(Incident)
class IncidentAdmin(KeysetAdmin):
    """Incidents: read by those who may see them, written by their facility, moved by `incidents.transitions`, deleted
    by nobody."""

    list_display = ["reference"]
    list_filter = [IncidentFilter]
    filter_words = frozenset(FilterForm.base_fields)
    keyset = Order("opened_at", is_descending=True)
    change_list_template = "admin/incidents/incident/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        """The list and the pages of one incident; the stock forms have no address."""

        def named(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"incidents_incident_{name}")

        return [
            named("", self.changelist_view, "changelist"),
            named("moi/", views.begin, "start"),
            *alerts.addresses(named),
            *signals.addresses(named),
            named("xuat/", self.export, "export"),
            named("<int:incident_id>/xuat/", deeds.export, "export_one"),
            named("ma-qr/", staff.doors, "doors"),
            named("<int:incident_id>/trao-doi/", staff.talk, "talk"),
            named("<int:incident_id>/da-xem/", staff.look, "look"),
            named("<int:incident_id>/change/", views.incident_page, "change"),
            named("<int:incident_id>/sua/", views.edit, "edit"),
            named("<int:incident_id>/buoc/<slug:status>/", deeds.step, "step"),
            named("<int:incident_id>/bo-sung/", deeds.addendum, "addendum"),
            named("<int:incident_id>/da-bao/<slug:what>/", deeds.paper, "paper"),
            named("<int:incident_id>/phan-loai/", deeds.reclassify, "reclassify"),
            named("<int:incident_id>/phan-loai/<int:asked_id>/", deeds.lowering, "lowering"),
            named("<int:incident_id>/giao/", deeds.assign, "assign"),
            named("<int:incident_id>/cung-su-co/<int:other_id>/", deeds.same_event, "same"),
            named("<int:incident_id>/danh-tinh/", naming.named_people, "named"),
            named("<int:incident_id>/danh-tinh/<int:request_id>/", naming.named_request, "named_request"),
            named("<int:incident_id>/phan-tich/", analysis.analysis_view, "analysis"),
            named("<int:incident_id>/phan-tich/lap/", analysis.begin, "analysis_begin"),
            named("<int:incident_id>/phan-tich/sua/", analysis.edit, "analysis_edit"),
            named("<int:incident_id>/phan-tich/buoc/<slug:status>/", analysis.step, "analysis_step"),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Incident]:
        rows = Incident.objects.visible_to(request.user).select_related("facility")
        if request.user.has_perm(FACILITY):
            rows = rows.annotate(due_here=due_of_facility())
        return rows.only(*_COLUMNS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Incident | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        response = super().changelist_view(request, {"title": _("Medical incidents"), **(extra_context or {})})
        context = getattr(response, "context_data", None) or {}
        if "cl" in context:
            self._add_tabs(request, context)
        return response

    @method_decorator(require_POST)
    def export(self, request: HttpRequest) -> HttpResponseBase:
        """The sent incidents that the list of the same address holds, on all its pages, as a file."""
        if not (self.has_view_permission(request) and request.user.has_perm(EXPORT)):
            raise PermissionDenied
        back = HttpResponseRedirect(f"{reverse('admin:incidents_incident_changelist')}?{request.GET.urlencode()}")
        try:
            changelist = self.get_changelist_instance(request)
            narrowing = changelist.filter_specs[0]
            filters = {**narrowing.form.cleaned_data, "queue": narrowing.queue}
            said = " ".join(f"{name}={getattr(value, 'pk', value)}" for name, value in filters.items() if value)
            rows = changelist.queryset.order_by(*self.keyset.names())
            return exported(rows, request.POST.get("form", ""), by=request.user, about=Incident(), said=said)
        except Refused as refusal:
            messages.error(request, str(refusal))
        return back

    def _add_tabs(self, request: HttpRequest, context: dict[str, Any]) -> None:
        """The queues above the list with their counts, all in one statement; those aside are counted less far."""
        narrowing, user = context["cl"].filter_specs[0], cast(Any, request.user)
        lists = {name: incidents_in(name, user, narrowing.now) for name in offered_to(user)}
        looked_at = {name: COUNT_CAP for name in ("", narrowing.queue)}
        counted = {**lists, "": context["cl"].queryset} if narrowing.is_narrowed else lists
        counts = capped_counts(counted, cap=ASIDE_CAP, caps=looked_at)
        context |= {
            "tabs": [
                {
                    "name": name,
                    "label": QUEUES[name].label,
                    "count": counts[name],
                    "url": f"?queue={name}",
                    "is_shown": name == narrowing.queue,
                }
                for name in lists
            ],
            "queue": narrowing.queue,
            "filters": narrowing.form,
            "found": counts.get(""),
            "has_filters": narrowing.is_narrowed,
            "now": narrowing.now,
            "export_forms": Form.choices if user.has_perm(EXPORT) else [],
            "may_start": user.has_perm(WRITE) and bool(user.scope.facilities),
            "has_weeks": user.has_perm(FACILITY),
            "has_doors": bool(user.scope.facilities),
        }
