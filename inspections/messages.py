"""Who is told what. Only the reference and a link go out, and nothing goes to a facility before its inspection was
opened."""

from typing import Any

from django.urls import reverse

from inspections.choices import AmendmentState, CorrectionStatus, PlanStatus, Status
from inspections.models import Amendment, CorrectiveAction, Inspection, Member, Plan
from inspections.people import holding, kept_pairs, members_of
from inspections.rules import APPROVE
from notifications.services import enqueue

TO_FACILITY = (Status.OPENED, Status.RECORDED, Status.CLOSED)


def address(inspection_id: int) -> str:
    """The inspection's page in the console."""
    return reverse("admin:inspections_inspection_change", args=[inspection_id])


def address_of_correction(correction_id: int) -> str:
    """The demand's page in the console."""
    return reverse("admin:inspections_correctiveaction_change", args=[correction_id])


def tell_team(inspection: Inspection, people: set[int], *, by: Any) -> None:
    """Tell those who were taken into the team."""
    _tell(inspection, people - {by.pk}, "inspection_team", f"v{inspection.version}:team:{min(people, default=0)}")


def tell_of_move(inspection: Inspection, to: Status, *, by: Any) -> None:
    """Tell the facility of an inspection that was opened, recorded or closed; of one called off only if it knew."""
    if to in TO_FACILITY or (to == Status.CANCELLED and inspection.opened_at is not None):
        people = members_of(inspection.facility_id)
        _tell(inspection, people - {by.pk}, f"inspection_{to}", f"v{inspection.version}")


def _tell(inspection: Inspection, people: set[int], template: str, key: str) -> None:
    kept = {person for person, _facility in kept_pairs([inspection.facility_id])}
    if people := people - kept:
        enqueue(
            f"inspection:{inspection.pk}:{key}",
            to=people,
            template=template,
            about=inspection,
            params={"reference": inspection.reference},
            url=address(inspection.pk),
        )


def team_of(inspection_ids: list[int]) -> dict[int, set[int]]:
    """Who is in the team of each inspection now. One query."""
    found: dict[int, set[int]] = {}
    rows = Member.objects.filter(inspection__in=inspection_ids, left_at=None)
    for inspection, user in rows.values_list("inspection_id", "user_id"):
        found.setdefault(inspection, set()).add(user)
    return found


def tell_of_correction(correction: CorrectiveAction, *, by: Any) -> None:
    """Tell the team of an answer, the facility of what became of it, both of what came back."""
    to, people = correction.status, set()
    if to in (CorrectionStatus.ANSWERED, CorrectionStatus.REOPENED):
        people |= team_of([correction.inspection_id]).get(correction.inspection_id, set())
    if to != CorrectionStatus.ANSWERED:
        people |= members_of(correction.facility_id)
    kept = {person for person, _facility in kept_pairs([correction.facility_id])}
    if people := people - kept - {by.pk}:
        enqueue(
            f"correction:{correction.pk}:v{correction.version}",
            to=people,
            template=f"correction_{to}",
            about=correction,
            params={"reference": correction.reference},
            url=address_of_correction(correction.pk),
        )


def tell_of_amendment(amendment: Amendment, *, by: Any) -> None:
    """Tell the team, or where nobody else is in it whoever approves plans, of a proposal; who proposed it of the
    decision; the facility only of what was agreed."""
    inspection, to = amendment.inspection, amendment.state
    if to == AmendmentState.PROPOSED:
        people = team_of([inspection.pk]).get(inspection.pk, set()) - {by.pk} or holding(APPROVE)
    else:
        people = {amendment.proposed_by_id}
    if to == AmendmentState.AGREED:
        people |= members_of(inspection.facility_id)
    _tell(inspection, people - {by.pk}, f"amendment_{to}", f"amendment:{amendment.pk}:v{amendment.version}")


def tell_of_plan(plan: Plan, to: str, *, by: Any) -> None:
    """Tell who may approve of a plan that waits, and who proposed it of the answer."""
    people = holding(APPROVE) if to == PlanStatus.WAITING else {plan.proposed_by_id or 0}
    if people := people - {by.pk, 0}:
        enqueue(
            f"inspection-plan:{plan.pk}:v{plan.version}",
            to=people,
            template=f"inspection_plan_{to}",
            about=plan,
            params={"reference": str(plan.year)},
            url=reverse("admin:inspections_plan_change", args=[plan.pk]),
        )
