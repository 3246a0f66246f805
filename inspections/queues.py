"""The queues of inspections and of demands: which wait for whom. The home page counts them, the lists show them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from inspections.choices import TO_DO, UNTOLD, CorrectionStatus, Status
from inspections.models import CorrectiveAction, Inspection
from inspections.rules import ANSWER, CONDUCT, EVERY

SOON = timedelta(days=14)
VISIT_LIST, CORRECTION_LIST = "admin:inspections_inspection_changelist", "admin:inspections_correctiveaction_changelist"
_WAITS = [str(status) for status in TO_DO]


@dataclass(frozen=True)
class Queue:
    """Rows that wait for something; `is_inside`: the department's own business, which a facility is not even told the
    name of."""

    label: Promise
    which: Callable[[datetime], Q]
    is_inside: bool = False


def _of(*statuses: str) -> Callable[[datetime], Q]:
    return lambda at: Q(status__in=[str(status) for status in statuses])


VISITS: dict[str, Queue] = {
    "all": Queue(pgettext_lazy("inspection queue", "All"), lambda at: Q()),
    "coming": Queue(
        pgettext_lazy("inspection queue", "Coming in 14 days"),
        lambda at: Q(status=str(Status.PREPARED), planned_at__lte=at + SOON),
        is_inside=True,
    ),
    "prepared": Queue(pgettext_lazy("inspection queue", "Being prepared"), _of(Status.PREPARED), is_inside=True),
    "open": Queue(pgettext_lazy("inspection queue", "Under way"), _of(Status.OPENED)),
    "correcting": Queue(pgettext_lazy("inspection queue", "Being corrected"), _of(Status.RECORDED)),
    "closed": Queue(pgettext_lazy("inspection queue", "Closed"), _of(Status.CLOSED)),
    "cancelled": Queue(pgettext_lazy("inspection queue", "Called off"), _of(Status.CANCELLED), is_inside=True),
}
CORRECTIONS: dict[str, Queue] = {
    "all": Queue(pgettext_lazy("demand queue", "All"), lambda at: ~Q(status__in=[str(status) for status in UNTOLD])),
    "to-do": Queue(pgettext_lazy("demand queue", "To be corrected"), _of(*TO_DO)),
    "late": Queue(pgettext_lazy("demand queue", "Late"), lambda at: Q(status__in=_WAITS, due_at__lte=at)),
    "to-verify": Queue(pgettext_lazy("demand queue", "To verify"), _of(CorrectionStatus.ANSWERED)),
    "reopened": Queue(pgettext_lazy("demand queue", "Came back"), _of(CorrectionStatus.REOPENED)),
    "verified": Queue(pgettext_lazy("demand queue", "Verified"), _of(CorrectionStatus.VERIFIED)),
}


@dataclass(frozen=True)
class Tile:
    """A queue on the home page: its rows, its words, and the list that it leads to."""

    queue: str
    label: Promise
    rows: QuerySet[Any]
    address: str


def visits_in(name: str, user: Any, at: datetime) -> QuerySet[Inspection]:
    """The inspections of one queue that this person sees, unordered."""
    return Inspection.objects.visible_to(user).filter(VISITS[name].which(at))


def corrections_in(name: str, user: Any, at: datetime) -> QuerySet[CorrectiveAction]:
    """The demands of one queue that this person sees, unordered."""
    return CorrectiveAction.objects.visible_to(user).filter(CORRECTIONS[name].which(at))


def offered(queues: dict[str, Queue], user: Any) -> dict[str, Queue]:
    """The queues whose names this person reads."""
    is_inside = user.has_perm(EVERY)
    return {name: queue for name, queue in queues.items() if is_inside or not queue.is_inside}


def tiles(user: Any, at: datetime) -> dict[str, Tile]:
    """What of inspections is this person's work, for the home page; nothing for those who only read."""
    if not user.has_perm("inspections.view_inspection") or user.is_superuser:
        return {}
    found = {}
    if user.has_perm(CONDUCT):
        label = pgettext_lazy("home", "Inspections in 14 days")
        found["inspection-coming"] = Tile("coming", label, visits_in("coming", user, at), VISIT_LIST)
        label = pgettext_lazy("home", "Demands to correct: late")
        found["correction-late"] = Tile("late", label, corrections_in("late", user, at), CORRECTION_LIST)
        label = pgettext_lazy("home", "Demands to correct: to verify")
        found["correction-to-verify"] = Tile("to-verify", label, corrections_in("to-verify", user, at), CORRECTION_LIST)
    elif user.has_perm(ANSWER):
        label = pgettext_lazy("home", "Demands after inspections: to correct")
        found["correction-to-do"] = Tile("to-do", label, corrections_in("to-do", user, at), CORRECTION_LIST)
    return found
