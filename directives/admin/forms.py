"""The forms of the register. Whether what was said will do is decided by `directives.register`."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common.days import FIRST, LAST
from common.reasons import ReasonField
from directives.choices import Relation
from directives.models import Directive, Obligation
from directives.register import CARRY, CLOSE, FACTS

LONG = ("subject", "scope", "note")


class DayInput(forms.DateInput):
    """A day by the browser's own picker."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date", "min": FIRST.isoformat(), "max": LAST.isoformat()}, format="%Y-%m-%d")


def fact(name: str, *, is_required: bool = False) -> forms.Field:
    """A field of a directive, as its model has it."""
    about: Any = Directive._meta.get_field(name)
    label = capfirst(str(about.verbose_name))
    if name.endswith("_on"):
        return forms.DateField(label=label, required=False, widget=DayInput(), input_formats=["%Y-%m-%d", "%d/%m/%Y"])
    widget = forms.Textarea(attrs={"rows": 2}) if name in LONG else forms.TextInput()
    most = 4000 if name in LONG else about.max_length
    return forms.CharField(label=label, required=is_required, max_length=most, widget=widget)


class FactsForm(forms.Form):
    """What is known of a directive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FACTS:
            if name != "code":
                self.fields[name] = fact(name, is_required=name in ("issuer", "subject"))


class CorrectionForm(FactsForm):
    """The same, corrected, with the version that was looked at and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, directive: Directive, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(directive, name) for name in FACTS} | {"version": directive.version}
        self.fields["reason"] = ReasonField()

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS if name in self.cleaned_data}


class LineForm(forms.Form):
    """What a directive goes back to."""

    relation = forms.ChoiceField(label=_("How"), choices=Relation)
    other = forms.ModelChoiceField(Directive.objects.none(), label=_("Older directive"))

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        other: Any = self.fields["other"]
        other.queryset = offered
        other.label_from_instance = named


class SupersedeForm(forms.Form):
    """Which directive takes its place, and of each open obligation whether it goes on."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    newer = forms.ModelChoiceField(Directive.objects.none(), label=_("Newer directive"))

    def __init__(self, *args: Any, offered: Any, obligations: list[Obligation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newer: Any = self.fields["newer"]
        newer.queryset = offered
        newer.label_from_instance = named
        self.obligations = obligations
        for each in obligations:
            self.fields[f"choice-{each.pk}"] = forms.ChoiceField(
                label=f"{each.code} – {each.title}",
                choices=[(CARRY, _("Carry on under the newer one")), (CLOSE, _("Close"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("Say of this obligation whether it goes on.")},
            )
        self.fields["reason"] = ReasonField()

    def choices(self) -> dict[int, str]:
        return {each.pk: self.cleaned_data[f"choice-{each.pk}"] for each in self.obligations}


def named(directive: Directive) -> str:
    """A directive in a list of choices."""
    return f"{directive} – {directive.subject[:90]}"
