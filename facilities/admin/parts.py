"""What stands under a facility: other names, hotlines, licence events, who managed it."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.widgets import UnfoldAdminTextInputWidget

from common.admin import ConsoleAdmin, Part
from common.editing import lock_rows
from facilities.choices import NameKind
from facilities.models import Facility, FacilityName, Hotline, LicenceEvent, Management
from facilities.search import rank
from facilities.services import refresh_words, settle_licence


class NumberField(forms.CharField):
    """A telephone number as people write it, "028 3812.3456", stored as digits."""

    def to_python(self, value: Any) -> str:
        return re.sub(r"[\s.()\-]", "", super().to_python(value) or "")


class NumbersAsWritten:
    """Admin mixin of hotlines: blanks and dots in a number are no mistake."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "number":
            kwargs |= {"form_class": NumberField, "widget": UnfoldAdminTextInputWidget()}
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]


class NamePart(Part):
    """Former, short and everyday names. The official one changes through “Rename”."""

    model = FacilityName
    fk_name = "facility"
    fields = ["name", "kind", "valid_from", "valid_to", "note"]
    verbose_name = _("other name")
    verbose_name_plural = _("Other names: former, short, what people say")

    def get_queryset(self, request: HttpRequest) -> QuerySet[FacilityName]:
        return super().get_queryset(request).exclude(kind=NameKind.OFFICIAL).filter(inherited_from=None)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "kind":
            kwargs["choices"] = [choice for choice in NameKind.choices if choice[0] != NameKind.OFFICIAL]
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class HotlinePart(NumbersAsWritten, Part):
    """Posted numbers. One that is no longer answered is switched off, not removed."""

    model = Hotline
    fields = ["number", "purpose", "posted_since", "is_active", "source"]
    verbose_name_plural = _("Hotlines posted by the facility")


class LicencePart(Part):
    """Licence events; the newest decides the facility's status."""

    model = LicenceEvent
    fields = ["act", "number", "happened_on", "until", "issuer", "reason", "source"]
    verbose_name_plural = _("Licence: what happened and when")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "reason":
            kwargs["widget"] = UnfoldAdminTextInputWidget()
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class ManagementPart(Part):
    """Who managed and supervised when; written by “Change who manages”."""

    model = Management
    fk_name = "facility"
    fields = ["managing_body", "supervisor", "parent", "valid_from", "valid_to", "reason"]
    readonly_fields = fields
    verbose_name_plural = _("Who manages and supervises, over time")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Management]:
        return super().get_queryset(request).select_related("parent")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("facilities.view_facility"))


class OfFacilityAdmin(ConsoleAdmin):
    """Lists over all facilities of what stands under one; found by the facility's names."""

    list_select_related = ["facility"]
    autocomplete_fields = ["facility"]
    search_fields = ["facility__name"]
    search_help_text = _("Name of the facility, or the number")
    list_filter_submit = True
    number_field = "number"
    part_of = "facility"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        facilities = rank(Facility.objects.all(), search_term, enough=None).order_by().values("pk")
        numbers = queryset.filter(**{f"{self.number_field}__contains": search_term.strip()}).values("pk")
        return queryset.filter(pk__in=queryset.filter(facility__in=facilities).values("pk").union(numbers)), False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["facility"] if obj else []


@admin.register(LicenceEvent)
class LicenceEventAdmin(OfFacilityAdmin):
    """Licences granted, changed, suspended and revoked, newest first."""

    list_display = ["happened_on", "facility", "act", "number", "issuer"]
    list_filter = [("act", ChoicesDropdownFilter), ("happened_on", RangeDateFilter)]
    fields = [
        "facility", ("act", "number"), ("happened_on", "until"), "issuer", "reason", "source",
    ]  # fmt: skip

    def save_model(self, request: HttpRequest, obj: LicenceEvent, form: ModelForm, change: bool) -> None:
        lock_rows(Facility, [obj.facility_id])  # before the event points to it: two such events would block each other
        super().save_model(request, obj, form, change)
        settle_licence(obj.facility, by=request.user, reason=str(obj))


@admin.register(FacilityName)
class FacilityNameAdmin(OfFacilityAdmin):
    """Every name a facility has or had; the official ones change at the facility."""

    list_display = ["name", "kind", "facility", "valid_from", "valid_to"]
    list_filter = [("kind", ChoicesDropdownFilter)]
    fields = ["facility", ("name", "kind"), ("valid_from", "valid_to"), "note"]
    number_field = "facility__code"

    def has_change_permission(self, request: HttpRequest, obj: FacilityName | None = None) -> bool:
        is_fixed = obj is not None and (obj.kind == NameKind.OFFICIAL or obj.inherited_from_id is not None)
        return not is_fixed and super().has_change_permission(request, obj)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "kind":
            kwargs["choices"] = [choice for choice in NameKind.choices if choice[0] != NameKind.OFFICIAL]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: FacilityName, form: ModelForm, change: bool) -> None:
        obj.fold_names()
        super().save_model(request, obj, form, change)
        refresh_words([obj.facility_id])
