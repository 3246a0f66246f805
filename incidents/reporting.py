"""The API's entrance: what another system reports becomes an incident of its facility here, once.

Little is its own: what is refused is what the page for staff refuses (`incidents.receiving`), and besides, where the
report is to be sent, whatever the gate asks for; it is written by `incidents.services` and sent by the table of moves.
A facility's own system may send, as its quality officer does; a system of the department leaves a draft with the
facility, whose people complete and send it. In one transaction: the incident, who is named (apart), the mark of the
report with its answer, the clocks and the messages."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.exceptions import InvalidInput, KeyReused, RightMissing
from common.scope import as_system
from common.sealing import keyring
from facilities.models import Facility
from incidents import duplicates, messages, services, transitions
from incidents.choices import Status
from incidents.completeness import missing
from incidents.models import Incident, Named, SystemReport
from incidents.receiving import claim_of, lacks

REPORT = "incidents.report_incident"
_NOT_SENDING = _("Only a facility's own system sends: leave this out, and the facility completes and sends the draft.")


@dataclass(frozen=True)
class Incoming:
    """What the API hands over. `source` and `source_id` name it for good.

    `said` holds fields of the report, `people` what is given of patient and reporter; `is_to_be_sent`: to the
    department, whole; else it is a draft that the facility's people complete."""

    source: str
    source_id: str
    facility: Facility
    said: Mapping[str, Any]
    people: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    excluded: str = ""
    is_to_be_sent: bool = False


@dataclass(frozen=True)
class Received:
    """What the system is told. `is_new` is false when the same report had arrived before."""

    report: SystemReport
    is_new: bool


def may_report_for(facility: Facility, user: Any) -> bool:
    """Is this a system that reports, and of this facility? One that is limited to none reports of every one."""
    limits = user.client_facilities
    return bool(user.client and user.has_perm(REPORT) and (not limits or facility.pk in limits))


def report(incoming: Incoming, *, by: Any) -> Received:
    """Take a report in. Raises `RightMissing`, `InvalidInput` with a sentence per field, `KeyReused` when the number
    came before with another content.

    Where the same report arrives twice at once, the second one waits for the first and is told what that one was."""
    if not may_report_for(incoming.facility, by):
        raise RightMissing
    content = _content_of(incoming)
    with as_system(alone_with=f"incident {incoming.source} {incoming.source_id}"):
        rows = SystemReport.objects.select_related("incident")
        known = rows.filter(source=incoming.source, source_id=incoming.source_id).first()
        if known is None:
            return Received(_taken_in(incoming, keyring().fingerprint(content), by), is_new=True)
        if not keyring().is_fingerprint_of(content, known.fingerprint):
            raise KeyReused
        return Received(known, is_new=False)


def _content_of(incoming: Incoming) -> bytes:
    """Everything that was sent but its number: its keyed fingerprint tells a retry from a number used again."""
    content = {
        "facility": incoming.facility.code,
        "said": {name: str(value) for name, value in incoming.said.items()},
        "people": {who: dict(given) for who, given in incoming.people.items()},
        "excluded": incoming.excluded,
        "send": incoming.is_to_be_sent,
    }
    return json.dumps(content, sort_keys=True).encode("utf-8", "surrogatepass")


@transaction.atomic
def _taken_in(incoming: Incoming, fingerprint: str, by: Any) -> SystemReport:
    """Write everything, whole or not at all."""
    at = timezone.now()
    said = _checked(incoming, by, at)
    incident = services.opened(incoming.facility, by=by, at=at)
    services.write(incident, said, incoming.people, by=by, at=at)
    if incoming.is_to_be_sent:
        incident = transitions.send_whole(incident, by=by, at=at)
    messages.tell_of_system_report(incident)
    return SystemReport.objects.create(
        incident=incident, source=incoming.source, source_id=incoming.source_id, fingerprint=fingerprint,
        received_at=at, answer=_answer(incident, at),
    )  # fmt: skip


def _checked(incoming: Incoming, by: Any, at: datetime) -> dict[str, Any]:
    """What was said, as it is written. Everything that is wrong is told at once. Raises `InvalidInput`."""
    claim = claim_of(incoming.said)
    said = {**incoming.said, "deaths": claim.deaths if claim else 0}
    wrong = dict(lacks(incoming, at))
    if incoming.is_to_be_sent and not incoming.excluded:
        if not by.client_facilities:
            wrong["send"] = _NOT_SENDING
        whole = Incident(**said, is_named=bool(incoming.people.get(Named.Who.REPORTER, {}).get("name")))
        wrong = {**missing(whole, at), **wrong}
    if wrong:
        raise InvalidInput({name: [words] for name, words in wrong.items()})
    return said


def _answer(incident: Incident, at: datetime) -> dict[str, Any]:
    """What the system is told, now and at each retry: what follows from what it said, what is missing before a draft
    can be sent (by field), and reports that may be about the same event, for the facility to link."""
    judged = incident.judged
    assert judged is not None  # without a letter nothing is taken in
    return {
        "reference": incident.reference,
        "status": str(incident.status),
        "level": judged.level,
        "is_mandatory": judged.is_mandatory,
        "is_serious": judged.is_serious,
        "received_at": at.astimezone(UTC).isoformat(),
        "missing": list(missing(incident, at)) if incident.status == Status.DRAFT else [],
        "maybe_same_as": [other.reference for other in duplicates.near(incident)],
    }
