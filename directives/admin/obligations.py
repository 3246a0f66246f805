"""What duties ask for, their indicators, and which facilities a class of parties holds: edited where they stand."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from common.admin import ConsoleAdmin, Part
from directives import periods
from directives.choices import Party
from directives.models import Indicator, Obligation, PartyRule, ScoreWeight
from directives.register import UNREADABLE


class ReasonedForm(forms.ModelForm):
    """A change says why; the first entry need not."""

    reason = forms.CharField(
        label=_("Reason for the change"),
        max_length=500,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Stays in the history, for example the number of the letter."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "reason" in self.fields:
            self.fields["reason"].required = self.instance.pk is not None


class ObligationForm(ReasonedForm):
    """Who is obliged is ticked, and a recurrence that cannot be read is not stored."""

    parties = forms.MultipleChoiceField(
        label=_("Who is obliged"), choices=Party.choices, widget=forms.CheckboxSelectMultiple
    )

    def clean_recurrence(self) -> str:
        value = str(self.cleaned_data["recurrence"] or "").replace("\r", "").strip()
        try:
            periods.rules_of(value)
        except periods.RuleUnreadable as fault:
            raise ValidationError(UNREADABLE) from fault
        return value


class WithReason(ConsoleAdmin):
    """Writes who and why into the history."""

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        obj._history_user, obj._change_reason = request.user, form.cleaned_data.get("reason", "")
        super().save_model(request, obj, form, change)


class IndicatorPart(Part):
    """What an obligation is measured by."""

    model = Indicator
    fields = ["code", "name", "kind", "unit", "base", "source", "least", "most", "jump", "is_asked"]


@admin.register(Obligation)
class ObligationAdmin(WithReason):
    """Obligations, changed by whoever takes care of the register; made with a directive and closed by a deed."""

    form = ObligationForm
    list_display = ["code", "title", "recurrence", "state", "starts_on"]
    list_filter = ["state", "directive"]
    search_fields = ["code", "title"]
    ordering = ["code"]
    fields = [
        "title",
        "parties",
        ("recurrence", "due_on", "days_after"),
        ("starts_on", "needs_second"),
        "evidence",
        "source",
        "reason",
    ]
    inlines = [IndicatorPart]
    history_parts = ("indicators",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return Obligation.objects.visible_to(request.user).select_related("directive")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        obj.version += 1
        super().save_model(request, obj, form, change)


@admin.register(PartyRule)
class PartyRuleAdmin(WithReason):
    """Which facilities a class of parties holds, and in which days."""

    form = ReasonedForm
    list_display = ["party", "type", "managing_body", "with_beds", "valid_from", "valid_to"]
    list_filter = ["party"]
    fields = ["party", "type", ("managing_body", "with_beds"), ("valid_from", "valid_to"), "source", "reason"]


@admin.register(ScoreWeight)
class ScoreWeightAdmin(WithReason):
    """How many points each part of the emulation score gives, and in which days."""

    form = ReasonedForm
    list_display = ["part", "points", "valid_from", "valid_to", "source"]
    list_filter = ["part"]
    fields = ["part", "points", ("valid_from", "valid_to"), "source", "reason"]
