"""Other authorities: they inherit the calendar of the department day by day; a term follows the one its rule names."""

import io
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import TestCase
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from common.exceptions import InvalidInput
from deadlines import calendar as dates
from deadlines import editions, extensions, services, swaps, years
from deadlines.calendar import Term, WorkingCalendar
from deadlines.calendars import Calendars, laid_over
from deadlines.choices import Authority, Clock, DayKind, EndsAt
from deadlines.models import CalendarDay, Deadline, DeadlineRule, WorkingPeriod
from deadlines.recalculation import preview, recalculate
from deadlines.verification import verify
from deadlines.words import explanation
from tests.deadlines import factories as make
from tests.deadlines.factories import OFFICE, at
from tests.rights import may

FIRST = date(2026, 3, 2)
MINISTRY = Authority.MINISTRY
SATURDAY = date(2026, 3, 7)
SOURCE = "Quyết định 9/QĐ-BYT ngày 01/03/2026"

days = st.integers(0, 40).map(lambda n: FIRST + timedelta(days=n))
hours = st.sampled_from([OFFICE, ((480, 720),), ((420, 660), (780, 1020))])
weeks = st.dictionaries(st.integers(0, 6), hours, max_size=7)
kinds = st.dictionaries(days, st.sampled_from(DayKind), max_size=15)
calendars = st.builds(
    lambda week, special, awaited: WorkingCalendar(
        hours={0: OFFICE, 3: OFFICE} | week, days=special, awaited=awaited & special.keys()
    ),
    weeks,
    kinds,
    st.frozensets(days),
)
layers = st.builds(lambda week, special: WorkingCalendar(hours=week, days=special), weeks, kinds)
starts = st.tuples(days, st.integers(0, 1439)).map(
    lambda pair: datetime.combine(pair[0], time(), dates.ZONE) + timedelta(minutes=pair[1])
)
terms = st.builds(
    Term, st.sampled_from([each for each in Clock if each != Clock.YEARLY]), st.integers(1, 12), st.sampled_from(EndsAt)
)


@given(calendars, terms, starts)
def test_an_authority_without_rows_of_its_own_counts_as_the_department_does(calendar, term, start):
    known = Calendars(calendar, {"empty": WorkingCalendar(hours={})})
    expected = dates.due(calendar, term, start)
    for authority in ("", Authority.DEPARTMENT, "empty", "unheard of"):
        found = known.of(authority)
        assert dates.due(found, term, start) == expected
        assert dates.is_provisional(found, term, expected) == dates.is_provisional(calendar, term, expected)
        assert found.known_until == calendar.known_until


@given(calendars, layers, days)
def test_its_own_rows_take_the_place_of_the_same_days_and_weekdays_and_of_no_others(calendar, layer, day):
    found = laid_over(calendar, layer)
    if day in layer.days:
        assert found.days[day] == layer.days[day]
    else:
        assert found.days.get(day) == calendar.days.get(day)
    week = layer if day.weekday() in layer.hours else calendar
    assert found.hours.get(day.weekday()) == week.hours.get(day.weekday())


def test_what_the_department_awaits_is_awaited_by_who_inherits_it():
    tet, later = date(2027, 2, 8), date(2028, 1, 1)
    base = WorkingCalendar({}, {date(2026, 9, 2): DayKind.OFF, tet: DayKind.OFF}, awaited=frozenset({tet}))
    ministry = laid_over(base, WorkingCalendar({}, {later: DayKind.OFF}))
    assert ministry.known_until == date(2026, 12, 31)
    alone = replace(base, awaited=frozenset())
    assert laid_over(alone, WorkingCalendar({}, {later: DayKind.OFF})).known_until == date(2027, 12, 31)
    unsure = laid_over(alone, WorkingCalendar({}, {tet: DayKind.OFF}, awaited=frozenset({tet})))
    assert unsure.known_until == date(2026, 12, 31)


class AuthorityTest(TestCase):
    def setUp(self):
        make.calendar()
        self.lead = make.person("lead", is_staff=True, is_superuser=True)
        context = make.registered(make.subject_for(make.Staff(), visible_ids=lambda user: Group.objects.values("pk")))
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        ladder = make.usual_ladder()
        make.rule(ladder, "resolve", "working_days", 5)
        self.rule = make.rule(ladder, "answer", "working_days", 5, authority=MINISTRY)
        self.record = make.record()
        self.ours = make.opened(self.record, self.lead, at("2026-03-02 09:00"), "resolve")
        self.theirs = make.opened(self.record, self.lead, at("2026-03-02 09:00"))

    def due(self):
        return [Deadline.objects.get(pk=row.pk).due_at for row in (self.ours, self.theirs)]

    def works_on(self, day, authority=MINISTRY, kind="working"):
        return CalendarDay.objects.create(authority=authority, date=day, kind=kind, source=SOURCE)

    def test_without_rows_of_its_own_both_are_due_together(self):
        self.assertEqual(self.due(), [at("2026-03-10 00:00")] * 2)
        self.assertEqual(Deadline.objects.get(pk=self.theirs.pk).derivation["authority"], MINISTRY)
        self.assertNotIn("authority", Deadline.objects.get(pk=self.ours.pk).derivation)

    def test_a_day_of_its_own_moves_only_what_follows_it(self):
        self.works_on(SATURDAY)
        found = preview(authority=MINISTRY)
        self.assertEqual((found.looked, found.earlier), (1, 1))
        recalculate()
        self.assertEqual(self.due(), [at("2026-03-10 00:00"), at("2026-03-08 00:00")])
        self.assertEqual(verify().faults, {})
        self.assertEqual(recalculate().looked, 0)

    def test_a_day_of_the_department_moves_both_but_not_over_what_the_ministry_says(self):
        self.works_on(date(2026, 3, 4), kind="working")
        self.works_on(date(2026, 3, 4), authority=Authority.DEPARTMENT, kind="off")
        self.works_on(date(2026, 3, 5), authority=Authority.DEPARTMENT, kind="off")
        recalculate()
        self.assertEqual(self.due(), [at("2026-03-12 00:00"), at("2026-03-11 00:00")])
        self.assertEqual(verify().faults, {})

    def test_hours_of_its_own_make_its_saturday_a_working_day(self):
        WorkingPeriod.objects.create(authority=MINISTRY, weekday=5, starts="07:30", ends="11:30")
        recalculate()
        self.assertEqual(self.due(), [at("2026-03-10 00:00"), at("2026-03-08 00:00")])
        self.assertEqual(verify().faults, {})

    def test_an_older_edition_still_says_what_it_said(self):
        before = editions.current().version
        self.works_on(SATURDAY)
        kept = {"authority": MINISTRY}
        self.assertFalse(editions.calendar_of(before, kept).is_working_day(SATURDAY))
        self.assertTrue(editions.calendar_of(editions.current().version, kept).is_working_day(SATURDAY))

    def test_a_rule_that_changes_its_calendar_moves_what_is_judged_anew(self):
        self.works_on(SATURDAY)
        DeadlineRule.objects.filter(pk=self.rule.pk).update(authority=Authority.DEPARTMENT)
        moved = services.reconsider(self.record, facts={}, by=self.lead, reason="corrected")
        self.assertEqual([row.obligation for row in moved], ["answer"])
        self.assertEqual(self.due(), [at("2026-03-10 00:00")] * 2)

    def test_law_and_policy_are_each_counted_by_their_own_calendar(self):
        self.works_on(SATURDAY)
        law = make.rule(self.rule.ladder, "answer", "working_days", 5, nature="legal", authority=MINISTRY, code="LAW")
        DeadlineRule.objects.filter(pk=self.rule.pk).update(authority=Authority.DEPARTMENT, kind="KHIEUNAI")
        found = make.opened(make.record("other"), self.lead, at("2026-03-02 09:00"), kind="KHIEUNAI")
        self.assertEqual(found.due_at, at("2026-03-08 00:00"), "the policy would end two days later")
        self.assertEqual(Deadline.objects.get(pk=found.pk).derivation["rule"], law.code)
        self.assertEqual(verify().faults, {})

    def test_a_longer_term_ends_no_later_than_the_law_by_the_laws_calendar(self):
        make.rule(self.rule.ladder, "answer", "working_days", 8, nature="legal", code="LAW", authority=Authority.CITY)
        DeadlineRule.objects.filter(pk=self.rule.pk).update(kind="KHIEUNAI")
        found = make.opened(make.record("other"), self.lead, at("2027-03-01 09:00"), kind="KHIEUNAI")
        found = Deadline.objects.get(pk=found.pk)
        self.assertEqual(found.derivation["within"], "LAW")
        self.works_on(date(2027, 3, 6), authority=Authority.CITY)
        with self.assertRaises(InvalidInput):
            extensions.ask(found, amount=8, reason="more time", by=self.lead)

    def test_the_page_says_whose_calendar_counts(self):
        with translation.override("en"):
            self.assertIn("the Ministry of Health", " ".join(explanation(Deadline.objects.get(pk=self.theirs.pk))))
            self.assertNotIn("authority", " ".join(explanation(Deadline.objects.get(pk=self.ours.pk))))

    def test_opening_takes_no_more_queries_for_another_calendar(self):
        self.works_on(SATURDAY)
        editions.current()
        for obligation in ("resolve", "answer"):
            record = make.record(f"new {obligation}")
            with self.assertNumQueries(2):
                make.opened(record, self.lead, at("2026-03-02 09:00"), obligation)

    def test_command_answers_by_the_calendar_it_is_asked_for(self):
        self.works_on(SATURDAY)
        said = io.StringIO()
        call_command("compute_due", "2026-03-02T09:00", "working_days", "5", "--authority", "ministry", stdout=said)
        self.assertIn("2026-03-08T00:00:00+07:00", said.getvalue())


class AuthorityPagesTest(TestCase):
    def setUp(self):
        make.calendar()
        lead = make.person("lead", is_staff=True)
        may(lead, *swaps.RIGHTS, "deadlines.view_calendarday")
        self.lead = User.objects.get(pk=lead.pk)
        context = make.registered(make.subject_for(make.Staff()))
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        ladder = make.usual_ladder()
        make.rule(ladder, "resolve", "working_days", 5)
        make.rule(ladder, "answer", "working_days", 5, authority=MINISTRY)
        self.record = make.record()
        for obligation in ("resolve", "answer"):
            make.opened(self.record, self.lead, at("2026-03-02 09:00"), obligation)
        self.client.force_login(self.lead)

    def test_a_swap_of_the_ministry_counts_and_moves_its_own(self):
        address = reverse("admin:deadlines_calendarday_swap")
        form = {"authority": "ministry", "off": "06/03/2026", "worked": "14/03/2026", "occasion": "x", "source": SOURCE}
        found = self.client.post(address, form).context_data["found"]
        self.assertEqual((found.looked, found.later), (1, 1))
        self.assertEqual(self.client.post(address, {**form, "publish": "1"}).status_code, 302)
        rows = CalendarDay.objects.filter(date__in=(date(2026, 3, 6), date(2026, 3, 14)))
        self.assertEqual(set(rows.values_list("authority", flat=True)), {"ministry"})
        self.assertEqual((recalculate().later, verify().faults), (1, {}))
        with self.assertRaises(InvalidInput):
            swaps.publish(date(2026, 3, 6), SATURDAY, occasion="x", source="x", by=self.lead, authority="ministry")

    def test_a_day_of_the_ministry_is_counted_before_it_is_saved(self):
        address = reverse("admin:deadlines_calendarday_add")
        form = {"authority": "ministry", "date": "05/03/2026", "kind": "off", "is_announced": "on", "source": SOURCE}
        page = self.client.post(address, {**form, "note": ""})
        (told,) = page.context["messages"]
        self.assertIn(" 1 ", told.message)
        form["counted"] = page.context["adminform"].form["counted"].value()
        self.assertEqual(self.client.post(address, {**form, "note": ""}).status_code, 302)
        self.assertEqual(recalculate().later, 1)
        again = self.client.post(address, {**form, "note": ""})
        self.assertTrue(again.context["errors"], "this authority has the day already")

    def test_a_year_of_the_ministry_shows_what_it_takes_over_and_announces_its_own(self):
        own = CalendarDay.objects.create(
            authority=MINISTRY, date="2027-03-01", kind="off", source="computed", is_announced=False
        )
        ours = CalendarDay.objects.filter(authority=Authority.DEPARTMENT, date__year=2027)
        address = reverse("admin:deadlines_calendarday_year")
        form = {"authority": "ministry", "year": "2027", "source": SOURCE}
        page = self.client.post(address, form)
        self.assertContains(page, "data-inherited", count=ours.count())
        self.assertEqual(page.context_data["found"].looked, 1)
        self.assertEqual(self.client.post(address, {**form, "publish": "1"}).status_code, 302)
        own.refresh_from_db()
        self.assertEqual((own.is_announced, own.source), (True, SOURCE))
        self.assertFalse(ours.filter(source=SOURCE).exists(), "the department's year is announced apart")
        self.assertEqual(editions.current().calendars.of(MINISTRY).known_until, date(2026, 12, 31))
        years.announce(2027, source=SOURCE, by=self.lead)
        self.assertEqual(editions.current().calendars.of(MINISTRY).known_until, date(2027, 12, 31))
