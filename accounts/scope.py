"""Where a person belongs today. Case models ask this when they answer `visible_to(user)`."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from common.models import valid_on


@dataclass(frozen=True)
class Scope:
    """The units of a person on one day; both empty for somebody who belongs nowhere."""

    divisions: frozenset[int] = frozenset()
    facilities: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Client:
    """The system that a request comes from, as its token tells: what it may do at all."""

    id: int
    name: str
    may_read: bool
    may_send: bool
    channel_code: str


def scope_of(user: Any, day: date) -> Scope:
    """Read the memberships that are valid on `day`: one query."""
    rows = user.memberships.filter(valid_on(day)).values_list("division_id", "facility_id")
    pairs = list(rows)
    return Scope(
        divisions=frozenset(division for division, _facility in pairs if division),
        facilities=frozenset(facility for _division, facility in pairs if facility),
    )
