"""Who is named in an incident: asking, answering as the second person, and showing it once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.refusals import tried
from incidents import naming, services
from incidents.admin.forms import PEOPLE, AnswerForm, RevealForm
from incidents.admin.views import address_of, seen, shown
from incidents.models import Incident, Named, NamedRequest

GET_POST = ["GET", "POST"]


def _labelled(people: dict[str, dict[str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What was given of each, in words."""
    return [
        (str(Named.Who(who).label), [(str(PEOPLE[f"{who}_{name}"]), text) for name, text in given.items()])
        for who, given in people.items()
    ]


@require_http_methods(GET_POST)
def named_people(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Who is named: asks what for and why, writes it down, then shows it once. Who reported voluntarily is asked for
    with the same form, and shown after a second person agreed."""
    incident = seen(request, incident_id)
    whom = services.shown_to(incident, request.user)
    if not whom:
        raise PermissionDenied
    may_ask = naming.may_ask(incident, request.user) and Named.Who.REPORTER not in whom
    form = RevealForm(request.POST if request.method == "POST" else None)
    people = None
    if request.method == "POST" and "ask" in request.POST and may_ask:
        if tried(form, lambda given: naming.ask(incident, by=request.user, **given)):
            messages.success(request, _("A second person of the facility was asked."))
            return HttpResponseRedirect(reverse("admin:incidents_incident_named", args=[incident.pk]))
    elif request.method == "POST":
        people = tried(form, lambda given: _labelled(services.reveal(incident, by=request.user, **given)))
    context = {"form": form, "people": people, "whom": [str(each.label) for each in whom]}
    context |= {"may_ask": may_ask, "latest": _latest(incident, request.user) if may_ask else None}
    answer = shown(request, "named", incident, context)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _latest(incident: Incident, reader: Any) -> NamedRequest | None:
    """The last time that this person asked. One query."""
    own = NamedRequest.objects.visible_to(reader).filter(incident=incident, asked_by=reader)
    found: NamedRequest | None = own.select_related("decided_by").order_by("-id").first()
    return found


@require_http_methods(GET_POST)
def named_request(request: HttpRequest, incident_id: int, request_id: int) -> HttpResponse:
    """The second person reads what for and why somebody wants to see who reported, and agrees or not."""
    incident = seen(request, incident_id)
    if not naming.may_answer(incident, request.user):
        raise PermissionDenied
    rows = NamedRequest.objects.visible_to(request.user).select_related("asked_by", "incident")
    asked = rows.filter(incident=incident, pk=request_id).first()
    if asked is None:
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None)
    agrees = "agree" in request.POST
    if request.method == "POST" and tried(
        form, lambda given: naming.answer(asked, agrees=agrees, by=request.user, **given)
    ):
        messages.success(request, _("You agreed.") if agrees else _("You declined."))
        return HttpResponseRedirect(address_of(incident))
    waits = asked.decided_by_id is None and asked.expires_at > timezone.now()
    is_answerable = waits and asked.asked_by_id != request.user.pk
    return shown(request, "named_request", incident, {"form": form, "asked": asked, "is_answerable": is_answerable})
