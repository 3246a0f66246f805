"""The page on which two cases about one matter are put side by side and merged."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from common.editing import CONFLICT
from common.exceptions import InvalidInput, Refused, StaleVersion
from common.text import clean, version_in
from deadlines.models import Deadline
from feedback import merging, transitions
from feedback.admin.forms import text
from feedback.admin.page import Clock, clock_of
from feedback.admin.views import address_of, seen, shown
from feedback.choices import Status
from feedback.models import Attachment, Case, Submission
from feedback.transitions import REASON_LENGTH
from feedback.visibility import sees_as_facility

RIGHT = "feedback.triage_case"
WITH = "voi"


class FindForm(forms.Form):
    """The other case, by its reference."""

    voi = forms.CharField(
        label=gettext_lazy("Reference of the other case"),
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "PA-2026-000123", "autocomplete": "off", "autofocus": True}),
        help_text=gettext_lazy("Both cases are shown side by side before anything happens."),
    )


class MergeForm(forms.Form):
    """Which of the two goes on, and why."""

    main = forms.TypedChoiceField(coerce=int, label=gettext_lazy("Which case goes on?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=text(2),
        max_length=REASON_LENGTH,
        help_text=gettext_lazy("It stays in the history of both cases."),
    )


@dataclass(frozen=True)
class Side:
    """One of the two cases as the page shows it; `fault` says why it cannot be the one that goes on."""

    case: Case
    fault: str
    files: list[Attachment]
    clocks: list[Clock]
    submissions: int
    is_chosen: bool


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, case_id: int) -> HttpResponse:
    """Find the other case, look at both, choose which goes on, and merge."""
    case = seen(request, case_id)
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    given = request.POST if request.method == "POST" else request.GET
    finding = FindForm(given if WITH in given else None)
    other = _other(request, case, finding) if finding.is_bound and finding.is_valid() else None
    if other is None:
        status = 422 if finding.is_bound and finding.errors else 200
        return shown(request, "merge", case, {"finding": finding, "now": timezone.now()}, status=status)
    if request.method == "POST":
        return _merged(request, case, other)
    return _page(request, case, other, MergeForm())


def _other(request: HttpRequest, case: Case, finding: FindForm) -> Case | None:
    """The other case as this person sees it; what is not there and what is not theirs get the same answer."""
    reference = clean(finding.cleaned_data[WITH]).upper()
    found = Case.objects.visible_to(request.user).filter(reference=reference).exclude(pk=case.pk).first()
    if found is None:
        finding.add_error(WITH, _("You see no other case with this reference."))
        return None
    return seen(request, found.pk)


def _merged(request: HttpRequest, case: Case, other: Case) -> HttpResponse:
    form = MergeForm(request.POST)
    _offer(form, case, other)
    if not form.is_valid():
        return _page(request, case, other, form, status=422)
    into, gone = (case, other) if form.cleaned_data["main"] == case.pk else (other, case)
    versions = {one.pk: request.POST.get(f"version-{one.pk}", "") for one in (into, gone)}
    try:
        transitions.move(
            gone,
            Status.MERGED,
            by=request.user,
            reason=form.cleaned_data["reason"],
            version=version_in(versions[gone.pk]),
            given={"target": into.reference, "target_version": versions[into.pk] or "0"},
        )
    except StaleVersion:
        form.add_error(None, _("Somebody changed one of the two cases meanwhile. Look at both again, then decide."))
        return _page(request, case, other, form, status=CONFLICT)
    except InvalidInput as refusal:
        for sentence in [one for sentences in refusal.fields.values() for one in sentences]:
            form.add_error(None, sentence)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, _("%(gone)s was merged into %(into)s.") % {"gone": gone, "into": into})
        return HttpResponseRedirect(address_of(into))
    return _page(request, case, other, form, status=422)


def _offer(form: MergeForm, case: Case, other: Case) -> None:
    field: Any = form.fields["main"]
    field.choices = [(one.pk, one.reference) for one in (case, other)]


def _page(request: HttpRequest, case: Case, other: Case, form: MergeForm, status: int = 200) -> HttpResponse:
    faults = {into.pk: str(merging.fault_of(gone, into) or "") for gone, into in ((case, other), (other, case))}
    possible = sorted((one for one in (case, other) if not faults[one.pk]), key=lambda one: one.received_at)
    _offer(form, case, other)
    chosen = form["main"].value() or (possible[0].pk if possible else "")
    context = {
        "other": other,
        "form": form,
        "now": timezone.now(),
        "sides": [_side(one, request.user, faults[one.pk], str(chosen) == str(one.pk)) for one in (case, other)],
        "is_possible": bool(possible),
        "reasons": sorted({fault for fault in faults.values() if fault}),
    }
    return shown(request, "merge", case, context, status=status)


def _side(case: Case, reader: Any, fault: str, is_chosen: bool) -> Side:
    now = timezone.now()
    clocks = Deadline.objects.of_shown("feedback.case", case.pk, reader).live().order_by("due_at", "pk")
    hidden = sees_as_facility(reader)  # nobody of a facility may triage; asked all the same
    return Side(
        case=case,
        fault=fault,
        files=list(Attachment.objects.visible_parts(reader, case=case).filter(answer=None)),
        clocks=[clock_of(clock, now) for clock in clocks.prefetch_related("pauses")],
        submissions=0 if hidden else Submission.objects.filter(case=case).count(),
        is_chosen=is_chosen,
    )
