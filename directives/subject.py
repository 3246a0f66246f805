"""What the deadline engine must know about assignments: their names and who is told."""

from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Membership, User
from accounts.recusals import kept_pairs
from common.models import valid_on
from deadlines.registry import Subject, content_type
from directives.clocks import LABEL, name_of
from directives.messages import address
from directives.models import Assignment

RIGHTS = {
    "lead": "feedback.lead_working_group",
    "director": "feedback.direct_department",
    "higher": "feedback.oversee_department",
}


def references(ids: list[int]) -> dict[int, str]:
    """What people call these assignments. One query."""
    rows = Assignment.objects.filter(pk__in=ids).values_list("pk", "obligation__code", "due_on")
    return {pk: name_of(code, due_on) for pk, code, due_on in rows}


def recipients(role: str, ids: list[int]) -> dict[int, list[int]]:
    """Who is told on a step, per assignment: the facility's people, its head, then lead and director. Three queries a
    batch."""
    rows = list(Assignment.objects.filter(pk__in=ids).values_list("pk", "facility_id"))
    kept = kept_pairs([facility for _pk, facility in rows])
    if role in RIGHTS:
        heads = list(User.objects.with_permission(RIGHTS[role]).values_list("pk", flat=True))
        return {pk: [person for person in heads if (person, facility) not in kept] for pk, facility in rows}
    members: dict[int, list[tuple[int, bool]]] = {}
    people = Membership.objects.filter(valid_on(timezone.localdate()), user__is_active=True)
    people = people.filter(facility__in=[facility for _pk, facility in rows])
    for user, facility, is_head in people.values_list("user_id", "facility_id", "is_head"):
        members.setdefault(facility, []).append((user, is_head))
    return {
        pk: [
            person
            for person, is_head in members.get(facility, [])
            if (is_head or role != "unit_head") and (person, facility) not in kept
        ]
        for pk, facility in rows
    }


def on_moved(ids: list[int]) -> None:
    """Bring the due moment that lists show up to date. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE directives_assignment SET due_at = clock.due_at FROM (SELECT about_id, min(due_at) AS due_at"
            " FROM deadlines_deadline WHERE about_type_id = %s AND about_id = ANY(%s) AND state = 'running'"
            " GROUP BY about_id) clock WHERE directives_assignment.id = clock.about_id",
            [content_type(LABEL).pk, ids],
        )


def visible_ids(user: Any) -> Any:
    """The ids of the assignments this person sees, as a subquery."""
    return Assignment.objects.visible_to(user).values("pk")


def kept_from_assignments(pairs: Any) -> set[tuple[int, int]]:
    """Of these pairs of person and assignment, those where the person is kept from its facility today. Two queries."""
    pairs = set(pairs)
    facilities = dict(Assignment.objects.filter(pk__in={pk for _person, pk in pairs}).values_list("pk", "facility_id"))
    kept = kept_pairs(list(facilities.values()))
    return {(person, pk) for person, pk in pairs if (person, facilities.get(pk)) in kept}


ASSIGNMENT = Subject(
    references=references, address=address, recipients=recipients, on_moved=on_moved, visible_ids=visible_ids
)
