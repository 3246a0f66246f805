"""Rules in words: which records they are for, and what they ask of them, instead of the codes that they keep."""

from typing import Any

from django import forms
from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from deadlines import registry
from deadlines.models import DeadlineRule
from deadlines.rules import WEIGHTS
from deadlines.vocabulary import Vocabulary

ANY = ("", _("any"))


def record_name(label: str) -> str:
    """What people call records of this model; the label itself where no app has it any more."""
    try:
        return capfirst(str(apps.get_model(label)._meta.verbose_name))
    except (LookupError, ValueError):
        return label


def asked_in_words(rule: DeadlineRule, vocabulary: Vocabulary) -> str:
    """What the rule asks for, the heaviest condition first."""
    asked = vocabulary.asked(rule.subject, {name: getattr(rule, name) for name in WEIGHTS})
    return ", ".join(asked.values()) or "—"


class RuleForm(forms.ModelForm):
    """Kinds of records and conditions are chosen by their words. What a row holds already can always be kept; a
    condition that says nothing about these records offers nothing but “any”."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "subject" not in self.fields:  # whoever only reads the rule
            return
        label = str(self.data.get("subject") or self.instance.subject)
        self._choose("subject", [(one, record_name(one)) for one, _subject in registry.subjects()])
        self.fields["subject"].help_text = _(
            "The conditions below are those of these records. After another choice, save: theirs are offered then."
        )
        vocabulary = Vocabulary()
        for name in WEIGHTS:
            self._choose(name, [ANY, *vocabulary.choices(label, name)])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        stock, held = self.fields[name], getattr(self.instance, name)
        if held and held not in dict(choices):
            choices = [*choices, (held, held)]
        self.fields[name] = forms.ChoiceField(
            label=stock.label, required=stock.required, choices=choices, widget=UnfoldAdminSelectWidget
        )
