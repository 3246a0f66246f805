"""What cases are filed under."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from common.admin import ConsoleAdmin
from common.text import fold
from feedback.models import Category, Channel


class ReasonedForm(forms.ModelForm):
    """A change of reference data says why; the first entry need not."""

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


class DatedName(ConsoleAdmin):
    """Named rows with validity: they end, so that old cases keep what they were filed under."""

    form = ReasonedForm
    search_fields = ["code", "name"]
    ordering = ["position", "code"]

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        obj._history_user, obj._change_reason = request.user, form.cleaned_data.get("reason", "")
        super().save_model(request, obj, form, change)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A code is a name for systems; once given it stays."""
        return ["code"] if obj is not None else []


@admin.register(Channel)
class ChannelAdmin(DatedName):
    """Ways by which feedback arrives."""

    list_display = ["name", "contact", "owner", "hours", "method", "is_confidential", "is_published"]
    list_filter = ["method", "is_confidential", "is_published"]
    fields = [
        ("code", "position"),
        ("name", "name_en"),
        ("contact", "email"),
        "branches",
        ("owner", "hours"),
        ("method", "is_confidential", "is_published"),
        "scope",
        "source",
        ("valid_from", "valid_to"),
        "reason",
    ]


@admin.register(Category)
class CategoryAdmin(DatedName):
    """What cases are about: published fields, and matters within them."""

    list_display = ["code", "name", "parent", "urgency", "lead_unit", "valid_to"]
    ordering = ["code"]
    list_filter = ["urgency", ("parent", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["parent"]
    fields = [
        ("code", "position"),
        ("name", "name_en"),
        "parent",
        ("urgency", "lead_unit"),
        "source",
        ("valid_from", "valid_to"),
        "reason",
    ]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "parent":
            kwargs["queryset"] = Category.objects.roots()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return super().get_queryset(request).select_related("parent")

    def save_model(self, request: HttpRequest, obj: Category, form: forms.ModelForm, change: bool) -> None:
        obj.folded = fold(f"{obj.code} {obj.name} {obj.name_en}")
        super().save_model(request, obj, form, change)
