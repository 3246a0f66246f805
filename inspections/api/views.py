"""The endpoints of inspections and demands to correct. They read; who sees what is decided by `visible_to`."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import CharField, QuerySet
from django.http import Http404, HttpResponse
from rest_framework.request import Request

from accounts.api.permissions import MayRead
from common.api import etag_of
from common.api.paging import Order
from common.api.rows import JsonText
from common.api.views import ApiView, ListView, json_response, told_before
from common.statements import Slot, statement
from inspections.api import documents, operations
from inspections.api.filters import CorrectionFilters, InspectionFilters
from inspections.api.serializers import CorrectionDocument, CorrectionRow, InspectionDocument, InspectionRow
from inspections.models import CorrectiveAction, Inspection

RIGHT = "inspections.view_inspection"


class One(ApiView):
    """One record by its reference. One that the caller may not see is answered like one that is not there."""

    permission_classes: ClassVar[list[Any]] = [MayRead]
    right = RIGHT
    model: ClassVar[Any]
    told: ClassVar[Callable[[Any], JsonText]]

    def get(self, request: Request, reference: str) -> HttpResponse:
        def build() -> QuerySet[Any]:
            rows = self.model.objects.visible_to(request.user).filter(reference=Slot("reference", CharField()))
            return rows.order_by().values_list(type(self).told(request.user), "version")

        key = (type(self).__name__, request.auth.rights) if request.auth else None
        rows = statement(key, build).rows(reference=reference)
        if not rows:
            raise Http404
        text, version = rows[0]
        body = text.encode()
        etag = etag_of(version, body)
        return told_before(request, etag) or json_response(body, ETag=etag)


class InspectionList(ListView):
    """The inspections this caller sees, by the day they are planned for, the newest first."""

    permission_classes: ClassVar[list[Any]] = [MayRead]
    right = RIGHT
    serializer_class = InspectionRow
    order = Order("inspections", "planned_at", is_descending=True)
    filterset_class = InspectionFilters
    operations = operations.INSPECTIONS

    def rows(self, request: Request) -> QuerySet[Inspection]:
        rows: QuerySet[Inspection] = Inspection.objects.visible_to(request.user)
        return rows

    def document(self, request: Request) -> JsonText:
        return documents.inspection_row()


class InspectionDetail(One):
    model = Inspection
    told = staticmethod(documents.inspection_document)
    serializer_class = InspectionDocument
    operations = operations.ONE_INSPECTION


class CorrectionList(ListView):
    """The demands to correct this caller sees, the newest first."""

    permission_classes: ClassVar[list[Any]] = [MayRead]
    right = RIGHT
    serializer_class = CorrectionRow
    order = Order("corrections", "made_at", is_descending=True)
    filterset_class = CorrectionFilters
    operations = operations.CORRECTIONS

    def rows(self, request: Request) -> QuerySet[CorrectiveAction]:
        rows: QuerySet[CorrectiveAction] = CorrectiveAction.objects.visible_to(request.user)
        return rows

    def document(self, request: Request) -> JsonText:
        return documents.correction_row()


class CorrectionDetail(One):
    model = CorrectiveAction
    told = staticmethod(documents.correction_document)
    serializer_class = CorrectionDocument
    operations = operations.ONE_CORRECTION
