"""The weeks of a facility's incidents in the console: the list, and the page of one that its head sees off."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from common.changelist import KeysetAdmin
from common.keyset import Order
from common.refusals import tried
from deadlines.services import deadlines_of
from incidents import weekly
from incidents.admin.forms import text
from incidents.admin.page import clock_of
from incidents.models import Incident, WeeklySummary
from incidents.queues import FACILITY
from incidents.taxonomy import lists

SHOWN = 100  # incidents of a week on its page; a facility notes some ten


@admin.register(WeeklySummary)
class WeeklySummaryAdmin(KeysetAdmin):
    """What the incident unit told its head, newest first. Written by the system, seen off by `incidents.weekly`."""

    list_display = ["reference"]
    keyset = Order("made_at", is_descending=True)
    change_list_template = "admin/incidents/weeklysummary/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        """The list and the page; the stock forms have no address."""

        def named(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"incidents_weeklysummary_{name}")

        return [named("", self.changelist_view, "changelist"), named("<int:summary_id>/change/", week_page, "change")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WeeklySummary]:
        return WeeklySummary.objects.visible_to(request.user).select_related("facility", "seen_by")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False  # reached from the list of incidents

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(FACILITY))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().changelist_view(request, {"title": _("Weekly summaries"), **(extra_context or {})})


class SeenForm(forms.Form):
    """What the head directs; nothing is an answer too."""

    direction = forms.CharField(
        label=gettext_lazy("What is to be done (may stay empty)"),
        widget=text(3),
        max_length=weekly.LONGEST,
        required=False,
    )


@dataclass(frozen=True)
class Row:
    """A figure, the week before beside it, and its share of the longest bar."""

    label: str
    count: int
    before: int
    share: float


@require_http_methods(["GET", "POST"])
def week_page(request: HttpRequest, summary_id: int) -> HttpResponse:
    """One week: figures against the week before, its incidents, and the head's word."""
    user: Any = request.user
    if not user.has_perm(FACILITY):
        raise PermissionDenied
    rows = WeeklySummary.objects.visible_to(user).select_related("facility", "seen_by")
    summary = rows.filter(pk=summary_id).first()
    if summary is None:
        raise Http404
    form, may = SeenForm(request.POST if request.method == "POST" else None), weekly.may_see_off(summary, user)
    if request.method == "POST":
        if not may and summary.seen_at is None:
            raise PermissionDenied
        if tried(form, lambda given: weekly.see_off(summary, by=user, **given)):
            messages.success(request, _("You have seen this week. The incident unit reads what you directed."))
            return HttpResponseRedirect(reverse("admin:incidents_weeklysummary_change", args=[summary.pk]))
    context = {
        **admin.site.each_context(request),
        "title": summary.reference,
        "is_fullwidth": "1",
        "has_own_heading": True,
        **_context(summary, user),
        "form": form,
        "may_see_off": may,
    }
    return TemplateResponse(request, "console/incident/week.html", context)


def _context(summary: WeeklySummary, user: Any) -> dict[str, Any]:
    """Six queries, whatever the week."""
    known = WeeklySummary.objects.visible_to(user).filter(facility=summary.facility)
    before = known.filter(monday=summary.monday - weekly.WEEK).values_list("figures", flat=True).first() or {}
    noted = Incident.objects.visible_to(user).filter(facility=summary.facility)
    noted &= weekly.noted_in(summary.monday)
    levels, types = lists().levels, {group.entry.code: group.entry for group in lists().types}
    now = timezone.now()
    return {
        "summary": summary,
        "sunday": summary.monday + timedelta(days=6),
        "before": before,
        "levels": _rows(summary.figures["levels"], before.get("levels", {}), {code: levels[code] for code in levels}),
        "types": _rows(summary.figures["types"], before.get("types", {}), types, only_there=True),
        "incidents": noted.order_by("-opened_at", "-id")[:SHOWN],
        "now": now,
        "clocks": [clock_of(clock, now) for clock in deadlines_of(summary)],
    }


def _rows(
    counts: dict[str, int], before: dict[str, int], names: dict[str, Any], *, only_there: bool = False
) -> list[Row]:
    most = max([*counts.values(), *before.values()], default=0) or 1
    codes = counts if only_there else names
    return [
        Row(f"{code} – {names[code]}", counts.get(code, 0), before.get(code, 0), 100 * counts.get(code, 0) / most)
        for code in codes
        if code in names
    ]
