"""A calendar changed: the preview says what will move, recalculating moves it once, and nobody's deed is waited for."""

import io
from dataclasses import replace
from datetime import date, timedelta
from threading import Event, Thread

from django.core.management import call_command
from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase
from django.utils import timezone, translation

from deadlines import editions, services
from deadlines.models import CalendarDay, Deadline
from deadlines.recalculation import preview, recalculate
from deadlines.tasks import recalculate_deadlines
from deadlines.verification import verify
from deadlines.words import explanation
from tests.deadlines import factories as make
from tests.deadlines.factories import at


class WithClocks:
    def make(self):
        make.calendar()
        self.officer = make.person("officer")
        make.rule(make.usual_ladder(), "resolve", "working_days", 2)
        make.rule(make.ladder(make.step("after_due", 0, "responsible"), code="hours"))
        self.record = make.record()
        self.moved: list[int] = []
        context = make.registered(make.subject_for(make.Staff(), on_moved=self.moved.extend))
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        self.days = make.opened(self.record, self.officer, at("2026-03-02 09:00"), "resolve")
        self.hours = make.opened(self.record, self.officer, at("2026-03-02 09:00"))

    def day_off(self, day="2026-03-04"):
        CalendarDay.objects.create(date=date.fromisoformat(day), kind="off", source="test")


class RecalculateTest(WithClocks, TestCase):
    def setUp(self):
        self.make()

    def test_new_day_off_moves_what_is_live_once(self):
        self.day_off()
        done = recalculate(batch=1)
        self.assertEqual((done.looked, done.later, done.earlier), (2, 1, 0))
        self.days.refresh_from_db()
        self.assertEqual(self.days.due_at, at("2026-03-06 00:00"))
        self.assertEqual(self.days.original_due_at, at("2026-03-05 00:00"))
        self.assertEqual(self.moved, [self.record.pk])
        self.assertEqual(recalculate().looked, 0)
        self.assertEqual(verify().faults, {})

    def test_task_run_twice_changes_nothing_more(self):
        self.day_off()
        recalculate_deadlines()
        before = list(Deadline.objects.order_by("pk").values())
        recalculate_deadlines()
        self.assertEqual(list(Deadline.objects.order_by("pk").values()), before)

    def test_preview_counts_and_changes_nothing(self):
        self.day_off()
        before = list(Deadline.objects.order_by("pk").values())
        self.assertEqual((preview().looked, preview().later), (2, 1))
        self.assertEqual(list(Deadline.objects.order_by("pk").values()), before)
        said = io.StringIO()
        call_command("recalculate_deadlines", "--preview", stdout=said)
        self.assertIn("2 deadlines looked at: 1 later", said.getvalue())

    def test_preview_of_a_calendar_that_nobody_published(self):
        calendars = editions.current().calendars
        swapped = dates_of(calendars, {date(2026, 3, 3): "off", date(2026, 3, 7): "working"})
        self.assertEqual(preview(swapped).later, 1)
        self.assertEqual(preview().moved, 0)

    def test_a_working_day_brings_a_due_moment_forward_and_may_make_it_late(self):
        today = timezone.localdate()
        make.opened(make.record("weekend"), self.officer, timezone.now() - timedelta(days=1), "resolve")
        days = {today - timedelta(days=n): "working" for n in range(10)}
        found = preview(dates_of(editions.current().calendars, days | {today + timedelta(days=1): "working"}))
        self.assertLessEqual(found.later, found.looked)
        self.assertEqual(found.newly_late, 0)

    def test_what_ended_keeps_its_due_moment(self):
        services.finish(self.record, ["resolve"], at=at("2026-03-03 09:00"), by=self.officer)
        self.day_off()
        recalculate()
        self.days.refresh_from_db()
        self.assertEqual(self.days.due_at, at("2026-03-05 00:00"))

    def test_the_page_says_what_it_was_before(self):
        self.day_off()
        recalculate()
        with translation.override("en"):
            self.assertIn("Before a change of the calendar", explanation(Deadline.objects.get(pk=self.days.pk))[-1])


def dates_of(calendars, changes):
    ours = calendars.department
    return replace(calendars, department=replace(ours, days={**ours.days, **changes}))


class BusyTest(WithClocks, TransactionTestCase):
    def setUp(self):
        self.make()

    def test_a_record_that_somebody_holds_is_left_for_the_next_run(self):
        self.day_off()
        held, done = Event(), Event()

        def hold_the_record():
            with transaction.atomic():
                type(self.record).objects.select_for_update().get(pk=self.record.pk)
                held.set()
                done.wait(20)
            connection.close()

        thread = Thread(target=hold_the_record)
        thread.start()
        held.wait(20)
        busy = recalculate()
        done.set()
        thread.join()
        self.assertEqual((busy.looked, busy.busy), (0, 2))
        self.assertEqual((recalculate().looked, recalculate().busy), (2, 0))
