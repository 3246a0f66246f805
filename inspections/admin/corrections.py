"""Demands to correct: the list of what waits for whom, the page of one, the facility's answer, and the verdict."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from common.exceptions import InvalidInput, MoveRefused
from common.history import changes_of, occasions_of
from common.keyset import Order
from common.uploads import FileRefused, checked_all, served
from deadlines.services import deadlines_of
from incidents.admin.page import clock_of
from inspections import correcting, recording
from inspections.admin.forms import AnswerForm, DemandForm, StepForm, facility_field
from inspections.admin.listing import QueuedAdmin, QueueFilter
from inspections.admin.page import PLACES, Step
from inspections.admin.shared import (
    GET_POST,
    address_of_correction,
    asked,
    away,
    deed_page,
    done,
    seen_correction,
    shown,
)
from inspections.choices import CorrectionStatus, Severity
from inspections.correcting import CORRECTION_MOVES, allowed_moves, is_own, may_answer
from inspections.models import Answer, AnswerFile, CorrectiveAction
from inspections.queues import CORRECTIONS
from inspections.rules import CONDUCT, EVERY
from links.services import shown as links_shown

_COLUMNS = (
    "reference", "status", "text", "due_at", "due_on", "made_at", "facility__name", "finding__severity",
    "finding__kind", "inspection__reference",
)  # fmt: skip


class CorrectionFilterForm(forms.Form):
    """The words of the address, as fields; what cannot be read asks for nothing."""

    queue = forms.ChoiceField(required=False, choices=[(name, queue.label) for name, queue in CORRECTIONS.items()])
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"), required=False, choices=[("", gettext_lazy("any")), *Severity.choices]
    )
    facility = facility_field(required=False)

    def condition(self) -> Q:
        self.is_valid()
        names = {"severity": "finding__severity", "facility": "facility"}
        given = {names[name]: value for name, value in self.cleaned_data.items() if value and name in names}
        return Q(**given)


class CorrectionFilter(QueueFilter):
    title = gettext_lazy("Demands to correct")
    form_class = CorrectionFilterForm
    queues = CORRECTIONS


@require_GET
def correction_page(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Everything about one demand: what was found, what is asked, what was answered, what was said to it."""
    correction, reader = seen_correction(request, correction_id), request.user
    files: dict[int, list[AnswerFile]] = {}
    for file in AnswerFile.objects.visible_to(reader).filter(correction=correction):
        files.setdefault(file.answer_id, []).append(file)
    answers = Answer.objects.visible_to(reader).filter(correction=correction).select_related("by")
    now, is_inside = timezone.now(), reader.has_perm(EVERY)  # type: ignore[union-attr]
    steps = [
        Step(str(to), move, reverse("admin:inspections_correctiveaction_step", args=[correction.pk, to]))
        for to, move in allowed_moves(correction, reader).items()
    ]
    context = {
        "correction": correction,
        "answers": [(row, files.get(row.pk, [])) for row in answers],
        "now": now,
        "clocks": [clock_of(clock, now) for clock in deadlines_of(correction)],
        "steps": sorted(steps, key=lambda step: PLACES[step.move.tone]),
        "may_answer": may_answer(correction, reader),
        "may_edit": _may_edit(correction, reader),
        "is_inside": is_inside,
        "links": links_shown(correction, reader),
        "entries": occasions_of(changes_of(correction, hidden=("id", "version", "since"), reader=reader)),
    }
    return shown(request, "correction", correction.reference, context)


def _may_edit(correction: CorrectiveAction, user: Any) -> bool:
    is_written = correction.status == CorrectionStatus.WRITTEN and correction.inspection.is_open
    return is_written and bool(user.has_perm(CONDUCT))


@require_http_methods(GET_POST)
def edit(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Change a demand that the facility was not told of yet."""
    correction = seen_correction(request, correction_id)
    if not request.user.has_perm(CONDUCT):
        raise PermissionDenied
    back = (address_of_correction(correction), correction.reference)
    if not _may_edit(correction, request.user):
        return away(request, _("The record is finished: what it demands stands."), back[0])
    first = {"text": correction.text, "due_on": correction.due_on, "version": correction.version}
    form = DemandForm(request.POST if request.method == "POST" else None, initial=first)

    def deed(given: dict[str, Any]) -> Any:
        finding = correction.finding
        return recording.demand(
            finding, given["text"], given["due_on"], by=request.user, correction=correction, version=given["version"]
        )

    made, status = asked(request, form, deed)
    if made:
        return done(request, _("The demand was saved."), back[0])
    return deed_page(request, form, _("Change the demand"), back, status=status, submit=_("Save"))


@require_http_methods(GET_POST)
def answer(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Say what was done, with files that show it."""
    correction = seen_correction(request, correction_id)
    if not is_own(correction, request.user):
        raise PermissionDenied
    back = (address_of_correction(correction), correction.reference)
    if not may_answer(correction, request.user):
        return away(request, _("This demand waits for the department, or is settled."), back[0])
    is_sent = request.method == "POST"
    form = AnswerForm(
        request.POST if is_sent else None, request.FILES if is_sent else None, initial={"version": correction.version}
    )

    def deed(given: dict[str, Any]) -> Any:
        try:
            uploads = checked_all(given["files"])
        except FileRefused as refusal:
            raise InvalidInput({"files": [str(refusal.sentence)]}) from refusal
        return correcting.answer(correction, given["text"], uploads, by=request.user, version=given["version"])

    made, status = asked(request, form, deed)
    if made:
        return done(request, _("The answer was sent to the department."), back[0])
    heading = _("Answer what was done")
    return deed_page(request, form, heading, back, status=status, submit=_("Send the answer"), lead=correction.text)


@require_http_methods(GET_POST)
def step(request: HttpRequest, correction_id: int, status: str) -> HttpResponse:
    """The form of one step, and making it."""
    correction = seen_correction(request, correction_id)
    back = (address_of_correction(correction), correction.reference)
    move = allowed_moves(correction, request.user).get(status)  # type: ignore[call-overload]
    if move is None:
        if (correction.status, status) in CORRECTION_MOVES:
            raise PermissionDenied
        return away(request, MoveRefused.message, back[0])
    again = correction if status == CorrectionStatus.RETURNED else None
    first = {"version": correction.version}
    form = StepForm(request.POST if request.method == "POST" else None, move=move, correction=again, initial=first)

    def deed(given: dict[str, Any]) -> Any:
        return correcting.move(correction, status, by=request.user, **given)

    made, code = asked(request, form, deed)
    if made:
        words = {"reference": correction.reference, "step": str(move.label)}
        return done(request, _("%(reference)s: %(step)s – done.") % words, back[0])
    return deed_page(request, form, str(move.label), back, status=code, tone=move.tone, lead=correction.text)


@require_GET
def file(request: HttpRequest, correction_id: int, token: str) -> HttpResponseBase:
    """A file of an answer, always as a download."""
    correction = seen_correction(request, correction_id)
    rows = AnswerFile.objects.visible_to(request.user).filter(correction=correction, token=token[:32])
    found = rows.first()
    if found is None:
        raise Http404
    return served(found)


@admin.register(CorrectiveAction)
class CorrectiveActionAdmin(QueuedAdmin):
    """Demands to correct: moved by `inspections.correcting`, deleted by nobody."""

    list_filter = [CorrectionFilter]
    filter_words = frozenset(CorrectionFilterForm.base_fields)
    keyset = Order("made_at", is_descending=True)
    change_list_template = "admin/inspections/corrections.html"
    heading = gettext_lazy("Demands to correct")

    def get_urls(self) -> list[URLPattern]:
        """The list and the pages of one demand; the stock forms have no address."""

        def named(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"inspections_correctiveaction_{name}")

        return [
            named("", self.changelist_view, "changelist"),
            named("<int:correction_id>/change/", correction_page, "change"),
            named("<int:correction_id>/sua/", edit, "edit"),
            named("<int:correction_id>/tra-loi/", answer, "answer"),
            named("<int:correction_id>/buoc/<slug:status>/", step, "step"),
            named("<int:correction_id>/tep/<slug:token>/", file, "file"),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CorrectiveAction]:
        rows = CorrectiveAction.objects.visible_to(request.user).select_related("facility", "finding", "inspection")
        return rows.only(*_COLUMNS)
