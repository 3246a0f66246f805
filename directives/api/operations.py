"""What the schema tells about the endpoints of directives. Everything in the examples is invented."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from common.api.operations import IF_NONE_MATCH, READ_ONE, Header, Operation
from directives.api.serializers import (
    AssignmentDocument,
    AssignmentRow,
    DirectiveDocument,
    DirectiveRow,
    ObligationDocument,
    ObligationRow,
)

Operations = Mapping[str, Operation]
DIRECTIVE: dict[str, Any] = {
    "id": 12,
    "code": "12/CT-SYT",
    "number": "12/CT-SYT",
    "issuer": "Sở Y tế Lam Giang",
    "subject": "Tăng cường tiếp nhận phản ánh",
    "issued_on": "2026-03-02",
    "effective_on": "2026-03-02",
    "ends_on": None,
    "state": "in_force",
    "version": 2,
}
OBLIGATION: dict[str, Any] = {
    "id": 41,
    "code": "12/CT-SYT.1",
    "title": "Tập huấn kỹ năng giao tiếp",
    "parties": ["HOSP"],
    "evidence": "danh sách người dự",
    "recurrence": "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=10",
    "due_on": None,
    "days_after": 0,
    "starts_on": "2026-03-02",
    "needs_second": False,
    "source": "",
    "state": "open",
    "closed_on": None,
    "version": 1,
    "directive": "12/CT-SYT",
    "carried_by": None,
    "clause": "1.a",
}
ASSIGNMENT: dict[str, Any] = {
    "id": 7001,
    "period": "2026-11-10",
    "due_on": "2026-11-10",
    "due_at": "2026-11-10T17:00:00+00:00",
    "status": "submitted",
    "version": 2,
    "made_at": "2026-03-02T04:00:00+00:00",
    "handed_in_at": "2026-11-06T02:10:00+00:00",
    "accepted_at": None,
    "obligation": "12/CT-SYT.1",
    "directive": "12/CT-SYT",
    "facility": "T01",
    "is_late": False,
}
ETAG = Header("ETag", _("Send it back as If-None-Match."), '"3-5f2c8e1b9a04"')


def _one(summary: Any, words: Any, answer: Any, example: dict[str, Any]) -> Operations:
    return {
        "get": Operation(
            summary, words, answers={200: answer, 304: None}, problems=READ_ONE, headers=(IF_NONE_MATCH,),
            answer_headers=(ETAG,), example=example,
        )
    }  # fmt: skip


DIRECTIVES: Operations = {
    "get": Operation(
        _("List directives"),
        _("The register as far as the caller sees it, by short name, in pages by key: follow `next`."),
        answers={200: DirectiveRow},
        example=DIRECTIVE,
    )
}
ONE_DIRECTIVE = _one(
    _("Read one directive"),
    _("What is known of it, and what it goes back to."),
    DirectiveDocument,
    DIRECTIVE | {"goes_back_to": [{"relation": "passes_on", "code": "06/CT-BYT"}]},
)
OBLIGATIONS: Operations = {
    "get": Operation(
        _("List obligations"),
        _("What directives ask of classes of parties, by code, in pages by key: follow `next`."),
        answers={200: ObligationRow},
        example=OBLIGATION,
    )
}
ONE_OBLIGATION = _one(
    _("Read one obligation"),
    _("With its indicators: unit, base and source of each."),
    ObligationDocument,
    OBLIGATION
    | {
        "indicators": [
            {
                "code": "12/CT-SYT.1.1",
                "name": "Tỷ lệ nhân viên được tập huấn",
                "kind": "percent",
                "unit": "%",
                "base": "toàn bộ nhân viên của đơn vị",
                "source": "sổ tập huấn",
                "is_asked": True,
            }
        ]
    },
)
ASSIGNMENTS: Operations = {
    "get": Operation(
        _("List assignments"),
        _("Obligations of facilities by period, in the order in which they were assigned, in pages by key."),
        answers={200: AssignmentRow},
        example=ASSIGNMENT,
    )
}
ONE_ASSIGNMENT = _one(
    _("Read one assignment"),
    _("With the figures that were handed in and the marks of the evidence; no narrative and no files."),
    AssignmentDocument,
    ASSIGNMENT
    | {
        "reports": [{"number": 1, "handed_in_at": "2026-11-06T02:10:00+00:00"}],
        "values": [
            {
                "report": 1,
                "indicator": "12/CT-SYT.1.1",
                "value": 92.5,
                "unit": "%",
                "base": "toàn bộ nhân viên của đơn vị",
                "source": "sổ tập huấn",
            }
        ],
        "evidence": [{"report": 1, "document": 9, "version": 2, "sha256": "0f" * 32, "expires_on": None}],
        "deadlines": [
            {
                "obligation": "check_duty",
                "state": "running",
                "starts_at": "2026-11-06T02:10:00+00:00",
                "due_at": "2026-11-20T10:00:00+00:00",
                "on_time": None,
                "is_late": False,
            }
        ],
    },
)
