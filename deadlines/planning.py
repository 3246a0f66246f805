"""From facts and a start to a due moment, its ladder and its reasons. Pure, given the reference data."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deadlines import calendar as dates
from deadlines.calendar import Moments, Term
from deadlines.choices import Clock, EndsAt
from deadlines.editions import Reference
from deadlines.ladders import Course, Said, plan
from deadlines.rules import Rule, fitting, frozen, legal_limit


@dataclass(frozen=True)
class Schedule:
    """A due moment and the steps of its ladder that are still to come."""

    due_at: datetime
    is_provisional: bool
    moments: list[datetime]
    positions: list[int]

    @property
    def next_at(self) -> datetime | None:
        return self.moments[0] if self.moments else None


@dataclass(frozen=True)
class Judgement:
    """The rule that applies, and what a deadline freezes of it."""

    rule: Rule
    derivation: dict[str, Any]


def judge(
    reference: Reference,
    subject: str,
    obligation: str,
    start: datetime,
    facts: Mapping[str, str],
    moments: Mapping[str, datetime] | None = None,
) -> Judgement | None:
    """The rule for this obligation on the day of `start`, given the moments of events; None when none fits."""
    fit = fitting(reference.book.rules.get((subject, obligation), ()), facts, dates.local(start).date(), moments)
    if not fit:
        return None
    winner, law = fit[0], legal_limit(fit)
    if law is None:
        return Judgement(winner, frozen(winner))
    if _due(reference, law, start) < _due(reference, winner, start):
        return Judgement(law, frozen(law, replaces=winner))
    return Judgement(winner, frozen(winner, limits=law))


def waits_for(reference: Reference, label: str, row: Any, event: str, facts: Mapping[str, str]) -> bool:
    """Would another rule govern this deadline once the event's moment is given?"""
    rules = reference.book.rules.get((label, row.obligation), ())
    day = dates.local(row.starts_at).date()
    return any(rule.event == event and rule.fits(facts, day) for rule in rules)


def _due(reference: Reference, rule: Rule, start: datetime) -> datetime:
    return dates.due(reference.calendars.of(rule.authority), rule.term, start)


def schedule(
    reference: Reference,
    term: Term,
    ladder_id: int,
    start: datetime,
    *,
    authority: str,
    pauses: Sequence[Moments] = (),
    taken: Collection[int] = (),
    is_acknowledged: bool = False,
    said: Said | None = None,
) -> Schedule:
    """When the term ends by this authority's calendar (empty: the department's), and when the steps of its ladder
    happen. Tens of microseconds."""
    calendar = reference.calendars.of(authority)
    due_at = dates.due(calendar, term, start, pauses)
    rungs = reference.book.ladders.get(ladder_id, {}).values()
    course = Course(calendar, term, start, due_at, pauses)
    steps = plan(course, rungs, taken=taken, is_acknowledged=is_acknowledged, said=said)
    return Schedule(
        due_at=due_at,
        is_provisional=dates.is_provisional(calendar, term, due_at),
        moments=[moment for moment, _position in steps],
        positions=[position for _moment, position in steps],
    )


def term_of(derivation: Mapping[str, Any]) -> Term:
    """The term that a deadline froze."""
    event_at = derivation.get("event_at")
    return Term(
        Clock(derivation["clock"]),
        derivation["amount"],
        EndsAt(derivation["ends_at"]),
        month=derivation.get("month", 0),
        day=derivation.get("day", 0),
        is_back=derivation.get("is_back", False),
        at=datetime.fromisoformat(event_at) if event_at else None,
    )
