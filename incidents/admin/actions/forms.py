"""The forms of an action. Whether what was said will do is decided by `incidents.actions`, whose refusals come back
field by field."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common.file_fields import evidence_field
from incidents.actions.services import FIELDS, people_of
from incidents.actions.transitions import LONGEST
from incidents.admin.forms import NOTHING, WithVersion, boxes, text
from incidents.choices import STRENGTHS, ActionKind, Effect
from incidents.models import Action
from incidents.taxonomy import lists
from incidents.transitions import REASON_LENGTH, Move

HELP = {
    "title": _("One deed in one sentence. Plan another action for another deed."),
    "kind": _("The strength follows from it: what makes the wrong step impossible is stronger than a reminder."),
    "causes": _("When one of them comes back after the action was found effective, its review opens again."),
    "types": _("Leave blank when the action is meant for incidents of every type."),
    "measure": _("What is counted, where, and which number would show that it works."),
    "check_on": _("Late enough to see an effect, for example three months after it is done."),
}
ROWS = {"details": 5, "measure": 2}


def day(**kwargs: Any) -> forms.DateField:
    """A day by the browser's own picker."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, **kwargs)


def kinds() -> list[Any]:
    """The kinds of action under their strengths, the strongest first."""
    return [
        NOTHING,
        *(
            (strength.label, [(kind.value, kind.label) for kind in ActionKind if kind.value[0] == letter])
            for letter, strength in STRENGTHS.items()
        ),
    ]


class ActionForm(WithVersion):
    """The plan of an action; what is missing is asked for when it is reported as done."""

    names = FIELDS

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        self.fields["version"].initial = action.version
        for name in FIELDS:
            self.fields[name] = self._field(name)

    def _field(self, name: str) -> forms.Field:
        about: Any = Action._meta.get_field(name)
        given: dict[str, Any] = {"label": capfirst(str(about.verbose_name)), "help_text": HELP.get(name, "")}
        value: Any = getattr(self.action, name if name != "owner" else "owner_id")
        found: forms.Field
        if name == "kind":
            found = forms.ChoiceField(choices=kinds, **given)
        elif name == "owner":
            found = forms.ModelChoiceField(people_of(self.action.facility_id), empty_label=NOTHING[1], **given)
        elif name in ("due_on", "check_on"):
            found = day(required=name == "due_on", **given)
        elif name in ("causes", "types"):
            groups = lists().causes if name == "causes" else lists().types
            widget = forms.CheckboxSelectMultiple
            found = forms.MultipleChoiceField(choices=lambda: boxes(groups), required=False, widget=widget, **given)
        elif name in ROWS:
            found = forms.CharField(widget=text(ROWS[name]), required=False, **given)
        else:
            found = forms.CharField(max_length=about.max_length, **given)
        found.initial = value
        return found

    def wishes(self, base: Any) -> dict[str, Any]:
        """What the writer changed from what they were looking at (`base`: the action or its history row)."""
        given = {name: self.cleaned_data[name] for name in FIELDS if name in self.cleaned_data}
        return {name: value for name, value in given.items() if _stored(value) != _stored(_of(base, name))}


def _of(base: Any, name: str) -> Any:
    return getattr(base, "owner_id" if name == "owner" else name)


def _stored(value: Any) -> Any:
    return getattr(value, "pk", value)


class StepForm(WithVersion):
    """One step and its reason: for a return the remarks."""

    reason = forms.CharField(label=_("Reason or remarks"), widget=text(4), max_length=REASON_LENGTH)

    def __init__(self, *args: Any, action: Action, move: Move, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = action.version
        self.fields["reason"].initial = str(move.reason)


class ProgressForm(forms.Form):
    """How far it is, with files that show it."""

    text = forms.CharField(label=_("What was done"), widget=text(5))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = evidence_field()


class EffectForm(WithVersion):
    """What was measured, and what it says."""

    checked_on = day(label=_("Checked on"))
    found = forms.CharField(label=_("What was measured, and what came out"), widget=text(4), max_length=LONGEST)
    result = forms.ChoiceField(label=_("Result"), choices=Effect.choices, widget=forms.RadioSelect)
    next_on = day(label=_("Next check on"), required=False, help_text=_("Only where it is too early to say."))

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = action.version
        self.fields["checked_on"].initial = timezone.localdate()


class ConcessionForm(WithVersion):
    """Why less is to be done; a weaker kind or a later day where that is what is asked."""

    reason = forms.CharField(label=_("Reason"), widget=text(3), max_length=REASON_LENGTH)

    def __init__(self, *args: Any, action: Action, is_weaker: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        self.fields["version"].initial = action.version
        if is_weaker:
            reason = self.fields.pop("reason")
            self.fields["kind"] = forms.ChoiceField(
                label=capfirst(str(Action._meta.get_field("kind").verbose_name)),  # type: ignore[union-attr]
                choices=kinds,
                initial=action.kind,
            )
            self.fields["due_on"] = day(label=_("To be done by"), initial=action.due_on)
            self.fields["reason"] = reason

    def wishes(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in ("kind", "due_on") if name in self.cleaned_data}
        return {name: value for name, value in given.items() if value != getattr(self.action, name)}
