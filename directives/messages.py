"""Who is told when a report moves. Only the name of the duty and a link go out."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from common.models import valid_on
from directives.choices import Status
from directives.clocks import name_of
from directives.models import Assignment
from notifications.services import enqueue

TO_FACILITY = (Status.RETURNED, Status.ACCEPTED)
TOLD = {Status.CHECKED: "directives.agree_report"}


def tell_of_move(assignment: Assignment, to: Status, *, by: Any) -> None:
    """Tell the facility of what came back or was accepted; whoever may agree, of what waits for them. What is handed in
    waits in a queue: a message for each of three hundred reports would tell nobody anything."""
    if to in TO_FACILITY:
        people = members_of(assignment.facility_id)
    elif to in TOLD:
        people = set(User.objects.with_permission(TOLD[to]).values_list("pk", flat=True))
    else:
        return
    if people := people - {by.pk}:
        enqueue(
            f"assignment:{assignment.pk}:v{assignment.version}",
            to=people,
            template=f"duty_{to}",
            about=assignment,
            params={"reference": name_of(assignment.obligation.code, assignment.due_on)},
            url=address(assignment.pk),
        )


def address(assignment_id: int) -> str:
    """The assignment's page in the console."""
    return reverse("admin:directives_assignment_change", args=[assignment_id])


def members_of(facility_id: int) -> set[int]:
    """The active people who belong to a facility today."""
    rows = Membership.objects.filter(valid_on(timezone.localdate()), user__is_active=True, facility=facility_id)
    return set(rows.values_list("user_id", flat=True))
