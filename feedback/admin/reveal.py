"""The pages about who reported a case: asking, answering as the second person, and looking for a short while."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.exceptions import Refused
from common.refusals import tried
from feedback import reveals, services
from feedback.admin.forms import DeclineForm, RevealForm
from feedback.admin.views import address_of, seen, shown
from feedback.models import Case, Identity, RevealRequest

LOOK_SECONDS = 300  # after that the page leaves by itself; looking again is another audit entry


@require_http_methods(["GET", "POST"])
def reporter(request: HttpRequest, case_id: int) -> HttpResponse:
    """Who reported the case: asks what for and why, writes it down, then shows the contact data for a short while.
    For a confidential case it asks a second person first."""
    case = seen(request, case_id)
    if not reveals.has_right(request.user):
        raise PermissionDenied
    is_two_person = reveals.needs_second_person(case)
    form = RevealForm(request.POST if "reason" in request.POST else None)
    if request.method == "POST" and is_two_person and "reason" in request.POST:
        if tried(form, lambda given: reveals.ask(case, by=request.user, **given)):
            return HttpResponseRedirect(request.path)
    elif request.method == "POST":
        people = _looked(request, case, form, is_two_person=is_two_person)
        if people is not None:
            return _look(request, case, people)
    asked = reveals.latest(case, request.user) if is_two_person else None
    context = {"form": form, "is_two_person": is_two_person, "asked": asked, "state": _state(asked, timezone.now())}
    return _unkept(shown(request, "reporter", case, context))


def _looked(request: HttpRequest, case: Case, form: RevealForm, *, is_two_person: bool) -> list[Identity] | None:
    """The contact data, or None with the refusal on the form or above the page."""
    if not is_two_person:
        return tried(form, lambda given: services.reveal_reporter(case, by=request.user, **given))
    try:
        return services.reveal_reporter(case, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None


def _look(request: HttpRequest, case: Case, people: list[Identity]) -> HttpResponse:
    seconds, now = LOOK_SECONDS, timezone.now()
    approval = reveals.may_look(case, request.user, now)
    if approval is not None:
        seconds = min(seconds, int((approval.expires_at - now).total_seconds()))
    return _unkept(shown(request, "revealed", case, {"people": people, "seconds": seconds, "approval": approval}))


def _state(asked: RevealRequest | None, now: datetime) -> str:
    """How far the last request is: `waiting`, `approved`, `declined`, or empty when one may ask."""
    if asked is None:
        return ""
    if asked.refused_at is not None:
        return "declined"
    if asked.expires_at <= now:
        return ""
    return "approved" if asked.approved_at is not None else "waiting"


@require_http_methods(["GET", "POST"])
def reveal_request(request: HttpRequest, case_id: int, request_id: int) -> HttpResponse:
    """The second person reads who asks, what for and why, and agrees or declines."""
    case = seen(request, case_id)
    if not request.user.has_perm("feedback.approve_reveal"):
        raise PermissionDenied
    rows = RevealRequest.objects.visible_to(request.user).select_related("asked_by", "decided_by")
    asked = rows.filter(case=case, pk=request_id).first()
    if asked is None:
        raise Http404
    form = DeclineForm(request.POST if "decline" in request.POST else None)
    if request.method == "POST" and _decided(request, asked, form):
        return HttpResponseRedirect(address_of(case))
    is_waiting = asked.decided_by is None and asked.expires_at > timezone.now()
    is_own = asked.asked_by_id == request.user.pk
    return shown(
        request, "reveal_request", case, {"asked": asked, "form": form, "is_waiting": is_waiting, "is_own": is_own}
    )


def _decided(request: HttpRequest, asked: RevealRequest, form: DeclineForm) -> bool:
    if "decline" in request.POST:
        done = tried(form, lambda given: reveals.decline(asked, by=request.user, **given))
    else:
        done = _try_approving(request, asked)
    if done is None:
        return False
    words = _("You agreed: the contact data can be seen until %(time)s.") if done.approved_at else _("You declined.")
    messages.success(request, words % {"time": timezone.localtime(done.expires_at).strftime("%H:%M")})
    return True


def _try_approving(request: HttpRequest, asked: RevealRequest) -> RevealRequest | None:
    try:
        return reveals.approve(asked, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None


def _unkept(response: HttpResponse) -> HttpResponse:
    """Nothing between us and the reader keeps a copy, the browser included."""
    response.headers["Cache-Control"] = "private, no-store"
    return response
