"""What the deadline engine must know about actions: their names, and who is told.

What is to be done waits for its owner and the facility; what is to be verified or checked for the division as well."""

from typing import Any

from django.db import connection
from django.urls import reverse

from accounts.models import User
from accounts.recusals import kept_pairs
from deadlines.registry import Subject, content_type
from incidents.choices import ActionStatus
from incidents.models import Action
from incidents.subject import JUDGED, RIGHTS, members_of_units

OF_FACILITY = (ActionStatus.OPEN, ActionStatus.REOPENED)


def references(ids: list[int]) -> dict[int, str]:
    """What people call these actions. One query."""
    return dict(Action.objects.filter(pk__in=ids).values_list("pk", "reference"))


def address(action_id: int) -> str:
    """The action's page in the console."""
    return reverse("admin:incidents_action_change", args=[action_id])


def recipients(role: str, ids: list[int]) -> dict[int, list[int]]:
    """Who is told on a step, per action. Three queries a batch."""
    columns = ("pk", "facility_id", "division_id", "status", "owner_id")
    rows = list(Action.objects.filter(pk__in=ids).values_list(*columns))
    heads = list(User.objects.with_permission(RIGHTS[role]).values_list("pk", flat=True)) if role in RIGHTS else []
    members = members_of_units([row[1] for row in rows], [row[2] for row in rows if row[2]])
    kept, found = kept_pairs([row[1] for row in rows]), {}
    for pk, facility, division, status, owner in rows:
        unit = ("facility", facility) if status in OF_FACILITY or not division else ("division", division)
        if role in RIGHTS:
            people = heads
        elif role == "responsible" and unit[0] == "facility":
            people = [owner]
        else:
            people = [person for person, head in members.get(unit, []) if head or role != "unit_head"]
        found[pk] = [person for person in people if (person, facility) not in kept]
    return found


def on_moved(ids: list[int]) -> None:
    """Bring the due moment that lists show up to date. One statement."""
    kind = content_type("incidents.action").pk
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE incidents_action SET due_at = ("
            "SELECT min(clock.due_at) FROM deadlines_deadline clock WHERE clock.about_type_id = %s"
            " AND clock.about_id = incidents_action.id AND clock.state = 'running') WHERE id = ANY(%s)",
            [kind, ids],
        )


def visible_ids(user: Any) -> Any:
    """The ids of the actions this person sees, as a subquery."""
    return Action.objects.visible_to(user).values("pk")


def kept_from_actions(pairs: Any) -> set[tuple[int, int]]:
    """Of these pairs of person and action, those where the person is kept from its facility today. Two queries."""
    pairs = set(pairs)
    facilities = dict(Action.objects.filter(pk__in={pk for _person, pk in pairs}).values_list("pk", "facility_id"))
    kept = kept_pairs(list(facilities.values()))
    return {(person, pk) for person, pk in pairs if (person, facilities.get(pk)) in kept}


ACTION = Subject(
    references=references,
    address=address,
    recipients=recipients,
    on_moved=on_moved,
    visible_ids=visible_ids,
    choices=JUDGED,
)
