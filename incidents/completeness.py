"""What a report lacks before it can be sent: each missing element by its field, with the article that asks for it."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents.classification import SEVERE, faults
from incidents.models import Incident

NEEDED: dict[str, Promise] = {  # field and what is missing when it is blank (Article 5, item 3 a, and Annex III)
    "subject": _("Whom it happened to (Annex III)"),
    "ward": _("The department or place (Article 5)"),
    "occurred_at": _("Day and hour when it happened (Article 5)"),
    "detected_at": _("Day and hour when it was noticed (Article 5)"),
    "description": _("A short description (Article 5)"),
    "treatment": _("The first treatment or handling (Article 5)"),
    "told_physician": _("Whether the physician in charge was told (Annex III)"),
    "is_in_record": _("Whether it stands in the medical record (Annex III)"),
    "told_family": _("Whether the relatives were told (Annex III)"),
    "told_patient": _("Whether the patient was told (Annex III)"),
    "harm": _("The harm letter (Annex I)"),
    "reporter_role": _("What the reporter is (Annex III)"),
}


def missing(incident: Incident, at: datetime) -> dict[str, Promise]:
    """Everything that keeps the report from being sent, by field, in the order of the form. No query."""
    found = {name: words for name, words in NEEDED.items() if not getattr(incident, name)}
    judged = incident.judged
    if judged is None:
        return found | contradictions(incident, at)
    if judged.level == SEVERE and incident.serious_item is None:
        found["serious_item"] = _("The item of the serious list; 28 when none of the others fits (Annex II)")
    if judged.is_mandatory and not incident.is_named:
        found["reporter_name"] = _("The reporter's full name: a mandatory report carries it (Article 5)")
    return found | contradictions(incident, at)


def contradictions(incident: Incident, at: datetime) -> dict[str, Promise]:
    """What a report says that cannot be, by field, with the article that says so; a draft may. No query."""
    found = impossible_days(incident.occurred_at, incident.detected_at, at)
    return found | faults(incident.claim) if incident.judged else found


def impossible_days(occurred_at: datetime | None, detected_at: datetime | None, at: datetime) -> dict[str, Promise]:
    """Days that cannot be, with the article that asks for the true ones. Pure."""
    found: dict[str, Promise] = {}
    for name, moment in (("occurred_at", occurred_at), ("detected_at", detected_at)):
        if moment is not None and moment > at:
            found[name] = _(
                "This moment lies in the future: a report tells what has happened"
                " (Circular 43/2018, Article 5, item 3 a)."
            )
    if occurred_at and detected_at and detected_at < occurred_at:
        found["detected_at"] = _(
            "It cannot be noticed before it happened: the report gives the true times"
            " (Circular 43/2018, Article 5, item 3 a)."
        )
    return found
