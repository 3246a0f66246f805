"""What is stored is held against what it was computed from, and every kind of difference is found."""

import io
from datetime import timedelta

import pgtrigger
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import TestCase
from django.utils import timezone

from deadlines import services
from deadlines.models import CalendarDay, Deadline, Escalation, Heartbeat, Pause
from deadlines.recalculation import recalculate
from deadlines.sweep import sweep
from deadlines.verification import Fault, verify
from tests.deadlines import factories as make
from tests.deadlines.test_sweep import WithSweep, hours_ago

HOUR = timedelta(hours=1)


class VerificationTest(WithSweep, TestCase):
    def setUp(self):
        self.make()
        self.known()
        make.rule(self.ladder, "resolve", "working_days", 3)

    def lived(self, name="record", hours=26):
        """A deadline that was paused, went on, and was swept."""
        record = make.record(name)
        make.opened(record, self.people["lead"], hours_ago(hours))
        services.pause(record, reason="asked", by=self.people["lead"], at=hours_ago(hours - 1))
        services.resume(record, by=self.people["lead"], at=hours_ago(hours - 1.5))
        sweep()
        return record, Deadline.objects.about(record).get()

    def faults(self):
        return set(verify().faults)

    def change(self, deadline, **fields):
        """What only somebody at the database itself could do."""
        with pgtrigger.ignore():
            Deadline.objects.filter(pk=deadline.pk).update(**fields)

    def test_what_the_engine_wrote_has_no_difference(self):
        record, _deadline = self.lived()
        make.opened(record, self.people["lead"], timezone.now(), "resolve")
        services.finish(record, ["answer"], at=timezone.now(), by=self.people["lead"])
        other = make.record("other")
        make.opened(other, self.people["lead"], timezone.now(), "resolve")
        services.pause(other, reason="asked", by=self.people["lead"], at=timezone.now())
        third = make.record("third")
        make.opened(third, self.people["lead"], timezone.now())
        services.cancel(third, by=self.people["lead"], reason="merged")
        CalendarDay.objects.create(date=timezone.localdate() + timedelta(days=1), kind="working", source="test")
        recalculate()
        found = verify(batch=2)
        self.assertEqual(found.faults, {})
        self.assertEqual((found.deadlines, found.pauses), (4, 2))
        self.assertGreater(found.steps, 0)

    def test_command_prints_counts_and_ends_well(self):
        self.lived()
        said = io.StringIO()
        call_command("verify_deadlines", stdout=said)
        self.assertIn("1 deadlines, 1 pauses", said.getvalue())

    def test_command_names_the_deadline_and_fails(self):
        _record, deadline = self.lived()
        self.change(deadline, due_at=deadline.due_at + HOUR)
        said = io.StringIO()
        with self.assertRaisesMessage(CommandError, "1 differences"):
            call_command("verify_deadlines", stdout=io.StringIO(), stderr=said)
        self.assertIn(f"deadline {deadline.pk} ({deadline.reference})", said.getvalue())

    def test_a_due_moment_that_does_not_follow_is_found(self):
        _record, deadline = self.lived()
        for fields in ({"due_at": deadline.due_at - HOUR}, {"starts_at": deadline.starts_at - HOUR}):
            with self.subTest(fields=fields):
                self.change(deadline, **fields)
                self.assertEqual(self.faults(), {Fault.DUE})
                self.change(deadline, due_at=deadline.due_at, starts_at=deadline.starts_at)
        self.change(deadline, is_provisional=True)
        self.assertEqual(self.faults(), {Fault.PROVISIONAL})

    def test_inputs_that_cannot_be_read_are_found(self):
        _record, deadline = self.lived()
        self.change(deadline, derivation={})
        self.assertEqual(self.faults(), {Fault.UNREADABLE})

    def test_a_verdict_that_was_turned_is_found(self):
        record, deadline = self.lived()
        services.finish(record, ["answer"], at=timezone.now(), by=self.people["lead"])
        self.change(deadline, on_time=True)
        self.assertEqual(self.faults(), {Fault.VERDICT})

    def test_a_step_nobody_took_is_found_once_its_sweep_is_late(self):
        _record, _deadline = self.lived()
        waiting = make.opened(make.record("waiting"), self.people["lead"], hours_ago(26))
        self.assertEqual(self.faults(), set())  # opened just now for what began long ago: the next sweep takes it
        self.change(waiting, planned_at=hours_ago(2))
        self.assertEqual(self.faults(), {Fault.MISSED})
        sweep()
        self.assertEqual(self.faults(), set())

    def test_what_fell_due_since_the_last_sweep_waits(self):
        make.opened(make.record("waiting"), self.people["lead"], hours_ago(26))
        found = verify()
        self.assertEqual((found.faults, found.waiting), ({}, 1))
        sweep()
        self.assertEqual(verify().waiting, 0)

    def test_what_a_sweep_could_not_reach_is_waited_for_and_not_called_missed(self):
        """A sweep that ends with a backlog left has a heartbeat, but it does not say that all was taken."""
        sweep()
        reached = Heartbeat.objects.get(name="sweep-through").at
        for name in ("one", "two"):
            self.change(make.opened(make.record(name), self.people["lead"], hours_ago(26)), planned_at=hours_ago(9))
        Heartbeat.objects.filter(name="sweep-through").update(at=hours_ago(3))
        sweep(limit=1)
        self.assertGreaterEqual(Heartbeat.objects.get(name="sweep").at, reached)
        self.assertEqual((self.faults(), verify().waiting), (set(), 1))

    def test_a_clock_that_ended_before_a_sweep_could_come_missed_nothing(self):
        record = make.record("at once")
        clock = make.opened(record, self.people["lead"], hours_ago(30))
        services.finish(record, ["answer"], at=timezone.now(), by=self.people["lead"])
        sweep()
        moments = {"planned_at": hours_ago(5), "finished_at": hours_ago(5) + timedelta(seconds=2)}
        self.change(clock, **moments)
        self.assertEqual(self.faults(), set())
        self.change(clock, finished_at=hours_ago(4))  # a sweep could have come
        self.assertEqual(self.faults(), {Fault.MISSED})

    def test_a_ledger_row_that_is_gone_is_found(self):
        _record, deadline = self.lived()
        with pgtrigger.ignore():
            Escalation.objects.filter(deadline=deadline).order_by("-step").first().delete()
        self.assertIn(Fault.MISSED, self.faults())

    def test_a_step_of_a_clock_that_stood_is_found(self):
        _record, deadline = self.lived()
        with pgtrigger.ignore():
            entry = {"deadline": deadline, "ladder": deadline.ladder, "cycle": 1, "step": 9, "level": 0}
            Escalation.objects.create(**entry, due_at=hours_ago(2), fired_at=hours_ago(2), recipients=1)
            Pause.objects.filter(deadline=deadline).update(starts_at=hours_ago(2.5), ends_at=hours_ago(1.5))
        self.assertIn(Fault.QUIET, self.faults())

    def test_a_level_nobody_was_told_of_is_found(self):
        _record, deadline = self.lived()
        self.change(deadline, level=3)
        self.assertEqual(self.faults(), {Fault.LEVEL})

    def test_pauses_that_do_not_add_up_are_found(self):
        _record, deadline = self.lived()
        self.change(deadline, paused_total=HOUR * 5)
        self.assertEqual(self.faults(), {Fault.PAUSES})

    def test_a_next_step_that_is_not_the_planned_one_is_found(self):
        _record, deadline = self.lived()
        self.change(deadline, next_at=timezone.now() + HOUR * 100)
        self.assertEqual(self.faults(), {Fault.PLAN})
