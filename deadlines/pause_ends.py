"""Pauses that end by themselves, because the clock stood as long as its rule allows."""

from datetime import datetime

from django.db import transaction
from django.db.models import Model
from django.db.models.functions import Now
from django.utils import timezone

from deadlines import registry
from deadlines.choices import Role, State
from deadlines.models import Deadline
from deadlines.replanning import say_moved
from deadlines.services import run_on
from deadlines.sweep import Register
from notifications.services import enqueue
from notifications.templates import PROVISIONAL

BATCH = 200


def end_overdue_pauses(*, batch: int = BATCH) -> int:
    """Let clocks run on that stood as long as they may, from that very moment, and tell who answers for them.

    A transaction for each record; one that somebody holds is left for the next run. A second run finds nothing."""
    overdue = Deadline.objects.filter(state=State.PAUSED, stands_until__lte=Now()).order_by("stands_until")
    found = dict.fromkeys(overdue.values_list("about_type_id", "about_id")[:batch])
    return sum(_end(type_id, pk) for type_id, pk in found)


@transaction.atomic
def _end(type_id: int, pk: int) -> int:
    model: type[Model] = type(registry.record_of(type_id, pk))
    held = model._base_manager.filter(pk=pk).select_for_update(of=("self",), no_key=True, skip_locked=True)
    if not held:
        return 0
    overdue = Deadline.objects.filter(about_type=type_id, about_id=pk, state=State.PAUSED, stands_until__lte=Now())
    rows = list(overdue.order_by("pk").select_for_update(of=("self",)))
    ends = {row.pk: row.stands_until for row in rows}
    run_on(rows, at=timezone.now(), by=None)
    say_moved(rows)
    for row in rows:
        _tell(row, ends[row.pk])
    return len(rows)


def _tell(row: Deadline, ended_at: datetime | None) -> None:
    subject = registry.subject_of(registry.label_of_type(row.about_type_id))
    people = Register(subject).ask((Role.RESPONSIBLE,), {row.about_id})[row.about_id]
    params = {"reference": row.reference, "obligation": row.obligation, "due_at": row.due_at.isoformat()}
    if row.is_provisional:
        params[PROVISIONAL] = "due_at"
    enqueue(
        f"deadline:{row.pk}:stood_until:{ended_at}",
        to=people,
        template="pause_ended",
        about=registry.record_of(row.about_type_id, row.about_id),
        params=params,
    )
