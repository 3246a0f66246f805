"""Writing the report on an assignment: one form with figures and documents, saved as often as one likes."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from common.exceptions import InvalidInput, Refused, StaleVersion
from common.uploads import ACCEPT, FileRefused, checked
from directives import reporting
from directives.admin.assignments.finding import address_of, back_of, seen
from directives.admin.forms import DayInput
from directives.admin.shared import GET_POST, shown
from directives.choices import Status, ValueKind
from directives.models import Assignment, ComplianceReport, EvidenceFile, Indicator
from directives.plausibility import plain
from directives.transitions import is_own, locked


class NumberField(forms.CharField):
    """A figure as people write it: a comma or a point before the decimals, points or spaces between thousands."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip().replace("\u00a0", "").replace(" ", "")
        if not text:
            return None
        if "," in text:
            text = text.replace(".", "").replace(",", ".")
        elif text.count(".") > 1 or (text.count(".") == 1 and len(text.rpartition(".")[2]) == 3 and len(text) > 4):
            text = text.replace(".", "")
        try:
            number = Decimal(text)
        except InvalidOperation as fault:
            raise forms.ValidationError(_("Write a number, for example 12,5.")) from fault
        if not number.is_finite() or abs(number) >= Decimal("1e12"):
            raise forms.ValidationError(_("Write a number, for example 12,5."))
        return round(number, 3)


class ReportForm(forms.Form):
    """What was done, the figures with last time's beside them, and the documents that prove it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    narrative = forms.CharField(
        label=pgettext_lazy("report on a duty", "What was done"),
        required=False,
        max_length=reporting.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("A few sentences: what, when, with whom, what came of it."),
    )

    def __init__(self, *args: Any, assignment: Assignment, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        draft = reporting.draft_of(assignment, by=by)
        newest = ComplianceReport.objects.visible_to(by).filter(assignment=assignment).order_by("-number").first()
        self.indicators, before = reporting.asked_of(assignment), reporting.last_time(assignment)
        self.initial = {"version": draft.version, "narrative": newest.narrative if newest else ""}
        for each in self.indicators:
            self._add_indicator(each, draft.values.get(each.pk), before.get(each.pk))
        offered = list(reporting.newest_files(assignment.facility_id, by=by))
        offered += [file for file in draft.files if file not in offered]
        self.documents = {str(file.pk): file for file in offered}
        if offered:
            self.fields["files"] = forms.MultipleChoiceField(
                label=_("Documents of this facility"),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[(str(file.pk), _said_file(file)) for file in offered],
                initial=[str(file.pk) for file in draft.files],
                help_text=_("One document may serve several duties."),
            )
        self.fields["upload"] = forms.FileField(
            label=_("New document"),
            required=False,
            widget=forms.FileInput(attrs={"accept": ACCEPT}),
            help_text=_("Wanted: %(what)s.") % {"what": assignment.obligation.evidence}
            if assignment.obligation.evidence
            else "",
        )
        self.fields["title"] = forms.CharField(label=_("What it is"), required=False, max_length=200)
        self.fields["expires_on"] = forms.DateField(label=_("Holds until"), required=False, widget=DayInput())

    def _add_indicator(self, each: Indicator, value: Any, before: Any) -> None:
        label = f"{each.name}{f' ({each.unit})' if each.unit else ''}"
        told = [_("Base: %(base)s.") % {"base": each.base}]
        if before is not None:
            told.append(_("Last time: %(value)s.") % {"value": plain(before.value)})
        field: forms.Field
        if each.kind == ValueKind.YES_NO:
            field = forms.TypedChoiceField(
                label=label,
                required=False,
                coerce=Decimal,
                empty_value=None,
                help_text=" ".join(told),
                choices=[("", _("– choose –")), ("1", _("Yes")), ("0", _("No"))],
                initial="" if value is None else str(int(value.value)),
            )
        else:
            field = NumberField(
                label=label,
                required=False,
                help_text=" ".join(told),
                initial="" if value is None else plain(value.value),
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )
        self.fields[f"value-{each.pk}"] = field
        if before is not None and each.kind != ValueKind.YES_NO:
            self.fields[f"why-{each.pk}"] = forms.CharField(
                label=_("Why it differs from last time"),
                required=False,
                max_length=2000,
                initial=value.explained if value else "",
            )

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload is None:
            return None
        try:
            return checked(upload)
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal.sentence)) from refusal

    def values(self) -> dict[int, tuple[Decimal | None, str]]:
        given = self.cleaned_data
        return {each.pk: (given.get(f"value-{each.pk}"), given.get(f"why-{each.pk}", "")) for each in self.indicators}


def _said_file(file: EvidenceFile) -> str:
    said = f"{file.evidence.title} – {file.name}"
    if file.expires_on:
        said = _("%(file)s (holds until %(day)s)") % {"file": said, "day": f"{file.expires_on:%d/%m/%Y}"}
    return said


@require_http_methods(GET_POST)
def write(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Write the report; saved as often as one likes, handed in when nothing is missing."""
    assignment = seen(request, assignment_id)
    if not is_own(assignment, request.user):
        raise PermissionDenied
    if assignment.status not in (Status.OPEN, Status.RETURNED):
        messages.error(request, _("This report was handed in: wait for the answer."))
        return HttpResponseRedirect(address_of(assignment))
    is_sent = request.method == "POST"
    form = ReportForm(
        request.POST if is_sent else None, request.FILES if is_sent else None, assignment=assignment, by=request.user
    )
    status = 200
    if is_sent and form.is_valid():
        try:
            return _written(request, assignment, form)
        except StaleVersion as refusal:
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["version"] = str(refusal.extra["current_version"])  # type: ignore[index]
            form.add_error(None, str(refusal))
            status = 409
        except InvalidInput as refusal:
            for name, words in refusal.fields.items():
                form.add_error(name if name in form.fields else None, words)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    url, name = back_of(assignment)
    context = {"form": form, "assignment": assignment, "obligation": assignment.obligation, "back": url, "name": name}
    return shown(request, "write", name, context, status)


def _written(request: HttpRequest, assignment: Assignment, form: ReportForm) -> HttpResponse:
    """Keep it, with a document that came along; then go on to hand it in where that was asked for."""
    given, user = form.cleaned_data, request.user
    with transaction.atomic():
        held = locked(assignment, user)
        files = [form.documents[pk] for pk in given.get("files", [])]
        if given["upload"] is not None:
            files.append(
                reporting.keep_file(
                    held.facility_id, given["upload"], title=given["title"], by=user, expires_on=given["expires_on"]
                )
            )
        reporting.write(held, given["narrative"], form.values(), files, by=user, version=given["version"])
    if "hand_in" in request.POST:
        return HttpResponseRedirect(reverse("admin:directives_assignment_step", args=[assignment.pk, Status.SUBMITTED]))
    messages.success(request, _("The report was saved. It is not handed in yet."))
    return HttpResponseRedirect(address_of(assignment))
