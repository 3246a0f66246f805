"""The endpoints of inspections and demands to correct. They read; who sees what is decided by `visible_to`."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.request import Request

from accounts.api.permissions import MayRead
from common.api.paging import Order
from common.api.rows import JsonText
from common.api.views import DetailView, ListView
from inspections.api import documents, operations
from inspections.api.filters import CorrectionFilters, InspectionFilters
from inspections.api.serializers import CorrectionDocument, CorrectionRow, InspectionDocument, InspectionRow
from inspections.models import CorrectiveAction, Inspection

RIGHT = "inspections.view_inspection"


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


class InspectionDetail(DetailView):
    permission_classes: ClassVar[list[Any]] = [MayRead]
    right = RIGHT
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


class CorrectionDetail(DetailView):
    permission_classes: ClassVar[list[Any]] = [MayRead]
    right = RIGHT
    model = CorrectiveAction
    told = staticmethod(documents.correction_document)
    serializer_class = CorrectionDocument
    operations = operations.ONE_CORRECTION
