"""Where a person belongs today, and what the person is kept from. Case models ask this when they answer
`visible_to(user)`."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, Value

from common.models import valid_on
from common.scope import system


@dataclass(frozen=True)
class Scope:
    """The units of a person on one day; both empty for somebody who belongs nowhere."""

    divisions: frozenset[int] = frozenset()
    facilities: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Recused:
    """What a person is kept from on one day; both empty for nearly everybody."""

    facilities: frozenset[int] = frozenset()
    cases: frozenset[int] = frozenset()


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


@system  # what somebody is kept from is not for everybody to read
def recused_of(user: Any, day: date) -> Recused:
    """Read the recusals that hold on `day`, from facilities and from single cases: one query.

    The cases are read by the name under which their app hangs them on the person."""
    nothing = Value(None, output_field=BigIntegerField())
    from_facilities = user.recusals.holding(day).values_list(F("facility_id"), nothing)
    from_cases = user.case_recusals.filter(lifted_at=None).values_list(nothing, F("case_id"))
    pairs = list(from_facilities.union(from_cases))
    return Recused(
        facilities=frozenset(facility for facility, _case in pairs if facility),
        cases=frozenset(case for _facility, case in pairs if case),
    )
