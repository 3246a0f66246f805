"""Rules in words: which records they are for, and what they ask of them, instead of the codes that they keep."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from deadlines import registry
from deadlines.models import DeadlineRule
from deadlines.rules import WEIGHTS

Choices = Mapping[str, Sequence[tuple[str, Any]]]
ANY = ("", _("any"))


def record_name(label: str) -> str:
    """What people call records of this model; the label itself where no app has it any more."""
    try:
        return capfirst(str(apps.get_model(label)._meta.verbose_name))
    except (LookupError, ValueError):
        return label


def choices_of(label: str) -> Choices:
    """What a rule for these records may ask for; nothing where their app does not say. Its queries."""
    subject = dict(registry.subjects()).get(label.lower())
    return subject.choices() if subject and subject.choices else {}


def asked_in_words(rule: DeadlineRule, choices: Choices) -> str:
    """What the rule asks for, the heaviest condition first; a code without words stands as it is. No query."""
    asked = [(name, getattr(rule, name)) for name in WEIGHTS if getattr(rule, name)]
    return ", ".join(str(dict(choices.get(name, ())).get(code, code)) for name, code in asked) or "—"


class RuleForm(forms.ModelForm):
    """Kinds of records and conditions are chosen by their words. What a row holds already can always be kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "subject" not in self.fields:  # whoever only reads the rule
            return
        label = self.instance.subject
        self._choose("subject", [(one, record_name(one)) for one, _subject in registry.subjects()])
        for name, choices in choices_of(label).items():
            self._choose(name, [ANY, *choices])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        stock, held = self.fields[name], getattr(self.instance, name)
        if held and held not in dict(choices):
            choices = [*choices, (held, held)]
        self.fields[name] = forms.ChoiceField(
            label=stock.label, required=stock.required, choices=choices, widget=UnfoldAdminSelectWidget
        )
