"""When clocks end and their ladders step: the answers of `deadlines.planning.schedule`, remembered where they can be.

A million cases start some four million clocks, but on a few hundred days and by a hundred rules. What depends on
nothing but the day is computed once a day; what runs in hours is the same span from every start."""

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from deadlines.calendar import Moments, WorkingCalendar, last_day_of
from deadlines.choices import Clock, Side, StepUnit
from deadlines.editions import Reference, Rulebook
from deadlines.ladders import Course, Rung
from deadlines.planning import Schedule, schedule
from deadlines.rules import Rule
from feedback.demo.almanac import ZONE

IN_DAYS = (Clock.DAYS, Clock.WORKING_DAYS, Clock.MONTHS)
ROUND_THE_CLOCK = (Clock.MINUTES, Clock.HOURS)
NOON = datetime(2026, 1, 5, 12, tzinfo=ZONE)


class QuickCalendar(WorkingCalendar):
    """The working calendar, remembering what it found: a million cases ask about a few hundred days."""

    def stretches_of(self, day: date) -> list[Moments]:
        found = self._stretches.get(day)
        if found is None:
            found = self._stretches[day] = super().stretches_of(day)
        return found

    def _search(self, day: date, step: timedelta) -> date:
        found = self._found.get((day, step.days))
        if found is None:
            found = self._found[day, step.days] = super()._search(day, step)
        return found

    def is_working_day(self, day: date) -> bool:
        found = self._working.get(day)
        if found is None:
            found = self._working[day] = super().is_working_day(day)
        return found

    @cached_property
    def _stretches(self) -> dict[date, list[Moments]]:
        return {}

    @cached_property
    def _found(self) -> dict[tuple[date, int], date]:
        return {}

    @cached_property
    def _working(self) -> dict[date, bool]:
        return {}


class QuickRung(Rung):
    """A step of a ladder that remembers where it lies when that depends on nothing but the last day of the term."""

    def moment(self, course: Course) -> datetime:
        if self.unit != StepUnit.WORKING_DAYS or not self.amount:
            return super().moment(course)
        day = last_day_of(course.due_at)
        found = self._moments.get(day)
        if found is None:
            found = self._moments[day] = super().moment(course)
        return found

    @cached_property
    def _moments(self) -> dict[date, datetime]:
        return {}


def quick(reference: Reference) -> Reference:
    """The same calendar, rules and ladders, giving the same answers sooner."""
    ladders = {
        number: {position: QuickRung(**vars(rung)) for position, rung in rungs.items()}
        for number, rungs in reference.book.ladders.items()
    }
    calendars = replace(reference.calendars, department=_quick(reference.calendar))  # others are laid over it
    return Reference(calendars, Rulebook(reference.book.rules, ladders))


def _quick(calendar: WorkingCalendar) -> QuickCalendar:
    return QuickCalendar(**{each.name: getattr(calendar, each.name) for each in fields(calendar)})


class Plan:
    """A due moment and the steps still to come, with their text for COPY."""

    __slots__ = ("_text", "due_at", "is_provisional", "moments", "positions")

    def __init__(self, due_at: datetime, is_provisional: bool, moments: list[datetime], positions: list[int]) -> None:
        self.due_at, self.is_provisional = due_at, is_provisional
        self.moments, self.positions = moments, positions
        self._text = ""

    @property
    def text(self) -> str:
        """Worked out when it is written: many a plan is replaced before."""
        if not self._text:
            moments = '","'.join(map(str, self.moments))
            positions = ",".join(map(str, self.positions))
            self._text = f'{{"{moments}"}}\t{{{positions}}}' if moments else f"{{}}\t{{{positions}}}"
        return self._text

    @classmethod
    def of(cls, found: Schedule) -> "Plan":
        moments = [at.astimezone(ZONE) for at in found.moments]
        return cls(found.due_at.astimezone(ZONE), found.is_provisional, moments, found.positions)


class Plans:
    """Plans by rule and start."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self._by_day: dict[tuple[int, date], Plan] = {}
        self._spans: dict[int, tuple[timedelta, list[timedelta], list[int]]] = {}
        self._ways: dict[int, str] = {}

    def plan(self, rule: Rule, start: datetime, *, pauses: Sequence[Moments] = (), taken: Collection[int] = ()) -> Plan:
        """The plan of a clock that starts now; with pauses, or steps taken before, it is computed anew."""
        way = "" if pauses or taken else self._way(rule)
        if way == "day":
            return self._of_the_day(rule, start)
        if way == "span":
            return self._of_the_span(rule, start)
        found = schedule(
            self.reference, rule.term, rule.ladder_id, start, authority=rule.authority, pauses=pauses, taken=taken
        )
        return Plan.of(found)

    def _way(self, rule: Rule) -> str:
        """How a plan of this rule is found: by the day, by its span, or not from memory."""
        way = self._ways.get(rule.pk)
        if way is None:
            # half of a term in days is half of whole days, whenever on its day it began; after its end it is not
            rungs = self.reference.book.ladders.get(rule.ladder_id, {}).values()
            units = {rung.unit for rung in rungs if rung.unit != StepUnit.PERCENT or rung.side == Side.AFTER}
            way = ""
            if rule.term.clock in IN_DAYS and StepUnit.PERCENT not in units:
                way = "day"
            elif rule.term.clock in ROUND_THE_CLOCK and StepUnit.WORKING_DAYS not in units:
                way = "span"
            self._ways[rule.pk] = way
        return way

    def _of_the_day(self, rule: Rule, start: datetime) -> Plan:
        """The plan of midnight, without reminders that lie before this start."""
        day = start.date()
        plan = self._by_day.get((rule.pk, day))
        if plan is None:
            midnight = datetime.combine(day, time(), ZONE)
            plan = Plan.of(schedule(self.reference, rule.term, rule.ladder_id, midnight, authority=rule.authority))
            self._by_day[rule.pk, day] = plan
        if not plan.moments or plan.moments[0] > start:
            return plan
        later = [pair for pair in zip(plan.moments, plan.positions, strict=True) if pair[0] > start]
        return Plan(plan.due_at, plan.is_provisional, [at for at, _nth in later], [nth for _at, nth in later])

    def _of_the_span(self, rule: Rule, start: datetime) -> Plan:
        """Hours and minutes are the same from every start."""
        span = self._spans.get(rule.pk)
        if span is None:
            found = schedule(self.reference, rule.term, rule.ladder_id, NOON, authority=rule.authority)
            span = (found.due_at - NOON, [at - NOON for at in found.moments], found.positions)
            self._spans[rule.pk] = span
        length, steps, positions = span
        return Plan(start + length, False, [start + step for step in steps], positions)
