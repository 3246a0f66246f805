"""The calendar, rules and ladders as the pure functions take them, read once per edition and process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache
from typing import Any

from django.db import connection

from deadlines.calendar import Term, WorkingCalendar
from deadlines.calendars import DEFAULT_AUTHORITY, Calendars
from deadlines.choices import Action, Clock, DayKind, EndsAt, Nature, Side, StepUnit
from deadlines.ladders import Quiet, Rung
from deadlines.models import DeadlineRule, Edition, Ladder, LadderStep
from deadlines.rules import WEIGHTS, Rule, authority_of

NEWEST = """
SELECT (SELECT max(id) FROM deadlines_edition WHERE kind = 'calendar'),
       (SELECT max(id) FROM deadlines_edition WHERE kind = 'rules')
"""


@dataclass(frozen=True)
class Rulebook:
    """The rules in use by (subject, obligation), and the ladders by id: their steps by position, their quiet hours."""

    rules: Mapping[tuple[str, str], tuple[Rule, ...]] = field(default_factory=dict)
    ladders: Mapping[int, Mapping[int, Rung]] = field(default_factory=dict)
    quiet: Mapping[int, Quiet] = field(default_factory=dict)


@dataclass(frozen=True)
class Reference:
    """What a due moment is computed from."""

    calendars: Calendars
    book: Rulebook

    @property
    def calendar(self) -> WorkingCalendar:
        """The department's own."""
        return self.calendars.department

    @property
    def version(self) -> int:
        """The edition of the calendars; one edition holds those of all authorities."""
        return self.calendars.department.version


_kept: dict[int, Rulebook] = {}


def current(newest: tuple[int | None, int | None] | None = None) -> Reference:
    """The newest calendar and rules: one small query, and a few more only when one of them changed. No query when the
    caller has asked `NEWEST` together with something else and gives its answer."""
    calendar_number, rules_number = _newest() if newest is None else (newest[0] or 0, newest[1] or 0)
    return Reference(calendars=calendars_of(calendar_number), book=_book_of(rules_number))


def _newest() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(NEWEST)
        calendar_number, rules_number = cursor.fetchone()
    return calendar_number or 0, rules_number or 0


@lru_cache(maxsize=32)
def _calendars(number: int) -> Calendars:
    content = Edition.objects.get(pk=number).content or {"days": [], "periods": []}
    names = {row[0] for row in (*content["days"], *content["periods"])} - {DEFAULT_AUTHORITY}
    own = {name: _read_calendar(content, name, number) for name in names}
    return Calendars(_read_calendar(content, DEFAULT_AUTHORITY, number), own)


def calendars_of(number: int) -> Calendars:
    """The calendars of one edition; 0 is the empty one. One query the first time, none after."""
    return _calendars(number) if number else Calendars(WorkingCalendar(hours={}))


def calendar_of(number: int, derivation: Mapping[str, Any] | None = None) -> WorkingCalendar:
    """The calendar of one edition that a deadline with this derivation follows; without one the department's."""
    return calendars_of(number).of(authority_of(derivation or {}))


def _read_calendar(content: Mapping[str, Any], authority: str, number: int) -> WorkingCalendar:
    """What one authority entered."""
    hours: dict[int, list[tuple[int, int]]] = {}
    for whose, weekday, starts, ends in content["periods"]:
        if whose == authority:
            hours.setdefault(weekday, []).append((_minutes(starts), _minutes(ends)))
    rows = [row[1:] for row in content["days"] if row[0] == authority]  # editions grow on the right
    return WorkingCalendar(
        hours={weekday: tuple(sorted(periods)) for weekday, periods in hours.items()},
        days={date.fromisoformat(day): DayKind(kind) for day, kind, *_rest in rows},
        notes={date.fromisoformat(day): note for day, _kind, note, *_rest in rows if note},
        awaited=frozenset(date.fromisoformat(row[0]) for row in rows if row[3:] == [False]),
        version=number,
    )


def _minutes(text: str) -> int:
    at = time.fromisoformat(text)
    return at.hour * 60 + at.minute


def _book_of(number: int) -> Rulebook:
    """Read again until the number did not change meanwhile, so that a number always means the same content."""
    while (book := _kept.get(number)) is None:
        book = Rulebook(_read_rules(), _read_ladders(), _read_quiet())
        again = _newest()[1]
        if again == number:
            if not number:
                return book
            _kept.clear()
            _kept[number] = book
        number = again
    return book


def _read_rules() -> dict[tuple[str, str], tuple[Rule, ...]]:
    found: dict[tuple[str, str], list[Rule]] = {}
    for row in DeadlineRule.objects.filter(is_in_use=True):
        found.setdefault((row.subject, row.obligation), []).append(as_rule(row))
    return {key: tuple(rules) for key, rules in found.items()}


def as_rule(row: DeadlineRule) -> Rule:
    """A row as the pure functions take it."""
    return Rule(
        pk=row.pk,
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        subject=row.subject,
        obligation=row.obligation,
        term=Term(Clock(row.clock), row.amount, EndsAt(row.ends_at), row.month or 0, row.day or 0, is_back=row.is_back),
        nature=Nature(row.nature),
        source=row.source,
        ladder_id=row.ladder_id,
        longest=row.longest,
        standing=_standing_of(row),
        conditions={name: getattr(row, name) for name in WEIGHTS if getattr(row, name)},
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        event=row.event,
        authority=row.authority,
    )


def _standing_of(row: DeadlineRule) -> dict[str, Any]:
    """How long and how often a clock of this rule may stand; empty where nothing is said."""
    if row.pause_days is None and row.pause_times is None and not row.pause_source:
        return {}
    return {
        "days": row.pause_days,
        "times": row.pause_times,
        "nature": row.pause_nature,
        "source": row.pause_source,
    }


def _read_ladders() -> dict[int, dict[int, Rung]]:
    ladders: dict[int, dict[int, Rung]] = {}
    for row in LadderStep.objects.all():
        ladders.setdefault(row.ladder_id, {})[row.position] = as_rung(row)
    return ladders


def as_rung(row: LadderStep) -> Rung:
    """A step as the pure functions take it."""
    return Rung(
        position=row.position,
        side=Side(row.side),
        amount=row.amount,
        unit=StepUnit(row.unit),
        roles=tuple(row.roles),
        level=row.level,
        template=row.template,
        is_urgent=row.is_urgent,
        action=Action(row.action),
        given_to=row.given_to,
        keeps_quiet=row.keeps_quiet,
        stops_when_acknowledged=row.stops_when_acknowledged,
    )


def _read_quiet() -> dict[int, Quiet]:
    hours = Ladder.objects.values_list("pk", "quiet_from", "quiet_until", "is_quiet_on_rest_days")
    return {pk: Quiet(starts, ends, on_rest_days) for pk, starts, ends, on_rest_days in hours}
