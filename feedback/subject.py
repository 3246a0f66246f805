"""What the deadline engine must know about cases: their names, who is told, and what escalating them changes."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from accounts.services import engine
from common.models import valid_on
from deadlines.registry import Subject, content_type
from facilities.choices import FacilityType
from feedback.choices import Complexity, Kind, Status, Urgency
from feedback.models import Case, Category, Channel
from feedback.visibility import UNREAD_CLOCK

HEADS = {
    "lead": "feedback.lead_working_group",
    "director": "feedback.direct_department",
    "higher": "feedback.oversee_department",
}
URGENT = ("S1", "S2")


def references(case_ids: list[int]) -> dict[int, str]:
    """What people call these cases. One query."""
    return dict(Case.objects.filter(pk__in=case_ids).values_list("pk", "reference"))


def address(case_id: int) -> str:
    """The case's page in the console."""
    return reverse("admin:feedback_case_change", args=[case_id])


def recipients(role: str, case_ids: list[int]) -> dict[int, list[int]]:
    """Who is told on a step, by the names of `deadlines.choices.Role`, per case. Two queries a batch.

    A confidential case never reaches a facility's people, whoever holds it. A lead who is kept from a case is passed
    by; where that leaves nobody the directors are told, so that nothing goes unseen."""
    if role in HEADS:
        return _heads(role, case_ids)
    cases = Case.objects.filter(pk__in=case_ids).values_list(
        "pk", "assignee_id", "division_id", "facility_id", "status", "is_confidential"
    )
    rows = list(cases)
    if role == "responsible":
        return {pk: [assignee] for pk, assignee, *_rest in rows if assignee}
    members = _members(rows, only_heads=role == "unit_head")
    return {row[0]: members.get(_unit_of(row), []) for row in rows}


def _heads(role: str, case_ids: list[int]) -> dict[int, list[int]]:
    """The leads, the directors or the higher authority, without those who are kept from a case."""
    from feedback.recusals import kept_from_cases  # which tells people, and so needs this module

    people = list(User.objects.with_permission(HEADS[role]).values_list("pk", flat=True))
    kept = kept_from_cases((person, case) for person in people for case in case_ids)
    found = {case: [person for person in people if (person, case) not in kept] for case in case_ids}
    left_out = [case for case, told in found.items() if not told]
    if left_out and role == "lead":
        found |= _heads("director", left_out)
    return found


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


def on_moved(case_ids: list[int]) -> None:
    """Bring the due moment that lists show up to date: that of the nearest running clock. One statement."""
    kind = content_type("feedback.case").pk
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE feedback_case SET updated_at = clock_timestamp(), due_at = ("
            "SELECT min(clock.due_at) FROM deadlines_deadline clock WHERE clock.about_type_id = %s"
            " AND clock.about_id = feedback_case.id AND clock.state = 'running') WHERE id = ANY(%s)",
            [kind, case_ids],
        )


def urgent(case_ids: list[int]) -> set[int]:
    """The cases that are told of at night as well. One query."""
    return set(Case.objects.filter(pk__in=case_ids, urgency__in=URGENT).values_list("pk", flat=True))


def overview(is_late: bool) -> str:
    """The list of late cases, or of those due within a day."""
    return f"{reverse('admin:feedback_case_changelist')}?queue={'late' if is_late else 'soon'}"


def deadline_page(case_id: int, deadline_id: int) -> str:
    """Where one deadline of a case is explained and answered."""
    return reverse("admin:feedback_case_deadline", args=[case_id, deadline_id])


def reassign(pairs: list[tuple[int, int]]) -> None:
    """Hand open cases over by a step of a ladder, as a colleague would: into the history, and only to somebody who
    sees the case then. The sweep has locked them; a few queries a case, for the few that are handed over at night."""
    cases, people = dict(pairs), {}
    for person in User.objects.filter(pk__in=cases.values(), is_active=True):
        people[person.pk] = person
    for case in Case.objects.filter(pk__in=cases, is_open=True).order_by("pk"):
        receiver = people.get(cases[case.pk])
        if receiver is None or case.assignee_id == receiver.pk:
            continue
        before = case.assignee_id
        Case.objects.filter(pk=case.pk).update(assignee=receiver)  # to be asked with the case in hand
        sees_it = Case.objects.visible_to(receiver).filter(pk=case.pk).exists()
        Case.objects.filter(pk=case.pk).update(assignee=before)
        if sees_it:
            case.assignee, case.version = receiver, case.version + 1
            case._history_user = engine()  # type: ignore[attr-defined]
            case._change_reason = ""  # type: ignore[attr-defined]
            case.save()


def visible_ids(user: Any) -> Any:
    """The ids of the cases this person sees, as a subquery."""
    return Case.objects.visible_to(user).values("pk")


def _categories(*, are_fields: bool) -> list[tuple[str, Any]]:
    return [(one.code, one.label) for one in Category.objects.filter(parent__isnull=are_fields)]


def _channels() -> list[tuple[str, Any]]:
    return [(one.code, one.label) for one in Channel.objects.all()]


CASE = Subject(
    references=references,
    address=address,
    recipients=recipients,
    on_escalated=on_escalated,
    on_moved=on_moved,
    visible_ids=visible_ids,
    urgent=urgent,
    overview=overview,
    reassign=reassign,
    deadline_page=deadline_page,
    unread=UNREAD_CLOCK,
    choices={
        "kind": lambda: Kind.choices,
        "urgency": lambda: Urgency.choices,
        "complexity": lambda: Complexity.choices,
        "category": partial(_categories, are_fields=False),
        "category_root": partial(_categories, are_fields=True),
        "facility_type": lambda: FacilityType.choices,
        "channel": _channels,
    },
)


def shown_ends(ids: Iterable[int], reader: Any) -> dict[int, tuple[str, str]]:
    """Reference and page of those cases that the reader sees, for the other end of a link. One query."""
    rows = Case.objects.visible_to(reader).filter(pk__in=list(ids)).order_by()
    return {pk: (name, address(pk)) for pk, name in rows.values_list("pk", "reference")}
