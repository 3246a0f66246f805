"""The calendar, rules and ladders as the pure functions take them, read once per edition and process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache
from typing import Any

from django.db import connection

from deadlines.calendar import Term, WorkingCalendar
from deadlines.choices import Clock, DayKind, EndsAt, Nature, Side, StepUnit
from deadlines.ladders import Rung
from deadlines.models import DEFAULT_AUTHORITY, DeadlineRule, Edition, LadderStep
from deadlines.rules import WEIGHTS, Rule

NEWEST = """
SELECT (SELECT max(id) FROM deadlines_edition WHERE kind = 'calendar'),
       (SELECT max(id) FROM deadlines_edition WHERE kind = 'rules')
"""


@dataclass(frozen=True)
class Rulebook:
    """The rules in use by (subject, obligation), and the ladders by id, their steps by position."""

    rules: Mapping[tuple[str, str], tuple[Rule, ...]] = field(default_factory=dict)
    ladders: Mapping[int, Mapping[int, Rung]] = field(default_factory=dict)


@dataclass(frozen=True)
class Reference:
    """What a due moment is computed from."""

    calendar: WorkingCalendar
    book: Rulebook


_kept: dict[int, Rulebook] = {}


def current(newest: tuple[int | None, int | None] | None = None) -> Reference:
    """The newest calendar and rules: one small query, and a few more only when one of them changed. No query when the
    caller has asked `NEWEST` together with something else and gives its answer."""
    calendar_number, rules_number = _newest() if newest is None else (newest[0] or 0, newest[1] or 0)
    return Reference(calendar=calendar_of(calendar_number), book=_book_of(rules_number))


def _newest() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(NEWEST)
        calendar_number, rules_number = cursor.fetchone()
    return calendar_number or 0, rules_number or 0


@lru_cache(maxsize=32)
def _calendar(number: int) -> WorkingCalendar:
    return _read_calendar(Edition.objects.get(pk=number).content or {"days": [], "periods": []}, number)


def calendar_of(number: int) -> WorkingCalendar:
    """The calendar of one edition; 0 is the empty one. One query the first time, none after."""
    return _calendar(number) if number else WorkingCalendar(hours={})


def _read_calendar(content: Mapping[str, Any], number: int) -> WorkingCalendar:
    hours: dict[int, list[tuple[int, int]]] = {}
    for authority, weekday, starts, ends in content["periods"]:
        if authority == DEFAULT_AUTHORITY:
            hours.setdefault(weekday, []).append((_minutes(starts), _minutes(ends)))
    rows = [row[1:] for row in content["days"] if row[0] == DEFAULT_AUTHORITY]
    return WorkingCalendar(
        hours={weekday: tuple(sorted(periods)) for weekday, periods in hours.items()},
        days={date.fromisoformat(day): DayKind(kind) for day, kind, _note in rows},
        notes={date.fromisoformat(day): note for day, _kind, note in rows if note},
        version=number,
    )


def _minutes(text: str) -> int:
    at = time.fromisoformat(text)
    return at.hour * 60 + at.minute


def _book_of(number: int) -> Rulebook:
    """Read again until the number did not change meanwhile, so that a number always means the same content."""
    while (book := _kept.get(number)) is None:
        book = Rulebook(rules=_read_rules(), ladders=_read_ladders())
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
        term=Term(Clock(row.clock), row.amount, EndsAt(row.ends_at)),
        nature=Nature(row.nature),
        source=row.source,
        ladder_id=row.ladder_id,
        conditions={name: getattr(row, name) for name in WEIGHTS if getattr(row, name)},
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _read_ladders() -> dict[int, dict[int, Rung]]:
    ladders: dict[int, dict[int, Rung]] = {}
    for row in LadderStep.objects.all():
        rung = Rung(
            position=row.position,
            side=Side(row.side),
            amount=row.amount,
            unit=StepUnit(row.unit),
            roles=tuple(row.roles),
            level=row.level,
            template=row.template,
            is_urgent=row.is_urgent,
        )
        ladders.setdefault(row.ladder_id, {})[row.position] = rung
    return ladders
