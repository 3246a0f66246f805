"""Cases by a caller's telephone number or its end: posted, since addresses are logged, and written down each time."""

from types import SimpleNamespace

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.exceptions import InvalidInput
from feedback import callers
from feedback.provisional import mark


def may_look(user: object) -> bool:
    """Numbers lead to cases only for those who may look at who reported."""
    return bool(user.has_perm("feedback.view_case") and user.has_perm(callers.REVEAL))  # type: ignore[attr-defined]


@never_cache
@require_http_methods(["GET", "POST"])
def by_number(request: HttpRequest) -> HttpResponse:
    """The ordinary cases of a number, newest first. Asked for without a number it leads to the list."""
    if not may_look(request.user):
        raise PermissionDenied
    if request.method == "GET":
        return HttpResponseRedirect(reverse("admin:feedback_case_changelist"))
    typed = request.POST.get("phone", "")[:30]
    try:
        cases, is_wrong = callers.found(typed, by=request.user), False
    except InvalidInput:
        cases, is_wrong = [], True
    context = admin.site.each_context(request) | {
        "title": _("Cases of a telephone number"),
        "cl": SimpleNamespace(result_list=cases),
        "has_provisional": mark(cases),
        "is_wrong": is_wrong,
        "is_narrowed": True,
        "is_cut": len(cases) == callers.LOOKED_AT,
        "now": timezone.now(),
        "typed": typed,
    }
    return TemplateResponse(request, "console/case/by_number.html", context, status=422 if is_wrong else 200)
