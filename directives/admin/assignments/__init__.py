"""Assignments: the list of what waits, the page of one, writing and handing in, checking, and their documents.

Each address starts from `visible_to`: what somebody may not see is answered like what is not there."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from common.admin import ConsoleAdmin
from directives.admin import emulation_pages, heatmap_page, review_page, yearly_pages
from directives.admin.assignments import documents, listing, page, steps, writing
from directives.models import Assignment


@admin.register(Assignment)
class AssignmentAdmin(ConsoleAdmin):
    """Assignments: made by `directives.expansion`, moved by `directives.transitions`, deleted by nobody."""

    def get_urls(self) -> list[URLPattern]:
        """The list and the pages of one assignment; the stock forms have no address."""

        def named(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"directives_assignment_{name}")

        return [
            named("", self.changelist_view, "changelist"),
            named("ban-do/", heatmap_page.heat_map, "heat_map"),
            named("ra-soat/", review_page.review, "review"),
            named("ra-soat/xlsx/", review_page.spreadsheet, "review_file"),
            named("bao-cao-nam/", yearly_pages.packs, "packs"),
            named("bao-cao-nam/<int:year>/", yearly_pages.preview, "pack_preview"),
            named("bao-cao-nam/<int:year>/<int:number>/", yearly_pages.pack, "pack"),
            named("bao-cao-nam/<int:year>/<int:number>/<slug:form>/", yearly_pages.file, "pack_file"),
            named("thi-dua/", emulation_pages.scores, "scores"),
            named("thi-dua/lap/", emulation_pages.begin, "scores_begin"),
            named("thi-dua/<int:round_id>/", emulation_pages.score_round, "score_round"),
            named("thi-dua/<int:round_id>/cong-bo/", emulation_pages.publish, "score_publish"),
            named("thi-dua/<int:round_id>/de-xuat/<int:facility_id>/", emulation_pages.propose, "merit_propose"),
            named("thi-dua/de-xuat/<int:proposal_id>/", emulation_pages.merit, "merit"),
            named("thi-dua/de-xuat/<int:proposal_id>/<slug:state>/", emulation_pages.decide, "merit_decide"),
            named("minh-chung/<slug:token>/", documents.evidence, "evidence"),
            named("tai-lieu/<int:evidence_id>/", documents.document, "document"),
            named("<int:assignment_id>/change/", page.assignment_page, "change"),
            named("<int:assignment_id>/bao-cao/", writing.write, "write"),
            named("<int:assignment_id>/buoc/<slug:status>/", steps.step, "step"),
            named("<int:assignment_id>/tiep-nhan/", steps.take_over, "take_over"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not request.user.has_perm("directives.view_assignment"):
            raise PermissionDenied
        return listing.listed(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Assignment | None = None) -> bool:
        return False
