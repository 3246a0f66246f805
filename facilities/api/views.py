"""The registry for other systems: facilities and areas. Public facts, for anyone who may call the API at all."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import CharField, QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from common.api import etag_of
from common.api.paging import Order, Page
from common.api.rows import JsonText
from common.api.views import ApiView, ListView, json_response, told_before
from common.exceptions import InvalidInput
from common.statements import Slot, statement
from facilities.api import operations
from facilities.api.documents import area_row, facility_document, facility_row
from facilities.api.filters import AreaFilters, FacilityFilters
from facilities.api.serializers import AreaRow, FacilityDocument, FacilityRow
from facilities.models import Area, Facility

LONGEST_QUESTION = 200


class FacilityList(ListView):
    """Facilities by name; with `q` those that answer to any of their names, best first, on one page."""

    serializer_class = FacilityRow
    filterset_class = FacilityFilters
    order = Order("name", "folded", of=str)
    operations = operations.FACILITIES
    parameters: ClassVar[Mapping[str, Any]] = {"q": _("Any name, old name, place or code, in any spelling.")}

    def rows(self, request: Request) -> QuerySet[Facility]:
        return Facility.objects.all()

    def document(self, request: Request) -> JsonText:
        return facility_row()

    def page(self, request: Request, cursor: str, size: int) -> Page:
        text = request.GET.get("q")
        if text is None:
            return super().page(request, cursor, size)
        if cursor:
            raise InvalidInput({"cursor": [_("The answers to q stand on one page.")]})
        if not text.strip():
            raise InvalidInput({"q": [_("Give a value, or leave this out.")]})
        found = FacilityFilters.applied(request, Facility.objects.all()).matching(text[:LONGEST_QUESTION], size)
        ranked = [facility.pk for facility in found]
        texts = dict(Facility.objects.filter(pk__in=ranked).values_list("pk", facility_row()))
        return Page([texts[pk] for pk in ranked], before="", after="")


class FacilityDetail(ApiView):
    """One facility, with every name it ever had."""

    serializer_class = FacilityDocument
    operations = operations.FACILITY

    def get(self, request: Request, code: str) -> HttpResponse:
        def build() -> QuerySet[Any]:
            rows = Facility.objects.filter(code=Slot("code", CharField())).order_by()
            return rows.values_list(facility_document(), "version")

        rows = statement("facility", build).rows(code=code)
        if not rows:
            raise Http404
        body = rows[0][0].encode()
        etag = etag_of(rows[0][1], body)
        return told_before(request, etag) or json_response(body, ETag=etag)


class AreaList(ListView):
    """Areas of the two-level government, with what people still call them."""

    serializer_class = AreaRow
    operations = operations.AREAS
    filterset_class = AreaFilters
    order = Order("code", "code", of=str)

    def rows(self, request: Request) -> QuerySet[Area]:
        return Area.objects.all()

    def document(self, request: Request) -> JsonText:
        return area_row()
