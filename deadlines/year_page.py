"""The page on which a year's days off are announced, after a look at them and at what they move."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from common.exceptions import InvalidInput
from deadlines import swaps, years
from deadlines.calendar_forms import authority_field


class YearForm(forms.Form):
    """Which year, and by which notice."""

    authority = authority_field()
    year = forms.IntegerField(label=gettext_lazy("Year"), widget=UnfoldAdminIntegerFieldWidget)
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("The decision or notice, with its date."),
    )


@require_http_methods(["GET", "POST"])
def year(request: HttpRequest) -> HttpResponse:
    """First the days and the counts, then the deed."""
    if not swaps.may_swap(request.user):
        raise PermissionDenied
    next_year = timezone.localdate().year + 1
    form, seen = YearForm(request.POST or None, initial={"year": next_year}), None
    if request.method == "POST" and form.is_valid():
        try:
            seen = _looked_or_done(request, form.cleaned_data)
        except InvalidInput as refusal:
            for name, sentences in refusal.fields.items():
                form.add_error(name, [str(sentence) for sentence in sentences])
        else:
            if seen is None:
                return HttpResponseRedirect(reverse("admin:deadlines_calendarday_changelist"))
    days, found = seen or (None, None)
    context = {
        **admin.site.each_context(request),
        "title": _("Announce a year's days off"),
        "form_name": "year",
        "form": form,
        "media": form.media,
        "days": days,
        "found": found,
        "back": reverse("admin:deadlines_calendarday_changelist"),
    }
    return TemplateResponse(request, "admin/deadlines/counted.html", context)


def _looked_or_done(request: HttpRequest, given: dict[str, Any]) -> Any:
    """The days and the counts, or None when the year was announced."""
    if "publish" not in request.POST:
        return years.look_ahead(given["year"], authority=given["authority"], by=request.user)
    years.announce(**given, by=request.user)
    messages.success(request, _("The year is announced; running deadlines follow within a minute."))
    return None
