"""Posted numbers in the console: the list, the queue of those to ring, and what the calls found."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import action, display

from common.admin import ReadOnlyAdmin, reporting_refusals
from common.text import number_in
from facilities import services
from facilities.admin.parts import NumbersAsWritten, OfFacilityAdmin
from facilities.choices import CallResult
from facilities.models import Hotline, HotlineCall

PER_PAGE = 25
QUEUES = {
    "to-verify": pgettext_lazy("hotlines", "To ring"),
    "failing": pgettext_lazy("hotlines", "Nobody answers"),
    "all": pgettext_lazy("hotlines", "All in use"),
}


@admin.register(Hotline)
class HotlineAdmin(NumbersAsWritten, OfFacilityAdmin):
    """Every number that facilities post, and the pages on which people note what ringing them found."""

    list_display = ["number", "facility", "purpose", "posted_since", "is_active", "verified"]
    list_filter = ["is_active", ("posted_since", RangeDateFilter)]
    fields = ["facility", ("number", "purpose"), ("posted_since", "is_active"), "source"]
    actions_list = ["verify_page"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hotline]:
        return super().get_queryset(request).with_calls()

    @display(description=_("last call"), label={"good": "success", "bad": "danger", "": "info"})
    def verified(self, hotline: Any) -> tuple[str, str]:
        """What the last call found, and when."""
        at = getattr(hotline, "last_called_at", None)
        if at is None:
            return "", gettext("never rung")
        tone = "bad" if hotline.is_failing else "good" if hotline.recent[0] == CallResult.ANSWERED else ""
        return tone, f"{hotline.last_result}, {timezone.localtime(at):%d/%m/%Y}"

    def get_urls(self) -> list[URLPattern]:
        call = require_http_methods(["GET", "POST"])(self.call)
        return [
            path("kiem-tra/", self.admin_site.admin_view(require_GET(self.queue)), name="facilities_hotline_verify"),
            path("<int:hotline_id>/goi/", self.admin_site.admin_view(call), name="facilities_hotline_call"),
            *super().get_urls(),
        ]

    @action(description=_("Ring and verify"), url_path="goi-thu", permissions=["verify"], icon="phone_in_talk")
    def verify_page(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:facilities_hotline_verify"))

    def has_verify_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(services.MAY_VERIFY))

    def queue(self, request: HttpRequest) -> HttpResponse:
        """The numbers that wait to be rung, those that nobody answers, or all. Two queries of its own."""
        if not self.has_verify_permission(request):
            raise PermissionDenied
        name = request.GET.get("queue", "")
        name = name if name in QUEUES else "to-verify"
        page = min(number_in(request.GET.get("p", "")) or 0, 1000)
        rows = list(_rows(name)[page * PER_PAGE : (page + 1) * PER_PAGE + 1])
        context = self._context(request) | {
            "title": gettext("Hotlines to verify"),
            "queues": [(each, label, each == name) for each, label in QUEUES.items()],
            "queue": name,
            "rows": rows[:PER_PAGE],
            "newer": f"?queue={name}&p={page - 1}" if page else "",
            "older": f"?queue={name}&p={page + 1}" if len(rows) > PER_PAGE else "",
        }
        return TemplateResponse(request, "admin/facilities/hotlines.html", context)

    def call(self, request: HttpRequest, hotline_id: int) -> HttpResponse:
        """What was found whenever this number was rung; noting one more call."""
        if not self.has_verify_permission(request):
            raise PermissionDenied
        hotline = get_object_or_404(Hotline.objects.with_calls().select_related("facility"), pk=hotline_id)
        if request.method == "POST":
            with reporting_refusals(request, hotline):
                result, note = request.POST.get("result", ""), request.POST.get("note", "")
                services.note_call(hotline, result, note=note, by=request.user)
                messages.success(request, gettext("The call to %(number)s is on record.") % {"number": hotline})
            back = request.POST.get("queue", "")
            queue = f"{reverse('admin:facilities_hotline_verify')}?queue={back}" if back in QUEUES else ""
            return HttpResponseRedirect(queue or request.path)
        context = self._context(request) | {
            "title": f"{hotline.number} – {hotline.facility}",
            "hotline": hotline,
            "calls": hotline.calls.select_related("by")[:100],
        }
        return TemplateResponse(request, "admin/facilities/hotline_calls.html", context)

    def _context(self, request: HttpRequest) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "results": CallResult.choices, "opts": self.opts}


def _rows(name: str) -> QuerySet[Hotline]:
    rows = Hotline.objects.in_use().with_calls().select_related("facility")
    if name == "to-verify":
        return rows.to_verify(timezone.now())
    return (rows.failing() if name == "failing" else rows).order_by("facility__folded", "id")


@admin.register(HotlineCall)
class HotlineCallAdmin(ReadOnlyAdmin):
    """Every call to a posted number; written on the pages of the hotline."""

    list_display = ["hotline", "facility", "result", "at", "by", "note"]
    list_filter = [("result", ChoicesDropdownFilter)]
    list_select_related = ["hotline__facility", "by"]
    fields = ["hotline", "facility", "result", "at", "by", "note"]
    readonly_fields = ["facility"]

    @display(description=_("facility"))
    def facility(self, call: HotlineCall) -> str:
        return str(call.hotline.facility)
