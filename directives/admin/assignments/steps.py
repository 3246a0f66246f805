"""The steps of an assignment, and its taking over by a successor."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.exceptions import MoveRefused, StaleVersion
from common.reasons import ReasonField
from directives import takeover, transitions
from directives.admin.assignments.finding import address_of, back_of, seen
from directives.admin.shared import GET_POST, deed_page, stale, tried_or_stale
from directives.models import Assignment
from directives.transitions import MOVES, allowed_moves


class StepForm(forms.Form):
    """A step says why; where nobody has to think about it, the words stand there already."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = ReasonField()


@require_http_methods(GET_POST)
def step(request: HttpRequest, assignment_id: int, status: str) -> HttpResponse:
    """The form of one step, and making it."""
    assignment = seen(request, assignment_id)
    move = allowed_moves(assignment, request.user).get(status)  # type: ignore[call-overload]
    if move is None:
        if (assignment.status, status) in MOVES:
            raise PermissionDenied
        messages.error(request, MoveRefused.message)
        return HttpResponseRedirect(address_of(assignment))
    first = {"version": assignment.version, "reason": str(move.reason)}
    form = StepForm(request.POST if request.method == "POST" else None, initial=first)
    back, heading = back_of(assignment), str(move.label)

    def deed(given: dict[str, Any]) -> Assignment:
        return transitions.move(assignment, status, by=request.user, **given)

    try:
        if request.method == "POST" and tried_or_stale(form, deed):
            messages.success(request, _("%(reference)s: %(step)s – done.") % {"reference": back[1], "step": heading})
            return HttpResponseRedirect(back[0])
    except StaleVersion as refusal:
        return stale(request, form, refusal, heading, back)
    return deed_page(request, form, heading, back, tone=move.tone, lead=assignment.obligation.title)


@require_http_methods(GET_POST)
def take_over(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Let the successor owe what a facility that ended owed."""
    assignment = seen(request, assignment_id)
    if not takeover.may_take_over(assignment, request.user):
        raise PermissionDenied
    form = StepForm(request.POST if request.method == "POST" else None, initial={"version": assignment.version})
    back, heading = back_of(assignment), _("The successor takes it over")
    lead = str(takeover.heir_of(assignment))

    def deed(given: dict[str, Any]) -> Assignment:
        return takeover.take_over(assignment, by=request.user, **given)

    try:
        if request.method == "POST" and (taken := tried_or_stale(form, deed)):
            messages.success(request, _("The successor has it now."))
            return HttpResponseRedirect(address_of(taken))
    except StaleVersion as refusal:
        return stale(request, form, refusal, heading, back)
    return deed_page(request, form, heading, back, lead=lead)
