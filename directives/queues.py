"""The queues of the work with assignments: which wait for whom. The home page counts them, the list shows them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from directives.choices import WRITABLE, Status
from directives.models import Assignment
from directives.transitions import AGREE, CHECK, WRITE

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Queue:
    """Assignments that wait for something."""

    label: Promise
    which: Callable[[datetime], Q]


def _with_status(*statuses: Status) -> Callable[[datetime], Q]:
    return lambda at: Q(status__in=[str(status) for status in statuses])


QUEUES: dict[str, Queue] = {
    "soon": Queue(
        pgettext_lazy("duty queue", "Due within 30 days"),
        lambda at: Q(status__in=WRITABLE, due_at__gt=at, due_at__lte=at + SOON),
    ),
    "late": Queue(pgettext_lazy("duty queue", "Late"), lambda at: Q(status__in=WRITABLE, due_at__lte=at)),
    "returned": Queue(pgettext_lazy("duty queue", "Returned"), _with_status(Status.RETURNED)),
    "to-check": Queue(pgettext_lazy("duty queue", "To check"), _with_status(Status.SUBMITTED)),
    "to-agree": Queue(pgettext_lazy("duty queue", "Waits for a second person"), _with_status(Status.CHECKED)),
    "standing": Queue(pgettext_lazy("duty queue", "Standing"), lambda at: Q(status=str(Status.OPEN), due_at=None)),
    "all": Queue(pgettext_lazy("duty queue", "All"), lambda at: ~Q(status=str(Status.WITHDRAWN))),
    "withdrawn": Queue(pgettext_lazy("duty queue", "Withdrawn"), _with_status(Status.WITHDRAWN)),
}
TO_DO = {WRITE: ("late", "soon", "returned"), CHECK: ("to-check",), AGREE: ("to-agree",)}  # tiles, by right


def to_do(user: Any) -> list[str]:
    """The queues that are this person's work; nothing for those who only read."""
    if not user.has_perm("directives.view_assignment") or user.is_superuser:
        return []
    return [name for right, names in TO_DO.items() if user.has_perm(right) for name in names]


def assignments_in(name: str, user: Any, at: datetime) -> QuerySet[Assignment]:
    """The assignments of one queue that this person sees, unordered."""
    return Assignment.objects.visible_to(user).filter(QUEUES[name].which(at))
