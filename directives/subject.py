"""What the deadline engine must know about assignments: their names and who is told."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Membership, User
from accounts.recusals import kept_pairs
from common.models import valid_on
from deadlines.registry import Subject, content_type
from directives.choices import Status
from directives.clocks import LABEL, name_of
from directives.messages import address
from directives.models import Assignment

RIGHTS = {
    "lead": "feedback.lead_working_group",
    "director": "feedback.direct_department",
    "higher": "feedback.oversee_department",
}
CHECKED_BY = {str(Status.SUBMITTED): "directives.check_report", str(Status.CHECKED): "directives.agree_report"}


def references(ids: list[int]) -> dict[int, str]:
    """What people call these assignments. One query."""
    rows = Assignment.objects.filter(pk__in=ids).values_list("pk", "obligation__code", "due_on")
    return {pk: name_of(code, due_on) for pk, code, due_on in rows}


def recipients(role: str, ids: list[int]) -> dict[int, list[int]]:
    """Who is told on a step, per assignment: the facility's people, its head, then lead and director; while a report
    waits for the department, whoever may check it in place of the facility. Four queries a batch."""
    rows = list(Assignment.objects.filter(pk__in=ids).values_list("pk", "facility_id", "status"))
    kept = kept_pairs([facility for _pk, facility, _status in rows])
    if role in RIGHTS:
        heads = list(User.objects.with_permission(RIGHTS[role]).values_list("pk", flat=True))
        return {pk: [one for one in heads if (one, facility) not in kept] for pk, facility, _status in rows}
    checkers: dict[str, list[int]] = {
        status: list(User.objects.with_permission(right).values_list("pk", flat=True))
        for status, right in CHECKED_BY.items()
        if any(row[2] == status for row in rows)
    }
    members = _members([facility for _pk, facility, _status in rows])
    found = {}
    for pk, facility, status in rows:
        people = members.get(facility, [])
        named = checkers.get(status) or [one for one, is_head in people if is_head or role != "unit_head"]
        found[pk] = [one for one in named if (one, facility) not in kept]
    return found


def _members(facilities: list[int]) -> dict[int, list[tuple[int, bool]]]:
    """Who belongs to these facilities today, and whether as its head. One query."""
    found: dict[int, list[tuple[int, bool]]] = {}
    people = Membership.objects.filter(valid_on(timezone.localdate()), user__is_active=True, facility__in=facilities)
    for user, facility, is_head in people.values_list("user_id", "facility_id", "is_head"):
        if facility is not None:
            found.setdefault(facility, []).append((user, is_head))
    return found


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


def shown_ends(ids: Iterable[int], reader: Any) -> dict[int, tuple[str, str]]:
    """Assignments at the end of a link, for whoever sees them."""
    rows = Assignment.objects.visible_to(reader).filter(pk__in=list(ids)).order_by()
    named = rows.values_list("pk", "obligation__code", "due_on")
    return {pk: (name_of(code, due_on), address(pk)) for pk, code, due_on in named}


ASSIGNMENT = Subject(
    references=references, address=address, recipients=recipients, on_moved=on_moved, visible_ids=visible_ids
)
