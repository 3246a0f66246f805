"""The forms of the registry: details of a facility, and the deeds that have a day and a reason."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from common.choosers import ChooseOne
from facilities.choices import ManagingBody, Supervisor
from facilities.models import Facility


class FacilityForm(forms.ModelForm):
    """A facility's details and, for the history, why they change."""

    reason = forms.CharField(
        label=_("Reason for the change"),
        max_length=500,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Stays in the history, for example the number of the letter."),
    )

    class Meta:
        model = Facility
        exclude: list[str] = []
        widgets = {"scope": UnfoldAdminTextareaWidget(attrs={"rows": 3})}


class DeedForm(forms.Form):
    """What every deed asks: why, and the version that was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("Decision number and date, or what happened. Stays in the history."),
    )

    def __init__(self, *args: Any, facility: Facility, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facility = facility
        self.fields["version"].initial = facility.version


class DatedDeedForm(DeedForm):
    """A deed that is true from a day on."""

    on = forms.DateField(label=_("From which day"), initial=timezone.localdate, widget=UnfoldAdminSingleDateWidget)


class RenameForm(DatedDeedForm):
    name = forms.CharField(label=_("New official name"), max_length=200, widget=UnfoldAdminTextInputWidget)
    is_correction = forms.BooleanField(
        label=_("This only corrects a typing error"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=_("The wrong spelling is then not kept as a former name, and the day does not matter."),
    )
    field_order = ["name", "is_correction", "on", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].initial = self.facility.name


class ManagementForm(DatedDeedForm):
    managing_body = forms.ChoiceField(
        label=_("Managing body"), choices=ManagingBody.choices, widget=UnfoldAdminSelectWidget
    )
    supervisor = forms.ChoiceField(
        label=_("Professional supervisor"), choices=Supervisor.choices, widget=UnfoldAdminSelectWidget
    )
    parent = forms.ModelChoiceField(
        label=_("Branch of"),
        queryset=Facility.objects.all(),
        required=False,
        widget=ChooseOne(Facility._meta.get_field("parent"), admin.site),
        help_text=_("Only when it is a branch of another facility."),
    )
    field_order = ["managing_body", "supervisor", "parent", "on", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("managing_body", "supervisor", "parent"):
            self.fields[name].initial = getattr(self.facility, name)


class EndForm(DatedDeedForm):
    successor = forms.ModelChoiceField(
        label=_("Taken over by"),
        queryset=Facility.objects.all(),
        required=False,
        widget=ChooseOne(Facility._meta.get_field("successor"), admin.site),
        help_text=_("For a merger or a new form: whoever searches the old name then finds this facility."),
    )
    field_order = ["on", "successor", "reason"]


class ReopenForm(DeedForm):
    """Undoing has no day of its own."""
