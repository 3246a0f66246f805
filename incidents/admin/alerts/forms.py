"""The forms of alerts. Whether what was said will do is decided by `incidents.alerts`, whose refusals come back field
by field."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.file_fields import evidence_field
from facilities.choices import FacilityType, HospitalClass
from facilities.models import Area, Facility
from incidents.admin.forms import WithVersion, text
from incidents.alerts.audience import by_code
from incidents.alerts.writing import FIELDS
from incidents.choices import AlertKind
from incidents.models import Alert
from incidents.transitions import REASON_LENGTH, Move

SECTIONS = (
    (gettext_lazy("What it says"), ("kind", "title", "body", "advice")),
    (gettext_lazy("To whom it goes"), ("types", "classes", "areas", "facilities")),
)


def _label(name: str) -> str:
    about: Any = Alert._meta.get_field(name)
    return capfirst(str(about.verbose_name))


def _areas() -> list[tuple[int, str]]:
    rows = Area.objects.filter(facilities__isnull=False).distinct().order_by("name")
    return [(area.pk, str(area)) for area in rows]


class AlertForm(WithVersion):
    """An alert as it is written: its words, and to which facilities it goes."""

    kind = forms.ChoiceField(choices=AlertKind.choices, widget=forms.RadioSelect)
    title = forms.CharField(max_length=200, required=False)
    body = forms.CharField(widget=text(6), required=False)
    advice = forms.CharField(widget=text(6), required=False)
    types = forms.MultipleChoiceField(choices=FacilityType.choices, widget=forms.CheckboxSelectMultiple, required=False)
    classes = forms.MultipleChoiceField(
        choices=HospitalClass.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    areas = forms.TypedMultipleChoiceField(
        choices=_areas, coerce=int, widget=forms.SelectMultiple(attrs={"size": 6}), required=False
    )
    facilities = forms.CharField(widget=text(3), required=False)

    def __init__(self, *args: Any, alert: Alert, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alert, self.names = alert, FIELDS
        self.fields["version"].initial = alert.version
        for name in FIELDS:
            self.fields[name].label = _label(name)
            self.fields[name].initial = getattr(alert, name)
        self.fields["facilities"].initial = "\n".join(codes_of(alert.facilities))
        self.fields["body"].help_text = _("No patient, no reporter, no facility: it goes to others.")
        self.fields["types"].help_text = _(
            "Of what is ticked here, in classes and in areas, a facility must meet each."
        )
        self.fields["facilities"].help_text = _("Codes, one a line. They are added to those chosen above.")

    def sections(self) -> list[tuple[Any, list[Any]]]:
        """The fields under their headings."""
        return [(title, [self[name] for name in names]) for title, names in SECTIONS]

    def clean_facilities(self) -> list[int]:
        keys, unknown = by_code(self.cleaned_data["facilities"].splitlines())
        if unknown:
            raise forms.ValidationError(_("No facility has the code %(codes)s.") % {"codes": ", ".join(unknown[:5])})
        return keys

    def wishes(self, base: Any) -> dict[str, Any]:
        """What the writer changed from what they were looking at (`base`: the alert or its history row)."""
        given = {name: self.cleaned_data[name] for name in FIELDS if name in self.cleaned_data}
        return {name: value for name, value in given.items() if value != getattr(base, name)}


def codes_of(keys: list[int]) -> list[str]:
    """The codes of single facilities, as people type them."""
    return list(Facility.objects.filter(pk__in=keys).order_by("code").values_list("code", flat=True)) if keys else []


class AlertStepForm(WithVersion):
    """One step and its reason."""

    reason = forms.CharField(label=gettext_lazy("Reason or remarks"), widget=text(4), max_length=REASON_LENGTH)

    def __init__(self, *args: Any, alert: Alert, move: Move, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = alert.version
        self.fields["reason"].initial = str(move.reason)


class SourceForm(forms.Form):
    """Which incident gave rise to it, and why that is said."""

    reference = forms.CharField(label=gettext_lazy("Number of the incident"), max_length=20)
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=text(2), max_length=REASON_LENGTH)


class AnswerAlertForm(WithVersion):
    """What the facility did with it."""

    text = forms.CharField(
        label=gettext_lazy("What was done and where it can be seen, or why it does not apply"), widget=text(4),
        required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = evidence_field()
