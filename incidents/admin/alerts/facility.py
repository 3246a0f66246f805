"""The facility's pages of alerts: what was sent to it, and one to read and answer on a telephone as well."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common.file_fields import taken
from common.refusals import tried
from common.scope import as_system
from common.uploads import served
from incidents.admin.alerts.department import SHOWN, TONES, shown
from incidents.admin.alerts.forms import AnswerAlertForm
from incidents.alerts import receiving
from incidents.choices import ReceiptState
from incidents.models import AlertEdition, AlertReceipt, ReceiptFile

R = ReceiptState
OFFERED = (R.APPLIED, R.NOT_APPLICABLE)


@require_GET
def receipts(request: HttpRequest) -> HttpResponse:
    """What the department sent to one's facilities, the newest first. Two queries."""
    user: Any = request.user
    if not user.has_perm("incidents.view_facility_incident"):
        raise PermissionDenied
    rows = list(
        AlertReceipt.objects.visible_to(user)
        .filter(facility__in=user.scope.facilities)
        .select_related("facility")
        .order_by("-pk")[:SHOWN]
    )
    with as_system():
        editions = AlertEdition.objects.filter(alert__in={row.alert_id for row in rows}).select_related("alert")
        newest = {edition.alert_id: edition for edition in editions.order_by("number")}
    found = [(row, newest[row.alert_id], TONES[R(row.state)]) for row in rows]
    context = {"receipts": found, "now": timezone.now(), "with_places": len(user.scope.facilities) > 1}
    return shown(request, "receipts", _("From the department: alerts and recommendations"), context)


@require_http_methods(["GET", "POST"])
def receipt_page(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """Read one alert, and say what was done with it."""
    if not request.user.has_perm("incidents.view_incident"):
        raise PermissionDenied
    reading = receiving.reading_of(receipt_id, request.user)
    may_answer = receiving.may_answer(reading.receipt, request.user)
    if request.method == "POST" and not may_answer:
        raise PermissionDenied
    start = {"version": reading.receipt.version, "text": reading.receipt.answer}
    is_post = request.method == "POST"
    form = AnswerAlertForm(request.POST if is_post else None, request.FILES if is_post else None, initial=start)
    chosen = next((str(one) for one in R if str(one) in request.POST), "")

    def deed(given: dict[str, Any]) -> Any:
        files = taken(given.pop("files"))
        return receiving.answer(reading.receipt, chosen, uploads=files, by=request.user, **given)

    if is_post and tried(form, deed):
        messages.success(request, _("Thank you: your answer was kept."))
        return HttpResponseRedirect(reverse("admin:incidents_incident_receipt", args=[receipt_id]))
    context = {
        "reading": reading,
        "receipt": reading.receipt,
        "edition": reading.newest,
        "tone": TONES[R(reading.receipt.state)],
        "form": form,
        "files": receiving.files_of([reading.receipt], request.user).get(reading.receipt.pk, []),
        "may_answer": may_answer and not reading.is_withdrawn,
        "is_answered": reading.receipt.state in OFFERED,
        "now": timezone.now(),
    }
    return shown(request, "receipt", reading.newest.title, context)


@require_GET
def receipt_file(request: HttpRequest, receipt_id: int, token: str) -> HttpResponseBase:
    """One file that a facility shows, as a download."""
    if not request.user.has_perm("incidents.view_incident"):
        raise PermissionDenied
    found = ReceiptFile.objects.visible_to(request.user).filter(receipt=receipt_id, token=token).first()
    if found is None:
        raise Http404
    return served(found)
