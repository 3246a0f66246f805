"""The queues of the work with actions: which wait for whom. The home page counts them, the list shows them."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import pgettext_lazy

from incidents.actions.transitions import VERIFY
from incidents.choices import ActionStatus
from incidents.models import Action
from incidents.queues import Queue
from incidents.transitions import WRITE

SOON = timedelta(days=14)
_TO_DO = Q(status__in=[str(ActionStatus.OPEN), str(ActionStatus.REOPENED)])


def _of(status: ActionStatus) -> Any:
    return lambda at: Q(status=str(status))


QUEUES: dict[str, Queue] = {
    "all": Queue(pgettext_lazy("action queue", "All"), lambda at: Q()),
    "due": Queue(pgettext_lazy("action queue", "To be done"), lambda at: _TO_DO),
    "soon": Queue(pgettext_lazy("action queue", "Due in 14 days"), lambda at: _TO_DO & Q(due_at__lte=at + SOON)),
    "to-verify": Queue(pgettext_lazy("action queue", "To verify"), _of(ActionStatus.DONE)),
    "effect-due": Queue(
        pgettext_lazy("action queue", "Effect to be checked"),
        lambda at: Q(status=str(ActionStatus.VERIFIED), due_at__lte=at + SOON),
    ),
    "reopened": Queue(pgettext_lazy("action queue", "Review reopened"), _of(ActionStatus.REOPENED)),
    "late": Queue(pgettext_lazy("action queue", "Late"), lambda at: Q(due_at__lte=at)),
}
TO_DO = {WRITE: ("soon", "reopened"), VERIFY: ("to-verify", "effect-due")}  # tiles of the home page, by right


def to_do(user: Any) -> list[str]:
    """The queues that are this person's work; nothing for those who only read."""
    if not user.has_perm("incidents.view_incident") or user.is_superuser:
        return []
    return [name for right, names in TO_DO.items() if user.has_perm(right) for name in names]


def actions_in(name: str, user: Any, at: datetime) -> QuerySet[Action]:
    """The actions of one queue that this person sees, unordered."""
    return Action.objects.visible_to(user).filter(QUEUES[name].which(at))
