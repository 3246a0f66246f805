"""How long and how often a clock may stand: a pause that is refused, one that ends by itself, one that never begins."""

from datetime import timedelta

from django.utils import timezone, translation

from common.exceptions import MoveRefused
from deadlines import services
from deadlines.choices import Nature, State
from deadlines.models import Deadline, Pause
from deadlines.tasks import end_pauses
from deadlines.verification import verify
from deadlines.words import explanation
from notifications.models import Outbox
from tests.deadlines import factories as make
from tests.deadlines.factories import at
from tests.deadlines.test_services import WithDeadlines


class StandingTest(WithDeadlines):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        limits = {"pause_days": 2, "pause_times": 2, "pause_source": "quy chế"}
        make.rule(cls.ladder, "check", "hours", 24, **limits)
        never = {"pause_times": 0, "pause_nature": Nature.LEGAL, "pause_source": "luật"}
        make.rule(cls.ladder, "accept", "days", 10, nature=Nature.LEGAL, **never)

    def pause(self, when, record=None):
        return services.pause(record or self.record, reason="chờ người dân", by=self.officer, at=when)

    def resume(self, when):
        services.resume(self.record, by=self.officer, at=when)

    def test_a_pause_ends_by_itself_at_its_limit_however_late_that_is_noticed(self):
        deadline = self.opened(obligation="check")
        self.pause(at("2026-03-02 12:00"))
        deadline.refresh_from_db()
        self.assertEqual(deadline.stands_until, at("2026-03-04 12:00"))
        self.resume(at("2026-03-09 08:00"))
        deadline.refresh_from_db()
        self.assertEqual(deadline.paused_total, timedelta(days=2))
        self.assertEqual(deadline.due_at, at("2026-03-05 09:00"))
        self.assertIsNone(deadline.stands_until)
        self.assertEqual(verify().faults, {})

    def test_what_was_left_of_the_days_is_left_for_the_next_pause(self):
        deadline = self.opened(obligation="check")
        self.pause(at("2026-03-02 12:00"))
        self.resume(at("2026-03-03 06:00"))
        self.pause(at("2026-03-03 08:00"))
        deadline.refresh_from_db()
        self.assertEqual(deadline.stands_until, at("2026-03-04 14:00"))
        self.assertEqual(verify().faults, {})

    def test_a_pause_too_many_is_refused_in_words_and_changes_nothing(self):
        deadline = self.opened(obligation="check")
        self.opened()  # the other clock could stand; the record waits as a whole or not at all
        for day in (3, 4):
            self.pause(at(f"2026-03-0{day} 08:00"))
            self.resume(at(f"2026-03-0{day} 09:00"))
        with translation.override("en"), self.assertRaises(MoveRefused) as refused:
            self.pause(at("2026-03-05 08:00"))
        self.assertIn("2 times, 2 days in all", str(refused.exception))
        self.assertIn("department policy: quy chế", str(refused.exception))
        self.assertEqual(Pause.objects.filter(ends_at=None).count(), 0)
        deadline.refresh_from_db()
        self.assertEqual(deadline.state, State.RUNNING)

    def test_days_that_are_used_up_refuse_as_well(self):
        self.opened(obligation="check")
        self.pause(at("2026-03-02 12:00"))
        self.resume(at("2026-03-06 12:00"))
        with self.assertRaises(MoveRefused):
            self.pause(at("2026-03-06 13:00"))

    def test_a_clock_that_the_law_never_lets_stand_runs_on_beside_one_that_waits(self):
        law = self.opened(obligation="accept")
        self.opened(obligation="check")
        (paused,) = self.pause(at("2026-03-02 12:00"))
        self.assertEqual(paused.obligation, "check")
        law.refresh_from_db()
        self.assertEqual((law.state, law.due_at), (State.RUNNING, at("2026-03-13 00:00")))
        with translation.override("en"):
            text = "\n".join(explanation(law))
        self.assertIn("This clock never stands (law or regulation: luật).", text)

    def test_without_a_limit_a_clock_stands_as_long_as_it_takes(self):
        deadline = self.opened()
        self.pause(at("2026-03-02 12:00"))
        self.resume(at("2027-03-02 12:00"))
        deadline.refresh_from_db()
        self.assertEqual(deadline.paused_total, timedelta(days=365))

    def test_the_task_ends_what_stood_long_enough_once_and_tells_who_answers(self):
        now = timezone.now()
        overdue = make.opened(self.record, self.officer, now - timedelta(days=3), "check")
        other = make.opened(make.record("other"), self.officer, now - timedelta(days=1), "check")
        self.pause(now - timedelta(days=2, hours=5))
        services.pause(make.Group.objects.get(name="other"), reason="x", by=self.officer, at=now - timedelta(hours=5))
        end_pauses()
        end_pauses()
        overdue.refresh_from_db()
        other.refresh_from_db()
        self.assertEqual((overdue.state, other.state), (State.RUNNING, State.PAUSED))
        self.assertEqual(overdue.paused_total, timedelta(days=2))
        self.assertEqual(overdue.due_at, overdue.starts_at + timedelta(hours=24) + timedelta(days=2))
        self.assertIsNotNone(overdue.next_at)
        told = Outbox.objects.filter(template="pause_ended")
        self.assertEqual({row.recipient_id for row in told}, {self.officer.pk})
        self.assertEqual(len({row.key for row in told}), 1)
        self.assertEqual(verify().faults, {})

    def test_a_verdict_counts_no_more_than_the_limit(self):
        self.opened(obligation="check")
        self.pause(at("2026-03-02 12:00"))
        (done,) = services.finish(self.record, ["check"], at=at("2026-03-05 10:00"), by=self.officer)
        self.assertEqual((done.due_at, done.on_time), (at("2026-03-05 09:00"), False))

    def test_another_rule_brings_its_own_limit_to_what_stands(self):
        make.rule(self.ladder, "check", "hours", 48, urgency="S2", pause_days=1, pause_source="khẩn")
        deadline = self.opened(obligation="check")
        self.pause(at("2026-03-02 12:00"))
        services.reconsider(self.record, facts={"urgency": "S2"}, by=self.officer, reason="nặng hơn")
        deadline.refresh_from_db()
        self.assertEqual(deadline.stands_until, at("2026-03-03 12:00"))
        self.assertEqual(verify().faults, {})

    def test_verification_sees_a_clock_that_stood_too_long(self):
        deadline = self.opened(obligation="check")
        self.pause(at("2026-03-02 12:00"))
        Deadline.objects.filter(pk=deadline.pk).update(stands_until=None)
        self.assertEqual(verify().faults.total(), 1)
