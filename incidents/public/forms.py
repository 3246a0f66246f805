"""What a member of staff types. Whether it will do is decided by `incidents.receiving`, whose refusals come back field
by field; nothing typed is lost."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.days import timely
from common.public.fields import PhoneField, Text
from incidents.admin.forms import NOTHING, PEOPLE, SEXES, items
from incidents.choices import ReporterRole, Subject, Told
from incidents.models import Incident, Named
from incidents.services import LONGEST, PATIENT, REPORTER
from incidents.taxonomy import lists

MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%d/%m/%Y %Hh%M",
           "%d-%m-%Y %H:%M", "%H:%M %d/%m/%Y", "%d.%m.%Y %H:%M"]  # fmt: skip
_BY_PICKER = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")

PLAIN: dict[str, Promise] = {  # the letters of Annex I in the words of a ward
    "A": _("It nearly happened"),
    "B": _("It happened, and did not reach the patient"),
    "C": _("It reached the patient and did no harm"),
    "D": _("The patient had to be watched or treated in time, so that no harm came of it"),
    "E": _("Passing harm: the patient needed treatment"),
    "F": _("Passing harm: the patient needed treatment and stays longer"),
    "G": _("Lasting harm or disability"),
    "H": _("The patient needed resuscitation or intensive care"),
    "I": _("A patient died of it, or it contributed to the death"),
}
SAID = (
    "subject", "ward", "spot", "occurred_at", "detected_at", "description", "proposal", "treatment", "told_physician",
    "is_in_record", "told_family", "told_patient", "harm", "deaths", "more_feared", "serious_item", "exception",
    "reporter_role", "reporter_other",
)  # fmt: skip
TOLD = ("told_physician", "is_in_record", "told_family", "told_patient")
MORE = (  # what the incident unit would ask otherwise; behind a fold
    "spot", "subject", "patient_name", "patient_record", "patient_born_on", "patient_sex", "patient_ward", *TOLD,
    "serious_item", "exception", "reporter_witness_1", "reporter_witness_2", "proposal",
)  # fmt: skip


@dataclass(frozen=True)
class Grade:
    """Letters that lead to the same, and what follows from them."""

    letters: tuple[str, ...]
    title: Promise
    follows: Promise


GRADES = (
    Grade(
        tuple("ABCDEF"),
        _("No harm, or passing harm (NC0 to NC2)"),
        _("A voluntary report: you may leave your name out. Your incident unit reads it and learns from it."),
    ),
    Grade(
        tuple("GHI"),
        _("Severe: lasting harm, intensive care, death (NC3)"),
        _(
            "A mandatory report: it carries your name, which is kept under seal. The director of your facility is told"
            " at once, and the facility reports to the department of health at once."
        ),
    ),
)


def _label(name: str) -> str:
    about: Any = Incident._meta.get_field(name)
    return capfirst(str(about.verbose_name))


class Moment(forms.DateTimeField):
    """Day and hour by the telephone's own picker; what was typed without one stays readable when it was wrong."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        said = _("Write day and hour like 25/11/2026 14:30.")
        super().__init__(
            widget=widget,
            input_formats=MOMENTS,
            required=False,
            validators=[timely],
            error_messages={"invalid": said},
            **kwargs,
        )

    def shown_as(self, raw: str) -> None:
        """A picker holds only what it wrote itself: anything else is shown as text, so that it is not lost."""
        if raw and not _BY_PICKER.fullmatch(raw):
            self.widget.input_type = "text"  # type: ignore[attr-defined]


class Short(Text):
    """One line of at most 200 characters that may be left blank."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, required=False, **kwargs)


class ReportForm(forms.Form):
    """Annex III on one page: what a ward knows at once, and behind a fold what the incident unit would ask."""

    facility_said = Short(
        label=_("Which facility?"),
        help_text=_("Where it happened: its name as you call it. Accents are not needed."),
    )
    facility = forms.Field(required=False, widget=forms.HiddenInput)  # a code, believed only if `open_facility` does
    excluded = forms.ChoiceField(label=_("What kind of event is it?"), required=False, widget=forms.RadioSelect)
    description = Text(
        label=_("What happened?"),
        help_text=_("What, how, what was noticed. Leave out names: there are boxes for them further down."),
        max_length=LONGEST,
        lines=6,
        required=False,
    )
    ward = Short(label=_("Department or place"), help_text=_("For example: Intensive care, car park."))
    spot = Short(label=_("Exact spot"))
    occurred_at = Moment(label=_("When did it happen?"))
    detected_at = Moment(label=_("When was it noticed?"))
    treatment = Text(label=_("What was done at once for the patient?"), max_length=LONGEST, lines=3, required=False)
    proposal = Text(label=_("What should be done so that it does not happen again?"), max_length=LONGEST, lines=3,
                    required=False)  # fmt: skip
    harm = forms.ChoiceField(label=_("How bad was it?"), required=False, widget=forms.RadioSelect)
    deaths = forms.IntegerField(
        label=_("How many patients died?"),
        min_value=0,
        max_value=1000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Write a whole number.")},
    )
    more_feared = forms.BooleanField(label=_("More deaths are feared"), required=False)
    reporter_role = forms.ChoiceField(label=_("You are"), required=False, choices=[NOTHING, *ReporterRole.choices])
    reporter_other = Text(label=_("Namely, if other"), max_length=100, required=False)
    reporter_name = Text(label=_("Your full name"), max_length=120, required=False, autocomplete="name")
    reporter_phone = PhoneField(
        label=pgettext_lazy("citizen", "Telephone"), max_length=30, required=False, autocomplete="tel"
    )
    reporter_email = forms.EmailField(
        label=pgettext_lazy("citizen", "E-mail"),
        max_length=200,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("An e-mail address looks like name@example.vn.")},
    )
    subject = forms.ChoiceField(label=_("Whom did it happen to?"), required=False, choices=[NOTHING, *Subject.choices])
    patient_name = Short(label=PEOPLE["patient_name"])
    patient_record = Short(label=PEOPLE["patient_record"])
    patient_born_on = Short(label=PEOPLE["patient_born_on"])
    patient_sex = forms.ChoiceField(label=PEOPLE["patient_sex"], required=False, choices=SEXES)
    patient_ward = Short(label=PEOPLE["patient_ward"])
    reporter_witness_1 = Short(label=PEOPLE["reporter_witness_1"])
    reporter_witness_2 = Short(label=PEOPLE["reporter_witness_2"])
    serious_item = forms.TypedChoiceField(
        label=_("Does one of these fit? (the serious list, for NC3 only)"),
        choices=items,
        coerce=int,
        empty_value=None,
        required=False,
    )
    exception = Text(label=_("Why an exception of that item applies"), max_length=1000, lines=2, required=False)
    key = forms.Field(widget=forms.HiddenInput, required=False)  # judged by `common.public.keys`

    use_required_attribute = False  # our own messages, in the reader's language, beside the field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        others = [(code, str(entry)) for code, entry in lists().exclusions.items()]
        fields["excluded"].choices = [("", _("A medical incident, or nearly one")), *others]
        fields["harm"].choices = [(letter, words) for letter, words in PLAIN.items()]
        for name in TOLD:
            fields[name] = forms.ChoiceField(label=_label(name), required=False, choices=[NOTHING, *Told.choices])
        for name in ("occurred_at", "detected_at"):
            fields[name].shown_as(str(self[name].value() or ""))
        fields["reporter_phone"].widget.input_type = "tel"

    def clean_deaths(self) -> int:
        return self.cleaned_data["deaths"] or 0

    def said(self) -> dict[str, Any]:
        """The fields of the report."""
        return {name: self.cleaned_data[name] for name in SAID}

    def people(self) -> dict[str, dict[str, str]]:
        """What was given of patient and reporter; nothing for those of whom nothing was typed."""
        found: dict[str, dict[str, str]] = {}
        for who, names in ((Named.Who.PATIENT, PATIENT), (Named.Who.REPORTER, REPORTER)):
            given = {name: self.cleaned_data.get(f"{who}_{name}", "") for name in names}
            if told := {name: value for name, value in given.items() if value}:
                found[str(who)] = told
        return found

    def grades(self) -> Iterator[tuple[Grade, list[tuple[Any, Any]]]]:
        """The radio buttons of the letters under what follows from them, each with the circular's own words."""
        radios = {str(radio.data["value"]): radio for radio in self["harm"]}
        for grade in GRADES:
            yield grade, [(radios[letter], lists().harms[letter]) for letter in grade.letters]

    def more(self) -> list[Any]:
        """What is behind the fold."""
        return [self[name] for name in MORE]

    @property
    def is_unfolded(self) -> bool:
        """Something behind the fold was typed or is wrong."""
        return any(self[name].errors or self[name].value() for name in MORE)


class AnswerForm(forms.Form):
    """What the reporter answers or adds."""

    text = Text(label=_("Your message"), max_length=5000, lines=4, required=False)
    use_required_attribute = False
