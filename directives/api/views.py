"""The endpoints of directives, obligations and assignments. They read; who sees what is decided by `visible_to`."""

from typing import Any, ClassVar

from django.db.models import BigIntegerField, QuerySet
from rest_framework.request import Request

from accounts.api.permissions import MayRead
from common.api.paging import Order
from common.api.rows import JsonText
from common.api.views import DetailView, ListView
from directives.api import documents, operations
from directives.api.filters import AssignmentFilters, DirectiveFilters, ObligationFilters
from directives.api.serializers import (
    AssignmentDocument,
    AssignmentRow,
    DirectiveDocument,
    DirectiveRow,
    ObligationDocument,
    ObligationRow,
)
from directives.models import Assignment, Directive, Obligation

REGISTER, DUTIES = "directives.view_directive", "directives.view_assignment"


class DirectiveList(ListView):
    """The directives this caller sees, by short name."""

    permission_classes: ClassVar[list[Any]] = [MayRead]
    right = REGISTER
    serializer_class = DirectiveRow
    order = Order("directives", "code", of=str)
    filterset_class = DirectiveFilters
    operations = operations.DIRECTIVES

    def rows(self, request: Request) -> QuerySet[Directive]:
        rows: QuerySet[Directive] = Directive.objects.visible_to(request.user)
        return rows

    def document(self, request: Request) -> JsonText:
        return documents.directive_row()


class DirectiveDetail(DetailView):
    permission_classes: ClassVar[list[Any]] = [MayRead]
    named_by = ("pk", BigIntegerField())
    right = REGISTER
    model = Directive
    told = staticmethod(documents.directive_document)
    serializer_class = DirectiveDocument
    operations = operations.ONE_DIRECTIVE


class ObligationList(ListView):
    """The obligations this caller sees, by code."""

    permission_classes: ClassVar[list[Any]] = [MayRead]
    right = REGISTER
    serializer_class = ObligationRow
    order = Order("obligations", "code", of=str)
    filterset_class = ObligationFilters
    operations = operations.OBLIGATIONS

    def rows(self, request: Request) -> QuerySet[Obligation]:
        rows: QuerySet[Obligation] = Obligation.objects.visible_to(request.user)
        return rows

    def document(self, request: Request) -> JsonText:
        return documents.obligation_row()


class ObligationDetail(DetailView):
    permission_classes: ClassVar[list[Any]] = [MayRead]
    named_by = ("pk", BigIntegerField())
    right = REGISTER
    model = Obligation
    told = staticmethod(documents.obligation_document)
    serializer_class = ObligationDocument
    operations = operations.ONE_OBLIGATION


class AssignmentList(ListView):
    """The assignments this caller sees, in the order in which they were made."""

    permission_classes: ClassVar[list[Any]] = [MayRead]
    right = DUTIES
    serializer_class = AssignmentRow
    order = Order("assignments", "id", of=int)
    filterset_class = AssignmentFilters
    operations = operations.ASSIGNMENTS

    def rows(self, request: Request) -> QuerySet[Assignment]:
        rows: QuerySet[Assignment] = Assignment.objects.visible_to(request.user)
        return rows

    def document(self, request: Request) -> JsonText:
        return documents.assignment_row()


class AssignmentDetail(DetailView):
    permission_classes: ClassVar[list[Any]] = [MayRead]
    named_by = ("pk", BigIntegerField())
    right = DUTIES
    model = Assignment
    told = staticmethod(documents.assignment_document)
    serializer_class = AssignmentDocument
    operations = operations.ONE_ASSIGNMENT
