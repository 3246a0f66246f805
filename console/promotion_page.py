"""The page on which an officer asks the facility of a feedback case for an incident report."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from common.refusals import tried
from console.promotion import RIGHT, asked_already, known, may_ask, promote
from feedback.models import Case


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """The address of this page, for the console's list."""
    address = "feedback/case/<int:case_id>/yeu-cau-su-co/"
    return [path(address, site.admin_view(ask), name="feedback_case_ask_incident")]


class AskForm(forms.Form):
    """What the facility gets to read."""

    description = forms.CharField(
        label=gettext_lazy("What the facility gets to read"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("The facility completes it. Write nothing that tells who reported."),
    )


def _seen(request: HttpRequest, case_id: int) -> Case:
    """The case, as this person sees it; nothing of a confidential one is shown here. Raises `Http404`."""
    if not request.user.has_perm("feedback.view_case"):
        raise PermissionDenied
    case = Case.objects.visible_to(request.user).select_related("facility").filter(pk=case_id).first()
    if case is None:
        raise Http404
    return case


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, case_id: int) -> HttpResponse:
    """Read what would be sent, and ask."""
    case, back = _seen(request, case_id), reverse("admin:feedback_case_change", args=[case_id])
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    if not may_ask(case, request.user) or asked_already(case):
        messages.error(request, _("Only once, and of a case that has a facility and is not confidential."))
        return HttpResponseRedirect(back)
    form = AskForm(request.POST if request.method == "POST" else None, initial={"description": known(case)})
    if request.method == "POST" and tried(form, lambda given: promote(case, by=request.user, **given)):
        messages.success(request, _("The facility was asked for an incident report. You will see it once it is sent."))
        return HttpResponseRedirect(back)
    context = {
        **admin.site.each_context(request),
        "title": case.reference,
        "case": case,
        "form": form,
        "back": back,
        "is_shown": case.is_released,
        "is_fullwidth": "1",
        "has_own_heading": True,
    }
    return TemplateResponse(request, "console/case/ask_incident.html", context)
