"""The engine against a model that fits on a page: clocks opened, paused, resumed, ended and opened again, rules and the
calendar changed, time passing, and any number of sweeps, in every order that Hypothesis thinks of.

Time is the database's, so the test gives the database a clock of its own: functions of the same names in a schema that
is looked into first. Nothing of ours is replaced."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import time_machine
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models import F
from django.http import Http404
from django.test import TestCase
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from common.exceptions import Refused
from deadlines import answering, services
from deadlines.choices import State
from deadlines.models import CalendarDay, ClockHold, ClockReading, Deadline, DeadlineRule, Escalation, Ladder
from deadlines.recalculation import recalculate
from deadlines.sweep import sweep
from deadlines.verification import verify
from tests.conftest import LINES
from tests.deadlines import factories as make
from tests.deadlines.factories import at

BEGIN = at("2026-03-02 08:00")  # a Monday
HOUR = timedelta(hours=1)
# The steps of the two ladders: how far from the due moment, and how high. Their numbers mean something else in each.
STEPS = {
    "usual": {1: (-HOUR, 0), 2: (timedelta(), 1), 3: (HOUR, 2), 4: (24 * HOUR, 3)},
    "steep": {1: (-3 * HOUR, 0), 2: (-HOUR / 2, 0), 3: (timedelta(), 2), 4: (2 * HOUR, 3)},
}
ASKS, STOPS = ("usual", 2), ("usual", 3)  # the step that asks for an acknowledgement, and the one that stops at it
URGENT = {"urgency": "S1"}  # what makes another rule with another ladder fit
RECORDS = range(3)
COUNTED = {"steps": 0, "runs": 0}


class DatabaseClock:
    """What the database takes for the present moment."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE SCHEMA fake; CREATE TABLE fake.clock (at timestamptz); GRANT USAGE ON SCHEMA fake TO PUBLIC"
            )
            cursor.execute("INSERT INTO fake.clock VALUES (%s)", [BEGIN])
            for name in ("now", "statement_timestamp", "clock_timestamp"):
                cursor.execute(
                    f"CREATE FUNCTION fake.{name}() RETURNS timestamptz"
                    " LANGUAGE sql STABLE AS 'SELECT at FROM fake.clock'"
                )
            cursor.execute("SET LOCAL search_path = fake, public, pg_catalog")

    def set(self, moment: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE fake.clock SET at = %s", [moment])


@dataclass
class Clock:
    """One deadline as the model knows it."""

    start: datetime
    kind: str
    amount: int
    pauses: list[list[datetime]] = field(default_factory=list)
    paused_at: datetime | None = None
    finished_at: datetime | None = None
    on_time: bool | None = None
    is_dropped: bool = False
    is_acknowledged: bool = False
    ladder: str = "usual"
    since: datetime | None = None  # when it was given this ladder instead of another one
    fired: set[tuple[str, int]] = field(default_factory=set)

    @property
    def is_live(self) -> bool:
        return self.finished_at is None and not self.is_dropped

    @property
    def runs(self) -> bool:
        return self.is_live and self.paused_at is None

    def repeats(self, moment: datetime, step: int, level: int) -> bool:
        """Does a step of the new ladder only say again what the ladder before said?"""
        said = [STEPS[ladder][step][1] for ladder, step in self.fired if ladder != self.ladder]
        if self.since is None or moment > self.since:
            return False
        if (self.ladder, step) == ASKS:
            return False  # the other one asks for nothing
        return bool(said) and level <= max(said)

    def due(self, off: set[date]) -> datetime:
        """Counted the slow way: hours one after the other, working days one by one."""
        if self.kind == "hours":
            left, moment = self.amount * 60, self.start
            while left:
                left -= not any(begins <= moment < ends for begins, ends in self.pauses)
                moment += timedelta(minutes=1)
            return moment
        left, day = self.amount, self.start.date()
        while left:
            day += timedelta(days=1)
            end = at(f"{day} 00:00") + timedelta(days=1)
            is_paused = any(begins < end <= ends for begins, ends in self.pauses)
            left -= day.weekday() < 5 and day not in off and not is_paused
        return at(f"{day} 00:00") + timedelta(days=1)


def steep_ladder() -> Ladder:
    return make.ladder(
        make.step("before_due", 180, "responsible"),
        make.step("before_due", 30, "responsible"),
        make.step("after_due", 0, "lead", level=2),
        make.step("after_due", 120, "director", level=3),
        code="steep",
    )


class Machine(RuleBasedStateMachine):
    """Each rule does the same to the engine and to the model."""

    def __init__(self) -> None:
        super().__init__()
        self.back = transaction.savepoint()
        self.now = BEGIN
        self.clock, self.travel = DatabaseClock(), time_machine.travel(BEGIN, tick=False)
        self.traveller = self.travel.start()
        make.calendar()
        CalendarDay.objects.all().delete()
        CalendarDay.objects.create(date=date(2027, 12, 31), kind="off", source="test")
        self.off: set[date] = set()
        self.officer = make.person("officer")
        self.staff = make.Staff()
        self.staff.by_role = {"responsible": [self.officer.pk]}
        everything = {"visible_ids": lambda user: Group.objects.values("pk")}
        self.known = make.registered(make.subject_for(self.staff, **everything))
        self.known.__enter__()
        ladder = make.usual_ladder()
        ladder.steps.filter(position=ASKS[1]).update(action="acknowledge")
        ladder.steps.filter(position=STOPS[1]).update(stops_when_acknowledged=True)
        self.rules = {
            "answer": make.rule(ladder, "answer", "hours", 5),
            "resolve": make.rule(ladder, "resolve", "working_days", 2),
        }
        self.ladders = {"usual": ladder, "steep": steep_ladder()}
        self.urgent_rule = make.rule(self.ladders["steep"], "answer", "hours", 3, **URGENT)
        self.records = [make.record(f"record {n}") for n in RECORDS]
        self.clocks: dict[tuple[int, str], list[Clock]] = {}
        COUNTED["runs"] += 1

    def teardown(self) -> None:
        self.known.__exit__(None, None, None)
        self.travel.stop()
        transaction.savepoint_rollback(self.back)

    def last(self, n: int, obligation: str) -> Clock | None:
        known = self.clocks.get((n, obligation), [])
        return known[-1] if known and known[-1].is_live else None

    def live(self, n: int) -> Iterator[Clock]:
        for obligation in self.rules:
            if clock := self.last(n, obligation):
                yield clock

    # --- time, rules, calendar ------------------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 30, 60, 61, 240, 1440, 2880, 10_000]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.clock.set(self.now)
        self.traveller.move_to(self.now)
        # the machine ran as long: otherwise this would be a clock that jumped
        ClockReading.objects.update(running=F("running") - minutes * 60)

    @rule(obligation=st.sampled_from(["answer", "resolve"]), amount=st.integers(1, 9))
    def rule_changes(self, obligation: str, amount: int) -> None:
        DeadlineRule.objects.filter(pk=self.rules[obligation].pk).update(amount=amount)
        self.rules[obligation].amount = amount

    @rule(days=st.integers(0, 12))
    def calendar_changes(self, days: int) -> None:
        day = self.now.date() + timedelta(days=days)
        self.off ^= {day}
        if day in self.off:
            CalendarDay.objects.create(date=day, kind="off", source="test")
        else:
            CalendarDay.objects.filter(date=day).delete()
        recalculate()

    @rule(n=st.sampled_from(RECORDS), is_urgent=st.booleans())
    def record_is_corrected(self, n: int, is_urgent: bool) -> None:
        facts = URGENT if is_urgent else {}
        services.reconsider(self.records[n], facts=facts, by=self.officer, reason="corrected")
        for obligation in self.rules:
            if clock := self.last(n, obligation):
                is_steep = is_urgent and obligation == "answer"
                follows = self.urgent_rule if is_steep else self.rules[obligation]
                clock.kind, clock.amount = follows.clock, follows.amount
                ladder = "steep" if is_steep else "usual"
                if clock.ladder != ladder:
                    clock.ladder, clock.since = ladder, self.now

    # --- deeds ----------------------------------------------------------------------------------------------------

    @rule(n=st.sampled_from(RECORDS), obligation=st.sampled_from(["answer", "resolve"]))
    def open_or_open_again(self, n: int, obligation: str) -> None:
        make.opened(self.records[n], self.officer, self.now, obligation)
        if self.last(n, obligation) is None:
            row = self.rules[obligation]
            self.clocks.setdefault((n, obligation), []).append(Clock(self.now, row.clock, row.amount))

    @rule(n=st.sampled_from(RECORDS))
    def pause(self, n: int) -> None:
        services.pause(self.records[n], reason="asked", by=self.officer, at=self.now)
        for clock in self.live(n):
            if clock.paused_at is None:
                clock.paused_at = self.now

    @rule(n=st.sampled_from(RECORDS))
    def resume(self, n: int) -> None:
        services.resume(self.records[n], by=self.officer, at=self.now)
        for clock in self.live(n):
            self.end_pause(clock)

    def end_pause(self, clock: Clock) -> None:
        if clock.paused_at is not None:
            clock.pauses.append([clock.paused_at, self.now])
            clock.paused_at = None

    @rule(n=st.sampled_from(RECORDS), obligation=st.sampled_from(["answer", "resolve"]))
    def finish(self, n: int, obligation: str) -> None:
        services.finish(self.records[n], [obligation], at=self.now, by=self.officer)
        if clock := self.last(n, obligation):
            self.end_pause(clock)
            clock.finished_at, clock.on_time = self.now, self.now <= clock.due(self.off)

    @rule(n=st.sampled_from(RECORDS))
    def drop(self, n: int) -> None:
        services.cancel(self.records[n], by=self.officer, reason="merged")
        for clock in list(self.live(n)):
            self.end_pause(clock)
            clock.is_dropped = True

    @rule(n=st.sampled_from(RECORDS), obligation=st.sampled_from(["answer", "resolve"]))
    def acknowledge(self, n: int, obligation: str) -> None:
        row = Deadline.objects.about(self.records[n]).filter(obligation=obligation).order_by("cycle").last()
        clock = self.last(n, obligation)
        is_asked = clock is not None and ASKS in clock.fired and not clock.is_acknowledged
        try:
            answering.acknowledge(row or Deadline(), by=self.officer)
        except (Http404, Refused):
            assert not is_asked
        else:
            assert clock is not None and is_asked
            clock.is_acknowledged = True

    @precondition(lambda self: ClockReading.objects.exists())
    @rule(minutes=st.sampled_from([-10_000, -61, -2, 2, 61, 10_000]))
    def clock_jumps_and_is_put_right(self, minutes: int) -> None:
        before = Escalation.objects.count()
        self.clock.set(self.now + timedelta(minutes=minutes))
        assert sweep().is_stopped
        assert sweep().is_stopped
        assert Escalation.objects.count() == before
        self.clock.set(self.now)
        self.sweep_by_several(1, 100)

    @precondition(lambda self: self.clocks)
    @rule(workers=st.integers(1, 4), batch=st.sampled_from([1, 2, 100]))
    def sweep_by_several(self, workers: int, batch: int) -> None:
        for _worker in range(workers):
            assert not sweep(batch=batch).is_stopped
        for clock in (clock for known in self.clocks.values() for clock in known if clock.runs):
            due = clock.due(self.off)
            for step, (distance, level) in STEPS[clock.ladder].items():
                is_reminder = distance < timedelta()
                if is_reminder and not clock.start < due + distance < due:
                    continue
                if (clock.ladder, step) == STOPS and clock.is_acknowledged:
                    continue
                if due + distance <= self.now and not clock.repeats(due + distance, step, level):
                    clock.fired.add((clock.ladder, step))

    # --- what always holds ------------------------------------------------------------------------------------------

    @invariant()
    def engine_and_model_agree(self) -> None:
        COUNTED["steps"] += 1
        rows = {(row.about_id, row.obligation, row.cycle): row for row in Deadline.objects.all()}
        expected = {
            (self.records[n].pk, obligation, cycle): clock
            for (n, obligation), known in self.clocks.items()
            for cycle, clock in enumerate(known, start=1)
        }
        assert rows.keys() == expected.keys()
        for key, clock in expected.items():
            row = rows[key]
            assert (row.state in (State.RUNNING, State.PAUSED)) == clock.is_live
            assert (row.finished_at, row.on_time) == (clock.finished_at, clock.on_time)
            if clock.is_live:
                assert row.due_at == clock.due(self.off)
            fired = list(Escalation.objects.filter(deadline=row).values_list("ladder__code", "step"))
            assert sorted(fired) == sorted((self.ladders[ladder].code, step) for ladder, step in clock.fired)

    @invariant()
    def nothing_differs(self) -> None:
        assert verify().faults == {}
        assert not ClockHold.objects.filter(released_at=None).exists()


class ModelTest(TestCase):
    def test_engine_does_what_the_model_does(self):
        run_state_machine_as_test(Machine, settings=settings(max_examples=30, stateful_step_count=25, deadline=None))
        LINES.append(f"deadlines: {COUNTED['steps']} states of engine and model compared, 0 differences")
