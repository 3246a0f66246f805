"""Pages of a visit: its checklist, its record, its findings, and what is to be corrected."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.exceptions import Refused
from inspections import checklist as deeds
from inspections import recording
from inspections.admin.forms import DemandForm, FindingForm, ItemForm, JudgeForm, RecordForm
from inspections.admin.shared import GET_POST, address_of, asked, away, conducted, deed_page, done, shown
from inspections.models import ChecklistItem, Finding, Inspection
from inspections.recording import FINDING, RECORD

USUAL_TERM = timedelta(days=30)


def _items(inspection: Inspection, reader: Any) -> Any:
    rows = ChecklistItem.objects.visible_to(reader).filter(inspection=inspection)
    return rows.select_related("assignment").order_by("position", "pk")


def _closed(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    words = _("The record is written while the inspection is open: neither before nor after.")
    return away(request, words, address_of(inspection))


@require_http_methods(GET_POST)
def checklist(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """Everything that is looked at; what was found on each item, once the inspection is open."""
    inspection = conducted(request, inspection_id)
    if inspection.status not in deeds.WRITABLE:
        words = _("The record is finished: its checklist stands as it is.")
        return away(request, words, address_of(inspection))
    items = list(_items(inspection, request.user))
    sent = request.POST if request.method == "POST" else None
    form = JudgeForm(sent, items=items, initial={"version": inspection.version})

    def deed(given: dict[str, Any]) -> Inspection:
        return deeds.judge(inspection, form.judged(), by=request.user, version=given["version"])

    made, status = asked(request, form, deed)
    if made:
        return done(request, _("The checklist was saved."), request.path)
    context = {"inspection": inspection, "form": form, "rows": form.rows()}
    return shown(request, "checklist", inspection.reference, context, status)


@require_http_methods(GET_POST)
def items(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """Put the facility's open obligations on the list, or an item of the team's own."""
    inspection = conducted(request, inspection_id)
    back = reverse("admin:inspections_inspection_checklist", args=[inspection.pk])
    if inspection.status not in deeds.WRITABLE:
        words = _("The record is finished: its checklist stands as it is.")
        return away(request, words, address_of(inspection))
    if request.method == "POST" and "generate" in request.POST:
        try:
            count = deeds.generate(inspection, by=request.user)
        except Refused as refusal:
            return away(request, str(refusal), address_of(inspection))
        words = _("%(count)s open obligations were put on the checklist.") % {"count": count}
        return done(request, words, back)
    form = ItemForm(request.POST if request.method == "POST" else None)
    made, status = asked(request, form, lambda given: deeds.add_own(inspection, by=request.user, **given))
    if made:
        return done(request, _("It stands on the checklist now."), back)
    return deed_page(request, form, _("Add an item"), (back, _("Checklist")), status=status)


@require_http_methods(GET_POST)
def write(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """The record: from when to when, who was there, what it comes to."""
    inspection = conducted(request, inspection_id)
    if not inspection.is_open:
        return _closed(request, inspection)
    first = {name: getattr(inspection, name) for name in RECORD} | {"version": inspection.version}
    first["started_at"] = first["started_at"] or inspection.opened_at
    form = RecordForm(request.POST if request.method == "POST" else None, initial=first)

    def deed(given: dict[str, Any]) -> Inspection:
        wishes = {name: given[name] for name in RECORD}
        return recording.write_record(inspection, wishes, by=request.user, version=given["version"])

    made, status = asked(request, form, deed)
    if made:
        return done(request, _("The record was saved. It is not finished yet."), address_of(inspection, "#bien-ban"))
    back = (address_of(inspection), inspection.reference)
    return deed_page(request, form, _("Write the record"), back, status=status, submit=_("Save"))


@require_http_methods(GET_POST)
def find(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """Write a finding down."""
    inspection = conducted(request, inspection_id)
    if not inspection.is_open:
        return _closed(request, inspection)
    wished = request.GET.get("muc", "")
    return _found(
        request, inspection, None, {"version": 0, "item": wished if wished.isascii() and wished.isdigit() else ""}
    )


@require_http_methods(GET_POST)
def edit_finding(request: HttpRequest, inspection_id: int, finding_id: int) -> HttpResponse:
    """Change a finding, or strike it out."""
    inspection = conducted(request, inspection_id)
    finding = _finding(request, inspection, finding_id)
    if not inspection.is_open:
        return _closed(request, inspection)
    first = {name: getattr(finding, name) for name in FINDING} | {"item": finding.item_id, "version": finding.version}
    return _found(request, inspection, finding, first)


def _finding(request: HttpRequest, inspection: Inspection, finding_id: int) -> Finding:
    rows = Finding.objects.visible_to(request.user).filter(inspection=inspection).select_related("inspection")
    found = rows.filter(pk=finding_id).first()
    if found is None:
        raise Http404
    return found


def _found(
    request: HttpRequest, inspection: Inspection, finding: Finding | None, first: dict[str, Any]
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = FindingForm(sent, items=_items(inspection, request.user), finding=finding, initial=first)

    def deed(given: dict[str, Any]) -> Finding:
        wishes = {name: given[name] for name in FINDING if name in given}
        return recording.find(inspection, wishes, by=request.user, finding=finding, version=given["version"])

    made, status = asked(request, form, deed)
    if made:
        return done(request, _("The finding was saved."), address_of(inspection, "#ton-tai"))
    back = (address_of(inspection), inspection.reference)
    heading = _("Change a finding") if finding else _("Write a finding down")
    return deed_page(request, form, heading, back, status=status, submit=_("Save"))


@require_http_methods(GET_POST)
def demand(request: HttpRequest, inspection_id: int, finding_id: int) -> HttpResponse:
    """Ask for something to be corrected after a finding."""
    inspection = conducted(request, inspection_id)
    finding = _finding(request, inspection, finding_id)
    if not inspection.is_open or finding.is_struck:
        return _closed(request, inspection)
    first = {"version": 0, "due_on": timezone.localdate() + USUAL_TERM}
    form = DemandForm(request.POST if request.method == "POST" else None, initial=first)

    def deed(given: dict[str, Any]) -> Any:
        return recording.demand(finding, given["text"], given["due_on"], by=request.user)

    made, status = asked(request, form, deed)
    if made:
        words = _("%(reference)s was written. The facility is told with the finished record.")
        return done(request, words % {"reference": made.reference}, address_of(inspection, "#ton-tai"))
    back = (address_of(inspection), inspection.reference)
    return deed_page(request, form, _("Demand a correction"), back, status=status, lead=finding.text)
