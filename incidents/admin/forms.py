"""The forms of an incident, in the order of the circular's own forms. Whether what was said will do is decided by
`incidents.services` and `incidents.transitions`, whose refusals come back field by field."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from audit.models import Purpose
from common.choosers import ChooseOne
from common.days import timely
from common.exceptions import InvalidInput
from incidents.assigning import officers_for
from incidents.choices import Status
from incidents.models import Incident, Named
from incidents.services import CLAIM, PATIENT, REASON_LEAST, REASON_MOST, REPORTER, TEXT
from incidents.taxonomy import Group, lists
from incidents.transitions import REASON_LENGTH, Move

NOTHING = ("", _("– choose –"))
KEPT = _("Kept under seal: a blank field leaves what was given before.")
SECTIONS = (  # title and fields, in the order of Annex III and then of Annex IV
    (_("Patient"), ("subject", "patient_name", "patient_record", "patient_born_on", "patient_sex", "patient_ward")),
    (_("Where and when"), ("ward", "spot", "occurred_at", "detected_at")),
    (_("What went wrong"), ("description", "treatment", "proposal")),
    (_("Who was told"), ("told_physician", "is_in_record", "told_family", "told_patient")),
    (_("Harm"), ("harm", "deaths", "more_feared", "serious_item", "exception")),
    (
        _("Reporter and witnesses"),
        (
            "reporter_role", "reporter_other", "reporter_name", "reporter_phone", "reporter_email",
            "reporter_witness_1", "reporter_witness_2", "is_anonymous",
        ),
    ),
    (_("Types and causes (Annex IV)"), ("types", "causes")),
)  # fmt: skip
PEOPLE = {
    "patient_name": _("Full name of the patient"),
    "patient_record": _("Number of the medical record"),
    "patient_born_on": _("Date of birth"),
    "patient_sex": _("Sex"),
    "patient_ward": _("Department the patient is in"),
    "reporter_name": _("Full name of the reporter"),
    "reporter_phone": _("Telephone"),
    "reporter_email": _("E-mail"),
    "reporter_witness_1": _("Witness 1"),
    "reporter_witness_2": _("Witness 2"),
}
SEXES = [NOTHING, ("M", _("Male")), ("F", _("Female")), ("X", _("Not known"))]


class FacilityChooser(ChooseOne):
    """Picks a facility by typing."""

    def __init__(self) -> None:
        super().__init__(Incident._meta.get_field("facility"), admin.site)

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return attrs | {"class": "admin-autocomplete ln-chooser", "data-minimum-input-length": "1"}


def text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def moment(**kwargs: Any) -> forms.DateTimeField:
    """Day and hour by the browser's own picker."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(widget=widget, validators=[timely], **kwargs)


def harms() -> list[tuple[str, str]]:
    """The letters with the level that follows from each."""
    return [(letter, f"{letter} ({harm.level}) – {harm.entry}") for letter, harm in lists().harms.items()]


def items() -> list[Any]:
    """The serious list under its headings, each item with its exceptions."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for number, serious in lists().serious.items():
        note = f" ({serious.note})" if serious.note else ""
        heading = str(lists().serious_groups[serious.group])
        groups.setdefault(heading, []).append((number, f"{number}. {serious.entry}{note}"))
    return [("", _("– none –")), *groups.items()]


def boxes(groups: tuple[Group, ...]) -> list[Any]:
    return [(str(group.entry), [(box.code, str(box)) for box in group.boxes]) for group in groups]


def _number(value: str) -> int | None:
    return int(value) if value else None


def _claim_field(name: str) -> forms.Field:
    """The fields that say how bad it was, the same when a report is written and when it is classified anew."""
    about: Any = Incident._meta.get_field(name)
    label = capfirst(str(about.verbose_name))
    if name == "harm":
        return forms.ChoiceField(label=label, choices=harms, widget=forms.RadioSelect, required=False)
    if name == "serious_item":
        return forms.TypedChoiceField(
            label=label,
            choices=items,
            coerce=_number,
            empty_value=None,
            required=False,
            help_text=_("Annex II, for letters G, H and I; 28 when no other item fits."),
        )
    if name == "deaths":
        return forms.IntegerField(label=label, min_value=0, max_value=1000, required=False)
    field: Any = about.formfield(label=label, required=False)
    if name == "exception":
        field.widget = text(2)
        field.help_text = _("Only where the item itself names one; say what happened.")
    return field


class WithVersion(forms.Form):
    """A form that says which version of the incident its writer was looking at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def take(self, refusal: InvalidInput) -> None:
        """Put the sentences of a refusal beside the fields they are about."""
        for name, sentences in refusal.fields.items():
            self.add_error(name if name in self.fields else None, sentences)


class ReportForm(WithVersion):
    """Annex III and the two lists of Annex IV. A report that was returned keeps its classification: that is changed
    by a deed of its own."""

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.incident = incident
        self.fields["version"].initial = incident.version
        self.names = TEXT + (CLAIM if incident.status == Status.DRAFT else ())
        for _title, names in SECTIONS:
            for name in names:
                if (field := self._field(name)) is not None:
                    self.fields[name] = field

    def _field(self, name: str) -> forms.Field | None:
        if name in PEOPLE:
            return self._of_people(name)
        if name == "is_anonymous":
            return forms.BooleanField(label=_("Report without a name (voluntary only)"), required=False)
        if name not in self.names:
            return None
        field: Any = self._of_report(name)
        field.initial = getattr(self.incident, name)
        return field

    def _of_people(self, name: str) -> forms.Field:
        who = "patient" if name.startswith("patient") else "reporter"
        if name == "patient_sex":
            return forms.ChoiceField(label=PEOPLE[name], choices=SEXES, required=False)
        field = forms.CharField(label=PEOPLE[name], max_length=200, required=False)
        if name == f"{who}_name":
            field.help_text = KEPT
        return field

    def _of_report(self, name: str) -> forms.Field:
        about: Any = Incident._meta.get_field(name)
        label = capfirst(str(about.verbose_name))
        if name in CLAIM:
            return _claim_field(name)
        if name in ("occurred_at", "detected_at"):
            return moment(label=label, required=False)
        if name in ("types", "causes"):
            groups = lists().types if name == "types" else lists().causes
            return forms.MultipleChoiceField(
                label=label, choices=lambda: boxes(groups), required=False, widget=forms.CheckboxSelectMultiple
            )
        if name in ("description", "treatment", "proposal"):
            return forms.CharField(label=label, widget=text(5 if name == "description" else 3), required=False)
        field: forms.Field = about.formfield(label=label, required=False)
        if about.choices:
            field.choices = [NOTHING, *about.choices]  # type: ignore[attr-defined]
        return field

    def sections(self) -> list[tuple[Any, list[Any]]]:
        """The fields under the headings of the form."""
        found = [(title, [self[name] for name in names if name in self.fields]) for title, names in SECTIONS]
        return [(title, fields) for title, fields in found if fields]

    def clean_deaths(self) -> int:
        return self.cleaned_data["deaths"] or 0

    def wishes(self, base: Any) -> dict[str, Any]:
        """What the writer changed from what they were looking at (`base`: the incident or its history row)."""
        given = {name: self.cleaned_data[name] for name in self.names if name in self.cleaned_data}
        return {name: value for name, value in given.items() if value != getattr(base, name)}

    def people(self) -> dict[str, dict[str, str]]:
        """What was given of the people named; nothing for those of whom nothing was typed."""
        found: dict[str, dict[str, str]] = {}
        for who, names in ((Named.Who.PATIENT, PATIENT), (Named.Who.REPORTER, REPORTER)):
            given = {name: self.cleaned_data.get(f"{who}_{name}", "") for name in names}
            if told := {name: value for name, value in given.items() if value}:
                found[str(who)] = told
        if self.cleaned_data.get("is_anonymous"):
            found[str(Named.Who.REPORTER)] = {}
        return found


class StartForm(forms.Form):
    """For which facility, and whether the circular is about it at all."""

    facility = forms.ChoiceField(label=_("Facility"))
    excluded = forms.ChoiceField(label=_("What kind of event is it?"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, facilities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["facility"].choices = [(str(each.pk), str(each)) for each in facilities]
        others = [(code, str(entry)) for code, entry in lists().exclusions.items()]
        fields["excluded"].choices = [("", _("A medical incident, or nearly one")), *others]
        if len(fields["facility"].choices) == 1:
            fields["facility"].initial = fields["facility"].choices[0][0]
            fields["facility"].widget = forms.HiddenInput()


class StepForm(WithVersion):
    """One step and its reason: for a return the remarks."""

    reason = forms.CharField(label=_("Reason or remarks"), widget=text(4), max_length=REASON_LENGTH)

    def __init__(self, *args: Any, incident: Incident, move: Move, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = incident.version
        self.fields["reason"].initial = str(move.reason)


class ClaimForm(WithVersion):
    """What the incident is to be classified as, and why."""

    reason = forms.CharField(label=_("Reason"), widget=text(3), max_length=REASON_LENGTH)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = incident.version
        reason = self.fields.pop("reason")
        for name in ("harm", "deaths", "serious_item", "exception"):
            self.fields[name] = _claim_field(name)
            self.fields[name].initial = getattr(incident, name)
        self.fields["harm"].required = True
        self.fields["reason"] = reason

    def clean_deaths(self) -> int:
        return self.cleaned_data["deaths"] or 0


class AnswerForm(forms.Form):
    """Why the second person agrees or not."""

    answer = forms.CharField(label=_("Reason"), widget=text(3), max_length=REASON_LENGTH)


class AddendumForm(forms.Form):
    """What is added."""

    text = forms.CharField(label=_("What is to be added"), widget=text(6))


class AssignForm(WithVersion):
    """Which officer of the division answers for a report; nobody means the whole unit."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Officer"), required=False)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = incident.version
        field: Any = self.fields["person"]
        field.queryset, field.empty_label = officers_for(incident), _("– the whole division –")
        field.initial = incident.assignee_id


class LinkForm(forms.Form):
    """Why two reports tell of one event."""

    reason = forms.CharField(label=_("How one sees that it is one event"), widget=text(2), max_length=REASON_LENGTH)


class PaperForm(forms.Form):
    """When something was given elsewhere, and to whom or under which number."""

    given_at = moment(label=pgettext_lazy("report given elsewhere", "Given at"))
    said = forms.CharField(label=_("To whom, or number of the document"), max_length=200)


class RevealForm(forms.Form):
    """What for and why somebody wants to see who is named."""

    purpose = forms.ChoiceField(label=_("What for?"), choices=[NOTHING, *Purpose.choices])
    reason = forms.CharField(
        label=_("Why do you need to see the names?"),
        widget=forms.Textarea(attrs={"rows": 2, "minlength": str(REASON_LEAST), "maxlength": str(REASON_MOST)}),
        help_text=_("At least 20 characters, without any name. It stays in the audit log."),
    )
