"""What the schema tells about the endpoints of incidents. Everything in the examples is invented."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from common.api.operations import IF_NONE_MATCH, KEY, READ, READ_ONE, REPLAYED, Header, Operation
from incidents.api.serializers import (
    AdverseEventDocument,
    BundleDocument,
    IncidentDocument,
    IncidentRow,
    ReportInput,
    ReportReceipt,
)

Operations = Mapping[str, Operation]
ROW: dict[str, Any] = {
    "reference": "SC-2026-000123",
    "version": 3,
    "status": "submitted",
    "edition": "43/2018/TT-BYT",
    "harm": "G",
    "level": "NC3",
    "serious_item": 4,
    "deaths": 0,
    "more_feared": False,
    "subject": "SUB1",
    "types": ["IT01.6"],
    "causes": ["CA1.2"],
    "reporter_role": "REP1",
    "is_named": True,
    "told_physician": "yes",
    "is_in_record": "yes",
    "told_family": "yes",
    "told_patient": "unrecorded",
    "occurred_at": "2026-11-20T01:00:00+00:00",
    "detected_at": "2026-11-20T01:20:00+00:00",
    "opened_at": "2026-11-20T01:31:09.418234+00:00",
    "submitted_at": "2026-11-20T01:40:51.000912+00:00",
    "mandatory_at": "2026-11-20T01:40:51.000912+00:00",
    "due_at": "2027-01-19T17:00:00+00:00",
    "updated_at": "2026-11-22T02:00:00.004127+00:00",
    "is_mandatory": True,
    "is_late": False,
    "facility": "T01",
}
DOCUMENT: dict[str, Any] = ROW | {
    "additions": [{"at": "2026-11-22T02:00:00+00:00"}],
    "reclassifications": [
        {
            "at": "2026-11-21T02:00:00+00:00",
            "before": {"letter": "F", "item": None, "deaths": 0},
            "after": {"letter": "G", "item": 4, "deaths": 0},
            "is_lower": False,
            "is_agreed": True,
        }
    ],
    "deadlines": [
        {
            "obligation": "analyse",
            "state": "running",
            "starts_at": "2026-11-20T01:40:51.000912+00:00",
            "due_at": "2027-01-19T17:00:00+00:00",
            "on_time": None,
            "is_late": False,
        }
    ],
}
EVENT: dict[str, Any] = {
    "resourceType": "AdverseEvent",
    "id": "SC-2026-000123",
    "status": "in-progress",
    "actuality": "actual",
    "subject": {"type": "Patient"},
}
ETAG = Header("ETag", _("Send it back as If-Match or If-None-Match."), '"3-5f2c8e1b9a04"')
_LIST = _(
    "The sent incidents that the caller sees, newest first, in pages by key: follow `next`. Codes and moments only: no "
    "names and no free text. Which facility reported is told to people and to systems limited to facilities.\n\n"
    "With `ordering=changed` (or `changed_since`) the list is a feed of changes, oldest first: every page has a "
    "`next`, also the empty one at the end; ask again from it later. A change appears some seconds after it was made, "
    "so that none is passed over; an incident that changed twice in between comes once, as it is now."
)

_REPORT = _(
    "Send one report (Annex III of Circular 43/2018). The key names it for good: a retry with the same key and content "
    "answers 200 with the first answer and `Idempotent-Replayed: true`, another content under the same key is refused "
    "with 409. What contradicts itself is refused with the article that says so; vaccination, drug reactions and "
    "trials are told where they belong. Without `send` it is a draft that the facility completes; with it the report "
    "goes to the department whole, which is for the facility's own system. Names are kept under seal and are never "
    "given back."
)
LOCATION = Header(
    "Location",
    _("Address of the incident, for systems that may read it."),
    "https://example.vn/api/v1/incidents/SC-2026-000123/",
)
LIST: Operations = {
    "get": Operation(_("List incidents, or follow their changes"), _LIST, answers={200: IncidentRow}, example=ROW),
    "post": Operation(
        _("Report an incident"),
        _REPORT,
        sent=ReportInput,
        answers={201: ReportReceipt, 200: ReportReceipt},
        problems=(*READ, 409, 413, 415, 429),
        headers=(KEY,),
        answer_headers=(LOCATION, REPLAYED),
        example={
            "reference": "SC-2026-000123",
            "status": "submitted",
            "level": "NC3",
            "is_mandatory": True,
            "is_serious": True,
            "received_at": "2026-11-20T01:40:51.000912+00:00",
            "missing": [],
            "maybe_same_as": [],
        },
        sent_example={
            "facility": "T01",
            "send": True,
            "subject": "SUB1",
            "ward": "Khoa Ngoại",
            "occurred_at": "2026-11-20T08:00:00+07:00",
            "detected_at": "2026-11-20T08:20:00+07:00",
            "description": "Phát hiện gạc còn trong ổ bụng khi chụp kiểm tra.",
            "treatment": "Hội chẩn, mổ lấy gạc.",
            "told_physician": "yes",
            "is_in_record": "yes",
            "told_family": "yes",
            "told_patient": "unrecorded",
            "harm": "G",
            "serious_item": 4,
            "types": ["IT01.6"],
            "causes": ["CA1.2"],
            "reporter_role": "REP1",
            "reporter": {"name": "Trần Ngọc Mai"},
        },
    ),
}
DETAIL: Operations = {
    "get": Operation(
        _("Read one incident"),
        _("Codes and moments, what was added and classified anew, and its deadlines."),
        answers={200: IncidentDocument, 304: None},
        problems=READ_ONE,
        headers=(IF_NONE_MATCH,),
        answer_headers=(ETAG,),
        example=DOCUMENT,
    )
}
ADVERSE_EVENT: Operations = {
    "get": Operation(
        _("Read one incident as an HL7 FHIR R5 AdverseEvent"),
        _("Validated before it goes out; who it happened to and who reported it are masked. It is written down."),
        answers={200: AdverseEventDocument, 304: None},
        problems=READ_ONE,
        headers=(IF_NONE_MATCH,),
        answer_headers=(ETAG,),
        example=EVENT,
    )
}
BUNDLE: dict[str, Any] = {
    "resourceType": "Bundle",
    "type": "searchset",
    "link": [{"relation": "self", "url": "https://example.vn/api/v1/incidents/adverse-events/"}],
    "entry": [
        {
            "fullUrl": "urn:uuid:3f0c1c0e-7a1f-5b7e-9d55-0a6f4a4f3a10",
            "resource": EVENT,
            "search": {"mode": "match"},
        }
    ],
}
ADVERSE_EVENTS: Operations = {
    "get": Operation(
        _("Read many incidents as HL7 FHIR R5 Bundles"),
        _(
            "The filters, pages and changes of the list, as AdverseEvents in a Bundle a page; follow the link `next`. "
            "Each is validated before it goes out; who it happened to and who reported it are masked. It is written "
            "down."
        ),
        answers={200: BundleDocument},
        example=BUNDLE,
    )
}
