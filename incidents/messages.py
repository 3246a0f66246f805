"""Who is told when a report moves, and how bad it is. Only the reference and a link go out."""

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Recusal, User
from common.models import valid_on
from incidents.choices import AnalysisStatus, Side, Status
from incidents.classification import must_be_phoned
from incidents.models import Action, Incident, NamedRequest
from incidents.subject import address
from notifications.services import enqueue

DIRECT = "feedback.direct_department"
FLOOD = 20  # severe incidents of one facility within an hour, beyond which its heads read one message
FLOOD_WITHIN = timedelta(hours=1)
TO_FACILITY = (Status.RETURNED, Status.ACCEPTED)
AT_ONCE = ("NC2", "NC3")  # told to the head of the facility at once (Circular 43/2018, Article 8, item 1 a)


def tell_of_move(incident: Incident, to: Status, *, by: Any) -> None:
    """Tell the other side: the division of what was sent, the facility of what was accepted or returned."""
    if to in TO_FACILITY:
        _tell(incident, members_of(facility_id=incident.facility_id) - {by.pk}, f"incident_{to}")
    elif to == Status.SUBMITTED:
        division = members_of(division_id=incident.division_id) if incident.division_id else set()
        _tell(incident, (division | _directors(incident)) - {by.pk}, f"incident_{to}")


def _directors(incident: Incident) -> set[int]:
    """Whom a mandatory report is brought before at once: the directors of the department."""
    judged = incident.judged
    if judged is None or not judged.is_mandatory:
        return set()
    return _holding(DIRECT)


def tell_of_staff_report(incident: Incident, *, is_one_of_many: bool) -> None:
    """Tell the quality officers of a facility of a report from its staff; its heads hear of severe harm by `tell_head`.
    When very many arrive, they are told of all of one hour together: nothing is left out, nobody is drowned."""
    judged = incident.judged
    people = members_of(facility_id=incident.facility_id) & _holding("incidents.write_incident")
    if is_one_of_many:
        hour = timezone.localtime(incident.opened_at).strftime("%Y-%m-%dT%H")
        _enqueue(incident, people, "staff_reports", f"staff-reports:{incident.facility_id}:{hour}")
        return
    is_mandatory = judged is not None and judged.is_mandatory
    template = "staff_report_mandatory" if is_mandatory else "staff_report"
    _enqueue(incident, people, template, f"incident:{incident.pk}:staff", is_urgent=is_mandatory)


def tell_of_system_report(incident: Incident) -> None:
    """Tell the quality officers of a facility that a system reported an incident of theirs: one that is sent already,
    or a draft that they complete. Its heads hear of severe harm by `tell_head`."""
    judged = incident.judged
    people = members_of(facility_id=incident.facility_id) & _holding("incidents.write_incident")
    template = "system_draft" if incident.status == Status.DRAFT else "system_report"
    is_urgent = judged is not None and judged.is_mandatory and incident.status == Status.DRAFT
    _enqueue(incident, people, template, f"incident:{incident.pk}:system", is_urgent=is_urgent)


def tell_of_answer(incident: Incident, side: Side, *, number: int) -> None:
    """Tell the side that the reporter answered."""
    if side == Side.FACILITY:
        people = members_of(facility_id=incident.facility_id) & _holding("incidents.write_incident")
    elif incident.division_id:
        people = members_of(division_id=incident.division_id) & _holding("incidents.check_incident")
    else:
        people = set()
    _enqueue(incident, people, "staff_answer", f"incident:{incident.pk}:{side}:answer:{number}")


def _holding(right: str) -> set[int]:
    """The people who hold a right today."""
    return set(User.objects.with_permission(right).values_list("pk", flat=True))


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
    """Tell the heads of the facility of severe harm as soon as somebody notes it, once per level; not whoever did. When
    very much is noted within an hour, they are told of all of that hour together."""
    judged = incident.judged
    if judged is None or judged.level not in AT_ONCE or incident.status == Status.DROPPED:
        return
    today, unit = timezone.localdate(), {"facility_id": incident.facility_id, "is_head": True}
    people = members_of(**unit) - kept_from(incident.facility_id, today) - {by.pk}
    if not people:
        return
    template, key = "incident_severe", f"incident:{incident.pk}:inside:{judged.level}"
    if _is_flood(incident):
        hour = timezone.localtime(timezone.now()).strftime("%Y-%m-%dT%H")
        template, key = "incidents_severe", f"severe:{incident.facility_id}:{judged.level}:{hour}"
    enqueue(
        key,
        to=people,
        template=template,
        about=incident,
        params={"reference": incident.reference, "level": judged.level},
        url=address(incident.pk),
        urgent=judged.is_mandatory,
    )


def _is_flood(incident: Incident) -> bool:
    """Was more severe harm noted at this facility within the hour than anybody could read one by one? One query."""
    since = timezone.now() - FLOOD_WITHIN
    recent = Incident.objects.filter(facility=incident.facility_id, opened_at__gt=since, level__in=AT_ONCE)
    return len(recent.exclude(pk=incident.pk).values_list("pk")[:FLOOD]) >= FLOOD


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
    is_urgent = must_be_phoned(incident.deaths, incident.more_feared)
    _enqueue(incident, people, template, f"incident:{incident.pk}:v{incident.version}", is_urgent=is_urgent)


def _enqueue(incident: Incident, people: set[int], template: str, key: str, *, is_urgent: bool = False) -> None:
    if people:
        enqueue(
            key,
            to=people,
            template=template,
            about=incident,
            params={"reference": incident.reference},
            url=address(incident.pk),
            urgent=is_urgent,
        )


def members_of(**unit: Any) -> set[int]:
    """The active people who belong to a unit today."""
    rows = Membership.objects.filter(valid_on(timezone.localdate()), user__is_active=True, **unit)
    return set(rows.values_list("user_id", flat=True))


def kept_from(facility_id: int, today: date) -> set[int]:
    """The people who are kept from a facility today."""
    return set(Recusal.objects.holding(today).filter(facility=facility_id).values_list("user_id", flat=True))
