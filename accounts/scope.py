"""Where a person belongs today, and what the person is kept from. Case models ask this when they answer
`visible_to(user)`."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, DateField, F, QuerySet, Value

from common.models import valid_on
from common.scope import system
from common.statements import Slot, statement

# Every page asks these, so each is written once; whose they are and on which day stands in their slots.
PERSON, DAY = Slot("person", BigIntegerField()), Slot("day", DateField())


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
    pairs = statement(scope_of, lambda: _memberships(type(user))).rows(person=user.pk, day=day)
    return Scope(
        divisions=frozenset(division for division, _facility in pairs if division),
        facilities=frozenset(facility for _division, facility in pairs if facility),
    )


@system  # what somebody is kept from is not for everybody to read
def recused_of(user: Any, day: date) -> Recused:
    """Read the recusals that hold on `day`, from facilities and from single cases: one query.

    The cases are read by the name under which their app hangs them on the person."""
    pairs = statement(recused_of, lambda: _recusals(type(user))).rows(person=user.pk, day=day)
    return Recused(
        facilities=frozenset(facility for facility, _case in pairs if facility),
        cases=frozenset(case for _facility, case in pairs if case),
    )


def limits_of(user: Any) -> frozenset[int]:
    """The facilities that an API client may ask about; empty for people and for clients without a limit: one query."""
    rows = statement(limits_of, lambda: _limits(type(user))).rows(person=user.pk)
    return frozenset(facility for (facility,) in rows)


def _memberships(people: Any) -> QuerySet[Any, Any]:
    rows = people.memberships.rel.related_model.objects.filter(valid_on(DAY), user=PERSON)
    return rows.values_list("division_id", "facility_id")


def _recusals(people: Any) -> QuerySet[Any, Any]:
    from_facilities = people.recusals.rel.related_model.objects.holding(DAY).filter(user=PERSON)
    from_cases = people.case_recusals.rel.related_model.objects.filter(lifted_at=None, user=PERSON)
    nothing = Value(None, output_field=BigIntegerField())
    return from_facilities.values_list(F("facility_id"), nothing).union(from_cases.values_list(nothing, F("case_id")))


def _limits(people: Any) -> QuerySet[Any, Any]:
    """Of the join table: a row for each facility of the client that is this account."""
    joined = people.api_client.related.related_model.facilities.through
    return joined.objects.filter(apiclient__user=PERSON).values_list("facility_id")
