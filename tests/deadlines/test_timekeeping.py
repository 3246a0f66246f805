"""A clock that jumps holds the engine; workers that were down do not."""

from datetime import timedelta

from django.test import TestCase
from django.utils import timezone

from common.exceptions import MoveRefused, ReasonRequired, RightMissing
from deadlines import timekeeping
from deadlines.models import ClockHold, ClockReading, Escalation, Heartbeat
from deadlines.sweep import sweep
from notifications.models import Outbox
from tests.deadlines import factories as make
from tests.deadlines.test_sweep import WithSweep


class TimekeepingTest(WithSweep, TestCase):
    def setUp(self):
        self.make()
        self.known()
        self.root = make.person("root", is_superuser=True)
        self.opened(24.5)
        sweep()
        self.taken = Escalation.objects.count()
        Outbox.objects.all().delete()
        self.opened(24.5, "later")

    def shift(self, **fields):
        """What was read before, as if the clock, or the machine, had gone another way since."""
        reading = ClockReading.objects.get()
        for name, by in fields.items():
            setattr(reading, name, getattr(reading, name) + by)
        reading.save()

    def test_a_jump_either_way_takes_nothing_and_tells_those_who_may_release(self):
        for hours in (-2, 2):
            with self.subTest(hours=hours):
                ClockHold.objects.all().update(released_at=timezone.now(), released_by=self.root, reason="x")
                self.shift(at=timedelta(hours=hours))
                Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=5))
                for _twice in range(2):
                    self.assertTrue(sweep().is_stopped)
                self.assertEqual(Escalation.objects.count(), self.taken)
                self.assertEqual(round(ClockHold.objects.get(released_at=None).jump / timedelta(hours=1)), -hours)
                told = Outbox.objects.filter(template="clock_jumped", key__startswith="clock:", recipient=self.root)
                self.assertEqual(told.count(), 1)
                self.assertLess(Heartbeat.objects.get(name="sweep").at, timezone.now() - timedelta(minutes=4))
                self.shift(at=timedelta(hours=-hours))
                told.delete()

    def test_an_outage_of_three_days_is_no_jump(self):
        self.shift(at=timedelta(days=-3), running=-3 * 86_400)
        self.assertFalse(sweep().is_stopped)
        self.assertGreater(Escalation.objects.count(), self.taken)

    def test_an_outage_with_a_restart_of_the_machine_is_no_jump(self):
        ClockReading.objects.update(machine="before its restart", at=timezone.now() - timedelta(days=3))
        self.assertFalse(sweep().is_stopped)

    def test_after_a_restart_a_clock_that_was_set_back_is_still_noticed(self):
        ClockReading.objects.update(machine="another", at=timezone.now() + timedelta(hours=1))
        self.assertTrue(sweep().is_stopped)

    def test_less_than_a_minute_is_no_jump(self):
        self.shift(at=timedelta(seconds=-50))
        self.assertFalse(sweep().is_stopped)

    def test_it_goes_on_by_itself_when_the_clock_is_right_again(self):
        self.shift(at=timedelta(hours=-2))
        self.assertTrue(sweep().is_stopped)
        self.shift(at=timedelta(hours=2))
        self.assertFalse(sweep().is_stopped)
        hold = ClockHold.objects.get()
        self.assertTrue(hold.released_by.is_engine)
        self.assertGreater(Escalation.objects.count(), self.taken)

    def test_only_the_machine_that_noticed_finds_it_right_again(self):
        self.shift(at=timedelta(hours=-2))
        sweep()
        self.shift(at=timedelta(hours=2))
        ClockHold.objects.update(machine="another")
        self.assertTrue(sweep().is_stopped)

    def test_a_person_with_the_right_releases_it_with_a_reason_once(self):
        self.shift(at=timedelta(hours=-2))
        sweep()
        hold = ClockHold.objects.get()
        for by, reason, refusal in (
            (self.people["lead"], "looked", RightMissing),
            (self.root, " ", ReasonRequired),
        ):
            with self.assertRaises(refusal):
                timekeeping.release(hold, by=by, reason=reason)
        self.assertTrue(sweep().is_stopped)
        timekeeping.release(hold, by=self.root, reason="the server was set right")
        with self.assertRaises(MoveRefused):
            timekeeping.release(hold, by=self.root, reason="again")
        self.assertFalse(sweep().is_stopped)
        self.assertGreater(Escalation.objects.count(), self.taken)
