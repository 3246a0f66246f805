"""Swapping a working day: counts first, then both days at once with their source, by whoever may."""

from datetime import date, timedelta

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.exceptions import InvalidInput, RightMissing
from deadlines import editions, swaps
from deadlines.calendar import NEAR, WorkingCalendar, horizon_of
from deadlines.choices import DayKind
from deadlines.models import CalendarDay, Deadline
from deadlines.recalculation import recalculate
from tests.deadlines import factories as make
from tests.deadlines.factories import at
from tests.rights import may

FRIDAY, SATURDAY = date(2026, 3, 6), date(2026, 3, 14)
GIVEN = {"occasion": "Nghỉ bù", "source": "Công văn 1/BNV ngày 01/03/2026"}
ADDRESS = reverse("admin:deadlines_calendarday_swap")


class SwapTest(TestCase):
    def setUp(self):
        make.calendar()
        self.lead = self.person("lead", *swaps.RIGHTS, "deadlines.view_calendarday")
        context = make.registered(make.subject_for(make.Staff()))
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        make.rule(make.usual_ladder(), "resolve", "working_days", 5)
        self.deadline = make.opened(make.record(), self.lead, at("2026-03-02 09:00"), "resolve")

    def person(self, name, *rights):
        person = make.person(name, is_staff=True)
        may(person, *rights)
        return User.objects.get(pk=person.pk)

    def form(self, **more):
        return {"off": "06/03/2026", "worked": "14/03/2026", **GIVEN, **more}

    def test_counts_come_before_the_deed_and_change_nothing(self):
        before = editions.current().calendar.version
        self.assertEqual(swaps.look_ahead(FRIDAY, SATURDAY, by=self.lead).later, 1)
        self.assertEqual(editions.current().calendar.version, before)
        self.assertFalse(CalendarDay.objects.filter(date__in=(FRIDAY, SATURDAY)).exists())

    def test_both_days_are_written_with_who_and_why_and_deadlines_follow(self):
        foreseen = swaps.look_ahead(FRIDAY, SATURDAY, by=self.lead)
        swaps.publish(FRIDAY, SATURDAY, **GIVEN, by=self.lead)
        kinds = dict(CalendarDay.objects.filter(date__in=(FRIDAY, SATURDAY)).values_list("date", "kind"))
        self.assertEqual(kinds, {FRIDAY: DayKind.OFF, SATURDAY: DayKind.WORKING})
        for row in CalendarDay.history.filter(date__in=(FRIDAY, SATURDAY)):
            self.assertEqual((row.history_user, row.history_change_reason), (self.lead, GIVEN["source"]))
        self.assertEqual(recalculate().later, foreseen.later)
        self.assertEqual(Deadline.objects.get().due_at, at("2026-03-11 00:00"))

    def test_days_that_are_so_already_are_refused(self):
        for off, worked, name in ((date(2026, 3, 7), SATURDAY, "off"), (FRIDAY, date(2026, 3, 9), "worked")):
            with self.subTest(name=name), self.assertRaises(InvalidInput) as refused:
                swaps.publish(off, worked, **GIVEN, by=self.lead)
            self.assertEqual(list(refused.exception.fields), [name])

    def test_it_takes_the_right(self):
        reader = self.person("reader", "deadlines.view_calendarday")
        with self.assertRaises(RightMissing):
            swaps.publish(FRIDAY, SATURDAY, **GIVEN, by=reader)
        self.client.force_login(reader)
        self.assertEqual(self.client.post(ADDRESS, self.form(publish="1")).status_code, 403)

    def test_page_counts_first_and_publishes_then(self):
        self.client.force_login(self.lead)
        page = self.client.post(ADDRESS, self.form())
        self.assertEqual(page.context_data["found"].later, 1)
        self.assertContains(page, 'name="publish"')
        self.assertFalse(CalendarDay.objects.filter(date=FRIDAY).exists())
        self.assertEqual(self.client.post(ADDRESS, self.form(publish="1")).status_code, 302)
        self.assertTrue(CalendarDay.objects.filter(date=FRIDAY, source=GIVEN["source"]).exists())

    def test_page_says_what_is_wrong_beside_the_field(self):
        self.client.force_login(self.lead)
        page = self.client.post(ADDRESS, self.form(off="07/03/2026", publish="1"))
        self.assertTrue(page.context_data["form"].has_error("off"))

    def test_calendar_warns_before_its_end(self):
        self.client.force_login(self.lead)
        address = reverse("admin:deadlines_calendarday_changelist")
        until = editions.current().calendar.known_until
        is_near = (until - timezone.localdate()).days < NEAR
        self.assertIs(b"data-horizon" in self.client.get(address).content, is_near)
        CalendarDay.objects.filter(date__year__gt=timezone.localdate().year - 1).delete()
        self.assertContains(self.client.get(address), "data-horizon")


def test_horizon_is_seen_from_a_day():
    calendar = WorkingCalendar(hours={}, days={date(2026, 9, 2): DayKind.OFF})
    last = date(2026, 12, 31)
    assert not horizon_of(calendar, last - timedelta(days=NEAR)).is_near
    assert horizon_of(calendar, last - timedelta(days=NEAR - 1)).is_near
    assert horizon_of(calendar, date(2027, 2, 1)).days == 0
    assert horizon_of(WorkingCalendar(hours={}), last).is_near
