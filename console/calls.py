"""The calls that ended at once, counted for the home page: out of scope, pranks, emergencies, questions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils import timezone

from console import charts
from feedback.choices import CallEnd
from feedback.models import Case


@dataclass(frozen=True)
class CallsToday:
    """What one operator put on record since midnight; `ends` are the calls that ended at once, by how."""

    count: int
    ends: list[tuple[str, int]]


def today_of(user: Any, now: datetime) -> CallsToday:
    """One query over the calls of a day."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    own = Case.objects.visible_to(user).filter(recorded_by=user, received_at__gte=midnight)
    rows = own.order_by().values_list("submissions__ended_as").annotate(Count("pk"))
    counts: dict[str, int] = dict(rows)
    return CallsToday(sum(counts.values()), [(str(end.label), counts[end]) for end in CallEnd if counts.get(end)])


def ended(counts: dict[tuple[str, str], int], url: str) -> tuple[list[charts.Point], int]:
    """The calls that ended at once, by how, for `charts.bars`; `url` is their list."""
    return [charts.Point(str(end.label), counts.get(("call", str(end))), url) for end in CallEnd], len(CallEnd)
