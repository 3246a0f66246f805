"""What a facility that ended owed: its successor takes it over where somebody says so, one by one."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.exceptions import MoveRefused, RightMissing
from common.scope import as_system
from directives import clocks
from directives.choices import Status
from directives.models import Assignment
from directives.register import MANAGE
from directives.transitions import checked_reason, locked, save
from facilities.choices import FacilityStatus
from facilities.models import Facility


def heir_of(assignment: Assignment) -> Facility | None:
    """Who may take over: the first successor that is open. One query for each facility on the way."""
    heir, seen = assignment.facility, set()
    while heir.status == FacilityStatus.ENDED and heir.successor is not None and heir.pk not in seen:
        seen.add(heir.pk)
        heir = heir.successor
    return heir if heir.pk != assignment.facility_id and heir.status != FacilityStatus.ENDED else None


def may_take_over(assignment: Assignment, user: Any) -> bool:
    is_free = assignment.status == Status.WITHDRAWN and assignment.taken_over_by_id is None
    return is_free and user.has_perm(MANAGE) and heir_of(assignment) is not None


@transaction.atomic
def take_over(assignment: Assignment, *, by: Any, reason: str, version: int) -> Assignment:
    """Let the successor owe what was withdrawn; where it owes the same already, the two are joined.

    Raises `Http404`, `RightMissing`, `StaleVersion`, `MoveRefused`, `ReasonRequired`."""
    found = locked(assignment, by, version)
    if not by.has_perm(MANAGE):
        raise RightMissing
    heir = heir_of(found)
    if heir is None or found.status != Status.WITHDRAWN or found.taken_over_by_id:
        raise MoveRefused(_("Nobody can take this over."))
    why = checked_reason(reason)
    with as_system():
        taken, is_new = Assignment.objects.get_or_create(
            obligation=found.obligation, facility=heir, period=found.period,
            defaults={
                "directive_id": found.directive_id, "due_on": found.due_on, "due_at": found.due_at,
                "made_at": timezone.now(),
            },
        )  # fmt: skip
        if is_new:
            clocks.open_for([taken.pk], by)
            save(taken, by=by, reason=why)
        found.taken_over_by = taken
        save(found, by=by, reason=why)
    return taken
