"""The hotline operator's screen: a call on record in under a minute, by keyboard alone, and without scripts as well."""

import json
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from common.exceptions import InvalidInput, KeyReused, Refused
from common.sealing import CannotOpen
from common.text import has_unstorable
from facilities import offers
from feedback import callers, onlookers
from feedback.intake import Incoming, Received, receive
from feedback.models import Case
from feedback.obligations import ACKNOWLEDGE
from feedback.operator import drafts
from feedback.operator.forms import USUAL_CHANNEL, RecordForm
from feedback.operator.recording import QUICK, QUICK_BY_CODE, SOURCE, QuickOutcome, record_ended, source_id
from feedback.promises import promised

RIGHT = "feedback.record_case"
LAST_CHANNEL = "record_channel"
DRAFT_BYTES = 100_000  # the longest story with its names, and room
_KEY = re.compile(r"[0-9a-f]{32}")


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """The addresses of this screen, for the console's list."""
    return [
        path("ghi-nhan/", site.admin_view(record), name="feedback_case_record"),
        path("ghi-nhan/co-so.json", site.admin_view(facilities), name="feedback_case_record_facilities"),
        path("ghi-nhan/nguoi-goi.json", site.admin_view(caller), name="feedback_case_record_caller"),
        path("ghi-nhan/ban-nhap/", site.admin_view(draft), name="feedback_case_record_draft"),
        path("ghi-nhan/<str:reference>/", site.admin_view(recorded), name="feedback_case_recorded"),
    ]


@never_cache
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """Record a call. The form's key makes a second press the same case."""
    _allow(request)
    if request.method == "GET":
        return _begun(request)
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
    due = promised(case)
    context = {
        "case": case,
        "first_contact_by": due.get(ACKNOWLEDGE, ""),
        "title": _("The call is on record"),
    }
    return _console(request, "console/recorded.html", context)


@never_cache
@require_http_methods(["PUT", "DELETE"])
def draft(request: HttpRequest) -> HttpResponse:
    """Keep what was typed so far (PUT, the form's fields as JSON), or throw it away (DELETE). It comes back with the
    form itself."""
    _allow(request)
    by = cast(User, request.user)
    if request.method == "DELETE":
        drafts.drop(by=by)
        return HttpResponse(status=204)
    values = _typed(request)
    if values is None:
        return HttpResponse(status=422)
    at = drafts.keep(values, form_key=values["key"], by=by)
    return JsonResponse({"saved_at": _clock(at)}) if at else HttpResponse(status=409)


def _typed(request: HttpRequest) -> dict[str, str] | None:
    """The fields of the form as the script sends them; None for what no form of ours would send."""
    if len(request.body) > DRAFT_BYTES:
        return None
    try:
        given = json.loads(request.body)
    except ValueError:
        return None
    if not isinstance(given, dict) or not _KEY.fullmatch(str(given.get("key"))):
        return None
    values = {name: given[name] for name in RecordForm.base_fields if name in given}
    is_text = all(isinstance(text, str) and not has_unstorable(text) for text in values.values())
    return values if is_text else None


@require_GET
def facilities(request: HttpRequest) -> JsonResponse:
    """Facilities offered while typing. One query beside the sign-in's own."""
    _allow(request)
    return JsonResponse({"facilities": offers.offers(request.GET.get("q", "")[:200])})


@never_cache
@require_POST
def caller(request: HttpRequest) -> JsonResponse:
    """Whether this number rang before, and the newest of its cases that the operator sees; never whose it is. The
    number is posted, since addresses are logged."""
    _allow(request)
    found = callers.known(request.POST.get("phone", "")[:30], by=request.user)
    return JsonResponse({"words": str(_known_words(found)), "cases": [_known_case(case) for case in _newest(found)]})


def _known_words(found: callers.Known | None) -> str:
    if found is None:
        return ""
    text = ngettext(
        "This number rang once before; the newest case:",
        "This number rang %(count)s times before; the newest cases:",
        found.count,
    )
    return text % {"count": f"{found.count}+" if found.count == callers.LOOKED_AT else found.count}


def _newest(found: callers.Known | None) -> Sequence[Case]:
    return found.newest if found else ()


def _known_case(case: Case) -> dict[str, str]:
    """What tells the operator whether it is the same matter: reference, day, status, facility."""
    day = timezone.localtime(case.received_at).strftime("%d/%m/%Y")
    where = case.facility.name if case.facility else case.facility_said
    return {
        "reference": case.reference,
        "address": reverse("admin:feedback_case_change", args=[case.pk]),
        "told": " · ".join(filter(None, (day, str(case.get_status_display()), where))),
    }


def _allow(request: HttpRequest) -> None:
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied


def _begun(request: HttpRequest) -> HttpResponse:
    """The form, with what this operator typed before and did not save."""
    fresh = {"channel": request.session.get(LAST_CHANNEL, USUAL_CHANNEL), "key": secrets.token_hex(16)}
    kept = drafts.of(cast(User, request.user))
    if kept is None:
        return _page(request, RecordForm(initial=fresh))
    try:
        values = kept.opened()
    except CannotOpen as fault:
        return _page(request, RecordForm(initial=fresh), draft_fault=str(fault))
    return _page(request, RecordForm(initial=fresh | values), draft_from=_clock(kept.saved_at))


def _clock(at: datetime) -> str:
    return timezone.localtime(at).strftime("%H:%M")


def _take(request: HttpRequest, form: RecordForm, outcome: QuickOutcome | None) -> Received:
    """The call becomes a case and its draft goes, both or neither."""
    given, by, key = form.cleaned_data, cast(User, request.user), _key_of(request)
    incoming = Incoming(
        source=SOURCE,
        source_id=source_id(by, key),
        channel=given["channel"],
        body=given["body"],
        category=given["category"],
        urgency=given["urgency"],
        facility=str(given["facility"] or ""),
        facility_said=given["facility_said"],
        is_confidential=given["is_confidential"],
        reporter={name: given[name] for name in ("name", "phone", "address") if given[name]},
    )
    with transaction.atomic():
        received = record_ended(incoming, outcome, by=by) if outcome else receive(incoming, by=by)
        drafts.drop(by=by, form_key=key)
        if received.is_new:
            onlookers.tell_recorded(received.case, request.POST.get("suggested", ""))
    return received


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


def _page(
    request: HttpRequest, form: RecordForm, *, status: int = 200, seeks: bool = False, **of_draft: str
) -> HttpResponse:
    number = str(form["phone"].value() or "")[:30]
    known = callers.known(number, by=request.user) if seeks and callers.looks_like_number(number) else None
    context = {
        "form": form,
        "known_words": _known_words(known),
        "known": [_known_case(case) for case in _newest(known)],
        "quick": QUICK,
        "seeks": seeks,
        "offers": offers.offers(str(form["facility_said"].value() or "")) if seeks else [],
        "picked": str(form["facility"].value() or ""),
        "title": _("Record a call"),
        **of_draft,
    }
    return _console(request, "console/record.html", context, status)


def _console(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return TemplateResponse(request, template, admin.site.each_context(request) | context, status=status)
