"""Facilities from a file: upload, look at the outcome of every row, confirm."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget

from common.admin import ConsoleAdmin
from common.exceptions import Refused
from facilities.imports.plan import CHANGED, CREATED, REFUSED, UNCHANGED
from facilities.imports.reading import MAX_BYTES, UnreadableFile
from facilities.imports.storing import confirm, may_import, prepare
from facilities.imports.writing import XLSX, outcome_file, outcome_titles, template
from facilities.models import FacilityImport

ROWS_PER_PAGE = 100
COLOURS = {CREATED: "success", CHANGED: "info", UNCHANGED: "default", REFUSED: "danger"}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Excel workbook (.xlsx) or CSV file"),
        widget=UnfoldAdminFileFieldWidget,
        help_text=_("The first row holds the headings, as in the template. At most 5 MB and 20,000 rows."),
    )


@admin.register(FacilityImport)
class FacilityImportAdmin(ConsoleAdmin):
    """Every file that was uploaded, with what it did."""

    list_display = ["file_name", "uploaded_at", "uploaded_by", "new_and_changed", "refused", "state"]
    list_select_related = ["uploaded_by"]
    ordering = ["-id"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("content", "outcomes")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_import(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_import(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a file is confirmed or left alone, never edited

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_import(request.user)

    def get_urls(self) -> list[URLPattern]:
        pages = [
            path("mau.xlsx", self.admin_site.admin_view(self.template_file), name="facilities_import_template"),
            path(
                "<int:pk>/ket-qua.xlsx",
                self.admin_site.admin_view(self.outcome_file),
                name="facilities_import_outcome",
            ),
        ]
        return [*pages, *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Upload a file: it is read and kept, the register is not touched."""
        if not may_import(request.user):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                kept = prepare(upload.read(MAX_BYTES + 1), upload.name, by=request.user)
            except UnreadableFile as refusal:
                form.add_error("file", str(refusal))
            else:
                return HttpResponseRedirect(reverse("admin:facilities_facilityimport_change", args=[kept.pk]))
        context = {"title": gettext("Load facilities from a file"), "form": form, "media": self.media + form.media}
        return self._page(request, "admin/facilities/import_upload.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The outcome of every row; confirming stores all of it at once."""
        if not may_import(request.user):
            raise PermissionDenied
        kept = get_object_or_404(FacilityImport.objects.defer("content"), pk=object_id)
        if request.method == "POST":
            _confirm(request, kept)
            return HttpResponseRedirect(request.path)
        shown = request.GET.get("xem", "")
        outcomes = [row for row in kept.outcomes if not shown or row["outcome"] == shown]
        page = Paginator(outcomes, ROWS_PER_PAGE).get_page(request.GET.get("p"))
        titles = outcome_titles()
        for row in page.object_list:
            row |= {"title": titles[row["outcome"]], "colour": COLOURS[row["outcome"]]}
        context = {
            "title": kept.file_name,
            "original": kept,
            "kept": kept,
            "shown": shown,
            "page": page,
            "tabs": [(key, titles[key], getattr(kept, key)) for key in (CREATED, CHANGED, UNCHANGED, REFUSED)],
            "total": len(kept.outcomes),
        }
        return self._page(request, "admin/facilities/import_outcome.html", context)

    def template_file(self, request: HttpRequest) -> HttpResponse:
        if not may_import(request.user):
            raise PermissionDenied
        return _download(template(), "mau-co-so-y-te.xlsx")

    def outcome_file(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not may_import(request.user):
            raise PermissionDenied
        kept = get_object_or_404(FacilityImport.objects.defer("content"), pk=pk)
        return _download(outcome_file(kept), f"ket-qua-{kept.pk}.xlsx")

    def _page(self, request: HttpRequest, template_name: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, template_name, {**shared, **context})

    @display(description=_("new and changed"))
    def new_and_changed(self, kept: FacilityImport) -> str:
        return f"{kept.created} + {kept.changed}"

    @display(description=_("state"), label={"stored": "success", "waiting": "warning"})
    def state(self, kept: FacilityImport) -> tuple[str, str]:
        return ("stored", gettext("stored")) if kept.applied_at else ("waiting", gettext("not confirmed"))


def _confirm(request: HttpRequest, kept: FacilityImport) -> None:
    try:
        is_done = confirm(kept, by=request.user, is_leaving_out_refused="leave_out" in request.POST)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return
    if is_done:
        count = kept.created + kept.changed
        sentence = ngettext("%d facility was stored.", "%d facilities were stored.", count)
        messages.success(request, sentence % count)
    else:
        messages.warning(
            request, gettext("The register changed after the file was uploaded. Look at the new outcome, then confirm.")
        )


def _download(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)
