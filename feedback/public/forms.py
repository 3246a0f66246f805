"""What citizens type. Every wrong field is named; nothing typed is lost."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.public.fields import DATE_FORMATS, DayField, PhoneField, Text
from feedback.choices import Satisfaction
from feedback.form_fields import FilesField, files_help
from feedback.happening import fault_of_day
from feedback.intake import BODY_LENGTH
from feedback.models import Category
from feedback.services import NOTE_LENGTH


class SendForm(forms.Form):
    """One page: what happened, where, when, evidence, and how to reach the sender if they wish."""

    body = Text(
        label=_("What happened?"),
        help_text=_("In your own words: what, who was there, what you would like to be done."),
        max_length=BODY_LENGTH,
        lines=8,
        error_messages={"required": _("Tell what happened.")},
    )
    facility_said = Text(
        label=_("Where?"),
        help_text=_("The hospital, clinic, health station or pharmacy, as you call it. Accents are not needed."),
        max_length=200,
        required=False,
    )
    facility = forms.Field(required=False, widget=forms.HiddenInput)  # a code, believed only if `open_facility` does
    occurred_on = DayField(
        label=_("On which day?"),
        required=False,
        input_formats=DATE_FORMATS,
        widget=forms.DateInput(
            format="%d/%m/%Y",
            attrs={"inputmode": "numeric", "placeholder": _("day/month/year"), "autocomplete": "off"},
        ),
        error_messages={"invalid": _("Write the day like 25/11/2026.")},
    )
    category = forms.ChoiceField(label=_("What is it about?"), required=False)
    files = FilesField(label=_("Pictures and files"), required=False)  # type: ignore[assignment]
    name = Text(label=_("Your name"), max_length=120, required=False, autocomplete="name")
    phone = PhoneField(label=pgettext_lazy("citizen", "Telephone"), max_length=30, required=False, autocomplete="tel")
    email = forms.EmailField(
        label=pgettext_lazy("citizen", "E-mail"),
        max_length=200,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("An e-mail address looks like name@example.vn.")},
    )
    is_confidential = forms.BooleanField(
        label=_("Keep my identity secret"),
        help_text=_(
            "Only the few officers who handle confidential matters see this feedback."
            " If you fear consequences, do not send it from the network or a computer of the facility it is about."
        ),
        required=False,
    )
    key = forms.Field(widget=forms.HiddenInput, required=False)  # judged by `common.public.keys`

    use_required_attribute = False  # our own messages, in the reader's language, beside the field

    def __init__(self, *args: Any, in_secret: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.in_secret = in_secret
        roots = Category.objects.roots().valid_on(timezone.localdate())
        self.categories = {root.code: root for root in roots}
        choices: list[tuple[str, str | Promise]] = [("", _("I am not sure"))]
        choices += [(root.code, root.label) for root in roots]
        self.fields["category"].choices = choices  # type: ignore[attr-defined]
        self.fields["files"].help_text = files_help()
        self.fields["phone"].widget.attrs |= {"inputmode": "tel", "type": "tel"}

    def clean_is_confidential(self) -> bool:
        return self.in_secret or self.cleaned_data["is_confidential"]

    def clean_occurred_on(self) -> date | None:
        day = self.cleaned_data["occurred_on"]
        if day and (fault := fault_of_day(day)):
            raise forms.ValidationError(str(fault))
        return day


class CodeForm(forms.Form):
    """The receipt, typed as tolerantly as it can be read."""

    code = forms.Field(  # judged by `feedback.receipts` alone
        label=_("Your code"),
        help_text=_("26 letters and digits. Dashes, blanks and small letters do not matter."),
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code"}
        ),
    )
    use_required_attribute = False


class MoreForm(forms.Form):
    """What the reporter adds later: words, files, or both."""

    text = Text(label=_("Your message"), max_length=NOTE_LENGTH, lines=5, required=False)
    files = FilesField(label=_("Pictures and files"), required=False)  # type: ignore[assignment]
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"].help_text = files_help()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not given.get("text") and not given.get("files"):
            self.add_error("text", _("Write something, or choose a file."))
        return given


class SatisfactionForm(forms.Form):
    """Whether the answer helped."""

    satisfaction = forms.ChoiceField(
        label=_("Are you satisfied with how it was handled?"),
        choices=[
            (Satisfaction.SATISFIED, pgettext_lazy("citizen", "Yes")),
            (Satisfaction.PARTLY, pgettext_lazy("citizen", "Partly")),
            (Satisfaction.UNSATISFIED, _("No: another officer shall look at it again")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer."), "invalid_choice": _("Choose an answer.")},
    )
    comment = Text(label=_("What was good, what is missing?"), max_length=NOTE_LENGTH, lines=3, required=False)
    use_required_attribute = False
