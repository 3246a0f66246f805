"""The citizen's pages: send, follow by code, published results. No account, no session, no code in an address.

The forms are exempt from the CSRF token on purpose: there is no session whose authority a foreign page could borrow.
Sending takes a key that we signed, following takes the code itself, and a citizen whose browser keeps no cookies must
be heard too."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from common.exceptions import InvalidInput, KeyReused, Refused
from common.public.keys import FormKeys, source_id
from common.public.pages import COOKIE, personal
from common.public.reading import reads_form
from common.public.throttle import SUGGESTIONS_PER_FORM, seconds_to_wait
from common.scope import as_system, system
from facilities import offers
from feedback import receipts
from feedback.intake import Incoming, Received, receive
from feedback.models import Case, Category, Submission
from feedback.obligations import ACKNOWLEDGE, RESOLVE
from feedback.promises import promised
from feedback.public import flood, following, hotlines, published
from feedback.public import register as register_of
from feedback.public.forms import CodeForm, MoreForm, SatisfactionForm, SendForm
from feedback.public.progress import progress_of

SOURCE, CHANNEL = "public", "WEB"
REPORTER_FIELDS = ("name", "phone", "email")
TOO_OFTEN = _(
    "Very much is arriving from your network at the moment. Nothing you typed is lost: wait a minute, then press the"
    " button again. In an emergency ring 115."
)
KEYS = FormKeys("feedback.public.send")
HARD = 10  # times the public rate: below it everything is taken, and what comes in a wave is grouped


@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    """What this is, and the ways to be heard. One query."""
    return render(request, "public/landing.html", {"lines": hotlines.lines()})


@csrf_exempt
@reads_form("public/unreadable.html")
@personal
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, in_secret: bool = False) -> HttpResponse:
    """Take a feedback in; after the commit show its receipt, once. The same form sent again shows the same receipt.

    `in_secret`: the page for those who fear consequences; what comes from there is always confidential."""
    if request.method == "GET":
        return _send_page(request, SendForm(initial={"key": KEYS.new()}, in_secret=in_secret))
    secret = KEYS.secret_of(request.POST.get("key", ""))
    if "language" in request.POST or "find" in request.POST:
        return _send_page(
            request, _as_typed(request, in_secret, keep_key=secret is not None), seeks="find" in request.POST
        )
    if secret is None:
        form = SendForm(
            _with_new_key(request), in_secret=in_secret
        )  # without the files: the browser has to send them again anyway
        form.add_error(None, _("This page was open for too long. Look at it once more, then press Send again."))
        return _send_page(request, form, status=400)
    wait = 0 if _has_arrived(secret) else seconds_to_wait(request, "send", HARD)
    if wait:
        form = SendForm(request.POST, in_secret=in_secret)  # cleaning files is what costs most
        form.add_error(None, TOO_OFTEN)
        return _send_page(request, form, status=429, wait=wait)
    form = SendForm(request.POST, request.FILES, in_secret=in_secret)
    if not form.is_valid():
        return _send_page(request, form, status=422)
    return _received(request, form, secret)


def _received(request: HttpRequest, form: SendForm, secret: str) -> HttpResponse:
    try:
        received = receive(_incoming(form, secret), by=None)
    except KeyReused:
        form = SendForm(_with_new_key(request), in_secret=form.in_secret)
        form.add_error(
            None,
            _(
                "This form was sent before, with another text. To send this as a further feedback, press Send again."
                " To add to the first one, use its code under “Follow”."
            ),
        )
        return _send_page(request, form, status=409)
    except InvalidInput as refusal:
        for name, sentences in refusal.fields.items():
            form.add_error(_field_for(name, form), [str(sentence) for sentence in sentences])
        return _send_page(request, form, status=422)
    if received.is_new:
        flood.group(request, received.case)
    return render(request, "public/receipt.html", _receipt_context(received))


def _receipt_context(received: Received) -> dict[str, Any]:
    with as_system():
        due = promised(received.case)
    return {
        "case": received.case,
        "code": received.receipt,
        "groups": receipts.shown(received.receipt).split("-"),
        "first_contact_by": due.get(ACKNOWLEDGE, ""),
        "reply_by": due.get(RESOLVE, ""),
        "has_own_language_switch": True,
        "has_exit": received.case.is_confidential,
    }


def _incoming(form: SendForm, secret: str) -> Incoming:
    given = form.cleaned_data
    code = str(given["facility"] or "")
    facility = offers.open_facility(code)
    field = form.categories.get(given["category"])
    return Incoming(
        source=SOURCE,
        source_id=source_id(secret),
        channel=CHANNEL,
        body=given["body"],
        category=field.code if field else "",  # a whole field; the officer who takes it in chooses the matter
        facility=facility.code if facility else "",
        facility_said=offers.in_words(given["facility_said"], code, facility),
        occurred_on=given["occurred_on"],
        is_confidential=given["is_confidential"],
        reporter={name: given[name] for name in REPORTER_FIELDS if given[name]},
        uploads=given["files"],
        receipt_secret=secret,
    )


def _field_for(name: str, form: SendForm) -> str | None:
    """The form's field for one of the entrance's; None for what the sender did not type."""
    own = {"facility": "facility_said"}.get(name, name.removeprefix("reporter."))
    return own if own in form.fields else None


@system
def _has_arrived(secret: str) -> bool:
    return Submission.objects.filter(source=SOURCE, source_id=source_id(secret)).exists()


def _with_new_key(request: HttpRequest) -> Any:
    data = request.POST.copy()
    data["key"] = KEYS.new()
    return data


def _as_typed(request: HttpRequest, in_secret: bool, *, keep_key: bool) -> SendForm:
    """The form with everything typed so far, judged by nobody yet."""
    data = request.POST if keep_key else _with_new_key(request)
    typed = {name: data.get(name, "") for name in SendForm.base_fields if name != "files"}
    return SendForm(initial=typed, in_secret=in_secret)


def _send_page(
    request: HttpRequest, form: SendForm, *, status: int = 200, wait: int = 0, seeks: bool = False
) -> HttpResponse:
    said = str(form["facility_said"].value() or "")
    context = {
        "form": form,
        "seeks": seeks,
        "offers": offers.offers(said) if seeks else [],
        "picked": str(form["facility"].value() or ""),
        "lost_files": bool(request.FILES),
        "form_id": "send-form",
        "has_exit": form.in_secret,
    }
    response = render(request, "public/send.html", context, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


@require_GET
def leave(request: HttpRequest) -> HttpResponse:
    """The quick exit: off to a page that tells nothing, leaving as little behind as a site can."""
    response = HttpResponseRedirect(settings.QUICK_EXIT_URL)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["Clear-Site-Data"] = '"cache"'  # cookies would take a colleague's sign-in with them: ours goes below
    response.delete_cookie(COOKIE)
    return response


@require_GET
def facilities(request: HttpRequest) -> JsonResponse:
    """Names offered while typing: public ones, at most ten. One query."""
    wait = seconds_to_wait(request, "suggest", SUGGESTIONS_PER_FORM)
    if wait:
        return JsonResponse({"facilities": []}, status=429, headers={"Retry-After": str(wait)})
    return JsonResponse({"facilities": offers.offers(request.GET.get("q", "")[:200])})


@csrf_exempt
@reads_form("public/unreadable.html")
@personal
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Show a case to whoever holds its code, which only ever travels in a body; take what they add or say about it."""
    code = request.POST.get("code", "")
    form = CodeForm(initial={"code": code[:100]})
    if request.method == "GET" or ("language" in request.POST and not code):
        return _code_page(request, form)
    wait = seconds_to_wait(request, "follow")
    if wait:
        return _code_page(request, form, problem=TOO_OFTEN, status=429, wait=wait)
    case = receipts.case_of(code)
    if case is None:
        problem = _("There is no feedback under this code. Compare it letter by letter, then try again.")
        return _code_page(request, form, problem=problem, status=404)
    return _case_page(request, case, code)


def _code_page(
    request: HttpRequest, form: CodeForm, *, problem: Any = "", status: int = 200, wait: int = 0
) -> HttpResponse:
    context = {"form": form, "problem": problem, "form_id": "code-form"}
    response = render(request, "public/follow.html", context, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _case_page(request: HttpRequest, case: Case, code: str) -> HttpResponse:
    more, rating, done = MoreForm(), SatisfactionForm(), ""
    if request.POST.get("act") == "add":
        more, done = _added(request, case)
    elif request.POST.get("act") == "rate":
        rating, done = _rated(request, case)
        with as_system():
            case.refresh_from_db()
    context = {
        "progress": progress_of(case),
        "more": more,
        "rating": rating,
        "done": done,
        "code": code,
        "form_id": "again-form",
        "has_exit": case.is_confidential,
    }
    return render(request, "public/case.html", context, status=422 if more.errors or rating.errors else 200)


def _added(request: HttpRequest, case: Case) -> tuple[MoreForm, str]:
    """Take what the reporter adds; an empty form and the deed's name when it was kept."""
    form = MoreForm(request.POST, request.FILES)
    if not form.is_valid():
        return form, ""
    try:
        following.add(case, form.cleaned_data["text"], form.cleaned_data["files"])
    except InvalidInput as refusal:
        for name, sentences in refusal.fields.items():
            form.add_error(name if name in form.fields else None, [str(sentence) for sentence in sentences])
        return form, ""
    return MoreForm(), "add"


def _rated(request: HttpRequest, case: Case) -> tuple[SatisfactionForm, str]:
    """Take the reporter's word on the answer."""
    form = SatisfactionForm(request.POST)
    if not form.is_valid():
        return form, ""
    try:
        following.rate(case, form.cleaned_data["satisfaction"], form.cleaned_data["comment"])
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return form, ""
    return form, "rate"


@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """Published results and counts by field. Three or four queries, whatever the number of cases."""
    roots = list(Category.objects.roots().valid_on(timezone.localdate()))
    chosen = next((root for root in roots if root.code == request.GET.get("linh-vuc")), None)
    facility = request.GET.get("co-so", "")[:100]
    before = request.GET.get("truoc", "")
    context = {
        "page": published.newest(category=chosen, facility=facility, before=before),
        "roots": roots,
        "chosen": chosen,
        "facility": facility,
        "is_first": not before,
        "is_filtered": bool(chosen or facility.strip()),
        "statistics": None if before else published.statistics(roots),
        "small": published.SMALL,
    }
    return render(request, "public/results.html", context)


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The register of channels and of the numbers that facilities post. Two or three queries."""
    words = request.GET.get("q", "")[:100]
    page = register_of.posted(words, request.GET.get("trang", ""))
    context = {
        "ways": register_of.ways() if not words.strip() and not page.page else [],
        "words": words,
        "is_searched": bool(words.strip()),
        "posted": page,
    }
    return render(request, "public/register.html", context)
