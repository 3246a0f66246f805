"""The forms of inspections. Whether what was said will do is decided by the deeds, whose refusals come back field by
field."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.choosers import ChooseOne
from common.days import timely
from common.file_fields import evidence_field
from common.reasons import ReasonField
from directives.admin.forms import DayInput
from facilities.models import Facility
from inspections.checklist import JUDGED
from inspections.choices import FindingKind, Function, Period, Result, Severity, TeamRole
from inspections.models import ChecklistItem, CorrectiveAction, Finding, Inspection, PlanLine
from inspections.people import inspectors
from inspections.rules import Move

NOTHING = ("", _("– choose –"))


class FacilityChooser(ChooseOne):
    """Picks a facility by typing."""

    def __init__(self) -> None:
        super().__init__(Inspection._meta.get_field("facility"), admin.site)

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return attrs | {"class": "admin-autocomplete ln-chooser", "data-minimum-input-length": "1"}


def facility_field(**options: Any) -> forms.ModelChoiceField:
    field: Any = forms.ModelChoiceField(Facility.objects.all(), label=_("Facility"), **options)
    field.widget = FacilityChooser()
    field.widget.choices = field.choices
    return field


def text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def moment(**options: Any) -> forms.DateTimeField:
    """Day and hour by the browser's own picker."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(widget=widget, validators=[timely], **options)


def day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=DayInput(), input_formats=["%Y-%m-%d", "%d/%m/%Y"], **options)


def person(label: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(inspectors(), label=label, empty_label=NOTHING[1])


def labelled(model: Any, name: str) -> str:
    return capfirst(str(model._meta.get_field(name).verbose_name))


class WithVersion(forms.Form):
    """A form that says which version its writer was looking at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


# --- plans -----------------------------------------------------------------------------------------------------------


class PlanForm(WithVersion):
    """The year and what the plan rests on."""

    year = forms.IntegerField(label=_("Year"), min_value=2020, max_value=2100)
    legal_basis = forms.CharField(label=_("Legal basis"), widget=text(4), max_length=4000)

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["year"]


class LineForm(WithVersion):
    """One visit of the plan."""

    facility = facility_field()
    period = forms.ChoiceField(label=_("When"), choices=[NOTHING, *Period.choices])
    topic = forms.CharField(label=_("What is inspected"), max_length=300, widget=text(2))
    lead = person(_("Team lead"))
    is_struck = forms.BooleanField(label=_("Struck out: this visit is not wanted any more"), required=False)

    def __init__(self, *args: Any, line: PlanLine | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if line is None:
            del self.fields["is_struck"]


# --- preparing -------------------------------------------------------------------------------------------------------


class PrepareForm(WithVersion):
    """What is inspected, on which basis, when. For an unannounced visit also where."""

    facility = facility_field()
    topic = forms.CharField(label=_("What is inspected"), max_length=300, widget=text(2))
    legal_basis = forms.CharField(
        label=_("Legal basis"), widget=text(3), max_length=4000, help_text=_("The decision, and what it rests on.")
    )
    planned_at = moment(label=pgettext_lazy("inspection", "Planned for"))

    def __init__(self, *args: Any, has_place: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_place:
            del self.fields["facility"]


class MemberForm(forms.Form):
    """Who joins the team, as what."""

    user = person(_("Person"))
    role = forms.ChoiceField(label=_("Role"), choices=TeamRole.choices, initial=TeamRole.MEMBER)


class TriggerForm(forms.Form):
    """What gave rise to the visit: a case or an incident by its number, or a duty of the facility."""

    reference = forms.CharField(
        label=_("Number of the case or incident"), required=False, max_length=20, help_text=_("PA-…, or SC-….")
    )
    duty: Any = forms.ModelChoiceField(None, label=_("Or a duty of the facility"), required=False, empty_label="–")
    reason = ReasonField()

    def __init__(self, *args: Any, duties: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["duty"]
        field.queryset = duties
        field.label_from_instance = lambda row: f"{row.obligation.code} – {row.obligation.title[:90]}"


class ItemForm(forms.Form):
    """An item of the team's own."""

    text = forms.CharField(label=_("What is looked at"), max_length=500, widget=text(2))
    basis = forms.CharField(label=_("Rests on"), max_length=200, required=False)


class JudgeForm(WithVersion):
    """What was found on every item of the checklist."""

    def __init__(self, *args: Any, items: list[ChecklistItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            self.fields[f"result-{item.pk}"] = forms.ChoiceField(
                label=_("Result"), required=False, choices=[NOTHING, *Result.choices], initial=item.result
            )
            for name in ("remark", "evidence"):
                self.fields[f"{name}-{item.pk}"] = forms.CharField(
                    label=labelled(ChecklistItem, name), required=False, max_length=2000, widget=text(1),
                    initial=getattr(item, name),
                )  # fmt: skip

    def rows(self) -> list[tuple[ChecklistItem, list[Any]]]:
        return [(item, [self[f"{name}-{item.pk}"] for name in JUDGED]) for item in self.items]

    def judged(self) -> dict[int, dict[str, str]]:
        given = self.cleaned_data
        return {item.pk: {name: given[f"{name}-{item.pk}"] for name in JUDGED} for item in self.items}


# --- the record ------------------------------------------------------------------------------------------------------


class RecordForm(WithVersion):
    """From when to when, who was there by function, and what it comes to."""

    started_at = moment(label=_("Began"), required=False)
    ended_at = moment(label=_("Ended"), required=False)
    present = forms.MultipleChoiceField(
        label=_("Present for the facility"), required=False, choices=Function.choices,
        widget=forms.CheckboxSelectMultiple, help_text=_("Functions only: names and signatures stay on the paper."),
    )  # fmt: skip
    summary = forms.CharField(
        label=_("Summary"), required=False, max_length=10_000, widget=text(7),
        help_text=_("What was seen and concluded, without names of people or patients."),
    )  # fmt: skip


class FindingForm(WithVersion):
    """What was found, how bad it is, and on what the judgement rests."""

    item: Any = forms.ModelChoiceField(
        None, label=_("Item of the checklist"), required=False, empty_label=_("– none –")
    )
    kind = forms.ChoiceField(
        label=_("Kind of finding"), choices=[NOTHING, *FindingKind.choices],
        help_text=_("One of the same kind at this facility, verified before, is marked as come back."),
    )  # fmt: skip
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices, widget=forms.RadioSelect)
    text = forms.CharField(label=pgettext_lazy("finding", "What was found"), max_length=10_000, widget=text(4))
    basis = forms.CharField(
        label=_("Rests on"), max_length=300, required=False,
        help_text=_("The clause; where it is left blank, that of the item of the checklist."),
    )  # fmt: skip
    is_struck = forms.BooleanField(label=_("Struck out: this was not a finding"), required=False)

    def __init__(self, *args: Any, items: Any, finding: Finding | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["item"]
        field.queryset = items
        field.label_from_instance = lambda row: f"{row.position}. {row.text[:100]}"
        if finding is None:
            del self.fields["is_struck"]


class DemandForm(WithVersion):
    """What is to be corrected, until when."""

    text = forms.CharField(label=_("What is to be corrected"), max_length=10_000, widget=text(4))
    due_on = day(label=_("To be done by"))


class AnswerForm(WithVersion):
    """What the facility did, with files that show it."""

    text = forms.CharField(label=_("What was done"), max_length=10_000, widget=text(5))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = evidence_field()


class StepForm(WithVersion):
    """One step and its reason; for what goes back to the facility also the new day."""

    reason = ReasonField()

    def __init__(self, *args: Any, move: Move, correction: CorrectiveAction | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].initial = str(move.reason)
        if correction is not None:
            self.fields["due_on"] = day(label=_("To be done by"), initial=correction.due_on)
