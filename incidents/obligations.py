"""Which clocks an incident has: what it is now says which should run, and `follow` makes it so."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from deadlines import services as deadlines
from deadlines.choices import LIVE, Obligation, State
from deadlines.models import Deadline
from deadlines.registry import content_type
from incidents.choices import SENT, Status
from incidents.classification import must_be_phoned
from incidents.models import Analysis, Incident

REPORT, PHONE = Obligation.REPORT_INCIDENT, Obligation.PHONE_REPORT
QUICK, ANALYSE = Obligation.QUICK_REPORT, Obligation.ANALYSE
OF_THE_DEPARTMENT = (QUICK,)  # to be kept by the department, not by the facility


def facts_of(incident: Incident) -> dict[str, str]:
    """What a deadline rule may ask about an incident."""
    judged = incident.judged
    return {"kind": judged.level if judged else "", "facility_type": incident.facility.type}


def wanted(incident: Incident) -> dict[str, datetime]:
    """The clocks that should be running or have ended, each with its start. The sixty days of the analysis count from
    the receipt of the report, the earlier of the two readings of Article 8. No query."""
    judged, found = incident.judged, {}
    if judged is None or not judged.is_mandatory or incident.status == Status.DROPPED:
        return {}
    if incident.detected_at:
        found[str(REPORT)] = incident.detected_at
        if must_be_phoned(incident.deaths, incident.more_feared):
            found[str(PHONE)] = incident.detected_at
    if incident.status in SENT and incident.mandatory_at:
        found |= {str(QUICK): incident.mandatory_at, str(ANALYSE): incident.mandatory_at}
    return found


def follow(incident: Incident, *, by: Any, at: datetime, reason: str) -> None:
    """Start, end and drop clocks as the incident stands now, and keep its own due moment true. The incident is locked;
    the caller saves it."""
    starts, ended = wanted(incident), _ended(incident)
    clocks = {clock.obligation: clock for clock in deadlines.deadlines_of(incident).filter(state__in=LIVE)}
    for name, clock in clocks.items():
        if name in starts and name in ended:
            deadlines.finish(incident, [name], at=ended[name], by=by)
        elif starts.get(name) != clock.starts_at:
            deadlines.cancel(incident, [name], by=by, reason=reason)
    for name, start in starts.items():
        if name not in ended and (name not in clocks or clocks[name].starts_at != start):
            deadlines.open_deadline(incident, name, start=start, facts=facts_of(incident), by=by)
    incident.due_at = deadlines.next_due(incident)


def due_of_facility() -> Subquery:
    """In a query of incidents: what each has to do next at its facility; nothing that the department has to keep."""
    clocks = Deadline.objects.filter(
        about_type=content_type("incidents.incident"), about_id=OuterRef("pk"), state=State.RUNNING
    )
    return Subquery(clocks.exclude(obligation__in=OF_THE_DEPARTMENT).order_by("due_at").values("due_at")[:1])


def _ended(incident: Incident) -> dict[str, datetime]:
    """What was done, and when: report and analysis by sending them, the others by what was given elsewhere. Two
    queries."""
    given: dict[str, datetime] = dict(incident.papers.values_list("what", "given_at"))
    sent = Analysis.objects.filter(incident=incident).values_list("submitted_at", flat=True).first()
    if sent is not None:
        given[str(ANALYSE)] = min(sent, given.get(str(ANALYSE), sent))
    return given | ({str(REPORT): incident.submitted_at} if incident.submitted_at else {})
