"""Who is told when a report moves, and how bad it is. Only the reference and a link go out."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Recusal, User
from common.models import valid_on
from incidents.choices import AnalysisStatus, Status
from incidents.classification import must_be_phoned
from incidents.models import Action, Incident, NamedRequest
from incidents.subject import address
from notifications.services import enqueue

TO_FACILITY = (Status.RETURNED, Status.ACCEPTED)
AT_ONCE = ("NC2", "NC3")  # told to the head of the facility at once (Circular 43/2018, Article 8, item 1 a)


def tell_of_move(incident: Incident, to: Status, *, by: Any) -> None:
    """Tell the other side: the division of what was sent, the facility of what was accepted or returned."""
    if to in TO_FACILITY:
        _tell(incident, members_of(facility_id=incident.facility_id) - {by.pk}, f"incident_{to}")
    elif to == Status.SUBMITTED and incident.division_id:
        _tell(incident, members_of(division_id=incident.division_id) - {by.pk}, f"incident_{to}")


def tell_of_assignment(incident: Incident, *, by: Any) -> None:
    """Tell the officer who got a report."""
    if incident.assignee_id is not None:
        _tell(incident, {incident.assignee_id} - {by.pk}, "incident_assigned")


def tell_of_request(incident: Incident, *, by: Any) -> None:
    """Tell a facility that the department asks it for a report."""
    _tell(incident, members_of(facility_id=incident.facility_id) - {by.pk}, "incident_asked")


def tell_of_analysis(incident: Incident, to: AnalysisStatus, *, by: Any) -> None:
    """Tell the other side of an analysis: the division of what was sent, the facility of what was answered."""
    if to == AnalysisStatus.SUBMITTED:
        people = members_of(division_id=incident.division_id) if incident.division_id else set()
    else:
        people = members_of(facility_id=incident.facility_id)
    _tell(incident, people - {by.pk}, f"analysis_{to}")


def tell_head(incident: Incident, *, by: Any) -> None:
    """Tell the heads of the facility of severe harm as soon as somebody notes it, once per level; not whoever did."""
    judged = incident.judged
    if judged is None or judged.level not in AT_ONCE or incident.status == Status.DROPPED:
        return
    today, unit = timezone.localdate(), {"facility_id": incident.facility_id, "is_head": True}
    if people := members_of(**unit) - kept_from(incident.facility_id, today) - {by.pk}:
        enqueue(
            f"incident:{incident.pk}:inside:{judged.level}",
            to=people,
            template="incident_severe",
            about=incident,
            params={"reference": incident.reference, "level": judged.level},
            url=address(incident.pk),
            urgent=judged.is_mandatory,
        )


def tell_of_named_request(asked: NamedRequest) -> None:
    """Tell those of the facility who may answer."""
    able = set(User.objects.with_permission("incidents.approve_named").values_list("pk", flat=True))
    people = (able & members_of(facility_id=asked.incident.facility_id)) - {asked.asked_by_id}
    url = reverse("admin:incidents_incident_named_request", args=[asked.incident_id, asked.pk])
    _tell_of_named(asked, "asked", people, url)


def tell_of_named_answer(asked: NamedRequest) -> None:
    """Tell the asker that the second person answered."""
    url = reverse("admin:incidents_incident_named", args=[asked.incident_id])
    _tell_of_named(asked, "answered", {asked.asked_by_id}, url)


def _tell_of_named(asked: NamedRequest, occasion: str, people: set[int], url: str) -> None:
    if people:
        enqueue(
            f"named:{asked.pk}:{occasion}",
            to=people,
            template=f"incident_named_{occasion}",
            about=asked.incident,
            params={"reference": asked.incident.reference},
            url=url,
        )


TO_VERIFIER = ("done",)  # what waits for the department; everything else is told to the facility
BOTH = ("recurred", "not_effective")


def tell_of_action(action: Action, what: str, *, by: Any) -> None:
    """Tell the owner of an action what became of it, and who verifies that it waits; a cause that came back both sides.

    Of planning nobody but an owner who is somebody else."""
    people = {action.owner_id, action.opened_by_id} if what not in TO_VERIFIER else set()
    if what in BOTH:
        people |= members_of(facility_id=action.facility_id)
    if (what in TO_VERIFIER or what in BOTH) and action.division_id:
        people |= members_of(division_id=action.division_id)
    if people := people - {by.pk}:
        enqueue(
            f"action:{action.pk}:v{action.version}",
            to=people,
            template=f"action_{what}",
            about=action,
            params={"reference": action.reference},
            url=reverse("admin:incidents_action_change", args=[action.pk]),
        )


def _tell(incident: Incident, people: set[int], template: str) -> None:
    if people:
        enqueue(
            f"incident:{incident.pk}:v{incident.version}",
            to=people,
            template=template,
            about=incident,
            params={"reference": incident.reference},
            url=address(incident.pk),
            urgent=must_be_phoned(incident.deaths, incident.more_feared),
        )


def members_of(**unit: Any) -> set[int]:
    """The active people who belong to a unit today."""
    rows = Membership.objects.filter(valid_on(timezone.localdate()), user__is_active=True, **unit)
    return set(rows.values_list("user_id", flat=True))


def kept_from(facility_id: int, today: date) -> set[int]:
    """The people who are kept from a facility today."""
    return set(Recusal.objects.holding(today).filter(facility=facility_id).values_list("user_id", flat=True))
