"""What the deadline engine must know about incidents and their weeks: their names and who is told."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from accounts.recusals import kept_pairs
from common.models import valid_on
from deadlines.registry import Subject, content_type
from facilities.choices import FacilityType
from incidents.choices import SENT
from incidents.models import Incident, WeeklySummary
from incidents.taxonomy import lists

RIGHTS = {
    "lead": "feedback.lead_working_group",
    "director": "feedback.direct_department",
    "higher": "feedback.oversee_department",
}


_COLUMNS = ("pk", "facility_id", "division_id", "status", "assignee_id")


def references(ids: list[int]) -> dict[int, str]:
    """What people call these incidents. One query."""
    return dict(Incident.objects.filter(pk__in=ids).values_list("pk", "reference"))


def address(incident_id: int) -> str:
    """The incident's page in the console."""
    return reverse("admin:incidents_incident_change", args=[incident_id])


def recipients(role: str, ids: list[int]) -> dict[int, list[int]]:
    """Who is told on a step, per incident. Three queries a batch.

    The unit is facility and division together: what waits is either's, and both must know. While a report is a draft
    nobody of the department is told of it, so that its facility's heads stand where lead and director would."""
    rows = Incident.objects.filter(pk__in=ids).values_list(*_COLUMNS)
    return people_for(
        role, [(pk, facility, division, status in SENT, person) for pk, facility, division, status, person in rows]
    )


def people_for(role: str, rows: list[tuple[int, int | None, int | None, bool, int | None]]) -> dict[int, list[int]]:
    """The same for whatever has a facility, a division and a moment from which the department is concerned: rows of
    record, facility, division, whether that moment has come, and the department's person responsible. Three queries a
    batch."""
    heads = list(User.objects.with_permission(RIGHTS[role]).values_list("pk", flat=True)) if role in RIGHTS else []
    kept = kept_pairs(row[1] for row in rows if row[1])
    members = members_of_units([row[1] for row in rows if row[1]], [row[2] for row in rows if row[2]])
    found: dict[int, list[int]] = {}
    for pk, facility, division, is_sent, assignee in rows:
        if role in RIGHTS and is_sent:
            found[pk] = [person for person in heads if (person, facility) not in kept]
            continue
        own = members.get(("facility", facility), []) if facility else []
        people = [*own, *(members.get(("division", division), []) if is_sent and division else [])]
        wants_heads = role in ("unit_head", *RIGHTS)
        chosen = [person for person, head in people if head or not wants_heads]
        if role == "responsible" and assignee and is_sent:
            chosen = [assignee, *(person for person, _head in own)]
        found[pk] = [person for person in chosen if (person, facility) not in kept]
    return found


def members_of_units(facilities: list[int], divisions: list[int]) -> dict[tuple[str, int], list[tuple[int, bool]]]:
    """Who belongs to these units today, with whether they head them. One query."""
    today, found = timezone.localdate(), {}  # type: ignore[var-annotated]
    people = Membership.objects.filter(valid_on(today), user__is_active=True)
    columns = ("user_id", "facility_id", "division_id", "is_head")
    for user, facility, division, is_head in (
        people.filter(facility__in=facilities)
        .values_list(*columns)
        .union(people.filter(division__in=divisions).values_list(*columns))
    ):
        unit = ("facility", facility) if facility else ("division", division)
        found.setdefault(unit, []).append((user, is_head))
    return found


def on_moved(ids: list[int]) -> None:
    """Bring the due moment that lists show up to date. One statement."""
    kind = content_type("incidents.incident").pk
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE incidents_incident SET updated_at = clock_timestamp(), due_at = ("
            "SELECT min(clock.due_at) FROM deadlines_deadline clock WHERE clock.about_type_id = %s"
            " AND clock.about_id = incidents_incident.id AND clock.state = 'running') WHERE id = ANY(%s)",
            [kind, ids],
        )


def visible_ids(user: Any) -> Any:
    """The ids of the incidents this person sees, as a subquery."""
    return Incident.objects.visible_to(user).values("pk")


def kept_from_incidents(pairs: Any) -> set[tuple[int, int]]:
    """Of these pairs of person and incident, those where the person is kept from its facility today. Two queries."""
    pairs = set(pairs)
    facilities = dict(Incident.objects.filter(pk__in={pk for _person, pk in pairs}).values_list("pk", "facility_id"))
    kept = kept_pairs(facilities.values())
    return {(person, pk) for person, pk in pairs if (person, facilities.get(pk)) in kept}


def urgent(ids: list[int]) -> set[int]:
    """Those that are phoned within the hour, at night as well. One query."""
    phoned = Q(deaths__gt=1) | Q(deaths=1, more_feared=True)
    return set(Incident.objects.filter(phoned, pk__in=ids).values_list("pk", flat=True))


def levels() -> list[tuple[str, str]]:
    """The levels of harm, which a rule asks for as the kind of an incident."""
    return [(level, f"{level} – {entry}") for level, entry in lists().levels.items()]


# what rules may ask of incidents and actions
JUDGED: dict[str, Callable[[], Sequence[tuple[str, Any]]]] = {
    "kind": levels,
    "facility_type": lambda: FacilityType.choices,
}

INCIDENT = Subject(
    references=references,
    address=address,
    recipients=recipients,
    on_moved=on_moved,
    urgent=urgent,
    visible_ids=visible_ids,
    choices=JUDGED,
)


# --- the weeks of a facility, which are told inside it only -----------------------------------------------------------


def _week_references(ids: list[int]) -> dict[int, str]:
    return dict(WeeklySummary.objects.filter(pk__in=ids).values_list("pk", "reference"))


def week_address(summary_id: int) -> str:
    """The summary's page in the console."""
    return reverse("admin:incidents_weeklysummary_change", args=[summary_id])


def _week_recipients(role: str, ids: list[int]) -> dict[int, list[int]]:
    """People of the facility and, from the head of the unit upwards, its heads: nobody of the department is told."""
    rows = [
        (pk, facility, None)
        for pk, facility in WeeklySummary.objects.filter(pk__in=ids).values_list("pk", "facility_id")
    ]
    members, kept = members_of_units([row[1] for row in rows], []), kept_pairs(row[1] for row in rows if row[1])
    found = {}
    for pk, facility, _division in rows:
        people = [pair for pair in members.get(("facility", facility), []) if (pair[0], facility) not in kept]
        wants_heads = role in ("unit_head", *RIGHTS)
        found[pk] = [person for person, is_head in people if is_head or not wants_heads]
    return found


WEEK = Subject(
    references=_week_references,
    address=week_address,
    recipients=_week_recipients,
    visible_ids=lambda user: WeeklySummary.objects.visible_to(user).values("pk"),
    choices={"facility_type": lambda: FacilityType.choices},
)
