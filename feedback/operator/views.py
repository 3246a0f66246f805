"""The hotline operator's screen: a call on record in under a minute, by keyboard alone, and without scripts as well."""

import re
import secrets
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from common.exceptions import InvalidInput, KeyReused, Refused
from feedback import facility_offers
from feedback.intake import Incoming, Received, receive
from feedback.models import Case, Submission
from feedback.obligations import ACKNOWLEDGE
from feedback.operator.forms import USUAL_CHANNEL, RecordForm
from feedback.operator.recording import QUICK, QUICK_BY_CODE, QuickOutcome, record_ended
from feedback.promises import due_moments, in_words

SOURCE = "console"
RIGHT = "feedback.record_case"
LAST_CHANNEL = "record_channel"
_KEY = re.compile(r"[0-9a-f]{32}")


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """The addresses of this screen, for the console's list."""
    return [
        path("ghi-nhan/", site.admin_view(record), name="feedback_case_record"),
        path("ghi-nhan/co-so.json", site.admin_view(facilities), name="feedback_case_record_facilities"),
        path("ghi-nhan/<str:reference>/", site.admin_view(recorded), name="feedback_case_recorded"),
    ]


@never_cache
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """Record a call. The form's key makes a second press the same case."""
    _allow(request)
    if request.method == "GET":
        channel = request.session.get(LAST_CHANNEL, USUAL_CHANNEL)
        return _page(request, RecordForm(initial={"channel": channel, "key": secrets.token_hex(16)}))
    if "find" in request.POST:
        return _page(request, RecordForm(initial=request.POST.dict()), seeks=True)
    outcome = QUICK_BY_CODE.get(request.POST.get("outcome", ""))
    form = RecordForm(request.POST, body_needed=outcome is None)
    if not form.is_valid():
        return _page(request, form, status=422)
    request.session[LAST_CHANNEL] = form.cleaned_data["channel"]
    try:
        received = _take(request, form, outcome)
    except KeyReused:
        form = RecordForm(_with_new_key(request), body_needed=outcome is None)
        form.add_error(
            None, _("This call is on record already, with another text. Save again to record one more case.")
        )
        return _page(request, form, status=409)
    except InvalidInput as refusal:
        for name, sentences in refusal.fields.items():
            form.add_error(_field_for(name, form), sentences)
        return _page(request, form, status=422)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, status=refusal.status)
    return HttpResponseRedirect(reverse("admin:feedback_case_recorded", args=[received.case.reference]))


@never_cache
@require_GET
def recorded(request: HttpRequest, reference: str) -> HttpResponse:
    """What the operator reads to the caller: the reference, and in short what was recorded."""
    _allow(request)
    case = get_object_or_404(Case.objects.visible_to(request.user), reference=reference)
    mine = Submission.objects.filter(case=case, source=SOURCE, recorded_by=request.user.pk).first()
    due = due_moments(case)
    context = {
        "case": case,
        "first_contact_by": in_words(due.get(ACKNOWLEDGE)),
        "saved_key": mine.source_id.rpartition("-")[2] if mine else "",
        "title": _("The call is on record"),
    }
    return _console(request, "console/recorded.html", context)


@require_GET
def facilities(request: HttpRequest) -> JsonResponse:
    """Facilities offered while typing. One query beside the sign-in's own."""
    _allow(request)
    return JsonResponse({"facilities": facility_offers.offers(request.GET.get("q", "")[:200])})


def _allow(request: HttpRequest) -> None:
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied


def _take(request: HttpRequest, form: RecordForm, outcome: QuickOutcome | None) -> Received:
    given = form.cleaned_data
    incoming = Incoming(
        source=SOURCE,
        source_id=f"{request.user.pk}-{_key_of(request)}",
        channel=given["channel"],
        body=given["body"],
        category=given["category"],
        urgency=given["urgency"],
        facility=str(given["facility"] or ""),
        facility_said=given["facility_said"],
        is_confidential=given["is_confidential"],
        reporter={name: given[name] for name in ("name", "phone", "address") if given[name]},
    )
    by: Any = request.user
    return record_ended(incoming, outcome, by=by) if outcome else receive(incoming, by=by)


def _key_of(request: HttpRequest) -> str:
    key = request.POST.get("key", "")
    return key if _KEY.fullmatch(key) else secrets.token_hex(16)


def _with_new_key(request: HttpRequest) -> Any:
    data = request.POST.copy()
    data["key"] = secrets.token_hex(16)
    return data


def _field_for(name: str, form: RecordForm) -> str | None:
    own = {"facility": "facility_said"}.get(name, name.removeprefix("reporter."))
    return own if own in form.fields else None


def _page(request: HttpRequest, form: RecordForm, *, status: int = 200, seeks: bool = False) -> HttpResponse:
    context = {
        "form": form,
        "quick": QUICK,
        "seeks": seeks,
        "offers": facility_offers.offers(str(form["facility_said"].value() or "")) if seeks else [],
        "picked": str(form["facility"].value() or ""),
        "title": _("Record a call"),
    }
    return _console(request, "console/record.html", context, status)


def _console(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return TemplateResponse(request, template, admin.site.each_context(request) | context, status=status)
