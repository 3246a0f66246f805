"""The small forms under an incident: one for each step, adding, what was given elsewhere, another classification and
its second person, who is named, and taking it out as a file. What was typed survives every refusal."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.exceptions import InvalidInput, MoveRefused, Refused, StaleVersion
from common.refusals import tried
from incidents import assigning, duplicates, services, transitions
from incidents.admin import page
from incidents.admin.forms import AddendumForm, AnswerForm, AssignForm, ClaimForm, LinkForm, PaperForm, StepForm
from incidents.admin.views import address_of, seen, shown
from incidents.choices import SENT, Paper
from incidents.exporting.files import exported
from incidents.models import Incident, Reclassification
from incidents.transitions import CHECK, MOVES, allowed_moves, is_own

GET_POST = ["GET", "POST"]


def _done(request: HttpRequest, incident: Incident, words: str) -> HttpResponse:
    """Back to the incident while one may see it, else to the list."""
    messages.success(request, words)
    is_seen = Incident.objects.visible_to(request.user).filter(pk=incident.pk).exists()
    return HttpResponseRedirect(address_of(incident) if is_seen else reverse("admin:incidents_incident_changelist"))


def _form_page(request: HttpRequest, incident: Incident, form: forms.Form, heading: str, **more: Any) -> HttpResponse:
    status = 409 if more.pop("is_stale", False) else 200
    return shown(request, "deed", incident, {"form": form, "heading": heading, "submit": heading, **more}, status)


@require_http_methods(GET_POST)
def step(request: HttpRequest, incident_id: int, status: str) -> HttpResponse:
    """The form of one step, and making it."""
    incident = seen(request, incident_id)
    move = allowed_moves(incident, request.user).get(status)  # type: ignore[call-overload]
    if move is None:
        if (incident.status, status) in MOVES:
            raise PermissionDenied
        messages.error(request, MoveRefused.message)
        return HttpResponseRedirect(address_of(incident))
    form = StepForm(request.POST if request.method == "POST" else None, incident=incident, move=move)
    if request.method == "POST" and form.is_valid():
        try:
            transitions.move(incident, status, by=request.user, **form.cleaned_data)
        except StaleVersion as refusal:
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["version"] = str(refusal.extra["current_version"])  # type: ignore[index]
            form.add_error(None, str(refusal))
            return _form_page(request, incident, form, str(move.label), is_stale=True)
        except InvalidInput as refusal:
            form.add_error(None, [str(refusal), *(words for each in refusal.fields.values() for words in each)])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, incident, _("%(reference)s: %(step)s – done.") % _named(incident, move.label))
    return _form_page(request, incident, form, str(move.label), tone=move.tone)


def _named(incident: Incident, label: Any) -> dict[str, str]:
    return {"reference": incident.reference, "step": str(label)}


@require_http_methods(GET_POST)
def addendum(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Add to a report that was sent."""
    incident = seen(request, incident_id)
    if not is_own(incident, request.user):
        raise PermissionDenied
    form = AddendumForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and tried(form, lambda given: services.add(incident, by=request.user, **given)):
        return _done(request, incident, _("The addendum was written."))
    return _form_page(request, incident, form, _("Add to the report"))


@require_http_methods(GET_POST)
def paper(request: HttpRequest, incident_id: int, what: str) -> HttpResponse:
    """Record a call, report or analysis that was given outside this system."""
    incident = seen(request, incident_id)
    if what not in Paper.values:
        raise Http404
    if not services.may_give(incident, what, request.user):
        raise PermissionDenied
    form, label = PaperForm(request.POST if request.method == "POST" else None), str(Paper(what).label)
    if request.method == "POST" and tried(form, lambda told: services.give(incident, what, by=request.user, **told)):
        return _done(request, incident, _("%(reference)s: %(step)s – done.") % _named(incident, label))
    return _form_page(request, incident, form, label, submit=_("Record it"))


@require_http_methods(GET_POST)
def reclassify(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Say that a sent incident was worse or milder than reported."""
    incident = seen(request, incident_id)
    if not (is_own(incident, request.user) or request.user.has_perm(CHECK)):
        raise PermissionDenied
    if incident.status not in SENT:
        messages.error(request, _("This report was not sent yet: write into it."))
        return HttpResponseRedirect(address_of(incident))
    form = ClaimForm(request.POST if request.method == "POST" else None, incident=incident)

    def deed(given: dict[str, Any]) -> Reclassification:
        claim = services.claim_of(given, incident.claim)
        return services.reclassify(incident, claim, reason=given["reason"], by=request.user, version=given["version"])

    if request.method == "POST" and (asked := tried(form, deed)):
        words = _("It is lower than before: a second person is to agree. What was said stays.")
        return _done(request, incident, words if asked.is_lower else _("The incident is classified anew."))
    return _form_page(request, incident, form, _("Classify anew"))


@require_http_methods(GET_POST)
def lowering(request: HttpRequest, incident_id: int, asked_id: int) -> HttpResponse:
    """The second person reads what is to be lowered and why, and agrees or not."""
    incident = seen(request, incident_id)
    if not request.user.has_perm(services.AGREE):
        raise PermissionDenied
    rows = Reclassification.objects.visible_to(request.user).select_related("asked_by", "incident")
    asked = rows.filter(incident=incident, pk=asked_id).first()
    if asked is None:
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None)
    agrees = "agree" in request.POST
    if request.method == "POST" and tried(
        form, lambda given: services.answer_lowering(asked, agrees=agrees, by=request.user, **given)
    ):
        return _done(request, incident, _("You agreed.") if agrees else _("You declined."))
    before, after = asked.claims
    context = {"asked": asked, "before": page.claim_said(before), "after": page.claim_said(after)}
    is_answerable = asked.is_agreed is None and asked.asked_by_id != request.user.pk
    return shown(request, "lowering", incident, {"form": form, "is_answerable": is_answerable, **context})


@require_http_methods(GET_POST)
def assign(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Give a sent report to an officer of its division."""
    incident = seen(request, incident_id)
    if not assigning.may_assign(incident, request.user):
        raise PermissionDenied
    form = AssignForm(request.POST if request.method == "POST" else None, incident=incident)
    if request.method == "POST" and tried(form, lambda given: assigning.assign(incident, by=request.user, **given)):
        return _done(request, incident, _("The report was given on."))
    return _form_page(request, incident, form, _("Give to an officer"))


@require_http_methods(GET_POST)
def same_event(request: HttpRequest, incident_id: int, other_id: int) -> HttpResponse:
    """Say that another report of the facility is about the same event."""
    incident = seen(request, incident_id)
    if not duplicates.may_link(incident, request.user):
        raise PermissionDenied
    other = seen(request, other_id)
    if other.facility_id != incident.facility_id or other.pk == incident.pk:
        raise Http404
    form = LinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and tried(
        form, lambda given: duplicates.link_same(incident, other.pk, by=request.user, **given)
    ):
        return _done(request, incident, _("The two reports are linked."))
    heading = _("The same event as %(reference)s") % {"reference": other.reference}
    return _form_page(request, incident, form, heading, submit=_("Link the two reports"))


@require_POST
def export(request: HttpRequest, incident_id: int) -> HttpResponseBase:
    """One incident as a file for another system."""
    incident = seen(request, incident_id)
    rows = Incident.objects.visible_to(request.user).filter(pk=incident.pk)
    try:
        return exported(rows, request.POST.get("form", ""), by=request.user, about=incident, said="")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(address_of(incident))
