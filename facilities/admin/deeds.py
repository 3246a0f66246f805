"""The pages of deeds that take a day and a reason: rename, change who manages, end, reopen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.editing import CONFLICT
from common.exceptions import InvalidInput, Refused, StaleVersion
from common.history import versions_after
from facilities import services
from facilities.admin.forms import DeedForm, EndForm, ManagementForm, RenameForm, ReopenForm
from facilities.models import Facility


@dataclass(frozen=True)
class Deed:
    """One page: its words, its form, and the service that does it."""

    title: Any
    button: Any
    done: Any
    form: type[DeedForm]
    do: Callable[..., Facility]
    is_grave: bool = False


DEEDS = {
    "rename": Deed(
        _("Rename: %s"),
        _("Rename"),
        _("The new name is on record; the old one still finds the facility."),
        RenameForm,
        services.rename,
    ),
    "put_under": Deed(
        _("Change who manages: %s"),
        _("Change"),
        _("The change is on record with its day."),
        ManagementForm,
        services.put_under,
    ),
    "end": Deed(
        _("Record the end of: %s"),
        _("Record the end"),
        _("The facility has ended. Its cases and history stay."),
        EndForm,
        services.end,
        is_grave=True,
    ),
    "reopen": Deed(
        _("Undo the end of: %s"),
        _("Undo the end"),
        _("The facility stands as before."),
        ReopenForm,
        services.reopen,
    ),
}


def deed_page(model_admin: Any, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
    """Show a deed's form; do the deed when it was sent. A refusal comes back as a sentence above the form."""
    if not request.user.has_perm(services.MAY_CHANGE):
        raise PermissionDenied
    facility = get_object_or_404(model_admin.get_queryset(request), pk=object_id)
    deed = DEEDS[name]
    form = deed.form(request.POST or None, facility=facility)
    back = reverse(f"{model_admin.admin_site.name}:facilities_facility_change", args=[facility.pk])
    is_stale = False
    if request.method == "POST" and form.is_valid():
        try:
            is_done = _done(deed, form, facility, request)
        except StaleVersion:
            is_done, is_stale = False, True
        if is_done:
            messages.success(request, str(deed.done))
            return HttpResponseRedirect(back)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": str(deed.title) % facility,
        "opts": model_admin.opts,
        "original": facility,
        "deed": deed,
        "form": form,
        "back": back,
        "media": model_admin.media + form.media,
        "is_stale": is_stale,
    }
    if is_stale:
        # somebody was quicker: what was typed stays, the next press is about the facility as it is now
        read, now = form.cleaned_data["version"], model_admin.get_queryset(request).get(pk=facility.pk)
        data = request.POST.copy()
        data["version"] = str(now.version)
        context["form"] = deed.form(data, facility=now)
        context["happened"] = versions_after(read, now, model_admin, request.user)
    status = CONFLICT if is_stale else 200
    return TemplateResponse(request, "admin/facilities/deed.html", context, status=status)


def _done(deed: Deed, form: DeedForm, facility: Facility, request: HttpRequest) -> bool:
    try:
        with transaction.atomic():
            deed.do(facility, by=request.user, **form.cleaned_data)
    except InvalidInput as refusal:
        for field, sentences in refusal.fields.items():
            form.add_error(field if field in form.fields else None, sentences)
        return False
    except StaleVersion:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
