"""What a leaver has open among the cases, and how it moves (`accounts.handover`)."""

from collections.abc import Callable, Sequence
from itertools import cycle
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.handover import Moved, OpenWork, cannot_see, register
from accounts.models import User
from common.exceptions import InvalidInput
from feedback.choices import Status
from feedback.models import Case, RevealRequest
from feedback.recusals import give_back
from notifications.services import enqueue

TO_CHECK = Q(status__in=[str(Status.ANSWERED), str(Status.IN_REVIEW)])
TO_CONFIRM = Q(status=str(Status.CHECKED))
Move = Callable[[User, Sequence[User], Any], Moved]


def _cases(label: Any, which: Q) -> OpenWork:
    """The open cases of one stage that a person has in hand."""

    def move(leaver: User, receivers: Sequence[User], by: Any) -> Moved:
        held = Case.objects.filter(which, assignee=leaver, is_open=True)
        rows = list(held.select_for_update(of=("self",)).order_by("pk"))
        rows.sort(key=lambda case: (case.due_at is None, case.due_at, case.pk))  # the urgent ones are dealt out first
        return _moved(str(label), rows, leaver, receivers, by)

    return OpenWork(label, move)


def _moved(label: str, rows: list[Case], leaver: User, receivers: Sequence[User], by: Any) -> Moved:
    """Deal the locked cases out in turn; what `by` does not see, and everything without a receiver, goes back."""
    seen = _seen(by, rows)
    mine, unseen = [row for row in rows if row.pk in seen], [row for row in rows if row.pk not in seen]
    if mine and receivers:
        _check(mine, receivers)
    moved = Moved(label, {one: [] for one in receivers if mine}, [], len(unseen))
    if receivers:
        for case, receiver in zip(mine, cycle(receivers), strict=False):
            _give(case, receiver, by)
            moved.to[receiver].append(case.reference)
        _tell(moved, leaver)
    else:
        give_back(mine, leaver, by=by)
        moved.returned.extend(case.reference for case in mine)
    give_back(unseen, leaver, by=by)
    return moved


def _seen(reader: Any, rows: Sequence[Case]) -> set[int]:
    found: QuerySet[Case] = Case.objects.visible_to(reader).filter(pk__in=[row.pk for row in rows])
    return set(found.values_list("pk", flat=True))


def _check(rows: Sequence[Case], receivers: Sequence[User]) -> None:
    """Would each receiver see each case once it is theirs? Tried on the locked rows, which are written again after."""
    keys, blind = [row.pk for row in rows], []
    for receiver in receivers:
        Case.objects.filter(pk__in=keys).update(assignee=receiver)
        if len(_seen(User.objects.get(pk=receiver.pk), rows)) < len(keys):
            blind.append(receiver)
    if blind:
        raise InvalidInput({"receivers": [cannot_see(blind)]})


def _give(case: Case, receiver: User, by: Any) -> None:
    case.assignee = receiver
    case.version += 1
    case._history_user, case._change_reason = by, ""  # type: ignore[attr-defined]
    case.save()


def _tell(moved: Moved, leaver: User) -> None:
    for receiver, references in moved.to.items():
        if references:
            enqueue(
                f"handover:{leaver.pk}:{references[0]}",
                to=[receiver.pk],
                template="work_handed_over",
                params={"number": str(len(references))},
                url=f"{reverse('admin:feedback_case_changelist')}?queue=mine",
            )


def _end_requests(leaver: User, receivers: Sequence[User], by: Any) -> Moved:
    """A request to see a reporter is its asker's alone: those that wait lapse."""
    now = timezone.now()
    waiting = RevealRequest.objects.filter(asked_by=leaver, decided_by=None, expires_at__gt=now)
    seen = set(Case.objects.visible_to(by).filter(reveal_requests__in=waiting).values_list("reference", flat=True))
    count = waiting.update(expires_at=now)
    return Moved(str(REQUESTS), {}, sorted(seen), count - len(seen))


REQUESTS = _("Requests to see a reporter (they lapse)")


def register_work() -> None:
    """Called once, when the apps are ready."""
    register("feedback.to_check", _cases(_("Answers to check"), TO_CHECK))
    register("feedback.to_confirm", _cases(_("Checked answers, to be confirmed"), TO_CONFIRM))
    register("feedback.held", _cases(_("Other cases in hand"), ~TO_CHECK & ~TO_CONFIRM))
    register("feedback.reveals", OpenWork(REQUESTS, _end_requests))
