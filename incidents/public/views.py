"""The pages for a facility's staff: report an incident from a phone, follow it by code. No account, no session, no code
in an address.

As with the citizens' forms there is no session whose authority a foreign page could borrow: sending takes a key that we
signed, following takes the code itself."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from common import receipts
from common.exceptions import InvalidInput, KeyReused
from common.public.keys import FormKeys, source_id
from common.public.pages import personal
from common.public.reading import reads_form
from common.public.throttle import SUGGESTIONS_PER_FORM, seconds_to_wait
from common.scope import as_system
from facilities import offers
from facilities.models import Facility
from incidents import receiving, talking
from incidents.choices import Side
from incidents.models import StaffReport
from incidents.public.forms import AnswerForm, ReportForm
from incidents.receiving import Incoming, Received

KEYS = FormKeys("incidents.public.send")
UNREADABLE = "public/incident/unreadable.html"
TOO_OFTEN = _(
    "Very much is arriving from your network at the moment. Nothing you typed is lost: wait a minute, then press the"
    " button again. Make the patient safe first."
)


@csrf_exempt
@reads_form(UNREADABLE)
@personal
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, code: str = "") -> HttpResponse:
    """Take a report in; after the commit show its receipt, once. The same form sent again shows the same receipt."""
    here = _facility_at(code) if code else None
    if request.method == "GET":
        return _send_page(request, ReportForm(initial={"key": KEYS.new()}), here)
    secret = KEYS.secret_of(request.POST.get("key", ""))
    if "language" in request.POST or "find" in request.POST:
        return _send_page(request, _as_typed(request, secret), here, seeks="find" in request.POST)
    if secret is None:
        form = ReportForm(_with_new_key(request))
        form.add_error(None, _("This page was open for too long. Look at it once more, then press Send again."))
        return _send_page(request, form, here, status=400)
    form = ReportForm(request.POST)
    wait = 0 if receiving.has_arrived(source_id(secret)) else seconds_to_wait(request, "incident")
    if wait:
        form.full_clean()
        form.add_error(None, TOO_OFTEN)
        return _send_page(request, form, here, status=429, wait=wait)
    return _received(request, form, secret, here)


def _facility_at(code: str) -> Facility:
    """The facility behind its own address. One that ended leads to who took it over. Raises `Http404`."""
    facility = offers.open_facility(code)
    if facility is None:
        ended = Facility.objects.select_related("successor").filter(code=code[:32]).first()
        facility = ended.successor if ended and ended.successor and ended.successor.is_open else None
    if facility is None:
        raise Http404
    return facility


def _received(request: HttpRequest, form: ReportForm, secret: str, here: Facility | None) -> HttpResponse:
    facility = here or _chosen(form)
    if form.is_valid() and facility is not None:
        try:
            received = receiving.receive(_incoming(form, secret, facility))
        except KeyReused:
            form = ReportForm(_with_new_key(request))
            form.add_error(
                None,
                _(
                    "This form was sent before, with another text. To send this as a further report, press Send again."
                    " To add to the first one, use its code under “Follow”."
                ),
            )
            return _send_page(request, form, here, status=409)
        except InvalidInput as refusal:
            for name, sentences in refusal.fields.items():
                form.add_error(name if name in form.fields else None, sentences)
        else:
            return render(request, "public/incident/receipt.html", _receipt_context(received))
    elif facility is not None:
        _name_what_is_missing(form, secret, facility)
    return _send_page(request, form, here, status=422, seeks=facility is None)


def _chosen(form: ReportForm) -> Facility | None:
    """The facility that was picked, or the only one that answers to the words."""
    form.full_clean()
    facility = offers.open_facility(str(form["facility"].value() or ""))
    said = str(form["facility_said"].value() or "")
    if facility is None:
        found = offers.offers(said)
        facility = offers.open_facility(found[0]["code"]) if len(found) == 1 else None
    if facility is None:
        form.add_error("facility_said", _("Choose the facility below.") if offers.offers(said) else
                       _("Write the name of the facility, so that we know who is to get the report."))  # fmt: skip
    return facility


def _name_what_is_missing(form: ReportForm, secret: str, facility: Facility) -> None:
    """Beside fields that cannot be read, name what else is wrong: nobody likes to be sent back twice."""
    said: dict[str, Any] = {
        name: form.cleaned_data.get(name) for name in ("description", "ward", "harm") if name in form.cleaned_data
    }
    lacks = receiving.lacks(Incoming(source_id(secret), facility, said, secret), timezone.now())
    for name in ("description", "ward", "harm"):
        if name in lacks and name in said:
            form.add_error(name, str(lacks[name]))


def _incoming(form: ReportForm, secret: str, facility: Facility) -> Incoming:
    given = form.cleaned_data
    return Incoming(source_id(secret), facility, form.said(), secret, form.people(), excluded=given["excluded"])


def _receipt_context(received: Received) -> dict[str, Any]:
    incident = received.report.incident
    with as_system():
        incident.refresh_from_db()
    return {
        "incident": incident,
        "judged": incident.judged,
        "code": received.receipt,
        "groups": receipts.shown(received.receipt).split("-"),
        "has_own_language_switch": True,
    }


def _with_new_key(request: HttpRequest) -> Any:
    data = request.POST.copy()
    data["key"] = KEYS.new()
    return data


def _as_typed(request: HttpRequest, secret: str | None) -> ReportForm:
    """The form with everything typed so far, judged by nobody yet."""
    data = request.POST if secret is not None else _with_new_key(request)
    return ReportForm(initial={name: data.get(name, "") for name in data})


def _send_page(
    request: HttpRequest,
    form: ReportForm,
    here: Facility | None,
    *,
    status: int = 200,
    wait: int = 0,
    seeks: bool = False,
) -> HttpResponse:
    said = str(form["facility_said"].value() or "")
    context = {
        "form": form,
        "here": here,
        "seeks": seeks and here is None,
        "offers": offers.offers(said) if seeks and here is None else [],
        "picked": str(form["facility"].value() or ""),
        "form_id": "send-form",
    }
    response = render(request, "public/incident/send.html", context, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


@require_GET
def facilities(request: HttpRequest) -> JsonResponse:
    """Names offered while typing: public ones, at most ten. One query."""
    wait = seconds_to_wait(request, "suggest", SUGGESTIONS_PER_FORM)
    if wait:
        return JsonResponse({"facilities": []}, status=429, headers={"Retry-After": str(wait)})
    return JsonResponse({"facilities": offers.offers(request.GET.get("q", "")[:200])})


@csrf_exempt
@reads_form(UNREADABLE)
@personal
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Show where a report stands to whoever holds its code, which only travels in a body; take what they answer."""
    code = request.POST.get("code", "")
    if request.method == "GET" or ("language" in request.POST and not code):
        return _code_page(request, code)
    wait = seconds_to_wait(request, "follow")
    if wait:
        return _code_page(request, code, problem=TOO_OFTEN, status=429, wait=wait)
    report = talking.report_behind(code)
    if report is None:
        problem = _("There is no report under this code. Compare it letter by letter, then try again.")
        return _code_page(request, code, problem=problem, status=404)
    return _report_page(request, report, code)


def _code_page(request: HttpRequest, code: str, *, problem: Any = "", status: int = 200, wait: int = 0) -> HttpResponse:
    # what was typed for the conversation is not lost when the network has to wait
    context = {
        "code": code[:100],
        "problem": problem,
        "form_id": "code-form",
        "kept": {name: request.POST.get(name, "")[:5000] for name in ("act", "side", "text")} if wait else {},
    }
    response = render(request, "public/incident/follow.html", context, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _report_page(request: HttpRequest, report: StaffReport, code: str) -> HttpResponse:
    forms, done = {str(side): AnswerForm(auto_id=f"id_{side}_%s") for side in Side}, ""
    side = request.POST.get("side", "")
    if request.POST.get("act") == "answer" and side in forms:
        form = AnswerForm(request.POST, auto_id=f"id_{side}_%s")
        if form.is_valid():
            try:
                talking.answer(report, form.cleaned_data["text"], side)
            except InvalidInput as refusal:
                form.add_error("text", [words for each in refusal.fields.values() for words in each])
            else:
                form, done = AnswerForm(auto_id=f"id_{side}_%s"), side
        forms[side] = form
    standing = talking.standing_of(report)
    context = {
        "standing": standing,
        "incident": report.incident,
        "threads": [(thread, forms[str(thread.side)]) for thread in standing.threads],
        "wrong": next((form for form in forms.values() if form.errors), None),
        "done": done,
        "code": code,
        "form_id": "again-form",
    }
    return render(request, "public/incident/report.html", context, status=422 if context["wrong"] else 200)
