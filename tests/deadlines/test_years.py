"""A year is announced: first its days and the counts, then what was provisional becomes sure by the beat's task."""

from datetime import date

from django.conf import settings
from django.test import TestCase
from django.urls import reverse
from django.utils import translation
from django.utils.module_loading import import_string

from accounts.models import User
from common.exceptions import InvalidInput, RightMissing
from deadlines import editions, swaps, years
from deadlines.models import CalendarDay, Deadline
from deadlines.verification import verify
from deadlines.words import due_said, explanation
from tests.deadlines import factories as make
from tests.deadlines.factories import at
from tests.rights import may

SOURCE = "Thông báo 1/TB-BNV ngày 01/12/2026"
ADDRESS = reverse("admin:deadlines_calendarday_year")


class YearTest(TestCase):
    def setUp(self):
        make.calendar()
        self.lead = self.person("lead", *swaps.RIGHTS, "deadlines.view_calendarday")
        context = make.registered(make.subject_for(make.Staff()))
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        make.rule(make.usual_ladder(), "resolve", "working_days", 5)
        self.deadline = make.opened(make.record(), self.lead, at("2026-12-29 09:00"), "resolve")

    def person(self, name, *rights):
        person = make.person(name, is_staff=True)
        may(person, *rights)
        return User.objects.get(pk=person.pk)

    def tick(self):
        """What beat does each minute."""
        names = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
        (name,) = [name for name in names if name.endswith("recalculate_deadlines")]
        import_string(name)()
        self.deadline.refresh_from_db()

    def test_what_was_provisional_becomes_sure_when_the_year_is_announced(self):
        self.assertTrue(self.deadline.is_provisional)
        with translation.override("en"):
            self.assertIn("(provisional)", due_said(self.deadline))
            self.assertIn("(provisional)", explanation(self.deadline)[0])
        years.announce(2027, source=SOURCE, by=self.lead)
        self.tick()
        self.assertFalse(self.deadline.is_provisional)
        self.assertEqual(self.deadline.due_at, at("2027-01-07 00:00"))
        self.assertEqual(editions.current().calendar.known_until, date(2027, 12, 31))
        self.assertEqual(verify().faults, {})

    def test_days_that_come_with_the_notice_move_what_was_provisional(self):
        CalendarDay.objects.create(date="2027-01-04", kind="off", source="Nghỉ bù, công bố muộn")
        found, moved = years.look_ahead(2027, by=self.lead)
        self.assertIn(date(2027, 1, 4), [row.date for row in found.days])
        self.assertEqual(moved.later, 1)
        years.announce(2027, source=SOURCE, by=self.lead)
        self.tick()
        self.assertEqual(self.deadline.due_at, at("2027-01-08 00:00"))
        self.assertEqual(CalendarDay.objects.get(date="2027-01-04").source, "Nghỉ bù, công bố muộn")

    def test_looking_changes_nothing_and_announcing_keeps_who_and_why(self):
        before = list(CalendarDay.objects.values())
        years.look_ahead(2027, by=self.lead)
        self.assertEqual(list(CalendarDay.objects.values()), before)
        years.announce(2027, source=SOURCE, by=self.lead)
        rows = CalendarDay.objects.filter(date__year=2027)
        self.assertEqual(set(rows.values_list("source", "is_announced")), {(SOURCE, True)})
        last = CalendarDay.history.filter(date="2027-01-01").latest()
        self.assertEqual((last.history_user, last.history_change_reason), (self.lead, SOURCE))

    def test_a_computed_day_that_did_not_come_drops_out(self):
        CalendarDay.objects.create(date="2027-03-01", kind="off", source="tính trước", is_announced=False)
        years.announce(2027, source=SOURCE, by=self.lead)
        self.assertFalse(CalendarDay.objects.filter(date="2027-03-01").exists())
        self.assertEqual(CalendarDay.history.filter(date="2027-03-01").latest().history_type, "-")

    def test_a_year_that_nobody_computed_yet_is_imported(self):
        years.announce(2028, source=SOURCE, by=self.lead)
        days = {row.date: row.kind for row in CalendarDay.objects.filter(date__year=2028)}
        self.assertEqual(days[date(2028, 9, 2)], "off")
        self.assertEqual(editions.current().calendar.known_until, date(2026, 12, 31), "2027 is still awaited")

    def test_it_takes_the_right_and_a_year_within_reach(self):
        reader = self.person("reader", "deadlines.view_calendarday")
        with self.assertRaises(RightMissing):
            years.announce(2027, source=SOURCE, by=reader)
        with self.assertRaises(InvalidInput):
            years.announce(3000, source=SOURCE, by=self.lead)
        self.client.force_login(reader)
        self.assertEqual(self.client.get(ADDRESS).status_code, 403)

    def test_page_shows_days_and_counts_first(self):
        self.client.force_login(self.lead)
        self.assertContains(self.client.get(ADDRESS), 'value="2027"')
        page = self.client.post(ADDRESS, {"year": "2027", "source": SOURCE})
        self.assertContains(page, "data-days")
        self.assertContains(page, 'name="publish"')
        self.assertTrue(CalendarDay.objects.filter(is_announced=False).exists())
        wrong = self.client.post(ADDRESS, {"year": "3000", "source": SOURCE, "publish": "1"})
        self.assertTrue(wrong.context_data["form"].has_error("year"))
        done = self.client.post(ADDRESS, {"year": "2027", "source": SOURCE, "publish": "1"})
        self.assertEqual(done.status_code, 302)
        self.assertFalse(CalendarDay.objects.filter(is_announced=False).exists())
        self.assertEqual(Deadline.objects.filter(is_provisional=True).count(), 1, "until the worker comes by")
