"""An incident as an HL7 FHIR R5 `AdverseEvent`, validated against the model of the `fhir.resources` package.

Who it happened to and who reported it are masked, not left out: the standard asks for both."""

import json
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import override
from fhir.resources.adverseevent import AdverseEvent

from incidents.choices import ReporterRole, Status, Subject
from incidents.models import Incident
from incidents.taxonomy import Entry, lists

LISTS = "urn:byt:43-2018"  # the annexes of Circular 43/2018, each a code system of its own below this name
TERMS = "http://terminology.hl7.org/CodeSystem"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
FHIR_JSON = "application/fhir+json"
_SUBJECTS = {
    Subject.PATIENT: "Patient",
    Subject.VISITOR: "RelatedPerson",
    Subject.STAFF: "Practitioner",
}
_REPORTERS = {
    ReporterRole.NURSE: "Practitioner",
    ReporterRole.PHYSICIAN: "Practitioner",
    ReporterRole.PATIENT: "Patient",
    ReporterRole.VISITOR: "RelatedPerson",
}
_OUTCOMES = {"G": "resolvedWithSequelae"}


def event(incident: Incident) -> dict[str, Any]:
    """The resource as JSON. Raises pydantic's `ValidationError` where it would not be one. No query."""
    with override("vi"):  # the lists are Vietnamese law, whoever takes the file
        document = _document(incident)
    AdverseEvent.model_validate(document)
    return document  # the model's own way to JSON costs twice as much as its judgement


def line(incident: Incident) -> str:
    """The resource as one line of JSON."""
    return json.dumps(event(incident), ensure_ascii=False, separators=(",", ":"))


def entry(incident: Incident) -> str:
    """The resource as an entry of a Bundle."""
    return f'{{"fullUrl":"{address_of(incident)}","resource":{line(incident)}}}'


def page(incidents: Iterable[Incident], *, here: str, after: str | None) -> str:
    """A page of them as one Bundle: where it was asked for, and where it goes on. Raises as `event` does."""
    links = [{"relation": "self", "url": here}, *([{"relation": "next", "url": after}] if after else [])]
    head = {
        "resourceType": "Bundle",
        "type": "searchset",
        "timestamp": timezone.localtime().isoformat(timespec="seconds"),
        "link": links,
    }
    entries = ",".join(f'{entry(incident)[:-1]},"search":{{"mode":"match"}}}}' for incident in incidents)
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
    return f'{text[:-1]},"entry":[{entries}]}}' if entries else text


def address_of(incident: Incident) -> str:
    """A name for the resource that is the same each time and leads nowhere."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{LISTS}:su-co:{incident.reference}").urn


def _document(incident: Incident) -> dict[str, Any]:
    harm = lists().harms[incident.harm]
    coded = [named for code in incident.types if (named := lists().named(code))]
    causes = [named for code in incident.causes if (named := lists().named(code))]
    serious = lists().serious[incident.serious_item].entry if incident.serious_item else None
    what = serious or (coded[0] if coded else None)
    optional = {
        "code": _concept(what, "phu-luc-ii" if serious else "phu-luc-iv") if what else None,
        "category": [_concept(one, "phu-luc-iv") for one in coded],
        "contributingFactor": [{"itemCodeableConcept": _concept(one, "phu-luc-iv")} for one in causes],
        "participant": _reporter(incident),
        "occurrenceDateTime": _moment(incident.occurred_at),
        "detected": _moment(incident.detected_at),
        "recordedDate": _moment(incident.submitted_at),
    }
    return {
        "resourceType": "AdverseEvent",
        "id": incident.reference,
        "identifier": [{"system": f"{LISTS}:su-co", "value": incident.reference}],
        "status": "completed" if incident.status == Status.ACCEPTED else "in-progress",
        "actuality": "potential" if incident.harm == "A" else "actual",
        "subject": _subject(incident),
        "seriousness": _term("adverse-event-seriousness", "serious" if harm.is_mandatory else "non-serious"),
        "outcome": [
            _concept(harm.entry, "phu-luc-i"),
            _term("adverse-event-outcome", _outcome(incident)),
        ],
        **{name: value for name, value in optional.items() if value},
    }


def _term(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": f"{TERMS}/{system}", "code": code}]}


def _outcome(incident: Incident) -> str:
    return "fatal" if incident.deaths else _OUTCOMES.get(incident.harm, "unknown")


def _concept(found: Entry, annex: str) -> dict[str, Any]:
    return {"coding": [{"system": f"{LISTS}:{annex}", "code": found.code, "display": str(found)}]}


def _subject(incident: Incident) -> dict[str, Any]:
    """Who it happened to: the kind of person only; equipment is nobody."""
    kind = _SUBJECTS.get(Subject(incident.subject)) if incident.subject else None
    return _nobody("masked", kind) if kind else _nobody("not-applicable")


def _reporter(incident: Incident) -> list[dict[str, Any]]:
    if not incident.reporter_role:
        return []
    role = lists().roles[incident.reporter_role]
    return [
        {
            "function": _concept(role, "phu-luc-iii"),
            "actor": _nobody("masked", _REPORTERS.get(ReporterRole(incident.reporter_role))),
        }
    ]


def _nobody(why: str, kind: str | None = None) -> dict[str, Any]:
    """A reference to somebody who is not named."""
    absent = {"extension": [{"url": ABSENT, "valueCode": why}]}
    return absent | ({"type": kind} if kind else {})


def _moment(at: datetime | None) -> str | None:
    return timezone.localtime(at).isoformat(timespec="seconds") if at else None
