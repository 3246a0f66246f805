"""Which deadlines a record has, to read or locked for a deed, and who acts on them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Min, Model

from accounts.services import engine
from deadlines.models import Deadline, DeadlineQuerySet


def next_due(about: Model) -> datetime | None:
    """The nearest due moment of what runs; None when nothing does. One query."""
    nearest: datetime | None = Deadline.objects.about(about).running().aggregate(at=Min("due_at"))["at"]
    return nearest


def deadlines_of(about: Model) -> DeadlineQuerySet:
    """All deadlines of a record, the nearest first."""
    return Deadline.objects.about(about).order_by("due_at", "pk")


def locked(about: Model, obligations: Iterable[str] | None) -> list[Deadline]:
    """Live deadlines of a record, locked until the transaction ends. One query, none for an empty list."""
    rows = Deadline.objects.about(about).live()
    if obligations is not None:
        wanted = tuple(obligations)
        if not wanted:
            return []
        rows = rows.filter(obligation__in=wanted)
    return list(rows.order_by("pk").select_for_update())


def actor(by: Any) -> Any:
    """Who acts: the person, or the system's own account where nobody is signed in."""
    return by if getattr(by, "pk", None) else engine()
