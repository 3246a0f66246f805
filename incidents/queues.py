"""The queues of the work with incidents: which wait for whom. The home page counts them, the list shows them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.lookups import LessThanOrEqual
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from incidents.choices import SENT, Status
from incidents.models import Incident
from incidents.obligations import due_of_facility
from incidents.transitions import CHECK, WRITE

FACILITY = "incidents.view_facility_incident"


@dataclass(frozen=True)
class Queue:
    """Incidents that wait for something, and for whom the queue is there (blank: everybody). `at_facility` narrows it
    for the facility's own people."""

    label: Promise
    which: Callable[[datetime], Q]
    right: str = ""
    is_mine: bool = False
    at_facility: Callable[[datetime], Q] | None = None

    def condition(self, user: Any, at: datetime) -> Q:
        """Which incidents: what waits, and of one's own queue those that one was given."""
        narrower = self.at_facility(at) if self.at_facility and user.has_perm(FACILITY) else Q()
        return self.which(at) & narrower & (Q(assignee=user) if self.is_mine else Q())


def _late_at_facility(at: datetime) -> Q:
    """What the department is late with is not a facility's work."""
    return Q(LessThanOrEqual(due_of_facility(), Value(at)))


def _with_status(status: Status) -> Callable[[datetime], Q]:
    return lambda at: Q(status=str(status))


QUEUES: dict[str, Queue] = {
    "all": Queue(pgettext_lazy("incident queue", "All"), lambda at: Q()),
    "draft": Queue(pgettext_lazy("incident queue", "Drafts"), _with_status(Status.DRAFT), FACILITY),
    "mine": Queue(
        pgettext_lazy("incident queue", "Given to me"),
        lambda at: Q(status__in=[str(status) for status in SENT if status != Status.ACCEPTED]),
        CHECK,
        is_mine=True,
    ),
    "from-staff": Queue(
        pgettext_lazy("incident queue", "From staff, to look at"),
        lambda at: Q(status=str(Status.DRAFT), staff_report__isnull=False, staff_report__looked_at=None),
        FACILITY,
    ),
    "feedback-owed": Queue(
        pgettext_lazy("incident queue", "Reporter waits for feedback"),
        lambda at: Q(staff_report__isnull=False, staff_report__fed_back_at=None),
        FACILITY,
    ),
    "returned": Queue(pgettext_lazy("incident queue", "Returned"), _with_status(Status.RETURNED)),
    "to-check": Queue(pgettext_lazy("incident queue", "To check"), _with_status(Status.SUBMITTED)),
    "severe": Queue(pgettext_lazy("incident queue", "Mandatory (NC3)"), lambda at: Q(level="NC3")),
    "late": Queue(pgettext_lazy("incident queue", "Late"), lambda at: Q(due_at__lte=at), at_facility=_late_at_facility),
}
TO_DO = {  # tiles of the home page, by right
    WRITE: ("from-staff", "draft", "returned", "feedback-owed"),
    CHECK: ("mine", "to-check", "late"),
}


def offered_to(user: Any) -> dict[str, Queue]:
    """The queues that are there for this person. No query beyond the permissions."""
    return {name: queue for name, queue in QUEUES.items() if not queue.right or user.has_perm(queue.right)}


def to_do(user: Any) -> list[str]:
    """The queues that are this person's work; nothing for those who only read."""
    if not user.has_perm("incidents.view_incident") or user.is_superuser:
        return []
    return [name for right, names in TO_DO.items() if user.has_perm(right) for name in names]


def incidents_in(name: str, user: Any, at: datetime) -> QuerySet[Incident]:
    """The incidents of one queue that this person sees, unordered."""
    return Incident.objects.visible_to(user).filter(QUEUES[name].condition(user, at))
