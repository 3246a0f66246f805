"""What the schema tells about the endpoints of inspections. Everything in the examples is invented."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from common.api.operations import IF_NONE_MATCH, READ_ONE, Header, Operation
from inspections.api.serializers import CorrectionDocument, CorrectionRow, InspectionDocument, InspectionRow

Operations = Mapping[str, Operation]
INSPECTION: dict[str, Any] = {
    "reference": "KT-2026-000012",
    "kind": "unannounced",
    "topic": "Trực đường dây nóng ban đêm",
    "legal_basis": "Quyết định số 120/QĐ-SYT",
    "status": "recorded",
    "version": 6,
    "planned_at": "2026-11-10T14:00:00+00:00",
    "opened_at": "2026-11-10T14:05:00+00:00",
    "recorded_at": "2026-11-10T17:10:00+00:00",
    "closed_at": None,
    "facility": "T01",
    "started_at": "2026-11-10T14:00:00+00:00",
    "ended_at": "2026-11-10T17:00:00+00:00",
}
DEMAND: dict[str, Any] = {
    "reference": "YC-2026-000031",
    "status": "answered",
    "version": 3,
    "due_on": "2026-11-25",
    "due_at": None,
    "verified_at": None,
    "finding": 88,
    "is_late": False,
}
CORRECTION: dict[str, Any] = DEMAND | {
    "inspection": "KT-2026-000012",
    "facility": "T01",
    "kind": "hotline",
    "severity": "serious",
}
ETAG = Header("ETag", _("Send it back as If-None-Match."), '"3-5f2c8e1b9a04"')


def _one(summary: Any, words: Any, answer: Any, example: dict[str, Any]) -> Operations:
    return {
        "get": Operation(
            summary, words, answers={200: answer, 304: None}, problems=READ_ONE, headers=(IF_NONE_MATCH,),
            answer_headers=(ETAG,), example=example,
        )
    }  # fmt: skip


INSPECTIONS: Operations = {
    "get": Operation(
        _("List inspections"),
        _(
            "The inspections that the caller sees, by the day they are planned for, the newest first, in pages by key: "
            "follow `next`. Systems read an inspection from the moment that it was opened, and learn nothing of it "
            "before; so do facilities. Plans, checklists, teams and what gave rise to a visit are not told."
        ),
        answers={200: InspectionRow},
        example=INSPECTION,
    )
}
ONE_INSPECTION = _one(
    _("Read one inspection"),
    _("With the kinds of its findings, its demands and its amendments once the record is finished; no narrative."),
    InspectionDocument,
    INSPECTION
    | {
        "findings": [{"id": 88, "kind": "hotline", "severity": "serious", "is_repeated": False}],
        "corrections": [DEMAND],
        "amendments": [
            {"kind": "corrects", "finding": 88, "state": "agreed", "decided_at": "2026-11-12T02:00:00+00:00"}
        ],
    },
)
CORRECTIONS: Operations = {
    "get": Operation(
        _("List demands to correct"),
        _("What facilities have to correct after inspections, the newest first, in pages by key: follow `next`."),
        answers={200: CorrectionRow},
        example=CORRECTION,
    )
}
ONE_CORRECTION = _one(
    _("Read one demand to correct"),
    _("With when it was answered and the marks of the evidence; no words of the answer and no files."),
    CorrectionDocument,
    CORRECTION
    | {
        "answers": [{"id": 51, "at": "2026-11-20T03:00:00+00:00"}],
        "evidence": [{"answer": 51, "sha256": "0f" * 32, "size": 48211, "type": "application/pdf"}],
        "deadlines": [
            {
                "obligation": "verify_action",
                "state": "running",
                "starts_at": "2026-11-20T03:00:00+00:00",
                "due_at": "2026-11-27T10:00:00+00:00",
                "on_time": None,
                "is_late": False,
            }
        ],
    },
)
