"""The pages about what was raised in public: the list, the two forms that record, one more appearance, and the prompt
report."""

import re
import secrets
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from common.exceptions import InvalidInput, KeyReused, Refused, StaleVersion
from common.keyset import cut
from common.text import number_in
from facilities import offers
from feedback.admin.filters import ANY
from feedback.admin.forms import Chooser
from feedback.admin.views import address_of, seen, shown
from feedback.models import Case
from feedback.press import appearances, listing, recording, reporting
from feedback.press.forms import MatterForm, NarrowForm, OwnForm, RaisedForm, RecordForm, ReportForm
from feedback.press.recording import AlreadyRecorded
from feedback.visibility import sees_as_facility

PER_PAGE = 50
_KEY = re.compile(r"[0-9a-f]{32}")
LIST = "admin:feedback_case_press"


@require_GET
def press_list(request: HttpRequest) -> HttpResponse:
    """What was raised in public, newest first, narrowed by kind, facility and how the prompt report does."""
    if not request.user.has_perm("feedback.view_case"):
        raise PermissionDenied
    now, reader = timezone.now(), request.user
    state = request.GET.get("state", "")
    state = state if state in listing.STATES else ""
    form = NarrowForm(request.GET)
    form.fields["facility"].widget = Chooser("facility")
    form.fields["facility"].widget.choices = form.fields["facility"].choices  # type: ignore[attr-defined]
    form.is_valid()
    given = form.cleaned_data
    kind, facility = given.get("kind") or "", given.get("facility")
    found = listing.events(reader, now, state=state, kind=kind, facility=facility)
    page = cut(
        found.select_related("case", "case__facility"),
        listing.NEWEST_FIRST,
        size=PER_PAGE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    counts = listing.counts(reader, now)
    words = {"state": state, "kind": kind, "facility": str(facility.pk) if facility else ""}
    context = {
        **admin.site.each_context(request),
        "title": _("Press and public opinion"),
        "is_fullwidth": "1",
        "has_own_heading": True,
        "rows": listing.rows_of(page.rows, reader),
        "tabs": [
            {"name": name, "label": label, "count": counts.get(name), "url": _asking(words | {"state": name})}
            for name, label in listing.STATES.items()
        ],
        "state": state,
        "form": form,
        "media": form.media,
        "any": ANY[1],
        "is_narrowed": bool(kind or facility),
        "older": _asking(words | {"after": page.after}) if page.after else "",
        "newer": _asking(words | {"before": page.before}) if page.before else "",
        "now": now,
        "as_facility": sees_as_facility(reader),
        "may_record": recording.may_record(reader),
        "may_report": bool(recording.own_facilities(reader)),
    }
    return TemplateResponse(request, "console/press/list.html", context)


def _asking(words: dict[str, str]) -> str:
    asked = "&".join(f"{name}={value}" for name, value in words.items() if value)
    return f"{reverse(LIST)}?{asked}" if asked else reverse(LIST)


# --- recording --------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """The department records what somebody read of any facility."""
    by = cast(User, request.user)
    if not recording.may_record(by):
        raise PermissionDenied
    may_forward = recording.may_forward(by)
    if request.method == "GET":
        return _form_page(request, RecordForm(initial=_fresh(), may_forward=may_forward))
    if "find" in request.POST:
        form = RecordForm(initial=request.POST.dict(), may_forward=may_forward)
        return _form_page(request, form, seeks=True)
    form = RecordForm(request.POST, may_forward=may_forward)

    def deed() -> Case:
        given = form.cleaned_data
        return recording.record(
            form.raised(),
            form.matter(),
            key=_key_of(request),
            by=by,
            is_separate=given["separate"],
            is_forwarded=bool(given.get("is_forwarded")),
        )

    return _recorded(request, form, deed)


@never_cache
@require_http_methods(["GET", "POST"])
def report_own(request: HttpRequest) -> HttpResponse:
    """A facility reports at once what is raised about itself."""
    by = cast(User, request.user)
    own = recording.own_facilities(by)
    if not own:
        raise PermissionDenied
    if request.method == "GET":
        return _form_page(request, OwnForm(initial=_fresh(), own=own))
    form = OwnForm(request.POST, own=own)

    def deed() -> Case:
        return recording.report_own(
            form.raised(),
            form.matter(),
            form.said(),
            key=_key_of(request),
            by=by,
            is_separate=form.cleaned_data["separate"],
        )

    return _recorded(request, form, deed)


def _recorded(request: HttpRequest, form: MatterForm, deed: Any) -> HttpResponse:
    """Do it and lead to the case, add to a known one where the person chose that, or show the form with its faults."""
    if not form.is_valid():
        return _form_page(request, form, status=422)
    if known := _chosen(request):
        return _attached(request, form, known)
    try:
        case = deed()
    except AlreadyRecorded as refusal:
        return _form_page(request, form, status=refusal.status, known=refusal.cases)
    except KeyReused:
        form.data = request.POST.copy()
        form.data["key"] = secrets.token_hex(16)
        form.add_error(None, _("This is on record already, with another text. Save again to record one more case."))
        return _form_page(request, form, status=409)
    except InvalidInput as refusal:
        form.take(refusal, facility="facility_said" if "facility_said" in form.fields else "facility")
        return _form_page(request, form, status=422)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, form, status=refusal.status)
    messages.success(request, _("%(reference)s is on record.") % {"reference": case})
    return HttpResponseRedirect(_to(request, case))


def _chosen(request: HttpRequest) -> Case | None:
    """The case to which the appearance shall be added, by the button that was pressed."""
    number = number_in(request.POST.get("attach", ""))
    if number is None:
        return None
    return Case.objects.visible_to(request.user).filter(pk=number).first()


def _attached(request: HttpRequest, form: RaisedForm, case: Case) -> HttpResponse:
    try:
        appearances.attach(case, form.raised(), by=request.user)
    except InvalidInput as refusal:
        form.take(refusal)
        return _form_page(request, cast(MatterForm, form), status=422)
    messages.success(request, _("%(reference)s: the appearance was added.") % {"reference": case})
    return HttpResponseRedirect(_to(request, case))


def _to(request: HttpRequest, case: Case) -> str:
    """The case's page while one may see it, else the list."""
    is_seen = Case.objects.visible_to(request.user).filter(pk=case.pk).exists()
    return address_of(case) if is_seen else reverse(LIST)


def _fresh() -> dict[str, Any]:
    return {"key": secrets.token_hex(16)}


def _key_of(request: HttpRequest) -> str:
    key = request.POST.get("key", "")
    return key if _KEY.fullmatch(key) else secrets.token_hex(16)


def _form_page(
    request: HttpRequest, form: MatterForm, *, status: int = 200, seeks: bool = False, known: Any = ()
) -> HttpResponse:
    is_own = isinstance(form, OwnForm)
    said = "" if is_own else str(form["facility_said"].value() or "")
    context = {
        **admin.site.each_context(request),
        "title": _("Report at once what press or public raised") if is_own else _("Record what press or public raised"),
        "form": form,
        "is_own": is_own,
        "seeks": seeks,
        "offers": offers.offers(said) if seeks else [],
        "picked": str(form["facility"].value() or ""),
        "known": known,
        "list_url": reverse(LIST),
    }
    return TemplateResponse(request, "console/press/form.html", context, status=status)


# --- under one case ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def appearance(request: HttpRequest, case_id: int) -> HttpResponse:
    """One more place where the matter of a case stands in public."""
    case = seen(request, case_id)
    if not appearances.may_attach(case, request.user):
        raise PermissionDenied
    form = RaisedForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            appearances.attach(case, form.raised(), by=request.user)
        except InvalidInput as refusal:
            form.take(refusal)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(reference)s: the appearance was added.") % {"reference": case})
            return HttpResponseRedirect(f"{address_of(case)}#bao-chi")
    return shown(request, "appearance", case, {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def prompt_report(request: HttpRequest, case_id: int) -> HttpResponse:
    """The facility's prompt report. What was typed survives a colleague who was quicker."""
    case = seen(request, case_id)
    if not reporting.may_report(case, request.user):
        raise PermissionDenied
    if request.method == "GET":
        return _report_page(request, case, ReportForm(initial={"after": reporting.newest_number(case)}))
    form = ReportForm(request.POST)
    if form.is_valid():
        try:
            reporting.report(case, form.said(), after=form.cleaned_data["after"], by=request.user)
        except StaleVersion:
            data = request.POST.copy()
            data["after"] = str(reporting.newest_number(case))
            return _report_page(request, case, ReportForm(data), status=StaleVersion.status, is_stale=True)
        except InvalidInput as refusal:
            for name, sentences in refusal.fields.items():
                form.add_error(name if name in form.fields else None, sentences)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(reference)s: the prompt report was sent.") % {"reference": case})
            return HttpResponseRedirect(f"{address_of(case)}#bao-chi")
    return _report_page(request, case, form, status=422)


def _report_page(
    request: HttpRequest, case: Case, form: ReportForm, *, status: int = 200, is_stale: bool = False
) -> HttpResponse:
    context = {"form": form, "is_stale": is_stale, "now": timezone.now(), **listing.shown_of(case, request.user)}
    return shown(request, "prompt_report", case, context, status=status)
