"""The endpoints of incidents. They read; who sees what is decided by `visible_to`."""

from typing import Any, ClassVar

from django.db.models import CharField, QuerySet
from django.http import Http404, HttpResponse
from rest_framework.request import Request

from accounts.api.permissions import MayRead
from audit.models import Act
from audit.services import record_first
from common.api import etag_of
from common.api.filters import StrictFilters
from common.api.paging import Order
from common.api.rows import JsonText
from common.api.views import ApiView, ListView, json_response, told_before
from common.statements import Slot, statement
from incidents.api import operations
from incidents.api.documents import document_of, knows_facilities, row_of
from incidents.api.filters import IncidentFilters, KnowingFilters
from incidents.api.serializers import AdverseEventDocument, IncidentDocument, IncidentRow
from incidents.exporting import fhir
from incidents.exporting.coded import COLUMNS, going_out
from incidents.models import Incident

RIGHT = "incidents.view_incident"


class IncidentList(ListView):
    """The incidents this caller sees, newest first."""

    permission_classes: ClassVar[list[Any]] = [MayRead]
    right = RIGHT
    serializer_class = IncidentRow
    order = Order("incidents", "opened_at", is_descending=True)
    filterset_class = KnowingFilters
    operations = operations.LIST

    def filters(self, request: Request) -> type[StrictFilters]:
        return KnowingFilters if knows_facilities(request.user) else IncidentFilters

    def rows(self, request: Request) -> QuerySet[Incident]:
        rows: QuerySet[Incident] = Incident.objects.visible_to(request.user)
        return rows

    def document(self, request: Request) -> JsonText:
        return row_of(request.user)


class IncidentDetail(ApiView):
    """One incident. One that the caller may not see is answered like one that is not there."""

    permission_classes: ClassVar[list[Any]] = [MayRead]
    right = RIGHT
    serializer_class = IncidentDocument
    operations = operations.DETAIL

    def get(self, request: Request, reference: str) -> HttpResponse:
        def build() -> QuerySet[Any]:
            rows = Incident.objects.visible_to(request.user).filter(reference=Slot("reference", CharField()))
            return rows.order_by().values_list(document_of(request.user), "version")

        key = ("incident", request.auth.rights) if request.auth else None
        rows = statement(key, build).rows(reference=reference)
        if not rows:
            raise Http404
        text, version = rows[0]
        body = text.encode()
        etag = etag_of(version, body)
        return told_before(request, etag) or json_response(body, ETag=etag)


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
