"""The page on which a swap is entered, its consequences are read, and it is published."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from common.exceptions import InvalidInput
from deadlines import swaps
from deadlines.calendar_forms import authority_field
from deadlines.recalculation import Moved


class SwapForm(forms.Form):
    """Which day is off, which is worked instead, and by which notice."""

    authority = authority_field()
    off = forms.DateField(label=gettext_lazy("Day off"), widget=UnfoldAdminSingleDateWidget)
    worked = forms.DateField(label=gettext_lazy("Worked instead"), widget=UnfoldAdminSingleDateWidget)
    occasion = forms.CharField(label=gettext_lazy("Occasion"), max_length=200, widget=UnfoldAdminTextInputWidget)
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("The decision or notice, with its date."),
    )


@require_http_methods(["GET", "POST"])
def swap(request: HttpRequest) -> HttpResponse:
    """First the counts, then the deed: `publish` is only offered beside what it will move."""
    if not swaps.may_swap(request.user):
        raise PermissionDenied
    form, found = SwapForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            found = _looked_or_done(request, form.cleaned_data)
        except InvalidInput as refusal:
            for name, sentences in refusal.fields.items():
                form.add_error(name, [str(sentence) for sentence in sentences])
        else:
            if found is None:
                return HttpResponseRedirect(reverse("admin:deadlines_calendarday_changelist"))
    context = {
        **admin.site.each_context(request),
        "title": _("Swap a working day"),
        "form_name": "swap",
        "form": form,
        "media": form.media,
        "found": found,
        "back": reverse("admin:deadlines_calendarday_changelist"),
    }
    return TemplateResponse(request, "admin/deadlines/counted.html", context)


def _looked_or_done(request: HttpRequest, given: dict[str, Any]) -> Moved | None:
    """The counts, or None when the swap was published."""
    if "publish" not in request.POST:
        return swaps.look_ahead(given["off"], given["worked"], authority=given["authority"], by=request.user)
    swaps.publish(**given, by=request.user)
    messages.success(request, _("The swap is published; running deadlines follow within a minute."))
    return None
