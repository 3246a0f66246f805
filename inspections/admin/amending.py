"""Pages of what a finished record is corrected by: proposing it, and the second person's word."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from common.exceptions import MoveRefused
from common.reasons import ReasonField
from inspections import amending
from inspections.admin.forms import WithVersion
from inspections.admin.forms import text as lines
from inspections.admin.shared import GET_POST, address_of, asked, away, conducted, deed_page, done
from inspections.choices import AmendmentKind, AmendmentState
from inspections.models import Amendment, Finding

LABELS = {
    AmendmentState.AGREED: pgettext_lazy("amendment of a record", "Agree"),
    AmendmentState.REFUSED: pgettext_lazy("amendment of a record", "Refuse"),
    AmendmentState.TAKEN_BACK: pgettext_lazy("amendment of a record", "Take back"),
}
TONES = {AmendmentState.AGREED: "primary", AmendmentState.REFUSED: "warning", AmendmentState.TAKEN_BACK: "quiet"}


class AmendmentForm(forms.Form):
    """What is put right or added, and why."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("amendment of a record", "Kind"), choices=AmendmentKind.choices, widget=forms.RadioSelect
    )
    finding: Any = forms.ModelChoiceField(
        None, label=gettext_lazy("Finding"), required=False, empty_label=gettext_lazy("– the record as a whole –")
    )
    text = forms.CharField(
        label=pgettext_lazy("amendment of a record", "How it reads now"), max_length=10_000, widget=lines(5),
        help_text=gettext_lazy("The facility reads this beside the original, which stays. No names of people."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=10_000, widget=lines(3),
        help_text=gettext_lazy("For the department: the facility does not read it."),
    )  # fmt: skip

    def __init__(self, *args: Any, findings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["finding"]
        field.queryset = findings
        field.label_from_instance = lambda row: f"{row.get_kind_display()}: {row.text[:100]}"


class DecisionForm(WithVersion):
    """The second person's word."""

    reason = ReasonField()


@require_http_methods(GET_POST)
def amend(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """Propose a correction of a finished record, or something to add."""
    inspection = conducted(request, inspection_id)
    if not amending.may_propose(inspection, request.user):
        words = _("Only a finished record is amended: before, it is written.")
        return away(request, words, address_of(inspection))
    rows = Finding.objects.visible_to(request.user).filter(inspection=inspection, is_struck=False).order_by("pk")
    form = AmendmentForm(
        request.POST if request.method == "POST" else None, findings=rows, initial={"kind": AmendmentKind.CORRECTS}
    )
    made, status = asked(request, form, lambda given: amending.propose(inspection, given, by=request.user))
    if made:
        words = _("It waits for a second person. The facility reads it when it is agreed.")
        return done(request, words, address_of(inspection, "#dinh-chinh"))
    back = (address_of(inspection), inspection.reference)
    lead = _("What was signed stays as it is; this stands beside it.")
    return deed_page(request, form, _("Amend the finished record"), back, status=status, submit=_("Propose"), lead=lead)


@require_http_methods(GET_POST)
def decide(request: HttpRequest, inspection_id: int, amendment_id: int, state: str) -> HttpResponse:
    """The form of one decision, and making it."""
    inspection = conducted(request, inspection_id)
    rows = Amendment.objects.visible_to(request.user).filter(inspection=inspection)
    found = rows.filter(pk=amendment_id).first()
    if found is None or state not in LABELS:
        raise Http404
    back = address_of(inspection, "#dinh-chinh")
    to = AmendmentState(state)
    if not found.is_waiting:
        return away(request, MoveRefused.message, back)
    if to not in amending.allowed(found, request.user):
        raise PermissionDenied
    form = DecisionForm(request.POST if request.method == "POST" else None, initial={"version": found.version})

    def deed(given: dict[str, Any]) -> Amendment:
        return amending.decide(found, state, by=request.user, **given)

    made, code = asked(request, form, deed)
    if made:
        return done(request, _("The decision was written down."), back)
    label = str(LABELS[to])
    heading = (back, inspection.reference)
    return deed_page(request, form, label, heading, status=code, tone=TONES[to], lead=found.text)
