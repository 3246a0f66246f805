"""Who is told when a case moves. Only the reference and a link go out; the words stand in `notifications.templates`."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from common.models import valid_on
from feedback.choices import Status, Urgency
from feedback.models import Case, Note, PromptReport, RevealRequest
from feedback.subject import address
from notifications.services import enqueue

TO_FACILITY = (Status.FORWARDED, Status.RETURNED)
TO_ASSIGNEE = (Status.ANSWERED, Status.ASSIGNED, Status.IN_REVIEW)


def tell_of_move(case: Case, to: Status, *, by: Any) -> None:
    """Tell each person whose turn it is; nobody is told of their own act."""
    _tell(case, f"v{case.version}", _whose_turn(case, to) - {by.pk}, f"case_{to}")


def tell_of_dissatisfaction(case: Case) -> None:
    """Tell the leads that a reporter is not satisfied: another officer should review the case."""
    _tell(case, f"unsatisfied:v{case.version}", _leads(), "case_unsatisfied")


def tell_of_return(case: Case, *, but: int) -> None:
    """Tell the division, or the leads, that a case waits for somebody again; not the one who had it."""
    people = members_of(division_id=case.division_id) if case.division_id else _leads()
    _tell(case, f"v{case.version}", people - {but}, "case_unheld")


def tell_of_word(note: Note) -> None:
    """Tell whoever has the case, or the leads while nobody has it, that the reporter wrote on the follow-up page. Of a
    merged case whoever has the one that goes on."""
    holding = note.case.merged_into or note.case
    _tell(note.case, f"word:{note.pk}", {holding.assignee_id} - {None} or _leads(), "case_word")


def tell_of_prompt_report(made: PromptReport) -> None:
    """Tell whoever has the case, or the leads while nobody has it, that its facility reported on what was raised in
    public."""
    case = made.case
    people = ({case.assignee_id} - {None} or _leads()) - {made.by_id}
    _tell(case, f"prompt:{made.number}", people, "case_prompt_report")


def _leads() -> set[int]:
    return set(User.objects.with_permission("feedback.lead_working_group").values_list("pk", flat=True))


def tell_of_reveal_asked(asked: RevealRequest) -> None:
    """Tell those who may approve a look at the reporter and see the case; a few queries for each of these few."""
    people = User.objects.with_permission("feedback.approve_reveal").exclude(pk=asked.asked_by_id)
    seeing = {person.pk for person in people if Case.objects.visible_to(person).filter(pk=asked.case_id).exists()}
    url = reverse("admin:feedback_case_reveal_request", args=[asked.case_id, asked.pk])
    _tell(asked.case, f"reveal:{asked.pk}:asked", seeing, "case_reveal_asked", url)


def tell_of_reveal_decided(asked: RevealRequest) -> None:
    """Tell the asker that the second person answered."""
    url = reverse("admin:feedback_case_reporter", args=[asked.case_id])
    _tell(asked.case, f"reveal:{asked.pk}:decided", {asked.asked_by_id}, "case_reveal_decided", url)


def _tell(case: Case, occasion: str, people: set[Any], template: str, url: str = "") -> None:
    if people:
        enqueue(
            f"case:{case.pk}:{occasion}",
            to=people,
            template=template,
            about=case,
            params={"reference": case.reference},
            url=url or address(case.pk),
            urgent=case.urgency in (Urgency.EMERGENCY, Urgency.SERIOUS),
        )


def _whose_turn(case: Case, to: Status) -> set[int]:
    if to in TO_FACILITY and case.facility_id:
        return members_of(facility_id=case.facility_id)
    if to in TO_ASSIGNEE:
        if case.assignee_id:
            return {case.assignee_id}
        return members_of(division_id=case.division_id) if case.division_id else set()
    if to == Status.CHECKED:
        return _leads()
    if to == Status.CONFIRMED and case.assignee_id:
        return {case.assignee_id}
    return set()


def members_of(**unit: int) -> set[int]:
    """The active people who belong to a unit today."""
    rows = Membership.objects.filter(valid_on(timezone.localdate()), user__is_active=True, **unit)
    return set(rows.values_list("user_id", flat=True))
