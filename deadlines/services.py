"""Starting, stopping and pausing clocks. Everything here runs inside the caller's transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model

from deadlines.models import Deadline, DeadlineQuerySet


def open_deadline(
    about: Model, obligation: str, *, start: datetime, facts: Mapping[str, str], by: Any, cycle: int | None = None
) -> Deadline | None:
    raise NotImplementedError


def finish(about: Model, obligations: Iterable[str], *, at: datetime, by: Any) -> list[Deadline]:
    raise NotImplementedError


def cancel(about: Model, obligations: Iterable[str] | None, *, by: Any, reason: str) -> list[Deadline]:
    raise NotImplementedError


def pause(about: Model, *, reason: str, by: Any, at: datetime) -> list[Deadline]:
    raise NotImplementedError


def resume(about: Model, *, by: Any, at: datetime) -> list[Deadline]:
    raise NotImplementedError


def reconsider(about: Model, *, facts: Mapping[str, str], by: Any, reason: str) -> list[Deadline]:
    raise NotImplementedError


def next_due(about: Model) -> datetime | None:
    raise NotImplementedError


def deadlines_of(about: Model) -> DeadlineQuerySet:
    return Deadline.objects.about(about)
