"""The queues of the work: which cases wait for whom. The home page counts them, the list shows them, by one answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from common.keyset import NEWEST_FIRST, Order
from deadlines.choices import Level
from feedback.choices import WITH_FACILITY, Status
from feedback.models import Case

DUE_FIRST = Order("due_at", has_gaps=True)
SOON = timedelta(hours=24)


@dataclass(frozen=True)
class Queue:
    """Cases that wait for something: the words, which they are, for whom the queue is there, and their order."""

    label: Promise
    which: Callable[[Any, datetime], Q]
    right: str = ""
    order: Order = DUE_FIRST


def _with_status(*statuses: str) -> Callable[[Any, datetime], Q]:
    return lambda user, at: Q(is_open=True, status__in=[str(status) for status in statuses])


def _mine(user: Any, at: datetime) -> Q:
    return Q(is_open=True, assignee=user)


def _to_confirm(user: Any, at: datetime) -> Q:
    """Checked by somebody else: the second person is a rule, so one's own checks are not one's queue."""
    return Q(is_open=True, status=Status.CHECKED) & (Q(checked_by=None) | ~Q(checked_by=user))


def _escalated(user: Any, at: datetime) -> Q:
    """What came as high as this person: the director's step, else the lead's."""
    is_lead = user.has_perm("feedback.lead_working_group")
    level = Level.LEAD if is_lead else Level.DIRECTOR
    return Q(is_open=True, escalation_level__gte=level)


def _due_today(user: Any, at: datetime) -> Q:
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return Q(is_open=True, due_at__gt=at, due_at__lte=midnight)


QUEUES: dict[str, Queue] = {
    "open": Queue(pgettext_lazy("queue", "Open"), lambda user, at: Q(is_open=True)),
    "mine": Queue(pgettext_lazy("queue", "Mine"), _mine, "feedback.view_every_case feedback.view_division_case"),
    "new": Queue(pgettext_lazy("queue", "New"), _with_status(Status.RECEIVED), "feedback.screen_case"),
    "late": Queue(pgettext_lazy("queue", "Late"), lambda user, at: Q(is_open=True, due_at__lte=at)),
    "today": Queue(pgettext_lazy("queue", "Due today"), _due_today),
    "soon": Queue(
        pgettext_lazy("queue", "Due within a day"),
        lambda user, at: Q(is_open=True, due_at__gt=at, due_at__lte=at + SOON),
    ),
    "to-answer": Queue(
        pgettext_lazy("queue", "To answer"), _with_status(Status.FORWARDED, Status.RETURNED), "feedback.answer_case"
    ),
    "returned": Queue(pgettext_lazy("queue", "Returned"), _with_status(Status.RETURNED), "feedback.answer_case"),
    "to-examine": Queue(pgettext_lazy("queue", "To examine"), _with_status(Status.ASSIGNED), "feedback.handle_case"),
    "with-facility": Queue(
        pgettext_lazy("queue", "With the facility"), _with_status(*WITH_FACILITY), "feedback.view_every_case"
    ),
    "to-check": Queue(
        pgettext_lazy("queue", "To check"), _with_status(Status.ANSWERED, Status.IN_REVIEW), "feedback.check_case"
    ),
    "to-confirm": Queue(pgettext_lazy("queue", "To confirm"), _to_confirm, "feedback.confirm_case"),
    "to-reply": Queue(pgettext_lazy("queue", "To reply"), _with_status(Status.CONFIRMED), "feedback.reply_case"),
    "to-publish": Queue(pgettext_lazy("queue", "To publish"), _with_status(Status.REPLIED), "feedback.publish_case"),
    "waiting": Queue(
        pgettext_lazy("queue", "Waiting for the reporter"), _with_status(Status.WAITING), "feedback.triage_case"
    ),
    "escalated": Queue(
        pgettext_lazy("queue", "Escalated to me"),
        _escalated,
        "feedback.lead_working_group feedback.direct_department",
    ),
    "all": Queue(pgettext_lazy("queue", "All"), lambda user, at: Q(), order=NEWEST_FIRST),
}


def offered_to(user: Any) -> dict[str, Queue]:
    """The queues that are there for this person, in the order of the work. No query beyond the permissions."""
    return {name: queue for name, queue in QUEUES.items() if _is_for(queue, user)}


def _is_for(queue: Queue, user: Any) -> bool:
    return not queue.right or any(user.has_perm(right) for right in queue.right.split())


def cases_in(name: str, user: Any, at: datetime) -> QuerySet[Case]:
    """The cases of one queue that this person sees, unordered."""
    return Case.objects.visible_to(user).filter(QUEUES[name].which(user, at))
