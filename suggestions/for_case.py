"""What the text of a case suggests, beside its page: one press takes a suggestion over as an ordinary correction."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.exceptions import MoveRefused, Refused, StaleVersion
from common.text import number_in
from facilities.models import Facility
from feedback import services
from feedback.choices import ENDED, Status
from feedback.models import Case, Category
from feedback.transitions import allowed_moves
from suggestions.duplicates import Twin, twins_of
from suggestions.lines import Line, lines_of
from suggestions.models import About
from suggestions.suggesting import Suggested, suggest

RIGHT = "feedback.triage_case"
PART = "phan"  # asked for by the case's page: without the page around it
TAKEN_OVER = "Chọn theo gợi ý"  # the department's language, whatever the officer reads


@dataclass(frozen=True)
class Offered:
    """What the panel shows: lines that differ from how the case is filed, and cases that may be the same matter."""

    lines: list[Line]
    twins: list[tuple[Twin, str]]
    outside_url: str

    @property
    def is_empty(self) -> bool:
        return not self.lines and not self.twins


def has_suggestions(case: Case, reader: Any) -> bool:
    """Is anything suggested for this case to this person? No query."""
    is_open = not case.is_confidential and case.status not in ENDED
    return bool(settings.SUGGESTIONS_ARE_ON and is_open and reader.has_perm(RIGHT))


@never_cache
@require_http_methods(["GET", "POST"])
def for_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """The panel of one case, and taking over one of its lines."""
    case = _seen(request, case_id)
    if request.method == "GET":
        return _panel(request, case)
    try:
        taken = take_over(case, request.POST.get("field", ""), request.POST.get("value", ""), request=request)
    except StaleVersion:
        fault = _("Somebody changed this case meanwhile. Look at it again, then press.")
        return _panel(request, _seen(request, case_id), fault, 409)
    except Refused as refusal:
        return _panel(request, case, str(refusal), refusal.status)
    messages.success(request, _("Taken over: %(label)s. “Correct” takes it back.") % {"label": taken.label})
    return HttpResponseRedirect(reverse("admin:feedback_case_change", args=[case.pk]))


def take_over(case: Case, field: str, value: str, *, request: HttpRequest) -> Line:
    """File a case as its text suggests: an ordinary correction, with version, history and clocks.

    Raises what `feedback.services.edit` raises, and `MoveRefused` for what is not suggested."""
    said = suggest(case.body)
    lines = _open_lines(case, said) if said else []
    line = next((one for one in lines if value and (one.field, one.value) == (field, value)), None)
    if line is None:
        raise MoveRefused(_("This is not suggested any more. Look at the suggestions again."))
    version = number_in(request.POST.get("version", "")) or 0
    with override(settings.LANGUAGE_CODE):
        services.edit(case, {line.field: _value(line)}, by=request.user, reason=TAKEN_OVER, version=version)
    return line


def _value(line: Line) -> Any:
    if line.field == About.FACILITY:
        return Facility.objects.get(code=line.value)
    return Category.objects.get(code=line.value) if line.field == About.CATEGORY else line.value


def _seen(request: HttpRequest, case_id: int) -> Case:
    """The case, as this person sees it; a confidential one has no suggestions. Raises `Http404`."""
    if not settings.SUGGESTIONS_ARE_ON:
        raise Http404
    if not request.user.has_perm("feedback.view_case") or not request.user.has_perm(RIGHT):
        raise PermissionDenied
    rows = Case.objects.visible_to(request.user).select_related("facility", "category__parent", "channel")
    case = rows.filter(pk=case_id, is_confidential=False).first()
    if case is None:
        raise Http404
    return case


def _open_lines(case: Case, said: Suggested) -> list[Line]:
    """The lines that say something else than the case does. A category among the suggested ones is not questioned."""
    now = {
        About.FACILITY: case.facility.code if case.facility else "",
        About.CATEGORY: case.category.code if case.category else "",
        About.URGENCY: case.urgency,
    }
    lines = lines_of(said)
    is_settled = now[About.CATEGORY] in [line.value for line in lines if line.field == About.CATEGORY]
    return [
        line
        for line in lines
        if line.value != now.get(About(line.field)) and not (line.field == About.CATEGORY and is_settled)
    ]


def offered(case: Case, reader: Any) -> Offered:
    """What the panel of a case shows to one reader. Some ten queries."""
    if not has_suggestions(case, reader):
        return Offered([], [], "")
    said = suggest(case.body)
    lines = _open_lines(case, said) if said else []
    facility = case.facility or (said.facility if said else None)
    twins = twins_of(case.body, facility, case.received_at, reader=reader, but=case.pk)
    merge = reverse("admin:feedback_case_merge", args=[case.pk])
    leads_out = any(line.field == About.SCOPE for line in lines) and Status.OUT_OF_SCOPE in allowed_moves(case, reader)
    outside = reverse("admin:feedback_case_step", args=[case.pk, Status.OUT_OF_SCOPE]) if leads_out else ""
    return Offered(lines, [(twin, f"{merge}?voi={twin.case.reference}") for twin in twins], outside)


def _panel(request: HttpRequest, case: Case, fault: str = "", status: int = 200) -> HttpResponse:
    context = {"case": case, "offered": offered(case, request.user), "fault": fault, "now": timezone.now()}
    if PART in request.GET:
        return TemplateResponse(request, "console/case/suggested.html", context, status=status)
    context |= {**admin.site.each_context(request), "title": case.reference, "has_own_heading": True}
    return TemplateResponse(request, "console/case/suggested_page.html", context, status=status)
