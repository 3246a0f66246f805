"""Pages before a visit: what is prepared, the team, and what gave rise to it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.exceptions import InvalidInput, Refused
from common.text import number_in
from inspections import preparing
from inspections.admin.forms import MemberForm, PrepareForm, TriggerForm
from inspections.admin.shared import (
    GET_POST,
    address_of,
    address_of_plan,
    asked,
    away,
    conducted,
    deed_page,
    done,
    shown,
)
from inspections.choices import PlanStatus
from inspections.models import Inspection, Member, PlanLine
from inspections.rules import CONDUCT
from links.services import shown as links_shown


def _begun(request: HttpRequest, line: PlanLine | None, back: tuple[str, str], **first: Any) -> HttpResponse:
    initial = {"version": 0, "planned_at": timezone.localtime().replace(hour=8, minute=0), **first}
    sent = request.POST if request.method == "POST" else None
    form = PrepareForm(sent, has_place=line is not None, initial=initial)

    def deed(given: dict[str, Any]) -> Inspection:
        place = line.facility if line else given["facility"]
        return preparing.begin(place, {name: given[name] for name in preparing.FIELDS}, by=request.user, line=line)

    made, status = asked(request, form, deed)
    if made:
        words = _("%(reference)s is being prepared. The facility sees nothing of it until it is opened.")
        return done(request, words % {"reference": made.reference}, address_of(made))
    heading = _("Prepare a planned inspection") if line else _("Prepare an unannounced inspection")
    lead = str(line.facility) if line else _("Nobody of the facility learns of it before it is opened.")
    return deed_page(request, form, heading, back, status=status, lead=lead)


@require_http_methods(GET_POST)
def begin(request: HttpRequest) -> HttpResponse:
    """Prepare an unannounced visit."""
    if not request.user.has_perm(CONDUCT):
        raise PermissionDenied
    return _begun(request, None, ("../", _("Inspections")))


@require_http_methods(GET_POST)
def begin_planned(request: HttpRequest, line_id: int) -> HttpResponse:
    """Prepare the visit that a line of an approved plan asks for."""
    if not request.user.has_perm(CONDUCT):
        raise PermissionDenied
    rows = PlanLine.objects.visible_to(request.user).select_related("plan", "facility", "lead")
    line = rows.filter(pk=line_id).first()
    if line is None:
        raise Http404
    back = (address_of_plan(line.plan), _("Plan %(year)s") % {"year": line.plan.year})
    if line.plan.status != PlanStatus.APPROVED or line.is_struck:
        return away(request, _("Only a line of an approved plan becomes an inspection."), back[0])
    return _begun(request, line, back, topic=line.topic, legal_basis=line.plan.legal_basis)


@require_http_methods(GET_POST)
def prepare(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """Change what is prepared."""
    inspection = conducted(request, inspection_id)
    back = (address_of(inspection), inspection.reference)
    if not inspection.is_prepared:
        return away(request, _("This inspection was opened or called off: its preparation is over."), back[0])
    first = {name: getattr(inspection, name) for name in preparing.FIELDS} | {"version": inspection.version}
    form = PrepareForm(request.POST if request.method == "POST" else None, has_place=True, initial=first)

    def deed(given: dict[str, Any]) -> Inspection:
        wishes = {name: given[name] for name in preparing.FIELDS}
        return preparing.write(inspection, wishes, by=request.user, version=given["version"])

    made, status = asked(request, form, deed)
    if made:
        return done(request, _("The preparation was saved."), back[0])
    return deed_page(request, form, _("What is prepared"), back, status=status, submit=_("Save"))


@require_http_methods(GET_POST)
def team(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """Who goes: take somebody in, or out."""
    inspection = conducted(request, inspection_id)
    if inspection.status not in preparing.TEAM_OPEN:
        return away(request, _("The team of this inspection stands as it was."), address_of(inspection))
    leaving = request.POST.get("leave", "")
    if request.method == "POST" and leaving:
        number = number_in(leaving) or 0
        try:
            preparing.leave(inspection, number, by=request.user)
        except Refused as refusal:
            return away(request, str(refusal), request.path)
        return done(request, _("The team was changed."), request.path)
    form = MemberForm(request.POST if request.method == "POST" else None)
    made, status = asked(request, form, lambda given: preparing.join(inspection, by=request.user, **given))
    if made:
        return done(request, _("The team was changed."), request.path)
    members = Member.objects.visible_to(request.user).filter(inspection=inspection, left_at=None)
    context = {"inspection": inspection, "form": form, "members": members.select_related("user")}
    return shown(request, "team", inspection.reference, context, status)


@require_http_methods(GET_POST)
def trigger(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """What gave rise to the visit."""
    inspection = conducted(request, inspection_id)
    duties = preparing.duties_of(inspection, request.user)
    form = TriggerForm(request.POST if request.method == "POST" else None, duties=duties)

    def deed(given: dict[str, Any]) -> Any:
        source = given["duty"] or preparing.trigger_named(given["reference"], request.user)
        if source is None:
            raise InvalidInput({"reference": [_("Nothing of this number is there, or you may not see it.")]})
        return preparing.add_trigger(inspection, source, by=request.user, reason=given["reason"])

    made, status = asked(request, form, deed)
    if made:
        return done(request, _("It stands with the inspection now."), address_of(inspection))
    back = (address_of(inspection), inspection.reference)
    links = links_shown(inspection, request.user)
    lead = _("It shows only to whoever may see both; the facility never sees it.")
    return deed_page(request, form, _("What gave rise to it"), back, status=status, lead=lead, links=links)
