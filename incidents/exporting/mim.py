"""An incident in the WHO minimal information model for patient safety (MIM PS, user guide of 2016), in coded values.

Age and sex of the patient lie under seal and stay there; the model's free text stays in the house."""

from typing import Any

from django.utils import timezone
from django.utils.translation import override

from incidents.models import Incident
from incidents.taxonomy import lists

MODEL = "WHO MIM PS (2016)"
MASKED = "masked"
# how badly somebody was harmed, in the words of the International Classification for Patient Safety
_DEGREES = {"NC0": "none", "NC1": "mild", "NC2": "moderate", "NC3": "severe"}
HEADINGS = (
    "incident_id", "patient_age", "patient_sex", "person_affected", "incident_date", "incident_time",
    "detected_at", "incident_location", "suspected_causes", "contributing_factors", "mitigating_factors",
    "incident_types", "serious_item", "incident_outcome", "harm_letter", "harm_level", "deaths", "resulting_actions",
    "reporter_role", "reported_at", "is_mandatory", "lists",
)  # fmt: skip


def record(incident: Incident) -> dict[str, Any]:
    """The incident under the model's headings; where a list is asked for, a list of codes with names. No query."""
    with override("vi"):
        return _record(incident)


def cells(incident: Incident) -> list[str]:
    """The same as one row of a table."""
    found = record(incident)
    return [_cell(found[name]) for name in HEADINGS]


def _record(incident: Incident) -> dict[str, Any]:
    book = lists()
    when = timezone.localtime(incident.occurred_at) if incident.occurred_at else None
    return {
        "incident_id": incident.reference,
        "patient_age": MASKED,
        "patient_sex": MASKED,
        "person_affected": _named(incident.subject, book.subjects),
        "incident_date": f"{when:%Y-%m-%d}" if when else "",
        "incident_time": f"{when:%H:%M}" if when else "",
        "detected_at": _moment(incident.detected_at),
        "incident_location": str(incident.facility.get_type_display()),
        "suspected_causes": _boxes(incident.causes),
        "contributing_factors": "yes" if incident.causes else "unknown",
        "mitigating_factors": "unknown",
        "incident_types": _boxes(incident.types),
        "serious_item": incident.serious_item or "",
        "incident_outcome": "death" if incident.deaths else _DEGREES[incident.level],
        "harm_letter": incident.harm,
        "harm_level": incident.level,
        "deaths": incident.deaths,
        "resulting_actions": {
            name: getattr(incident, name) or "unrecorded"
            for name in ("told_physician", "is_in_record", "told_family", "told_patient")
        },
        "reporter_role": _named(incident.reporter_role, book.roles),
        "reported_at": _moment(incident.submitted_at),
        "is_mandatory": book.harms[incident.harm].is_mandatory,
        "lists": incident.edition,
    }


def _named(code: str, among: dict[str, Any]) -> dict[str, str]:
    return {"code": code, "name": str(among[code])} if code in among else {}


def _boxes(codes: list[str]) -> list[dict[str, str]]:
    return [{"code": code, "name": str(lists().named(code) or code)} for code in codes]


def _moment(at: Any) -> str:
    return timezone.localtime(at).isoformat(timespec="minutes") if at else ""


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_cell(one) for one in value)
    if isinstance(value, dict):
        if "code" in value:
            return f"{value['code']} {value['name']}"
        return "; ".join(f"{name}={said}" for name, said in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
