"""Who is told when a report moves. Only the name of the duty and a link go out."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from accounts.recusals import kept_pairs
from common.models import valid_on
from directives.choices import MeritState, Status
from directives.clocks import name_of
from directives.models import Assignment, Directive, MeritProposal, Obligation, ScoreRound
from notifications.services import enqueue

TO_FACILITY = (Status.RETURNED, Status.ACCEPTED)
MANAGE, DECIDE = "directives.manage_directive", "directives.decide_merit"
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


def _holding(right: str) -> set[int]:
    return set(User.objects.with_permission(right).values_list("pk", flat=True))


def tell_of_merit(proposal: MeritProposal, *, by: Any) -> None:
    """Tell whoever may decide of a commendation or sanction that waits, and its proposer of the decision; nobody who is
    kept from the unit. The message names neither the unit nor which of the two it is."""
    is_waiting = proposal.state == MeritState.PROPOSED
    people = _holding(DECIDE) if is_waiting else {proposal.proposed_by_id}
    people -= {person for person, _facility in kept_pairs([proposal.facility_id])} | {by.pk}
    if people:
        enqueue(
            f"merit:{proposal.pk}:v{proposal.version}",
            to=people,
            template="merit_waiting" if is_waiting else "merit_decided",
            params={"number": str(proposal.pk)},
            url=reverse("admin:directives_assignment_merit", args=[proposal.pk]),
        )


def tell_of_round(found: ScoreRound, *, by: Any) -> None:
    """Tell whoever may publish of scores that were drawn up and wait for a second person."""
    if people := _holding(DECIDE) - {by.pk}:
        enqueue(
            f"score-round:{found.pk}",
            to=people,
            template="scores_waiting",
            params={"until": f"{found.ends_on:%d/%m/%Y}"},
            url=reverse("admin:directives_assignment_scores"),
        )


def tell_of_closing(row: Directive | Obligation, *, by: Any) -> None:
    """Tell the others who take care of the register that something in it was closed, withdrawn or opened again: it is
    one person's deed, and they can take it back."""
    page = "directive" if isinstance(row, Directive) else "obligation"
    name = row.number or row.code if isinstance(row, Directive) else row.code
    if people := _holding(MANAGE) - {by.pk}:
        enqueue(
            f"{page}:{row.pk}:closing:v{row.version}",
            to=people,
            template=f"{page}_{row.state}",
            params={"reference": name},
            url=reverse(f"admin:directives_{page}_change", args=[row.pk]),
        )


def address(assignment_id: int) -> str:
    """The assignment's page in the console."""
    return reverse("admin:directives_assignment_change", args=[assignment_id])


def members_of(facility_id: int) -> set[int]:
    """The active people who belong to a facility today."""
    rows = Membership.objects.filter(valid_on(timezone.localdate()), user__is_active=True, facility=facility_id)
    return set(rows.values_list("user_id", flat=True))
