"""What is asked of a matter that stands in public, in one short form for each who may say it."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.exceptions import InvalidInput
from common.public.fields import Text
from facilities.models import Facility
from feedback.choices import PressKind, Urgency
from feedback.intake import BODY_LENGTH
from feedback.models import Category
from feedback.operator.forms import by_field
from feedback.press import addresses, appearances, reporting
from feedback.press.appearances import Raised
from feedback.press.recording import Matter
from feedback.press.reporting import Said

AS_TYPED = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M", "%H:%M %d/%m/%Y", "%Y-%m-%d %H:%M"]


def moment(**kwargs: Any) -> forms.DateTimeField:
    """Day and time by the browser's own picker, or typed as people write them."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(widget=widget, input_formats=AS_TYPED, **kwargs)


class RaisedForm(forms.Form):
    """Where somebody read or heard of it."""

    kind = forms.ChoiceField(
        label=_("Raised by"), choices=PressKind.choices, initial=PressKind.PRESS, widget=forms.RadioSelect
    )
    link = Text(
        label=_("Link"),
        max_length=addresses.LONGEST,
        required=False,
        help_text=_("Copied from the browser. The system never opens it. Leave it empty for what is on paper or said."),
    )
    outlet = Text(
        label=_("Newspaper, page or place"),
        max_length=appearances.LENGTH,
        required=False,
        help_text=_("Of a social network the page or group; the name of whoever wrote is not asked."),
    )
    title = Text(label=_("Title"), max_length=appearances.LENGTH, required=False)
    published_at = moment(label=_("Published at"))
    seen_at = moment(label=_("Seen at"))

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["link"].widget.input_type = "url"  # the keyboard of a telephone; what is none is said by the server
        self.initial.setdefault("seen_at", timezone.localtime().replace(second=0, microsecond=0))
        for name in ("published_at", "seen_at"):
            self.fields[name].widget.attrs["max"] = f"{timezone.localtime():%Y-%m-%dT%H:%M}"

    def raised(self) -> Raised:
        """The appearance that was typed."""
        given = self.cleaned_data
        published_at: datetime | None = given["published_at"]
        return Raised(
            given["kind"], published_at, given["seen_at"], outlet=given["outlet"], title=given["title"],
            link=given["link"],
        )  # fmt: skip

    def take(self, refusal: InvalidInput, **renamed: str) -> None:
        """Put a refusal's sentences beside its fields."""
        for name, sentences in refusal.fields.items():
            name = renamed.get(name, name)
            self.add_error(name if name in self.fields else None, sentences)


class MatterForm(RaisedForm):
    """The matter itself, and the form's key, which makes a second press the same case."""

    body = Text(
        label=_("What it says"),
        max_length=BODY_LENGTH,
        lines=4,
        error_messages={"required": _("Tell in a few words what it says.")},
        help_text=_("In short. Leave out names of patients and of whoever posted it."),
    )
    category = forms.ChoiceField(label=pgettext_lazy("call", "Category"), required=False)
    urgency = forms.ChoiceField(
        label=pgettext_lazy("call", "Urgency"),
        required=False,
        choices=[("", _("by category")), *Urgency.choices],
        widget=forms.RadioSelect,
    )
    key = forms.Field(required=False, widget=forms.HiddenInput)
    separate = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leaves = Category.objects.leaves().valid_on(timezone.localdate()).select_related("parent")
        self.fields["category"].choices = by_field(list(leaves))  # type: ignore[attr-defined]

    def matter(self) -> Matter:
        """What was typed of the matter itself."""
        given = self.cleaned_data
        return Matter(
            given["body"],
            facility=str(given.get("facility") or ""),
            facility_said=given.get("facility_said", ""),
            category=given["category"],
            urgency=given["urgency"],
        )


class RecordForm(MatterForm):
    """The department's: about any facility, in words where it is not known."""

    facility_said = Text(
        label=pgettext_lazy("call", "Facility"),
        help_text=_("Any part of any name, without accents: bv lam kieu"),
        max_length=appearances.LENGTH,
        required=False,
    )
    facility = forms.Field(required=False, widget=forms.HiddenInput)  # a code; the entrance looks it up
    is_forwarded = forms.BooleanField(
        label=_("Forward to the facility now and ask for its prompt report"), required=False, initial=True
    )

    def __init__(self, *args: Any, may_forward: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_forward:
            del self.fields["is_forwarded"]


class SaidForm(forms.Form):
    """The prompt report."""

    happened = Text(label=_("What happened"), max_length=reporting.LENGTH, lines=4)
    doing = Text(label=_("What is being done"), max_length=reporting.LENGTH, lines=3)
    statement = Text(
        label=_("Statement proposed for the press"),
        max_length=reporting.LENGTH,
        lines=3,
        required=False,
        help_text=_("The department decides what is said; leave it empty if you propose none."),
    )

    use_required_attribute = False

    def said(self) -> Said:
        """The report that was typed."""
        given = self.cleaned_data
        return Said(given["happened"], given["doing"], given["statement"])


class OwnForm(MatterForm, SaidForm):
    """A facility's, about itself, with its report."""

    facility = forms.ChoiceField(label=_("Facility"))

    def __init__(self, *args: Any, own: list[Facility], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["facility"].choices = [(one.code, one.name) for one in own]  # type: ignore[attr-defined]
        if len(own) == 1:
            self.fields["facility"].widget = forms.HiddenInput()
            self.initial["facility"] = own[0].code


class ReportForm(SaidForm):
    """A report on a case that the department sent, with the number of the newest one that the writer read."""

    after = forms.IntegerField(min_value=0, max_value=30_000, widget=forms.HiddenInput)


class NarrowForm(forms.Form):
    """The words of the list's address; what is odd in it asks for nothing."""

    kind = forms.ChoiceField(label=_("Raised by"), required=False, choices=[("", _("any")), *PressKind.choices])
    facility = forms.ModelChoiceField(Facility.objects.all(), label=_("Facility"), required=False)
