"""The endpoints of incidents. They read and call; who sees what is decided by `visible_to`."""

import json
from typing import Any, ClassVar

from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from accounts.api.permissions import MayRead
from accounts.api.throttling import ClientThrottle
from audit.models import Act
from audit.services import record_first
from common.api import etag_of
from common.api.feed import FollowedList
from common.api.filters import StrictFilters
from common.api.paging import BadCursor, Order, link_to, size_from
from common.api.rows import JsonText
from common.api.views import ApiView, DetailView, json_response, told_before
from common.exceptions import InvalidInput
from incidents.api import operations
from incidents.api.documents import document_of, knows_facilities, row_of
from incidents.api.filters import IncidentFilters, KnowingFilters
from incidents.api.reports import MayReport, taken_in
from incidents.api.serializers import AdverseEventDocument, BundleDocument, IncidentDocument, IncidentRow
from incidents.choices import SENT
from incidents.exporting import fhir
from incidents.exporting.coded import COLUMNS, going_out
from incidents.models import Incident

RIGHT = "incidents.view_incident"


class IncidentList(FollowedList):
    """The incidents this caller sees, newest first, or what changed of them; and reporting one."""

    permission_classes: ClassVar[list[Any]] = [MayRead]
    right = RIGHT
    serializer_class = IncidentRow
    order = Order("incidents", "opened_at", is_descending=True)
    filterset_class = KnowingFilters
    operations = operations.LIST
    throttle_scope = "intake"  # of what is sent

    def get_permissions(self) -> list[Any]:
        return [MayReport()] if self.request.method == "POST" else list(super().get_permissions())

    def get_throttles(self) -> list[Any]:
        return [ClientThrottle()] if self.request.method == "POST" else []

    def known_parameters(self) -> tuple[str, ...]:
        return () if self.request.method == "POST" else super().known_parameters()

    def post(self, request: Request) -> HttpResponse:
        return taken_in(request)

    def filters(self, request: Request) -> type[StrictFilters]:
        return KnowingFilters if knows_facilities(request.user) else IncidentFilters

    def rows(self, request: Request) -> QuerySet[Incident]:
        rows: QuerySet[Incident] = Incident.objects.visible_to(request.user)
        return rows

    def document(self, request: Request) -> JsonText:
        return row_of(request.user)


class IncidentEvents(FollowedList):
    """Many sent incidents as one FHIR Bundle a page: an export, so it is written down first."""

    permission_classes: ClassVar[list[Any]] = [MayRead]
    right = RIGHT
    serializer_class = BundleDocument
    order = Order("incident-events", "opened_at", is_descending=True)
    filterset_class = KnowingFilters
    operations = operations.ADVERSE_EVENTS
    has_plain_pages = False

    def filters(self, request: Request) -> type[StrictFilters]:
        return KnowingFilters if knows_facilities(request.user) else IncidentFilters

    def rows(self, request: Request) -> QuerySet[Incident]:
        rows: QuerySet[Incident] = Incident.objects.visible_to(request.user)
        return rows.filter(status__in=[str(status) for status in SENT])

    def document(self, request: Request) -> JsonText:
        return JsonText(id=F("pk"))

    def get(self, request: Request) -> HttpResponse:
        try:
            page = self.page(request, request.GET.get("cursor", ""), size_from(request.GET))
        except BadCursor:
            raise InvalidInput({"cursor": [_("This list did not give out this cursor.")]}) from None
        numbers = [json.loads(text)["id"] for text in page.texts]
        found = {row.pk: row for row in going_out(Incident.objects.visible_to(request.user).filter(pk__in=numbers))}
        sent = [found[number] for number in numbers if number in found]
        body = fhir.page(sent, here=request.build_absolute_uri(), after=link_to(request, page.after))
        record_first(Act.EXPORT, by=request.user, about=Incident(), reason=f"{len(sent)}: fhir api bundle")
        return json_response(body.encode())


class IncidentDetail(DetailView):
    permission_classes: ClassVar[list[Any]] = [MayRead]
    right = RIGHT
    model = Incident
    told = staticmethod(document_of)
    serializer_class = IncidentDocument
    operations = operations.DETAIL


class IncidentEvent(ApiView):
    """One sent incident as a FHIR resource: an export, so it is written down first."""

    permission_classes: ClassVar[list[Any]] = [MayRead]
    right = RIGHT
    serializer_class = AdverseEventDocument
    operations = operations.ADVERSE_EVENT

    def get(self, request: Request, reference: str) -> HttpResponse:
        rows = Incident.objects.visible_to(request.user).filter(reference=reference)
        found = going_out(rows).only("version", *COLUMNS).first()
        if found is None:
            raise Http404
        body = fhir.line(found).encode()
        etag = etag_of(found.version, body)
        if unchanged := told_before(request, etag):
            return unchanged
        record_first(Act.EXPORT, by=request.user, about=found, reason="1: fhir api")
        return json_response(body, ETag=etag)
