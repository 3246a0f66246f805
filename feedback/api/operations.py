"""What the schema tells about the endpoints of cases. Facilities and people in the examples are invented."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from common.api.operations import IF_MATCH, IF_NONE_MATCH, KEY, READ, READ_ONE, REPLAYED, WRITE, Header, Operation
from feedback.api.serializers import (
    CaseDocument,
    CaseRow,
    CorrectionInput,
    IntakeInput,
    IntakeReceipt,
    MoveInput,
    NoteInput,
    NoteReceipt,
)

Operations = Mapping[str, Operation]

ROW: dict[str, Any] = {
    "reference": "PA-2026-000123",
    "version": 3,
    "status": "forwarded",
    "is_open": True,
    "kind": "PHANANH",
    "channel": "P1022",
    "category": "QUYTRINH.01",
    "urgency": "S3",
    "title": "Chờ toa thuốc đã in hơn ba giờ",
    "occurred_on": "2026-11-20",
    "facility": "T01",
    "facility_name": "Bệnh viện Đa khoa Lam Kiều",
    "area": "26734",
    "outcome": "",
    "satisfaction": "",
    "received_at": "2026-11-21T01:12:09.418234+00:00",
    "due_at": "2026-11-28T10:00:00+00:00",
    "published_at": None,
    "ended_at": None,
    "updated_at": "2026-11-21T03:40:51.000912+00:00",
    "is_late": False,
    "complexity": "",
    "is_confidential": False,
    "division": None,
    "escalation_level": 0,
    "merged_into": None,
}
CASE: dict[str, Any] = ROW | {
    "body": "Khám xong từ sáng, toa đã in nhưng gần trưa mới được phát.",
    "facility_said": "",
    "public_summary": "",
    "transferred_to": "",
    "assignee": "cv.an",
    "recorded_by": None,
    "checked_by": None,
    "answers": [],
    "replies": [],
    "notes": [
        {"at": "2026-11-21T03:30:00+00:00", "audience": "department", "text": "Đã gọi bệnh viện.", "by": "cv.an"}
    ],
    "deadlines": [
        {
            "obligation": "answer",
            "cycle": 1,
            "state": "running",
            "starts_at": "2026-11-21T03:40:51+00:00",
            "due_at": "2026-11-28T10:00:00+00:00",
            "is_provisional": False,
            "finished_at": None,
            "on_time": None,
            "is_late": False,
        }
    ],
    "moves": [{"to": "triaged", "label": "Lấy lại để xử lý", "asks": []}],
}
_LIST = _(
    "The cases that the caller sees, newest first, in pages by key: follow `next`. Nothing is counted.\n\n"
    "With `ordering=changed` (or `changed_since`) the list is a feed of changes, oldest first: every page has a "
    "`next`, also the empty one at the end; ask again from it later. A change appears some seconds after it was made, "
    "so that none is passed over; a case that changed twice in between comes once, as it is now. A case that was "
    "merged comes as merged, not open, with `merged_into`; the one in which it goes on comes as changed."
)
_DETAIL = _(
    "The case in full, as far as this caller may read it, with the steps that the caller may make now. The ETag begins "
    "with the version and follows every change of the answer."
)
_INTAKE = _(
    "Send one submission. The key names it for good: a retry with the same key and content answers 200 with the first "
    "answer and `Idempotent-Replayed: true`, another content under the same key is refused with 409. Who reported is "
    "kept apart and is never given back. A system that may read the case gets its address (Location, `links.case`); "
    "others get the reference only."
)
ETAG = Header("ETag", _("Send it back as If-Match or If-None-Match."), '"3-5f2c8e1b9a04"')
LOCATION = Header(
    "Location",
    _("Address of the case, for systems that may read it."),
    "https://example.vn/api/v1/cases/PA-2026-000123/",
)

LIST: Operations = {
    "get": Operation(_("List cases, or follow their changes"), _LIST, answers={200: CaseRow}, example=ROW)
}
DETAIL: Operations = {
    "get": Operation(
        _("Read one case"),
        _DETAIL,
        answers={200: CaseDocument, 304: None},
        problems=READ_ONE,
        headers=(IF_NONE_MATCH,),
        answer_headers=(ETAG,),
        example=CASE,
    ),
    "patch": Operation(
        _("Correct what a case is filed under"),
        _("Only what is sent changes. Running deadlines follow the rules that fit now. 204: no longer in sight."),
        sent=CorrectionInput,
        answers={200: CaseDocument, 204: None},
        problems=(*WRITE, 412, 428),
        headers=(IF_MATCH,),
        answer_headers=(ETAG,),
        example=CASE,
        sent_example={"urgency": "S2", "facility": "T01", "reason": "Người phản ánh nói rõ cơ sở qua điện thoại."},
    ),
}
MOVES: Operations = {
    "post": Operation(
        _("Make a step of the workflow"),
        _("What a step asks for stands in `moves` of the case and is given in `given`. 204: no longer in sight."),
        sent=MoveInput,
        answers={200: CaseDocument, 204: None},
        problems=(*WRITE, 409, 412, 428),
        headers=(IF_MATCH,),
        answer_headers=(ETAG,),
        example=CASE,
        sent_example={"to": "forwarded", "reason": "Thuộc thẩm quyền bệnh viện.", "given": {"facility": "T01"}},
    )
}
NOTES: Operations = {
    "post": Operation(
        _("Write a note"),
        sent=NoteInput,
        answers={201: NoteReceipt},
        problems=WRITE,
        example={"at": "2026-11-21T03:30:00+07:00", "audience": "department", "text": "Đã gọi bệnh viện."},
        sent_example={"text": "Đã gọi bệnh viện.", "audience": "department"},
    )
}
INTAKE: Operations = {
    "post": Operation(
        _("Send feedback"),
        _INTAKE,
        sent=IntakeInput,
        answers={201: IntakeReceipt, 200: IntakeReceipt},
        problems=(*READ, 409, 413, 415, 429),
        headers=(KEY,),
        answer_headers=(LOCATION, REPLAYED),
        example={
            "reference": "PA-2026-000123",
            "status": "received",
            "received_at": "2026-11-21T08:12:09.418234+07:00",
            "links": {"case": "https://example.vn/api/v1/cases/PA-2026-000123/"},
        },
        sent_example={
            "body": "Khám xong từ sáng, toa đã in nhưng gần trưa mới được phát.",
            "category": "QUYTRINH.01",
            "facility": "T01",
            "occurred_on": "2026-11-20",
            "reporter": {"name": "Nguyễn Thị An", "phone": "0900000001"},
        },
    )
}
_LEAF = {
    "code": "QUYTRINH.01",
    "name": "Chờ đợi lâu",
    "name_en": "Long waiting",
    "valid_from": None,
    "valid_to": None,
    "urgency": "S3",
    "lead_unit": "",
}
CHANNELS: Operations = {
    "get": Operation(
        _("List channels"),
        example={
            "code": "P1022",
            "name": "Tổng đài 1022",
            "name_en": "1022 portal",
            "valid_from": None,
            "valid_to": None,
            "method": "api",
            "is_confidential": False,
            "contact": "1022",
            "scope": "",
            "hours": "",
        },
    )
}
CATEGORIES: Operations = {
    "get": Operation(
        _("List categories as a tree"),
        example=_LEAF | {"code": "QUYTRINH", "name": "Quy trình", "name_en": "Process", "children": [_LEAF]},
    )
}
