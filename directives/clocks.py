"""Which clocks assignments have: until when to report, once returned until when to report again, and until when the
department is to have checked what was handed in."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from deadlines import services as deadlines
from deadlines.calendar import end_of
from deadlines.choices import Event, Obligation
from directives.choices import WAITING, Status
from directives.models import Assignment

LABEL = "directives.assignment"
REPORT, AGAIN, CHECK = str(Obligation.REPORT_DUTY), str(Obligation.REDO_DUTY), str(Obligation.CHECK_DUTY)
REASON = "Nhiệm vụ không còn hoặc đã đổi hạn"


def begins(due_on: date) -> dict[str, Any]:
    """The event from which the rule counts its one day: the day before the due day ends."""
    return {str(Event.PERIOD_END): end_of(due_on - timedelta(days=1)) - timedelta(seconds=1)}


def open_for(ids: Sequence[int], by: Any) -> None:
    """Start the clocks of these assignments: as many statements as there are due days among them."""
    alike: dict[date, dict[int, str]] = defaultdict(dict)
    rows = Assignment.objects.filter(pk__in=ids, due_on__isnull=False, status=Status.OPEN)
    for pk, due_on, code in rows.values_list("pk", "due_on", "obligation__code").iterator(chunk_size=5000):
        if due_on is not None:
            alike[due_on][pk] = name_of(code, due_on)
    now = timezone.now()
    for due_on, names in sorted(alike.items()):
        start = min(now, begins(due_on)[str(Event.PERIOD_END)])  # what was due before it was assigned
        deadlines.open_for_each(LABEL, names, [REPORT], start=start, facts={}, by=by, moments=begins(due_on))


def name_of(code: str, due_on: date | None) -> str:
    """What people call an assignment: the obligation and the day."""
    return f"{code} · {due_on:%d/%m/%Y}" if due_on else code


def follow(opened: Sequence[int], moved: Sequence[int], ended: Sequence[int], by: Any) -> None:
    """Let clocks begin, move and end with their assignments."""
    deadlines.cancel_for_each(LABEL, [*moved, *ended], by=by, reason=REASON)
    open_for([*opened, *moved], by)


def handed_in(assignment: Assignment, *, at: Any, by: Any) -> None:
    """The facility reported: its clock ends with its verdict, and the department's begins."""
    deadlines.finish(assignment, [REPORT, AGAIN], at=at, by=by)
    _to_check(assignment, at=at, by=by)


def _to_check(assignment: Assignment, *, at: Any, by: Any) -> None:
    clock = deadlines.open_deadline(assignment, CHECK, start=at, facts={}, by=by)
    if clock is not None:
        assignment.due_at = clock.due_at


def returned(assignment: Assignment, *, at: Any, by: Any) -> None:
    """The facility is to report again."""
    deadlines.finish(assignment, [CHECK], at=at, by=by)
    again = deadlines.open_deadline(assignment, AGAIN, start=at, facts={}, by=by)
    if again is not None:
        assignment.due_at = again.due_at


def accepted(assignment: Assignment, *, at: Any, by: Any) -> None:
    """The department is done. A first person's check is no end yet where two accept."""
    deadlines.finish(assignment, [CHECK], at=at, by=by)


def run_again(ids: Sequence[int], by: Any) -> None:
    """Let the clocks run that these assignments should have, after they were withdrawn by mistake."""
    open_for(ids, by)
    now = timezone.now()
    for row in Assignment.objects.filter(pk__in=ids).exclude(status=Status.OPEN).select_related("obligation"):
        if row.status in WAITING:
            _to_check(row, at=now, by=by)
        elif row.status == Status.RETURNED:
            returned(row, at=now, by=by)
        Assignment.objects.filter(pk=row.pk).update(due_at=row.due_at)
