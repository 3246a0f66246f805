from datetime import timedelta

from django.db import DatabaseError, transaction
from django.test import TestCase

from common.exceptions import ReasonRequired
from deadlines import services
from deadlines.choices import Nature, State
from deadlines.models import Deadline, DeadlineRule, Escalation, Pause
from deadlines.rules import FactUnknown
from deadlines.sweep import sweep
from deadlines.verification import verify
from tests.deadlines import factories as make
from tests.deadlines.factories import at
from tests.rights import hold


class WithDeadlines(TestCase):
    @classmethod
    def setUpTestData(cls):
        make.calendar()
        cls.officer = make.person("officer")
        cls.ladder = make.usual_ladder()
        cls.hours = make.rule(cls.ladder)
        cls.days = make.rule(cls.ladder, "resolve", "working_days", 2)
        cls.record = make.record()

    def setUp(self):
        self.staff = make.Staff()
        self.staff.by_role = dict.fromkeys(("responsible", "unit", "lead", "director"), [self.officer.pk])
        context = make.registered(make.subject_for(self.staff))
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)

    def opened(self, start="2026-03-02 09:00", obligation="answer", **facts):
        return make.opened(self.record, self.officer, at(start), obligation, **facts)


class OpenTest(WithDeadlines):
    def test_opening_freezes_rule_calendar_and_ladder(self):
        deadline = self.opened()
        self.assertEqual(deadline.due_at, at("2026-03-03 09:00"))
        self.assertEqual(deadline.original_due_at, deadline.due_at)
        self.assertEqual(deadline.reference, f"GR-{self.record.pk}")
        self.assertEqual(deadline.derivation["rule"], self.hours.code)
        self.assertGreater(deadline.calendar_version, 0)
        self.assertEqual(deadline.positions, [1, 2, 3, 4])
        self.assertEqual(
            deadline.moments,
            [at("2026-03-03 08:00"), at("2026-03-03 09:00"), at("2026-03-03 10:00"), at("2026-03-04 09:00")],
        )
        self.assertEqual(deadline.next_at, deadline.moments[0])

    def test_opening_costs_two_queries(self):
        self.opened()
        other = make.record("other")
        with self.assertNumQueries(2):  # edition, insert
            services.open_deadlines(
                other, ["answer", "resolve"], start=at("2026-03-02 09:00"), facts={}, by=self.officer
            )

    def test_opening_again_returns_what_runs(self):
        self.assertEqual(self.opened().pk, self.opened("2026-03-05 09:00").pk)
        self.assertEqual(Deadline.objects.count(), 1)

    def test_after_the_end_the_next_round_begins(self):
        first = self.opened()
        services.finish(self.record, ["answer"], at=at("2026-03-02 10:00"), by=self.officer)
        second = self.opened("2026-03-05 09:00")
        self.assertEqual((first.cycle, second.cycle), (1, 2))

    def test_a_named_round_exists_once(self):
        for _time in range(2):
            services.open_deadline(
                self.record, "answer", start=at("2026-03-02 09:00"), facts={}, by=self.officer, cycle=1
            )
            services.finish(self.record, ["answer"], at=at("2026-03-02 10:00"), by=self.officer)
        self.assertEqual(Deadline.objects.count(), 1)

    def test_no_rule_no_deadline(self):
        self.assertIsNone(
            services.open_deadline(self.record, "publish", start=at("2026-03-02 09:00"), facts={}, by=self.officer)
        )

    def test_misspelt_fact_is_refused(self):
        with self.assertRaises(FactUnknown):
            self.opened(chanel="P1022")

    def test_reminder_that_would_come_before_the_start_is_left_out(self):
        make.rule(self.ladder, "check", "minutes", 30)
        deadline = self.opened(obligation="check")
        self.assertEqual(deadline.positions, [2, 3, 4])

    def test_without_a_person_the_system_acts(self):
        deadline = services.open_deadline(self.record, "answer", start=at("2026-03-02 09:00"), facts={}, by=None)
        self.assertTrue(deadline.by.is_engine)

    def test_changed_rule_leaves_running_deadlines_alone_and_applies_to_new_ones(self):
        self.opened()
        DeadlineRule.objects.filter(pk=self.hours.pk).update(amount=48)
        other = make.opened(make.record("other"), self.officer, at("2026-03-02 09:00"))
        self.assertEqual(Deadline.objects.get(about_id=self.record.pk).due_at, at("2026-03-03 09:00"))
        self.assertEqual(other.due_at, at("2026-03-04 09:00"))


class FinishTest(WithDeadlines):
    def test_verdict_on_time_up_to_the_due_moment(self):
        for end, verdict in (("2026-03-03 09:00", True), ("2026-03-03 09:01", False)):
            with self.subTest(end=end):
                deadline = self.opened()
                services.finish(self.record, ["answer"], at=at(end), by=self.officer)
                deadline.refresh_from_db()
                self.assertEqual((deadline.state, deadline.on_time, deadline.next_at), (State.DONE, verdict, None))

    def test_verdict_is_final(self):
        deadline = self.opened()
        services.finish(self.record, ["answer"], at=at("2026-03-04 09:00"), by=self.officer)
        self.assertEqual(services.finish(self.record, ["answer"], at=at("2026-03-02 10:00"), by=self.officer), [])
        with self.assertRaises(DatabaseError), transaction.atomic():
            Deadline.objects.filter(pk=deadline.pk).update(on_time=True)
        deadline.refresh_from_db()
        self.assertIs(deadline.on_time, False)

    def test_finishing_nothing_asks_nothing(self):
        with self.assertNumQueries(2):  # savepoint only
            services.finish(self.record, (), at=at("2026-03-02 10:00"), by=self.officer)

    def test_finish_before_due_stops_the_ladder(self):
        self.opened()
        services.finish(self.record, ["answer"], at=at("2026-03-02 10:00"), by=self.officer)
        self.assertEqual(sweep().steps, 0)

    def test_finishing_while_paused_counts_the_pause_out(self):
        self.opened()
        services.pause(self.record, reason="asked the reporter", by=self.officer, at=at("2026-03-02 10:00"))
        done = services.finish(self.record, ["answer"], at=at("2026-03-05 10:00"), by=self.officer)
        self.assertIs(done[0].on_time, True)
        self.assertEqual(done[0].paused_total, timedelta(days=3))

    def test_cancel_ends_without_a_verdict_and_wants_a_reason(self):
        self.opened()
        with self.assertRaises(ReasonRequired):
            services.cancel(self.record, None, by=self.officer, reason=" ")
        services.cancel(self.record, None, by=self.officer, reason="merged")
        deadline = Deadline.objects.get()
        self.assertEqual((deadline.state, deadline.on_time), (State.CANCELLED, None))
        self.assertIsNone(services.next_due(self.record))


class ManyAlikeTest(WithDeadlines):
    def setUp(self):
        super().setUp()
        self.records = {self.record.pk: "GR-1", make.record("other").pk: "x" * 80}

    def open_all(self):
        return services.open_for_each(
            make.LABEL,
            self.records,
            ["answer", "resolve"],
            start=at("2026-03-02 09:00"),
            facts={},
            by=self.officer,
        )

    def test_many_records_get_what_each_would_have_got(self):
        alone = self.opened()
        self.assertEqual(self.open_all(), 3)  # the one that runs stays as it is
        rows = Deadline.objects.filter(obligation="answer", about_id__in=self.records)
        self.assertEqual(
            {(row.due_at, tuple(row.moments), row.rule_id) for row in rows},
            {(alone.due_at, tuple(alone.moments), alone.rule_id)},
        )
        self.assertEqual(self.open_all(), 0)

    def test_all_of_them_end_those_that_stand_too(self):
        self.open_all()
        services.pause(self.record, reason="waits", by=self.officer, at=at("2026-03-02 10:00"))
        ended = services.cancel_for_each(make.LABEL, list(self.records), by=self.officer, reason="no longer asked")
        self.assertEqual(ended, 4)
        rows = Deadline.objects.filter(about_id__in=self.records)
        self.assertEqual(
            {(row.state, row.next_at, row.paused_at, row.on_time) for row in rows},
            {(State.CANCELLED, None, None, None)},
        )
        self.assertFalse(Pause.objects.filter(ends_at=None).exists())


class PauseTest(WithDeadlines):
    def pause(self, start, end):
        services.pause(self.record, reason="asked the reporter", by=self.officer, at=at(start))
        services.resume(self.record, by=self.officer, at=at(end))

    def test_hours_move_by_the_pause(self):
        self.opened()
        self.pause("2026-03-02 10:00", "2026-03-02 15:30")
        deadline = Deadline.objects.get()
        self.assertEqual(deadline.due_at, at("2026-03-03 14:30"))
        self.assertEqual(deadline.original_due_at, at("2026-03-03 09:00"))
        self.assertEqual(deadline.moments[0], at("2026-03-03 13:30"))

    def test_two_pauses_add_up(self):
        self.opened()
        self.pause("2026-03-02 10:00", "2026-03-02 11:00")
        self.pause("2026-03-02 12:00", "2026-03-02 14:00")
        deadline = Deadline.objects.get()
        self.assertEqual(deadline.due_at, at("2026-03-03 12:00"))
        self.assertEqual(deadline.paused_total, timedelta(hours=3))

    def test_working_days_move_by_the_days_whose_end_was_paused(self):
        deadline = self.opened(obligation="resolve")
        self.assertEqual(deadline.due_at, at("2026-03-05 00:00"))
        self.pause("2026-03-03 10:00", "2026-03-05 09:00")
        self.assertEqual(Deadline.objects.get().due_at, at("2026-03-07 00:00"))

    def test_pause_of_no_length_changes_nothing(self):
        before = self.opened()
        self.pause("2026-03-02 10:00", "2026-03-02 10:00")
        self.assertEqual(Deadline.objects.get().due_at, before.due_at)

    def test_paused_deadline_takes_no_steps(self):
        self.opened()
        services.pause(self.record, reason="asked the reporter", by=self.officer, at=at("2026-03-02 10:00"))
        self.assertEqual(sweep().steps, 0)
        self.assertIsNone(services.next_due(self.record))

    def test_steps_taken_before_a_pause_are_not_taken_again(self):
        self.opened()
        sweep()
        taken = Escalation.objects.count()
        self.pause("2026-03-02 10:00", "2026-03-02 11:00")
        sweep()
        self.assertEqual(Escalation.objects.count(), taken)

    def test_pausing_twice_and_resuming_twice_changes_nothing(self):
        self.opened()
        for _time in range(2):
            services.pause(self.record, reason="asked the reporter", by=self.officer, at=at("2026-03-02 10:00"))
        for _time in range(2):
            services.resume(self.record, by=self.officer, at=at("2026-03-02 11:00"))
        self.assertEqual(Deadline.objects.get().due_at, at("2026-03-03 10:00"))
        self.assertEqual(Deadline.objects.get().pauses.count(), 1)


class ReconsiderTest(WithDeadlines):
    def test_corrected_facts_change_rule_and_due_and_keep_the_first(self):
        urgent = make.rule(self.ladder, amount=2, urgency="S1")
        self.opened()
        changed = services.reconsider(self.record, facts={"urgency": "S1"}, by=self.officer, reason="life at risk")
        deadline = Deadline.objects.get()
        self.assertEqual(len(changed), 1)
        self.assertEqual((deadline.rule_id, deadline.due_at), (urgent.pk, at("2026-03-02 11:00")))
        self.assertEqual(deadline.original_due_at, at("2026-03-03 09:00"))
        self.assertEqual(deadline.derivation["earlier"][0]["rule"], self.hours.code)

    def test_facts_that_change_nothing_change_nothing(self):
        self.opened()
        self.assertEqual(services.reconsider(self.record, facts={}, by=self.officer, reason="typo"), [])
        self.assertNotIn("earlier", Deadline.objects.get().derivation)


class ConvertTest(WithDeadlines):
    def setUp(self):
        super().setUp()
        self.law = make.rule(self.ladder, "resolve", "days", 30, kind="KHIEUNAI", nature=Nature.LEGAL)
        self.opened(obligation="resolve")
        self.opened()

    def converted(self, kind="KHIEUNAI"):
        return services.convert(
            self.record, facts={"kind": kind}, by=self.officer, at=at("2026-03-03 10:00"), reason="đơn khiếu nại"
        )

    def clocks(self, obligation="resolve"):
        return list(services.deadlines_of(self.record).filter(obligation=obligation).order_by("cycle"))

    def test_another_law_begins_a_new_clock_and_keeps_the_old(self):
        before = self.clocks()[0].due_at
        (new,) = self.converted()
        old, found = self.clocks()
        self.assertEqual((old.state, old.due_at, old.reason), (State.CANCELLED, before, "đơn khiếu nại"))
        self.assertIsNone(old.on_time)
        self.assertEqual((found.pk, found.cycle, found.starts_at), (new.pk, 2, at("2026-03-03 10:00")))
        self.assertEqual(found.derivation["rule"], self.law.code)
        self.assertEqual(verify().faults, {})

    def test_clocks_of_the_same_rule_run_on(self):
        self.converted()
        (answer,) = self.clocks("answer")
        self.assertEqual((answer.state, answer.cycle), (State.RUNNING, 1))

    def test_a_kind_without_another_rule_changes_nothing(self):
        self.assertEqual(self.converted("KIENNGHI"), [])
        self.assertEqual(len(self.clocks()), 1)

    def test_a_clock_that_stood_stands_on(self):
        services.pause(self.record, reason="asked", by=self.officer, at=at("2026-03-03 09:00"))
        self.converted()
        _old, new = self.clocks()
        self.assertEqual((new.state, new.paused_at), (State.PAUSED, at("2026-03-03 10:00")))


class AskTest(WithDeadlines):
    def test_next_due_is_the_nearest_that_runs(self):
        self.opened()
        self.opened(obligation="resolve")
        self.assertEqual(services.next_due(self.record), at("2026-03-03 09:00"))
        self.assertEqual(services.deadlines_of(self.record).count(), 2)

    def test_deadlines_are_seen_by_those_who_see_the_record(self):
        self.opened()
        self.assertFalse(Deadline.objects.visible_to(self.officer).exists())
        hold(self.officer, self.record)
        self.assertEqual(Deadline.objects.visible_to(self.officer).count(), 1)
