"""What a step does besides telling people, and when people are told: reminders that move with the term, quiet hours,
acknowledgement, tasks, hand-over, digests, and nobody at all."""

import ast
from datetime import date, time, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group
from django.http import Http404
from django.test import TestCase, override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as options
from hypothesis import strategies as st

from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing
from deadlines import answering, services
from deadlines import calendar as dates
from deadlines.calendar import Term
from deadlines.choices import Clock, DayKind, Role, Side, StepUnit
from deadlines.ladders import Course, Quiet, Rung
from deadlines.models import CalendarDay, DeadlineRule, Duty, Escalation, Ladder
from deadlines.reasons import explain
from deadlines.recalculation import recalculate
from deadlines.sweep import sweep
from deadlines.telling import stand_ins
from notifications.choices import State as MessageState
from notifications.delivery import deliver
from notifications.models import Outbox
from tests.deadlines import factories as make
from tests.deadlines.factories import at, office
from tests.deadlines.test_sweep import WithSweep, hours_ago

BASE = Path(settings.BASE_DIR)
HALF = Rung(1, Side.BEFORE, 50, StepUnit.PERCENT, ("responsible",), 0, "deadline_reminder", False)


# --- reminders -------------------------------------------------------------------------------------------------------


def test_half_of_five_working_days_is_noon_of_the_third():
    term, start = Term(Clock.WORKING_DAYS, 5), at("2026-02-06 16:00")  # a Friday; the first day does not count
    due = dates.due(office(), term, start)
    assert HALF.moment(Course(office(), term, start, due)) == at("2026-02-11 12:00")


def test_half_of_eight_working_hours_from_friday_afternoon_is_monday_morning():
    term, start = Term(Clock.WORKING_HOURS, 8), at("2026-02-06 16:00")
    due = dates.due(office(), term, start)
    assert HALF.moment(Course(office(), term, start, due)) == at("2026-02-09 10:30")


@options(max_examples=300, deadline=None)
@given(
    clock=st.sampled_from([Clock.HOURS, Clock.WORKING_HOURS, Clock.DAYS, Clock.WORKING_DAYS]),
    amount=st.integers(1, 12),
    start=st.integers(0, 20_000),
    pause=st.tuples(st.integers(0, 9_000), st.integers(0, 9_000)),
    percent=st.integers(1, 99),
)
def test_a_share_of_the_term_is_reached_when_so_much_of_it_has_counted(clock, amount, start, pause, percent):
    calendar, begins = office({date(2026, 2, 10): DayKind.OFF}), at("2026-02-02 00:00") + timedelta(minutes=start)
    pauses = [(begins + timedelta(minutes=pause[0]), begins + timedelta(minutes=sum(pause)))]
    term = Term(clock, amount)
    course = Course(calendar, term, begins, dates.due(calendar, term, begins, pauses), pauses)
    reached = course.when_counted(percent)
    counted = [each for each in explain(calendar, term, begins, pauses) if each.counts]
    total = sum((each.ends - each.starts for each in counted), timedelta())
    before = sum((max(min(each.ends, reached) - each.starts, timedelta()) for each in counted), timedelta())
    assert abs(before - total * percent / 100) < timedelta(milliseconds=1)
    assert begins <= reached <= course.due_at


class ReminderTest(WithSweep, TestCase):
    def setUp(self):
        make.calendar()
        self.officer = make.person("officer")
        self.staff = make.Staff()
        self.staff.by_role = {"responsible": [self.officer.pk]}
        self.known()
        self.ladder = make.ladder(
            make.step("before_due", 50, "responsible", unit="percent"),
            make.step("before_due", 1, "responsible", unit="working_days"),
            make.step("after_due", 0, "responsible"),
        )
        make.rule(self.ladder, "answer", "working_days", 6)

    def fired(self):
        return list(Escalation.objects.order_by("step").values_list("step", flat=True))

    def test_reminders_move_with_a_pause_and_none_comes_twice(self):
        record, start = make.record(), timezone.now() - timedelta(days=6)
        deadline = make.opened(record, self.officer, start)
        before = dict(zip(deadline.positions, deadline.moments, strict=True))
        sweep()
        self.assertEqual(self.fired(), [1])
        services.pause(record, reason="asked", by=self.officer, at=timezone.now() - timedelta(days=4))
        services.resume(record, by=self.officer, at=timezone.now())
        deadline.refresh_from_db()
        self.assertNotIn(1, deadline.positions)
        self.assertGreater(dict(zip(deadline.positions, deadline.moments, strict=True))[2], before[2])
        sweep()
        self.assertEqual(self.fired(), [1])

    def test_reminders_move_with_the_calendar(self):
        deadline = make.opened(make.record(), self.officer, timezone.now())
        before = dict(zip(deadline.positions, deadline.moments, strict=True))
        day = timezone.localdate()
        for nth in (1, 2, 3, 4):
            CalendarDay.objects.update_or_create(
                date=day + timedelta(days=nth), defaults={"kind": "off", "source": "test"}
            )
        recalculate()
        deadline.refresh_from_db()
        after = dict(zip(deadline.positions, deadline.moments, strict=True))
        self.assertEqual([position for position in after if after[position] <= before[position]], [])

    def test_reminders_move_with_a_longer_term(self):
        deadline = make.opened(make.record(), self.officer, timezone.now())
        before = dict(zip(deadline.positions, deadline.moments, strict=True))
        services.lengthen(deadline, 12, by=self.officer, reason="asked")
        after = dict(zip(deadline.positions, deadline.moments, strict=True))
        self.assertEqual([position for position in after if after[position] <= before[position]], [])


class SeededLaddersTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        make.calendar()

    def test_every_ladder_climbs_from_the_officer_to_the_higher_authority(self):
        for ladder in Ladder.objects.prefetch_related("steps"):
            steps = list(ladder.steps.all())
            with self.subTest(ladder=ladder.code):
                met = [role for step in steps for role in step.roles]
                order = [met.index(role) for role in ("responsible", "unit_head", "lead", "director", "higher")]
                self.assertEqual(order, sorted(order))
                self.assertEqual([step.level for step in steps], sorted(step.level for step in steps))
                self.assertTrue(any(step.side == Side.BEFORE for step in steps))

    def test_every_rule_has_such_a_ladder(self):
        climbing = set(Ladder.objects.filter(steps__roles__contains=["higher"]).values_list("pk", flat=True))
        self.assertEqual(DeadlineRule.objects.exclude(ladder__in=climbing).count(), 0)


# --- quiet hours -----------------------------------------------------------------------------------------------------


def test_quiet_hours_by_day_and_night():
    quiet, calendar = Quiet(), office({date(2026, 2, 16): DayKind.OFF})
    for moment, until in (
        ("2026-02-11 20:59", None),
        ("2026-02-11 21:00", "2026-02-12 07:00"),
        ("2026-02-12 06:59", "2026-02-12 07:00"),
        ("2026-02-12 07:00", None),
        ("2026-02-13 22:00", "2026-02-17 07:00"),  # Friday night, a weekend, and a Monday off
        ("2026-02-14 12:00", "2026-02-17 07:00"),
    ):
        assert quiet.until(calendar, at(moment)) == (at(until) if until else None), moment
    assert Quiet(time(12), time(13), False).until(calendar, at("2026-02-14 12:30")) == at("2026-02-14 13:00")
    assert Quiet(time(7), time(7), False).until(calendar, at("2026-02-14 07:00")) is None


@given(minutes=st.integers(0, 100_000))
def test_nothing_that_waits_is_told_in_the_quiet_hours(minutes):
    calendar, moment = office(), at("2026-02-02 00:00") + timedelta(minutes=minutes)
    told = dates.local(Quiet().until(calendar, moment) or moment)
    assert time(7) <= told.time() < time(21)
    assert calendar.is_working_day(told.date())
    assert told >= moment


class WithQuietNow(WithSweep):
    """The usual ladder, whose quiet hours are now; and somebody for each role."""

    def setUp(self):
        self.make()
        now = timezone.localtime()
        Ladder.objects.filter(pk=self.ladder.pk).update(
            quiet_from=(now - timedelta(hours=2)).time(),
            quiet_until=(now + timedelta(hours=2)).time(),
            is_quiet_on_rest_days=False,
        )
        self.urgent = set()
        self.known(urgent=lambda ids: self.urgent & set(ids))


class QuietTest(WithQuietNow, TestCase):
    def test_a_step_is_taken_at_once_and_told_when_the_quiet_hours_end(self):
        self.opened(24.5)
        sweep()
        entry = Escalation.objects.latest("step")
        self.assertLess(entry.fired_at, timezone.now())
        self.assertGreater(entry.told_at, timezone.now() + timedelta(minutes=100))
        self.assertEqual(deliver().inbox, 0)
        Outbox.objects.update(next_try_at=timezone.now())
        self.assertEqual(deliver().inbox, 2)

    def test_an_urgent_record_an_urgent_step_and_one_that_keeps_no_quiet_are_told_at_once(self):
        waiting = self.opened(24.5, "waiting")
        self.urgent = {self.opened(24.5, "urgent").about_id}
        sweep()
        self.assertEqual(
            set(Outbox.objects.filter(next_try_at__gt=timezone.now()).values_list("about_id", flat=True)),
            {waiting.about_id},
        )
        for field in ({"is_urgent": True}, {"keeps_quiet": False}):
            with self.subTest(field=field):
                self.ladder.steps.update(is_urgent=False, keeps_quiet=True)
                self.ladder.steps.update(**field)
                deadline = self.opened(24.5, str(field))
                sweep()
                self.assertLessEqual(deadline.escalations.latest("step").told_at, timezone.now())

    def test_what_ended_in_the_night_is_not_told_in_the_morning(self):
        ended, running = self.opened(24.5, "ended"), self.opened(24.5, "running")
        sweep()
        services.finish(Group.objects.get(pk=ended.about_id), ["answer"], at=timezone.now(), by=self.people["lead"])
        sweep()
        states = dict(Outbox.objects.filter(recipient=self.people["unit"]).values_list("about_id", "state"))
        self.assertEqual(states, {ended.about_id: MessageState.WITHHELD, running.about_id: MessageState.WAITING})


# --- never nobody ----------------------------------------------------------------------------------------------------


def test_every_role_has_stand_ins_up_to_the_highest_and_that_one_the_director():
    for role in Role:
        assert stand_ins((role,)), role
    assert stand_ins((Role.HIGHER,)) == [Role.DIRECTOR]
    assert stand_ins((Role.LEAD, Role.UNIT)) == [Role.DIRECTOR, Role.HIGHER]


class NobodyTest(WithSweep, TestCase):
    def setUp(self):
        self.make()
        self.known()
        self.staff.by_role = {}

    def test_with_no_person_at_all_a_dead_letter_is_left_and_the_step_is_taken(self):
        deadline = self.opened(24.5)
        with self.assertLogs("deadlines.sweep", "ERROR"):
            sweep()
        letter = Outbox.objects.get()
        self.assertEqual(
            (letter.state, letter.last_error, letter.about_id), (MessageState.DEAD, "nobody to tell", deadline.about_id)
        )
        self.assertEqual(list(Escalation.objects.values_list("recipients", "told_at")), [(0, None), (0, None)])
        sweep()
        self.assertEqual(Outbox.objects.count(), 1)


# --- one record, one message; floods ---------------------------------------------------------------------------------


class OnceTest(WithSweep, TestCase):
    def setUp(self):
        self.make()
        make.rule(self.ladder, "resolve", "hours", 10)
        self.known()

    def both(self, name):
        record = make.record(name)
        for obligation in ("answer", "resolve"):
            make.opened(record, self.people["lead"], hours_ago(30), obligation)
        return record

    def test_two_deadlines_of_a_record_tell_each_person_once_with_the_highest(self):
        record = self.both("record")  # resolve is late by 20 hours, answer by 6: both have told the lead
        sweep()
        told = Outbox.objects.filter(about_id=record.pk, recipient=self.people["lead"])
        self.assertEqual(told.count(), 1)
        self.assertEqual(Escalation.objects.filter(deadline__about_id=record.pk).count(), 6)

    def test_also_when_they_would_be_taken_in_batches_of_their_own(self):
        records = [self.both(f"record {n}") for n in range(3)]
        sweep(batch=1)
        for record in records:
            told = Outbox.objects.filter(about_id=record.pk, recipient=self.people["lead"])
            self.assertEqual(told.count(), 1)

    @override_settings(MESSAGES_BEFORE_DIGEST=3)
    def test_a_flood_becomes_one_digest_that_leads_to_the_list(self):
        self.staff.by_role = {"responsible": [self.people["lead"].pk]}
        with make.registered(make.subject_for(self.staff, overview=lambda is_late: f"/late/{is_late}/")):
            for n in range(8):
                self.opened(24.5, f"r{n}")
            self.assertEqual(sweep(batch=2).messages, 4)
            digest = Outbox.objects.get(template="deadline_digest")
            self.assertEqual((digest.url, digest.params, digest.about_id), ("/late/True/", {}, None))
            self.assertEqual(Escalation.objects.filter(recipients=1).count(), 8)
            deliver()
            self.opened(24.5, "one more")
            sweep()  # within the hour: what was told before counts
            self.assertEqual(Outbox.objects.count(), 4)

    @override_settings(MESSAGES_BEFORE_DIGEST=1)
    def test_urgent_messages_come_before_the_digest(self):
        urgent = make.ladder({**make.step("after_due", 0, "responsible"), "is_urgent": True}, code="urgent-2")
        make.rule(urgent, "check", "hours", 24)
        self.staff.by_role = {"responsible": [self.people["lead"].pk]}
        self.opened(26, "usual")
        make.opened(make.record("urgent"), self.people["lead"], hours_ago(24.5), "check")
        sweep()
        self.assertEqual(Outbox.objects.exclude(template="deadline_digest").get().is_urgent, True)

    @override_settings(MESSAGES_BEFORE_DIGEST=2)
    def test_what_is_urgent_is_not_swallowed_by_what_is_not_and_floods_by_itself(self):
        urgent = make.ladder({**make.step("after_due", 0, "responsible"), "is_urgent": True}, code="urgent-3")
        make.rule(urgent, "check", "hours", 24)
        self.staff.by_role = {"responsible": [self.people["lead"].pk]}
        for n in range(4):
            self.opened(26, f"usual {n}")
        sweep()
        deliver()
        for n in range(3):  # within the hour, in sweeps of their own
            make.opened(make.record(f"urgent {n}"), self.people["lead"], hours_ago(24.5), "check")
            sweep()
            deliver()
        told = Outbox.objects.exclude(template="deadline_digest")
        self.assertEqual((told.filter(is_urgent=False).count(), told.filter(is_urgent=True).count()), (2, 2))


# --- acknowledgement, tasks, hand-over -------------------------------------------------------------------------------


class AnswerTest(WithSweep, TestCase):
    def setUp(self):
        self.make()
        self.ladder.steps.filter(position=2).update(action="acknowledge")
        self.ladder.steps.filter(position=3).update(stops_when_acknowledged=True, action="task", given_to="lead")
        self.handed = []
        self.known(reassign=self.handed.extend, visible_ids=lambda user: Group.objects.values("pk"))

    def test_acknowledging_stops_the_steps_that_say_so_and_no_others(self):
        deadline = self.opened(24.5)
        sweep()
        answering.acknowledge(deadline, by=self.people["unit"])
        deadline.refresh_from_db()
        self.assertEqual((deadline.positions, deadline.acknowledged_by), ([4], self.people["unit"]))
        self.assertEqual(Duty.objects.count(), 0)

    def test_only_those_who_were_asked_acknowledge_once_and_after_they_were_asked(self):
        deadline = self.opened(23.5)
        sweep()
        with self.assertRaises(RightMissing):
            answering.acknowledge(deadline, by=self.people["unit"])  # nobody asked yet
        deadline = self.opened(24.5, "asked")
        sweep()
        with self.assertRaises(RightMissing):
            answering.acknowledge(deadline, by=self.people["director"])
        answering.acknowledge(deadline, by=self.people["responsible"])
        with self.assertRaises(MoveRefused):
            answering.acknowledge(deadline, by=self.people["unit"])

    def test_what_one_does_not_see_one_does_not_acknowledge(self):
        deadline = self.opened(24.5)
        sweep()
        blind = make.subject_for(self.staff, visible_ids=lambda user: Group.objects.none().values("pk"))
        with make.registered(blind), self.assertRaises(Http404):
            answering.acknowledge(deadline, by=self.people["unit"])

    def test_an_acknowledgement_outlives_a_pause(self):
        deadline = self.opened(24.5)
        sweep()
        answering.acknowledge(deadline, by=self.people["unit"])
        record = Group.objects.get(pk=deadline.about_id)
        services.pause(record, reason="asked", by=self.people["lead"], at=timezone.now())
        services.resume(record, by=self.people["lead"], at=timezone.now())
        deadline.refresh_from_db()
        self.assertEqual(deadline.positions, [4])

    def test_a_task_goes_once_to_the_one_with_the_fewest(self):
        other = make.person("other lead")
        self.staff.by_role["lead"].append(other.pk)
        for name in ("one", "two"):
            self.opened(25.5, name)
        sweep()
        sweep()
        self.assertEqual(
            sorted(Duty.objects.values_list("person", flat=True)), sorted([other.pk, self.people["lead"].pk])
        )

    def looking_after_deadlines(self):
        person = make.person("looks after")
        person.is_superuser = True
        person.save()
        return type(person).objects.get(pk=person.pk)

    def test_a_task_is_finished_by_whoever_has_it_with_words_once(self):
        self.opened(25.5)
        sweep()
        duty, lead = Duty.objects.get(), self.people["lead"]
        self.assertEqual(list(Duty.objects.open().of(lead)), [duty])
        for by, outcome, refusal in (
            (self.people["unit"], "done", Http404),  # who does not look after deadlines sees own tasks only
            (self.looking_after_deadlines(), "done", RightMissing),
            (lead, " ", ReasonRequired),
            (lead, "x" * 2001, InvalidInput),
        ):
            with self.assertRaises(refusal):
                answering.finish_duty(duty, by=by, outcome=outcome)
        answering.finish_duty(duty, by=lead, outcome="called the unit")
        with self.assertRaises(MoveRefused):
            answering.finish_duty(duty, by=lead, outcome="again")
        self.assertEqual(Duty.objects.open().count(), 0)

    def test_a_task_ends_with_its_deadline(self):
        deadline = self.opened(25.5)
        sweep()
        services.finish(Group.objects.get(pk=deadline.about_id), ["answer"], at=timezone.now(), by=self.people["lead"])
        self.assertEqual((Duty.objects.count(), Duty.objects.open().count()), (1, 0))

    def test_a_record_is_handed_over_by_its_own_app_and_the_ledger_says_so(self):
        self.ladder.steps.filter(position=3).update(action="reassign", given_to="unit_head")
        deadline = self.opened(25.5)
        sweep()
        self.assertEqual(self.handed, [(deadline.about_id, self.people["unit_head"].pk)])
        self.assertEqual(Escalation.objects.get(step=3).action, "reassign")

    def test_nothing_happens_after_a_merge(self):
        deadline = self.opened(23.5)
        services.cancel(Group.objects.get(pk=deadline.about_id), by=self.people["lead"], reason="merged")
        sweep()
        self.assertFalse(Escalation.objects.exists())


# --- beat is a metronome ---------------------------------------------------------------------------------------------


def _calls():
    for path in BASE.rglob("*.py"):
        parts = path.relative_to(BASE).parts
        if parts[0].startswith(".") or parts[0] in ("tests", "node_modules"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield path, node


def test_no_task_is_sent_for_later_and_beat_gives_it_nothing():
    """What is due stands in the database: no task carries an ETA, and beat sends no arguments."""
    late = [
        (str(path), keyword.arg)
        for path, call in _calls()
        for keyword in call.keywords
        if keyword.arg in ("eta", "countdown", "default_retry_delay", "retry_backoff_max")
    ]
    assert late == []
    retried = [path for path, call in _calls() if isinstance(call.func, ast.Attribute) and call.func.attr == "retry"]
    assert retried == []
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        assert "args" not in entry and "kwargs" not in entry, name
