"""The operator's screen as a form: what a call needs, in the order of a call."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.public.fields import PhoneField, Text
from common.text import fold
from feedback.choices import IntakeMethod, Urgency
from feedback.intake import BODY_LENGTH
from feedback.models import Category, Channel

USUAL_CHANNEL = "HOTLINE_SYT"


def by_field(leaves: list[Category]) -> list[Any]:
    """Categories as choices, under their fields, and none of them first. They come with their parents."""
    groups: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for leaf in leaves:
        field = leaf.parent
        groups.setdefault((field.position, field.label) if field else (0, ""), []).append((leaf.code, leaf.label))
    return [("", _("not sorted yet")), *((label, leaves) for (_position, label), leaves in sorted(groups.items()))]


class TellingSelect(forms.Select):
    """A select whose options carry what the page's script needs (`data-…`), from `told[value]`."""

    told: dict[str, dict[str, str]] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["attrs"] |= {f"data-{key}": text for key, text in self.told.get(str(value), {}).items()}
        return option


class RecordForm(forms.Form):
    """One call. Only what happened and the channel are needed."""

    phone = PhoneField(label=_("Caller's telephone"), max_length=30, required=False)
    body = Text(
        label=_("What happened"),
        max_length=BODY_LENGTH,
        lines=5,
        error_messages={"required": _("Write what the caller tells, one line is enough.")},
    )
    facility_said = Text(
        label=pgettext_lazy("call", "Facility"),
        help_text=_("Any part of any name, without accents: bv lam kieu"),
        max_length=200,
        required=False,
    )
    facility = forms.Field(required=False, widget=forms.HiddenInput)  # a code; the entrance looks it up
    category = forms.ChoiceField(
        label=pgettext_lazy("call", "Category"),
        required=False,
        widget=TellingSelect,
        help_text=_("Any part of the name, or the code"),
    )
    urgency = forms.ChoiceField(
        label=pgettext_lazy("call", "Urgency"),
        required=False,
        choices=[("", _("by category")), *Urgency.choices],
        widget=forms.RadioSelect,
    )
    channel = forms.ChoiceField(label=pgettext_lazy("call", "Channel"), widget=TellingSelect)
    name = Text(label=_("Caller's name"), max_length=120, required=False)
    address = Text(label=_("Caller's address"), max_length=300, required=False)
    is_confidential = forms.BooleanField(label=_("Keep the caller's identity secret"), required=False)
    key = forms.Field(required=False, widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, *args: Any, body_needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].required = body_needed
        today = timezone.localdate()
        self._offer_categories(list(Category.objects.leaves().valid_on(today).select_related("parent")))
        self._offer_channels(list(Channel.objects.valid_on(today).filter(method=IntakeMethod.OPERATOR)))

    def _offer_categories(self, leaves: list[Category]) -> None:
        told: dict[str, dict[str, str]] = {}
        for leaf in leaves:
            words = fold(f"{leaf.code} {leaf.name} {leaf.name_en} {leaf.parent.name if leaf.parent else ''}")
            told[leaf.code] = {"preset": leaf.urgency, "words": words}
        self.fields["category"].choices = by_field(leaves)  # type: ignore[attr-defined]
        self.fields["category"].widget.told = told

    def _offer_channels(self, channels: list[Channel]) -> None:
        offered = [(channel.code, channel.label) for channel in channels]
        self.fields["channel"].choices = offered  # type: ignore[attr-defined]
        self.fields["channel"].widget.told = {
            channel.code: {"confidential": "1"} for channel in channels if channel.is_confidential
        }
