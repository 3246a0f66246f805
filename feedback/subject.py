"""What the deadline engine must know about cases: their names, who is told, and what escalating them changes."""

from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from common.models import valid_on
from deadlines.registry import Subject
from feedback.choices import Status
from feedback.models import Case


def references(case_ids: list[int]) -> dict[int, str]:
    """What people call these cases. One query."""
    return dict(Case.objects.filter(pk__in=case_ids).values_list("pk", "reference"))


def address(case_id: int) -> str:
    """The case's page in the console."""
    return reverse("admin:feedback_case_change", args=[case_id])


def recipients(role: str, case_ids: list[int]) -> dict[int, list[int]]:
    """Who is told on a step: `responsible`, `unit`, `unit_head`, `lead` or `director`, per case. Two queries a batch.

    A confidential case never reaches a facility's people, whoever holds it."""
    if role in ("lead", "director"):
        right = "feedback.lead_working_group" if role == "lead" else "feedback.direct_department"
        people = list(User.objects.with_permission(right).values_list("pk", flat=True))
        return dict.fromkeys(case_ids, people)
    cases = Case.objects.filter(pk__in=case_ids).values_list(
        "pk", "assignee_id", "division_id", "facility_id", "status", "is_confidential"
    )
    rows = list(cases)
    if role == "responsible":
        return {pk: [assignee] for pk, assignee, *_rest in rows if assignee}
    members = _members(rows, only_heads=role == "unit_head")
    return {row[0]: members.get(_unit_of(row), []) for row in rows}


def _unit_of(row: tuple[Any, ...]) -> tuple[str, int | None]:
    _pk, _assignee, division, facility, status, is_confidential = row
    if status in (Status.FORWARDED, Status.RETURNED) and not is_confidential:
        return ("facility", facility)
    return ("division", division)


def _members(rows: list[tuple[Any, ...]], *, only_heads: bool) -> dict[tuple[str, int | None], list[int]]:
    units = {_unit_of(row) for row in rows}
    facilities = [pk for kind, pk in units if kind == "facility" and pk]
    divisions = [pk for kind, pk in units if kind == "division" and pk]
    members = Membership.objects.filter(valid_on(timezone.localdate()), user__is_active=True)
    if only_heads:
        members = members.filter(is_head=True)
    found: dict[tuple[str, int | None], list[int]] = {}
    for user, facility, division in (
        members.filter(facility__in=facilities)
        .values_list("user_id", "facility_id", "division_id")
        .union(members.filter(division__in=divisions).values_list("user_id", "facility_id", "division_id"))
    ):
        key = ("facility", facility) if facility else ("division", division)
        found.setdefault(key, []).append(user)
    return found


def on_escalated(levels: list[tuple[int, int]]) -> None:
    """Raise the escalation level that lists show, for (case, level) pairs. One statement, no history: it is derived."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE feedback_case SET escalation_level = greatest(escalation_level, raised.level),"
            " updated_at = clock_timestamp()"
            " FROM (SELECT unnest(%s::bigint[]) AS id, unnest(%s::int[]) AS level) AS raised"
            " WHERE feedback_case.id = raised.id",
            [[case for case, _level in levels], [level for _case, level in levels]],
        )


def visible_ids(user: Any) -> Any:
    """The ids of the cases this person sees, as a subquery."""
    return Case.objects.visible_to(user).values("pk")


CASE = Subject(
    references=references,
    address=address,
    recipients=recipients,
    on_escalated=on_escalated,
    visible_ids=visible_ids,
)
