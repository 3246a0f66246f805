"""The department's own units."""

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from common.admin import ConsoleAdmin
from common.text import fold
from facilities.models import Division


@admin.register(Division)
class DivisionAdmin(ConsoleAdmin):
    """Divisions, sub-departments and the Special Working Group."""

    list_display = ["name", "code", "kind", "is_active", "is_confirmed"]
    list_filter = [("kind", ChoicesDropdownFilter), "is_active", "is_confirmed"]
    list_filter_submit = True
    search_fields = ["name"]
    search_help_text = _("Name or code, with or without accents")
    ordering = ["-is_active", "folded"]
    fieldsets = [
        (None, {"fields": [("name", "short_name"), ("code", "kind"), "duties", "is_active"]}),
        (_("Where the name comes from"), {"fields": ["source", "is_confirmed"]}),
    ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Division], search_term: str
    ) -> tuple[QuerySet[Division], bool]:
        words = fold(search_term)
        return queryset.filter(Q(folded__contains=words) | Q(code__icontains=search_term.strip())), False

    def save_model(self, request: HttpRequest, obj: Division, form: ModelForm, change: bool) -> None:
        obj.fold_names()
        super().save_model(request, obj, form, change)
