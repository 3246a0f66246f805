"""The page on which a person says that the clock is right, and the deadlines go on."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from unfold.widgets import UnfoldAdminTextareaWidget

from common.exceptions import Refused
from deadlines import timekeeping
from deadlines.models import ClockHold


class ReleaseForm(forms.Form):
    """Why the new time is the true one."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, object_id: int) -> HttpResponse:
    """What was noticed, and the deed with its reason."""
    if not request.user.has_perm(timekeeping.RELEASE):
        raise PermissionDenied
    hold, form = get_object_or_404(ClockHold, pk=object_id), ReleaseForm(request.POST or None)
    back = reverse("admin:deadlines_clockhold_changelist")
    if request.method == "POST" and form.is_valid():
        try:
            timekeeping.release(hold, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The deadlines go on; the next sweep comes within seconds."))
            return HttpResponseRedirect(back)
    context = {
        **admin.site.each_context(request),
        "title": _("The clock jumped"),
        "form": form,
        "hold": hold,
        "back": back,
    }
    return TemplateResponse(request, "admin/deadlines/release.html", context)
