"""Areas: looked up often, changed once a year from the official list, so mostly read here."""

from typing import Any

from django.contrib import admin
from django.db.models import Case, Q, QuerySet, When
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from common.admin import ConsoleAdmin, Part
from common.text import fold
from facilities.choices import AreaKind
from facilities.models import Area, AreaAlias
from facilities.services import refresh_area_words


class AliasPart(Part):
    """Old districts and provinces, short names: whatever people still call this area."""

    model = AreaAlias
    fields = ["name", "kind", "note"]


@admin.register(Area)
class AreaAdmin(ConsoleAdmin):
    """Provinces, wards, communes and special zones."""

    list_display = ["full_name", "code", "parent", "also_called"]
    list_filter = [("kind", ChoicesDropdownFilter), ("former_area", ChoicesDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["parent"]
    search_fields = ["name"]
    search_help_text = _("Name, old district or code, with or without accents")
    ordering = ["kind", "folded", "code"]
    fields = ["code", "name", "full_name", "name_en", "kind", "parent", "former_area"]
    autocomplete_fields = ["parent"]
    inlines = [AliasPart]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Area]:
        return super().get_queryset(request).prefetch_related("aliases")

    @display(description=_("old districts and other names"))
    def also_called(self, area: Area) -> str:
        return ", ".join(alias.name for alias in area.aliases.all())

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Area], search_term: str
    ) -> tuple[QuerySet[Area], bool]:
        words = fold(search_term)
        if not words:
            return queryset, False
        named = AreaAlias.objects.filter(folded=words).values("area")
        by_alias = AreaAlias.objects.filter(folded__contains=words).values("area")
        code = search_term.strip()
        found = Q(folded__contains=words) | Q(code=code) | Q(pk__in=by_alias)
        exactly = Q(folded=words) | Q(folded__endswith=f" {words}") | Q(code=code) | Q(pk__in=named)
        rank = Case(When(exactly, then=0), default=1)
        return queryset.select_related("parent").filter(found).order_by(rank, "kind", "folded", "code"), False

    def label_for_choice(self, area: Area) -> str:
        """A ward's name is borne by wards of several provinces."""
        return str(area) if area.kind == AreaKind.PROVINCE else f"{area}, {area.parent}"

    def save_model(self, request: HttpRequest, obj: Area, form: ModelForm, change: bool) -> None:
        obj.fold_names()
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: BaseModelFormSet, change: bool) -> None:
        for part in formset.save(commit=False):
            part.fold_names()
            part.save()
        formset.save_m2m()

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        refresh_area_words(form.instance)
