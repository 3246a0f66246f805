"""The small forms of the case page: one for each step, one for corrections, one for notes, one for revealing.

A form is built from what the step asks for (`feedback.transitions.Move.asks`); whether the answer will do is decided
by the step itself, whose refusals come back to the form field by field."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.models import Purpose
from common.choosers import ChooseOne
from common.exceptions import InvalidInput
from common.file_fields import FilesField, ManyFiles
from facilities.models import Area, Division, Facility
from feedback import files
from feedback.choices import WITH_FACILITY, Audience, Complexity, Measure, Outcome, Status
from feedback.merging import has_joined
from feedback.models import Case, Category, Reply
from feedback.reveals import REASON_LEAST, REASON_MOST
from feedback.services import EDITABLE, NOTE_LENGTH
from feedback.timeline import column
from feedback.transitions import REASON_LENGTH, Move
from feedback.visibility import sees_as_facility

NOTHING = ("", _("– choose –"))


class Chooser(ChooseOne):
    """Picks a facility or an area by typing; the list comes from that model's own search."""

    def __init__(self, field: str, **attrs: str) -> None:
        super().__init__(Case._meta.get_field(field), admin.site, attrs=attrs)

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return attrs | {"class": "admin-autocomplete ln-chooser", "data-minimum-input-length": "1"}


def text(rows: int, **attrs: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attrs})


def officers() -> QuerySet[User]:
    """Those to whom a case can be given: people of the department's divisions."""
    return User.objects.can_be_given_work().order_by("display_name", "username")


def _facility(case: Case) -> forms.Field:
    return forms.ModelChoiceField(
        Facility.objects.open_on(timezone.localdate()),
        label=_("Facility"),
        widget=Chooser("facility"),
        initial=case.facility_id,
        help_text=_("Type part of its name, an old name, an abbreviation or a place."),
    )


def _assignee(case: Case) -> forms.Field:
    people = officers()
    if case.status == Status.CLOSED:  # a review is for somebody else than those who handled the case
        people = people.exclude(pk__in=[pk for pk in (case.assignee_id, case.checked_by_id) if pk])
    return forms.ModelChoiceField(people, label=_("Officer"), empty_label=NOTHING[1])


def _files(case: Case) -> forms.Field:
    help_text = _("Pictures, PDF, recordings, Word or Excel; at most %(count)s files of %(size)s MB each.")
    numbers = {"count": settings.ATTACHMENT_MAX_COUNT, "size": settings.ATTACHMENT_MAX_BYTES // 1024**2}
    return FilesField(
        label=_("Files"),
        widget=ManyFiles(attrs={"accept": files.ACCEPT}),
        help_text=help_text % numbers,
    )


def _outcome(case: Case) -> forms.Field:
    last = case.answers.values_list("proposed_outcome", flat=True).last()
    return forms.ChoiceField(
        choices=[NOTHING, *Outcome.choices], label=_("Conclusion"), initial=case.outcome or last or ""
    )


ASKS: dict[str, Callable[[Case], forms.Field]] = {
    "facility": _facility,
    "division": lambda case: forms.ModelChoiceField(
        Division.objects.active(), label=_("Division"), empty_label=NOTHING[1], initial=case.division_id
    ),
    "assignee": _assignee,
    "findings": lambda case: forms.CharField(label=_("What was found"), widget=text(7)),
    "measures_text": lambda case: forms.CharField(label=_("What was done"), widget=text(4)),
    "measures": lambda case: forms.MultipleChoiceField(
        choices=Measure.choices, label=_("Towards the people concerned"), widget=forms.CheckboxSelectMultiple
    ),
    "proposed_outcome": lambda case: forms.ChoiceField(
        choices=[NOTHING, *Outcome.choices], label=_("Proposed conclusion")
    ),
    "files": _files,
    "outcome": _outcome,
    "reply": lambda case: forms.CharField(
        label=_("Reply to the reporter"), widget=text(8), help_text=_("The reporter reads exactly these words.")
    ),
    "reply_joined": lambda case: forms.CharField(
        label=_("Reply to the reporters of the merged cases"),
        widget=text(6),
        help_text=_("Each of them reads it on their own follow-up page: nothing in it may tell who else reported."),
    ),
    "way": lambda case: forms.ChoiceField(
        choices=Reply.Way.choices, label=_("How the reply goes"), initial=Reply.Way.PAGE
    ),
    "public_summary": lambda case: forms.CharField(
        label=_("Result as published"),
        widget=text(6),
        help_text=_("Everybody reads it: no names of reporters, patients or staff."),
    ),
    "transferred_to": lambda case: forms.CharField(label=_("Competent body"), max_length=200),
    "target": lambda case: forms.CharField(
        label=_("Reference of the case that goes on"),
        widget=forms.TextInput(attrs={"placeholder": "PA-2026-000123", "autocomplete": "off"}),
    ),
    "target_version": lambda case: forms.IntegerField(widget=forms.HiddenInput, min_value=1),
    "question": lambda case: forms.CharField(
        label=_("Question to the reporter"), widget=text(4), help_text=_("The reporter reads it on the follow-up page.")
    ),
}
FOR_RECORDS = ("assignee",)  # the step looks these up itself, with its own conditions


class WithVersion(forms.Form):
    """A form that says which version of the case its writer was looking at, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = forms.CharField(
        label=_("Reason"),
        widget=text(2),
        max_length=REASON_LENGTH,
        help_text=_("It stays in the history."),
    )

    def take(self, refusal: InvalidInput) -> None:
        """Put the sentences of a refusal beside the fields they are about."""
        for name, sentences in refusal.fields.items():
            self.add_error(name if name in self.fields else None, sentences)


class MoveForm(WithVersion):
    """What one step asks for, then the reason."""

    def __init__(self, *args: Any, case: Case, move: Move, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = case.version
        asked = {}
        for ask in move.asks:
            name = ask.removesuffix("*")
            is_for_joined = name == "reply_joined"
            if is_for_joined and not has_joined(case):
                continue
            asked[name] = ASKS[name](case)
            asked[name].required = is_for_joined or ask.endswith("*")
        reason = self.fields.pop("reason")
        reason.initial = str(move.reason_default)
        self.fields |= asked | {"reason": reason}

    def given(self) -> dict[str, Any]:
        """What was asked for and filled in, as `feedback.transitions.move` takes it."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in ("version", "reason")}
        return {name: value.pk if name in FOR_RECORDS and value else value for name, value in values.items()}


class EditForm(WithVersion):
    """What a case is filed under."""

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        self.fields["version"].initial = case.version
        reason = self.fields.pop("reason")
        self.fields |= {name: self._field(name) for name in EDITABLE} | {"reason": reason}

    def _field(self, name: str) -> Any:
        about = column(name)
        label = capfirst(about.verbose_name)
        initial = getattr(self.case, about.attname)
        if name == "category":
            return CategoryField(label=label, required=False, initial=initial)
        if name in ("facility", "area"):
            records: Any = Facility.objects.open_on(timezone.localdate()) if name == "facility" else Area.objects.all()
            return forms.ModelChoiceField(
                records | records.model.objects.filter(pk=initial),  # the one it names may have ended since
                label=label,
                required=False,
                widget=Chooser(name),
                initial=initial,
                disabled=name == "facility" and self.case.status in WITH_FACILITY,
            )
        field = about.formfield(label=label, initial=initial)
        if name == "complexity":
            field.choices = [NOTHING, *Complexity.choices]
        if name == "occurred_on":
            field.widget = forms.DateInput(attrs={"placeholder": "25/11/2026", "inputmode": "numeric"})
        return field

    def wishes(self, base: Any) -> dict[str, Any]:
        """The fields that the writer changed from what they were looking at (`base`: a case or its history row)."""
        return {
            name: value
            for name in EDITABLE
            if getattr(value := self.cleaned_data.get(name), "pk", value) != getattr(base, column(name).attname)
        }


class CategoryField(forms.ModelChoiceField):
    """The leaves of the category tree under their fields. One query."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Category.objects.leaves().select_related("parent"), **kwargs)
        self.choices = grouped_categories


def grouped_categories() -> list[Any]:
    """Choices for a select: fields as groups, their categories within."""
    groups: dict[str, list[tuple[int, str]]] = {}
    leaves = Category.objects.leaves().select_related("parent").order_by("parent__position", "position", "code")
    for leaf in leaves:
        groups.setdefault(leaf.parent.label, []).append((leaf.pk, leaf.label))
    return [NOTHING, *groups.items()]


class NoteForm(forms.Form):
    """A remark and who may read it. A facility writes for itself and the department."""

    text = forms.CharField(label=_("Note"), widget=text(3), max_length=NOTE_LENGTH)
    audience = forms.ChoiceField(label=_("Who may read it"))

    def __init__(self, *args: Any, case: Case, writer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [Audience.DEPARTMENT, Audience.FACILITY]
        if sees_as_facility(writer):
            offered = [Audience.FACILITY]
        elif case.is_confidential or not case.is_released:
            offered = [Audience.DEPARTMENT]
        field: Any = self.fields["audience"]
        field.choices = [(one.value, one.label) for one in offered]
        field.initial = offered[0].value


class RevealForm(forms.Form):
    """What for and why somebody wants to see who reported; `feedback.reveals` judges it."""

    purpose = forms.ChoiceField(label=_("What for?"), choices=[NOTHING, *Purpose.choices])
    reason = forms.CharField(
        label=_("Why do you need the contact data?"),
        widget=text(2, minlength=str(REASON_LEAST), maxlength=str(REASON_MOST)),
        help_text=_("At least 20 characters, without the name or number of the reporter. It stays in the audit log."),
    )


class DeclineForm(forms.Form):
    """Why the second person says no."""

    answer = forms.CharField(label=_("Why do you decline?"), widget=text(2, maxlength=str(REASON_MOST)))
