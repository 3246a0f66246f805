"""The open tasks of a leaver, and how they move (`accounts.handover`)."""

from collections.abc import Iterable, Sequence
from itertools import cycle
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.handover import Moved, OpenWork, cannot_see, register
from accounts.models import User
from common.exceptions import InvalidInput
from deadlines import editions, registry
from deadlines.choices import Role
from deadlines.models import Duty
from deadlines.telling import Register

LABEL = _("Tasks from late deadlines")


def _move(leaver: User, receivers: Sequence[User], by: Any) -> Moved:
    """Deal the tasks out in turn; what `by` does not see, and everything without a receiver, goes to those to whom its
    step would give it, now that the leaver is gone."""
    duties = Duty.objects.open().of(leaver).select_related("deadline").select_for_update(of=("self",))
    rows = list(duties.order_by("given_at", "pk"))
    seen = _seen(by, rows)
    mine, unseen = [row for row in rows if row.pk in seen], [row for row in rows if row.pk not in seen]
    if mine and (blind := [one for one in receivers if len(_seen(one, mine)) < len(mine)]):
        raise InvalidInput({"receivers": [cannot_see(blind)]})
    moved = Moved(str(LABEL), {one: [] for one in receivers if mine}, [], len(unseen))
    for duty, receiver in zip(mine, cycle(receivers), strict=False):
        duty.person = receiver
        moved.to[receiver].append(duty.deadline.reference)
    if not receivers:
        moved.returned.extend(duty.deadline.reference for duty in mine)
    _give_again([*unseen, *([] if receivers else mine)], leaver)
    Duty.objects.bulk_update(rows, ["person"])
    return moved


def _seen(reader: Any, rows: Sequence[Duty]) -> set[int]:
    """As the reader's account stands now: a case may have come to them a moment ago."""
    found = Duty.objects.visible_to(User.objects.get(pk=reader.pk)).filter(pk__in=[row.pk for row in rows])
    return set(found.values_list("pk", flat=True))


def _give_again(duties: Iterable[Duty], leaver: User) -> None:
    registers: dict[int, Register] = {}
    for duty in duties:
        deadline = duty.deadline
        subject = registry.subject_of(registry.label_of_type(deadline.about_type_id))
        people = registers.setdefault(deadline.about_type_id, Register(subject))
        people.active[leaver.pk] = False
        step = editions.current().book.ladders.get(duty.ladder_id, {}).get(duty.step)
        roles = (step.given_to,) if step and step.given_to else (str(Role.LEAD),)
        if able := people.ask(roles, {deadline.about_id})[deadline.about_id]:
            duty.person_id = min(able)


def register_work() -> None:
    """Called once, when the apps are ready. A task is seen by whoever sees its record, which moves before it."""
    register("deadlines.duties", OpenWork(LABEL, _move, is_last=True))
