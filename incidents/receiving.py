"""The public page's entrance: what a member of a facility's staff reports becomes a draft of that facility, once.

In one transaction: the draft, who is named (apart), the report with its receipt, the clocks and the messages. The
facility completes the draft and sends it, by the same services as its own. A mandatory one starts its clocks here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.services import engine
from common.exceptions import InvalidInput, KeyReused
from common.receipts import code_from
from common.scope import system
from common.sealing import keyring
from facilities.models import Facility
from incidents import messages, services
from incidents.classification import DEATH, Claim, faults
from incidents.completeness import impossible_days
from incidents.models import Incident, Named, StaffReceipt, StaffReport
from incidents.taxonomy import lists

MANY = 20  # reports of one facility within an hour; beyond it people are told of all of them together
WITHIN = timedelta(hours=1)


class Told(Protocol):
    """What is looked at before anything is taken in, whatever the door."""

    @property
    def said(self) -> Mapping[str, Any]: ...
    @property
    def people(self) -> Mapping[str, Mapping[str, str]]: ...
    @property
    def excluded(self) -> str: ...


@dataclass(frozen=True)
class Incoming:
    """What the page hands over. `source_id` names it for good; `secret` is the form's one-time secret.

    `said` holds fields of the report, `people` what is given of patient and reporter."""

    source_id: str
    facility: Facility
    said: Mapping[str, Any]
    secret: str = field(repr=False)
    people: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    excluded: str = ""


@dataclass(frozen=True)
class Received:
    """What the reporter is told. `is_new` is false when the same form had arrived before."""

    report: StaffReport
    is_new: bool
    receipt: str = field(repr=False)


@system
def receive(incoming: Incoming) -> Received:
    """Take a report in. Raises `InvalidInput` with a sentence per field, `KeyReused` when the same form came before
    with another content."""
    content = _content_of(incoming)
    if known := _known(incoming):
        return _arrived_before(known, incoming, content)
    if wrong := lacks(incoming, timezone.now()):
        raise InvalidInput({name: [words] for name, words in wrong.items()})
    try:
        report = _written(incoming, keyring().fingerprint(content), timezone.now())
    except IntegrityError:
        # the same form arrived twice at once; the other one was first
        if not (known := _known(incoming)):
            raise
        return _arrived_before(known, incoming, content)
    return Received(report, True, code_from(incoming.secret))


def lacks(incoming: Told, at: datetime) -> dict[str, Promise | str]:
    """What keeps a report from being taken in, by field, with the article that says so. Little is asked for: the
    facility completes what is missing before the department gets it."""
    said, claim = incoming.said, claim_of(incoming.said)
    if incoming.excluded:
        return {"excluded": services.routed_out(incoming.excluded)}
    found: dict[str, Promise | str] = {}
    if not said.get("description"):
        found["description"] = _("Tell what happened.")
    if not said.get("ward"):
        found["ward"] = _("Say where it happened (Circular 43/2018, Article 5, item 3 a).")
    found |= impossible_days(said.get("occurred_at"), said.get("detected_at"), at)
    if claim is None:
        return found | {"harm": _("Choose how bad it was.")}
    found |= faults(claim)
    if lists().harms[claim.letter].is_mandatory:
        found |= _lacks_of_mandatory(incoming)
    return found


def _lacks_of_mandatory(incoming: Told) -> dict[str, Promise | str]:
    found: dict[str, Promise | str] = {}
    if not incoming.people.get(Named.Who.REPORTER, {}).get("name"):
        found["reporter_name"] = _(
            "With letters G, H and I the report is mandatory and carries your full name (Circular 43/2018, Article 5)."
        )
    if not incoming.said.get("detected_at"):
        found["detected_at"] = _("Say when it was noticed: the report is due at once (Circular 43/2018, Article 5).")
    return found


def claim_of(said: Mapping[str, Any]) -> Claim | None:
    """What a report says of its harm; nothing without a letter. Whoever chose letter I and no number means one."""
    letter, deaths = said.get("harm"), said.get("deaths") or 0
    if not letter or letter not in lists().harms:
        return None
    return Claim(letter, said.get("serious_item"), said.get("exception") or "", deaths or int(letter == DEATH))


def _content_of(incoming: Incoming) -> bytes:
    """Everything that was said: its keyed fingerprint tells a retry from a form that was changed and sent again."""
    said = {
        "facility": incoming.facility.code,
        "said": {name: str(value) for name, value in sorted(incoming.said.items())},
        "people": {who: dict(sorted(given.items())) for who, given in sorted(incoming.people.items())},
    }
    return json.dumps(said, sort_keys=True).encode("utf-8", "surrogatepass")


def _known(incoming: Incoming) -> StaffReport | None:
    rows = StaffReport.objects.select_related("incident__facility")
    found: StaffReport | None = rows.filter(source_id=incoming.source_id).first()
    return found


def _arrived_before(known: StaffReport, incoming: Incoming, content: bytes) -> Received:
    if not keyring().is_fingerprint_of(content, known.fingerprint):
        raise KeyReused
    return Received(known, False, code_from(incoming.secret))


@system
def has_arrived(source_id: str) -> bool:
    """Was this form taken in before? What was acknowledged once is always answered."""
    return bool(StaffReport.objects.filter(source_id=source_id).exists())


@transaction.atomic
def _written(incoming: Incoming, fingerprint: str, at: datetime) -> StaffReport:
    """Write everything, whole or not at all."""
    by, claim = engine(), claim_of(incoming.said)
    incident = services.opened(incoming.facility, by=by, at=at)
    report = StaffReport.objects.create(
        incident=incident, source_id=incoming.source_id, fingerprint=fingerprint, received_at=at
    )
    said = {**incoming.said, "deaths": claim.deaths if claim else 0}
    services.write(incident, said, incoming.people, by=by, at=at)
    StaffReceipt.issue(code_from(incoming.secret), report=report)
    messages.tell_of_staff_report(incident, is_one_of_many=_is_one_of_many(incident, at))
    return report


def _is_one_of_many(incident: Incident, at: datetime) -> bool:
    """Does its facility get more than anybody could read one by one? One query over the last hour."""
    recent = StaffReport.objects.filter(received_at__gt=at - WITHIN, incident__facility=incident.facility)
    return len(recent.values_list("pk")[: MANY + 1]) > MANY
