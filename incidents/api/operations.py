"""What the schema tells about the endpoints of incidents. Everything in the examples is invented."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from common.api.operations import IF_NONE_MATCH, READ_ONE, Header, Operation
from incidents.api.serializers import AdverseEventDocument, IncidentDocument, IncidentRow

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
    "names and no free text. Which facility reported is told to people and to systems limited to facilities."
)

LIST: Operations = {"get": Operation(_("List incidents"), _LIST, answers={200: IncidentRow}, example=ROW)}
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
