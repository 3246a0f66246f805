"""The endpoints of cases. They read and call; who sees what and what may be done is decided elsewhere."""

import json
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import CharField, QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import MayRead
from audit.models import Act
from audit.services import record_first
from common.api import etag_of, version_from
from common.api.feed import FollowedList
from common.api.filters import StrictFilters
from common.api.inputs import read
from common.api.paging import Order
from common.api.rows import JsonText
from common.api.views import ApiView, json_response, told_before
from common.exceptions import InvalidInput
from common.statements import Slot, statement
from feedback import services, transitions
from feedback.api import operations
from feedback.api.documents import Side, document_of, row_of, side_of
from feedback.api.filters import DepartmentCaseFilters, filters_for
from feedback.api.serializers import CaseDocument, CaseRow, CorrectionInput, MoveInput, NoteInput, NoteReceipt
from feedback.choices import Audience
from feedback.models import Case

NEWEST = Order("newest", "received_at", is_descending=True)
RIGHT = "feedback.view_case"
NEEDED = ("id", "version", "status", "checked_by_id", "facility_id", "is_confidential")  # by moves, ETag and audit


class CaseList(FollowedList):
    """The cases this caller sees, newest first; or, with `ordering=changed`, what changed, in the order of changes."""

    permission_classes: ClassVar[list[Any]] = [MayRead]
    right = RIGHT
    serializer_class = CaseRow
    order = NEWEST
    filterset_class = DepartmentCaseFilters
    operations = operations.LIST

    def filters(self, request: Request) -> type[StrictFilters]:
        return filters_for(side_of(request.user))

    def rows(self, request: Request) -> QuerySet[Case]:
        rows: QuerySet[Case] = Case.objects.visible_to(request.user)
        return rows

    def document(self, request: Request) -> JsonText:
        return row_of(side_of(request.user), request.user)


@dataclass(frozen=True)
class Found:
    """One case as this caller reads it, and what the moves and the ETag need to know, as `NEEDED` names it."""

    text: str
    needed: dict[str, Any]

    def case(self) -> Case:
        """With these fields only: for moves, not for saving. A record costs more than the rest of an answer."""
        return Case(**self.needed)


class OneCase(ApiView):
    """What the addresses under one case share. A case that one may not see is answered like one that is not there."""

    permission_classes: ClassVar[list[Any]] = [MayRead]
    right = RIGHT

    def seen(self, request: Request, reference: str) -> Case:
        """The case, for a deed."""
        case = Case.objects.visible_to(request.user).filter(reference=reference).first()
        if case is None:
            raise Http404
        return case

    def told(self, request: Request, reference: str) -> Found:
        """The case, for reading: one query, and an audit entry when it is a confidential one."""

        def build() -> QuerySet[Any]:
            rows = Case.objects.visible_to(request.user).filter(reference=Slot("reference", CharField()))
            return rows.order_by().values_list(document_of(request.user), *NEEDED)

        key = ("case", request.auth.rights) if request.auth else None
        rows = statement(key, build).rows(reference=reference)
        if not rows:
            raise Http404
        text, *values = rows[0]
        found = Found(text, {"reference": reference, **dict(zip(NEEDED, values, strict=True))})
        if found.needed["is_confidential"]:
            record_first(Act.VIEW, by=request.user, about=found.case())
        return found

    def answer(self, request: Request, reference: str) -> HttpResponse:
        """The case in full with the moves this caller may make; 304 when nothing of it changed."""
        found = self.told(request, reference)
        moves = json.dumps(_moves(found, request.user), ensure_ascii=False)
        body = f'{found.text[:-1]}, "moves": {moves}}}'.encode()
        etag = etag_of(found.needed["version"], body)
        return told_before(request, etag) or json_response(body, ETag=etag)

    def answer_after(self, request: Request, reference: str) -> HttpResponse:
        """The same after a deed, which may have taken the case out of the caller's sight."""
        try:
            return self.answer(request, reference)
        except Http404:
            return HttpResponse(status=204)


def _moves(found: Found, user: Any) -> list[dict[str, Any]]:
    if user.client is not None and not user.client.may_send:
        return []
    return [
        {
            "to": str(target),
            "label": str(move.label),
            "asks": [
                {"name": ask.removesuffix("*"), "is_required": ask.endswith("*")} for ask in move.asks if ask != "files"
            ],
        }
        for target, move in transitions.allowed_moves(found.case(), user).items()
    ]


class CaseDetail(OneCase):
    """One case in full; correcting what it is filed under."""

    serializer_class = CaseDocument
    operations = operations.DETAIL

    def get(self, request: Request, reference: str) -> HttpResponse:
        return self.answer(request, reference)

    def patch(self, request: Request, reference: str) -> HttpResponse:
        case, version = self.seen(request, reference), version_from(request)
        changes = read(CorrectionInput, request)
        reason = changes.pop("reason")
        if not changes:
            raise InvalidInput({"": [_("Send at least one field to change.")]})
        services.edit(case, changes, by=request.user, reason=reason, version=version)
        return self.answer_after(request, reference)


class CaseMoves(OneCase):
    """The steps of the workflow."""

    serializer_class = CaseDocument
    operations = operations.MOVES

    def post(self, request: Request, reference: str) -> HttpResponse:
        case, version = self.seen(request, reference), version_from(request)
        wanted = read(MoveInput, request)
        transitions.move(
            case,
            wanted["to"],
            by=request.user,
            reason=wanted["reason"],
            version=version,
            given=wanted.get("given", {}),
        )
        return self.answer_after(request, reference)


class CaseNotes(OneCase):
    """Remarks on a case."""

    serializer_class = NoteReceipt
    operations = operations.NOTES

    def post(self, request: Request, reference: str) -> Response:
        case = self.seen(request, reference)
        wanted = read(NoteInput, request)
        is_facility = side_of(request.user) == Side.FACILITY
        audience = wanted.get("audience") or (Audience.FACILITY if is_facility else Audience.DEPARTMENT)
        note = services.add_note(case, wanted["text"], audience=audience, by=request.user)
        return Response(NoteReceipt(note).data, status=201)
