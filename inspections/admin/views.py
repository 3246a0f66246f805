"""The page of an inspection, its steps, and its record as a sheet to print."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common.exceptions import MoveRefused
from inspections import transitions
from inspections.admin import page
from inspections.admin.forms import StepForm
from inspections.admin.shared import GET_POST, address_of, asked, away, deed_page, done, seen, shown
from inspections.choices import Status
from inspections.transitions import MOVES, allowed_moves


@require_GET
def inspection_page(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """Everything about one inspection that this person reads, from top to bottom."""
    inspection = seen(request, inspection_id)
    context = {"inspection": inspection, **page.context_of(inspection, request.user)}
    return shown(request, "page", inspection.reference, context)


@require_GET
def printed(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """The finished record, as it is printed and signed."""
    inspection = seen(request, inspection_id)
    if inspection.recorded_at is None:
        return away(request, _("The record is not finished yet."), address_of(inspection))
    context = {"inspection": inspection, **page.record_of(inspection, request.user)}
    return shown(request, "print", inspection.reference, context)


@require_http_methods(GET_POST)
def step(request: HttpRequest, inspection_id: int, status: str) -> HttpResponse:
    """The form of one step, and making it."""
    inspection = seen(request, inspection_id)
    move = allowed_moves(inspection, request.user).get(status)  # type: ignore[call-overload]
    if move is None:
        if (inspection.status, status) in MOVES:
            raise PermissionDenied
        return away(request, MoveRefused.message, address_of(inspection))
    form = StepForm(
        request.POST if request.method == "POST" else None, move=move, initial={"version": inspection.version}
    )

    def deed(given: dict[str, Any]) -> Any:
        return transitions.move(inspection, status, by=request.user, **given)

    made, code = asked(request, form, deed)
    if made:
        words = {"reference": inspection.reference, "step": str(move.label)}
        return done(request, _("%(reference)s: %(step)s – done.") % words, address_of(inspection))
    back = (address_of(inspection), inspection.reference)
    return deed_page(request, form, str(move.label), back, status=code, tone=move.tone, lead=_lead(inspection, status))


def _lead(inspection: Any, status: str) -> str:
    """What a step means for the facility."""
    place = {"facility": str(inspection.facility)}
    if status == Status.OPENED:
        return _("%(facility)s learns of the inspection by this step, and reads of it from here on.") % place
    if status == Status.RECORDED:
        return _("%(facility)s is told of findings and demands by this step; their terms begin.") % place
    return str(inspection.topic)
