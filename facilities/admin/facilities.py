"""The register of facilities as a clerk works with it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    MultipleChoicesDropdownFilter,
)
from unfold.decorators import action, display

from common.admin import ConsoleAdmin
from facilities import services
from facilities.admin.deeds import deed_page
from facilities.admin.forms import FacilityForm
from facilities.admin.parts import HotlinePart, LicencePart, ManagementPart, NamePart
from facilities.choices import FacilityStatus
from facilities.imports.storing import may_import
from facilities.models import Facility, LicenceEvent
from facilities.search import rank

STATUS_COLOURS = {
    FacilityStatus.ACTIVE: "success",
    FacilityStatus.SUSPENDED: "warning",
    FacilityStatus.ENDED: "info",
    FacilityStatus.UNLICENSED: "danger",
}
CHOICES_COMPARED = 200  # a picker shows twenty at a time
LIST_COMPARED = 1000  # nobody pages through more answers than that


@admin.register(Facility)
class FacilityAdmin(ConsoleAdmin):
    """Hospitals, clinics, stations and whatever else people complain about."""

    form = FacilityForm
    list_display = ["name_shown", "type", "area", "managing_body", "status_badge"]
    list_filter = [
        ("type", MultipleChoicesDropdownFilter),
        ("ownership", ChoicesDropdownFilter),
        ("managing_body", ChoicesDropdownFilter),
        ("status", ChoicesDropdownFilter),
        ("former_area", ChoicesDropdownFilter),
        ("area", AutocompleteSelectFilter),
    ]
    list_filter_submit = True
    list_select_related = ["area"]
    list_before_template = "admin/facilities/before_list.html"
    search_fields = ["name"]
    search_help_text = _("Any name, old name, ward, old district or code; accents do not matter")
    ordering = ["folded", "id"]
    autocomplete_fields = ["area", "parent"]
    fieldsets = [
        (None, {"fields": ["name", ("code", "status_shown"), "ended_note"]}),
        (_("Kind of facility"), {"fields": [("type", "ownership")]}),
        (_("Where"), {"fields": ["area", "address", "former_area"]}),
        (_("Who manages and who supervises"), {"fields": [("managing_body", "supervisor"), "parent"]}),
        (
            _("Licence"),
            {
                "fields": [
                    ("licence_number", "responsible_person"),
                    ("technical_level", "hospital_class"),
                    "takes_insurance",
                    "scope",
                ]
            },
        ),
        (
            _("Size and hours"),
            {"fields": [("beds", "visits_per_year"), ("founded", "valid_from"), "opening_hours"]},
        ),
        (_("Why"), {"fields": ["reason"]}),
    ]
    inlines = [NamePart, HotlinePart, LicencePart, ManagementPart]
    actions_list = ["import_page"]
    actions_detail = ["rename_page", "management_page", "end_page", "reopen_page"]
    history_parts = ["names", "hotlines", "licence_events"]
    history_hidden = ["id", "version", "is_demo"]

    def get_readonly_fields(self, request: HttpRequest, obj: Facility | None = None) -> list[str]:
        """A name and a manager change with a day and a reason, by deeds of their own."""
        shown = ["status_shown", "ended_note"]
        return shown if obj is None else [*shown, "name", "managing_body", "supervisor", "parent"]

    def get_inlines(self, request: HttpRequest, obj: Facility | None) -> list[Any]:
        return self.inlines if obj is not None else [NamePart, HotlinePart, LicencePart]

    def get_fieldsets(self, request: HttpRequest, obj: Facility | None = None) -> list[Any]:
        """A new facility has no status yet, an open one no end."""
        (title, _options), *others = self.fieldsets
        fields: list[Any] = ["name", "code"] if obj is None else ["name", ("code", "status_shown")]
        if obj is not None and not obj.is_open:
            fields.append("ended_note")
        return [(title, {"fields": fields}), *others]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Facility]:
        return super().get_queryset(request).select_related("successor")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Facility], search_term: str
    ) -> tuple[QuerySet[Facility], bool]:
        if not search_term.strip():
            return queryset.select_related("area"), False
        is_picker = request.path.endswith("/autocomplete/")
        found = rank(queryset, search_term, enough=CHOICES_COMPARED if is_picker else LIST_COMPARED)
        return found.select_related("area", "successor"), False

    def label_for_choice(self, facility: Facility) -> str:
        """Enough to tell two of one name apart, and to see why this one was found."""
        told = [facility.name]
        matched = getattr(facility, "matched_name", None)
        if matched and matched != facility.name:
            told.append(f"({matched})")
        if facility.area is not None:
            told.append(f"– {facility.area}")
        if not facility.is_open:
            told.append(f"– {facility.get_status_display()}")
        return " ".join(told)

    def save_model(self, request: HttpRequest, obj: Facility, form: ModelForm, change: bool) -> None:
        reason = form.cleaned_data.get("reason", "")
        if change:
            services.change(obj, by=request.user, reason=reason, version=obj.version)
        else:
            services.register(obj, by=request.user, reason=reason)

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: BaseModelFormSet, change: bool) -> None:
        for part in formset.save(commit=False):
            part._change_reason = form.cleaned_data.get("reason", "")
            if hasattr(part, "fold_names"):
                part.fold_names()
            part.save()
        formset.save_m2m()

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        services.refresh_words([form.instance.pk])
        if any(formset.model is LicenceEvent and formset.has_changed() for formset in formsets):
            services.settle_licence(form.instance, by=request.user, reason=form.cleaned_data.get("reason", ""))

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        """Offer what the facility's state allows."""
        offered = super().get_actions_detail(request, object_id)
        ended = Facility.objects.filter(pk=object_id, status=FacilityStatus.ENDED).exists()
        unfit = {"rename_page", "management_page", "end_page"} if ended else {"reopen_page"}
        return [deed for deed in offered if deed.action_name.removeprefix("facilities_facility_") not in unfit]

    @action(description=_("Load from a file"), url_path="tu-tep", permissions=["import"], icon="upload_file")
    def import_page(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:facilities_facilityimport_add"))

    def has_import_permission(self, request: HttpRequest) -> bool:
        return may_import(request.user)

    @action(description=_("Rename"), url_path="doi-ten", permissions=["change"], icon="edit")
    def rename_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return deed_page(self, request, object_id, "rename")

    @action(
        description=_("Change who manages"), url_path="co-quan-quan-ly", permissions=["change"], icon="account_tree"
    )
    def management_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return deed_page(self, request, object_id, "put_under")

    @action(description=_("Record the end"), url_path="ngung-hoat-dong", permissions=["change"], icon="block")
    def end_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return deed_page(self, request, object_id, "end")

    @action(description=_("Undo the end"), url_path="mo-lai", permissions=["change"], icon="undo")
    def reopen_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return deed_page(self, request, object_id, "reopen")

    @display(description=_("name"), ordering="folded")
    def name_shown(self, facility: Facility) -> str:
        """The official name, and the one that was found when it is another."""
        matched = getattr(facility, "matched_name", None)
        return f"{facility.name} ({matched})" if matched and matched != facility.name else facility.name

    @display(description=_("status"))
    def status_shown(self, facility: Facility) -> str:
        return str(facility.get_status_display())

    @display(description=_("status"), label=STATUS_COLOURS, ordering="status")
    def status_badge(self, facility: Facility) -> tuple[str, str]:
        return facility.status, facility.get_status_display()

    @display(description=_("what became of it"))
    def ended_note(self, facility: Facility) -> str:
        day = date_format(facility.valid_to, "DATE_FORMAT") if facility.valid_to else "?"
        if facility.successor is None:
            return gettext("Ended on %s.") % day
        return format_html(
            '{} <a href="{}">{}</a>',
            gettext("Ended on %s. Taken over by:") % day,
            f"../../{facility.successor_id}/change/",
            facility.successor.name,
        )
