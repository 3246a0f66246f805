"""What people do about a step: acknowledge that they see to it, or say that the task it gave them is done."""

from typing import Any

from django.db import transaction
from django.db.models import Model
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing
from common.scope import as_system
from common.text import clean, has_unstorable
from deadlines import editions, registry
from deadlines.choices import LIVE, Action
from deadlines.models import Deadline, Duty
from deadlines.replanning import PLANNED, pauses_of, replan
from deadlines.telling import Register

OUTCOME_MOST = 2000


def may_acknowledge(deadline: Deadline, by: Any) -> bool:
    """Does a step that was taken wait for an acknowledgement, and is this one of the people it addresses?

    Two queries where a step asks, and those of the roles."""
    if deadline.state not in LIVE or deadline.acknowledged_at is not None:
        return False
    asking = deadline.escalations.filter(action=Action.ACKNOWLEDGE).values_list("ladder_id", "step")
    ladders = editions.current().book.ladders
    roles = {role for ladder, step in asking if (rung := ladders.get(ladder, {}).get(step)) for role in rung.roles}
    if not roles:
        return False
    with as_system():
        register = Register(registry.subject_of(registry.label_of_type(deadline.about_type_id)))
        found = register.ask(tuple(sorted(roles)), {deadline.about_id})
    return by.pk in found[deadline.about_id]


@transaction.atomic
def acknowledge(deadline: Deadline, *, by: Any) -> Deadline:
    """Say that one sees to it: steps that stop at an acknowledgement are taken out of the plan, the others stay.

    Raises `Http404`, `MoveRefused`, `RightMissing`."""
    locked = locked_with_record(deadline, by)
    if locked.acknowledged_at is not None:
        raise MoveRefused(_("Somebody acknowledged it already."))
    if locked.state not in LIVE:
        raise MoveRefused(_("This deadline does not run any more."))
    if not may_acknowledge(locked, by):
        raise RightMissing
    with as_system():
        locked.acknowledged_at, locked.acknowledged_by = timezone.now(), by
        replan([locked], editions.current(), pauses_of([locked]))
        locked.save(update_fields=["acknowledged_at", "acknowledged_by", *PLANNED])
    return locked


def locked_with_record(deadline: Deadline, by: Any) -> Deadline:
    """The deadline as this person sees it, locked after its record, as every deed does. Raises `Http404`."""
    seen = Deadline.objects.visible_to(by).filter(pk=deadline.pk).first()
    record: type[Model] | None = seen.about_type.model_class() if seen else None
    if seen is None or record is None:
        raise Http404
    with as_system():
        record._base_manager.select_for_update(of=("self",), no_key=True).filter(pk=seen.about_id).first()
        return Deadline.objects.select_for_update(of=("self",)).get(pk=seen.pk)


@transaction.atomic
def finish_duty(duty: Duty, *, by: Any, outcome: str) -> Duty:
    """The task is done, and this is what was done; only whoever has it says so.

    Raises `Http404`, `RightMissing`, `MoveRefused`, `ReasonRequired`, `InvalidInput`."""
    seen = Duty.objects.visible_to(by).filter(pk=duty.pk).first()
    if seen is None:
        raise Http404
    if seen.person_id != by.pk:
        raise RightMissing
    text = clean(outcome)
    if has_unstorable(outcome) or len(text) > OUTCOME_MOST:
        raise InvalidInput({"outcome": [_("At most %(count)s characters.") % {"count": OUTCOME_MOST}]})
    if not text:
        raise ReasonRequired
    with as_system():
        locked = Duty.objects.select_for_update(of=("self",)).get(pk=duty.pk)
        if locked.done_at is not None:
            raise MoveRefused(_("This task is done already."))
        locked.done_at, locked.done_by, locked.outcome = timezone.now(), by, text
        locked.save(update_fields=["done_at", "done_by", "outcome"])
    return locked
