"""The calendar against the laws of counting and real Vietnamese days; `test_counts` holds it against minutes."""

import os
from datetime import date, datetime, timedelta

import pytest
from django.test import TestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from deadlines import calendar as dates
from deadlines.calendar import Term, WorkingCalendar
from deadlines.choices import Clock, DayKind, EndsAt
from deadlines.editions import current
from deadlines.models import CalendarDay
from deadlines.reasons import Why, explain
from deadlines.standing import latest_end
from tests.deadlines import drawn
from tests.deadlines import factories as make
from tests.deadlines.factories import ZONE, at, office

MINUTE = timedelta(minutes=1)
FIRST = date(2026, 2, 9)  # a Monday; random calendars differ in the four weeks from here
WEEKS = 4
EXAMPLES = int(os.environ.get("COUNTED_EXAMPLES", "2000"))

# --- random calendars, starts, terms and pauses ----------------------------------------------------------------------

HOURS = (
    make.OFFICE,
    ((8 * 60, 12 * 60),),
    ((0, 24 * 60),),
    ((7 * 60, 11 * 60), (12 * 60, 16 * 60), (18 * 60, 20 * 60)),
)
WIDE = WEEKS * 7 * 24 * 60


def moment(minute):
    return at(f"{FIRST} 00:00") + minute * MINUTE


calendars = drawn.calendars(HOURS, FIRST, WEEKS * 7)
starts = st.integers(0, WIDE).map(moment)
pauses = drawn.pauses(3, WIDE).map(lambda pairs: [(moment(begins), moment(ends)) for begins, ends in pairs])
terms = drawn.terms(*drawn.AMOUNTS)

# --- the laws ---------------------------------------------------------------------------------------------------------


@settings(max_examples=EXAMPLES, deadline=None)
@given(calendars, terms, starts, starts, pauses)
def test_a_later_start_never_gives_an_earlier_due_moment(calendar, term, one, other, stops):
    earlier, later = sorted((one, other))
    assert dates.due(calendar, term, earlier, stops) <= dates.due(calendar, term, later, stops)


@settings(max_examples=EXAMPLES, deadline=None)
@given(calendars, terms, starts, st.integers(0, WEEKS * 7))
def test_one_more_day_off_never_brings_a_due_moment_forward(calendar, term, start, n):
    more = WorkingCalendar(calendar.hours, {**calendar.days, FIRST + timedelta(days=n): DayKind.OFF})
    assert dates.due(calendar, term, start) <= dates.due(more, term, start)


@settings(max_examples=EXAMPLES, deadline=None)
@given(calendars, terms, starts, pauses, st.integers(0, 3), st.integers(0, 2 * 24 * 60))
def test_a_limit_on_standing_never_makes_a_term_end_later_and_a_wider_one_never_earlier(
    calendar, term, start, stops, days, more
):
    """Pauses as people begin and end them, one after the other, each cut where its rule ends it."""
    uncapped = dates.due(calendar, term, start, cut(start, stops, None))
    narrow = dates.due(calendar, term, start, cut(start, stops, days))
    wide = dates.due(calendar, term, start, cut(start, stops, days + 1 + more // 1440))
    assert dates.due(calendar, term, start) <= narrow <= wide <= uncapped


def cut(start, stops, days):
    """What is left of these pauses when a clock may stand `days` in all; None is no limit."""
    derivation = {"standing": {"days": days, "times": None}}
    left, stood, before = [], timedelta(), start
    for begins, ends in sorted(stops):
        begins = max(begins, before)
        at_most = latest_end(derivation, begins, stood) if days is None or stood < timedelta(days=days) else begins
        ends = max(begins, min(ends, at_most or ends))
        left.append((begins, ends))
        stood, before = stood + (ends - begins), ends
    assert days is None or stood <= timedelta(days=days)
    return left


@settings(max_examples=EXAMPLES, deadline=None)
@given(calendars, terms, starts, pauses)
def test_counted_stretches_add_up_to_the_term_whatever_the_pauses(calendar, term, start, stops):
    stretches = explain(calendar, term, start, stops)
    end = dates.due(calendar, term, start, stops)
    assert stretches[-1].ends == end or not stretches
    assert all(one.ends == other.starts for one, other in zip(stretches, stretches[1:], strict=False))
    counted = [stretch for stretch in stretches if stretch.counts]
    if term.clock in (Clock.MINUTES, Clock.HOURS, Clock.WORKING_HOURS):
        unit = MINUTE if term.clock == Clock.MINUTES else 60 * MINUTE
        assert sum((stretch.ends - stretch.starts for stretch in counted), timedelta()) == term.amount * unit
    elif term.clock != Clock.MONTHS:
        assert sum(stretch.days for stretch in counted) == term.amount


@settings(max_examples=EXAMPLES, deadline=None)
@given(calendars, st.integers(1, 40), starts, pauses)
def test_working_time_up_to_the_due_moment_is_the_term(calendar, amount, start, stops):
    end = dates.due(calendar, Term(Clock.WORKING_HOURS, amount), start, stops)
    assert dates.working_time_between(calendar, start, end, stops) == timedelta(hours=amount)


# --- the Civil Code by example ---------------------------------------------------------------------------------------

TET = {date(2026, 2, day): DayKind.OFF for day in range(16, 21)}
DAYS, WORKING_DAYS, HOURS, WORKING_HOURS, MONTHS = (
    Clock.DAYS,
    Clock.WORKING_DAYS,
    Clock.HOURS,
    Clock.WORKING_HOURS,
    Clock.MONTHS,
)


@pytest.mark.parametrize(
    ("clock", "amount", "start", "due"),
    [
        (HOURS, 24, "2026-02-13 16:00", "2026-02-14 16:00"),
        (WORKING_HOURS, 8, "2026-02-13 16:00", "2026-02-23 16:00"),
        (WORKING_HOURS, 1, "2026-02-13 16:00", "2026-02-13 17:00"),
        (WORKING_HOURS, 1, "2026-02-13 11:00", "2026-02-13 13:30"),
        (WORKING_HOURS, 1, "2026-02-14 09:00", "2026-02-23 08:30"),
        # two working days from Friday before Tết end on Tuesday of the week after, not on the Tuesday in Tết
        (WORKING_DAYS, 2, "2026-02-13 16:00", "2026-02-25 00:00"),
        (WORKING_DAYS, 1, "2026-03-02 00:00", "2026-03-04 00:00"),
        (WORKING_DAYS, 1, "2026-03-02 23:59", "2026-03-04 00:00"),
        (DAYS, 1, "2026-03-02 09:00", "2026-03-04 00:00"),
        (DAYS, 4, "2026-03-03 09:00", "2026-03-10 00:00"),  # the fourth day is a Saturday: end of Monday
        (DAYS, 5, "2026-02-13 09:00", "2026-02-24 00:00"),  # the fifth lies in Tết
        (MONTHS, 1, "2026-01-31 09:00", "2026-03-03 00:00"),  # no 31 February; the 28th is a Saturday
        (MONTHS, 1, "2026-03-02 09:00", "2026-04-03 00:00"),
    ],
)
def test_terms_end_as_the_civil_code_says(clock, amount, start, due):
    assert dates.due(office(TET), Term(clock, amount), at(start)) == at(due)


def test_close_of_business_ends_a_term_on_the_same_day_at_five():
    term = Term(WORKING_DAYS, 2, EndsAt.CLOSE_OF_BUSINESS)
    assert dates.due(office(TET), term, at("2026-02-13 16:00")) == at("2026-02-24 17:00")


def test_morning_only_ends_business_at_noon_and_is_a_working_day():
    calendar = office({date(2026, 3, 3): DayKind.HALF})
    term = Term(WORKING_DAYS, 1, EndsAt.CLOSE_OF_BUSINESS)
    assert dates.due(calendar, term, at("2026-03-02 09:00")) == at("2026-03-03 11:30")


def test_morning_of_a_day_without_a_break_ends_at_noon():
    calendar = WorkingCalendar(
        hours=dict.fromkeys(range(5), ((9 * 60, 15 * 60),)), days={date(2026, 3, 3): DayKind.HALF}
    )
    assert dates.due(calendar, Term(WORKING_HOURS, 4), at("2026-03-03 08:00")) == at("2026-03-04 10:00")


def test_make_up_saturday_has_the_usual_hours():
    calendar = office({date(2026, 1, 10): DayKind.WORKING})
    assert dates.due(calendar, Term(WORKING_HOURS, 4), at("2026-01-09 17:00")) == at("2026-01-10 11:30")


def test_calendar_without_working_time_is_an_error_not_a_loop():
    for clock in (WORKING_HOURS, WORKING_DAYS):
        with pytest.raises(dates.CalendarEmpty):
            dates.due(WorkingCalendar(hours={}), Term(clock, 1), at("2026-03-02 09:00"))


def test_explanation_names_each_skipped_day():
    stretches = explain(office(TET), Term(WORKING_DAYS, 2), at("2026-02-13 16:00"))
    assert [(stretch.why, stretch.days) for stretch in stretches] == [
        (Why.FIRST_DAY, 0),
        (Why.REST_DAY, 0),
        (Why.DAY_OFF, 0),
        (Why.REST_DAY, 0),
        (Why.COUNTS, 2),
    ]


def test_offset_is_seven_hours_not_local_mean_time():
    assert dates.ZONE.utcoffset(datetime(2026, 1, 1)) == timedelta(hours=7)  # noqa: DTZ001
    assert ZONE == dates.ZONE


def test_a_thousand_due_moments_take_less_than_a_second():
    began = datetime.now(ZONE)
    for n in range(1000):
        dates.due(office(TET), Term(WORKING_DAYS, 10), at("2026-02-13 16:00") + n * MINUTE)
    assert datetime.now(ZONE) - began < timedelta(seconds=1)


# --- the official days -----------------------------------------------------------------------------------------------


class OfficialCalendarTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        make.calendar()

    def setUp(self):
        self.calendar = current().calendar

    def test_each_day_of_four_years_is_what_was_announced(self):
        """1,461 days: working or off, with which hours."""
        for year, off in OFF_WEEKDAYS.items():
            worked = {f"{year}-{day}" for day in MAKE_UP_SATURDAYS[year].split()}
            rested = {f"{year}-{day}" for day in off.split()}
            day = date(year, 1, 1)
            while day.year == year:
                with self.subTest(day=f"{day:%a %d/%m/%Y}"):
                    is_worked = str(day) in worked or (day.weekday() < 5 and str(day) not in rested)
                    self.assertIs(self.calendar.is_working_day(day), is_worked)
                    self.assertEqual(self.calendar.hours_of(day), make.OFFICE if is_worked else ())
                day += dates.DAY

    def test_each_make_up_saturday_names_the_day_it_stands_for(self):
        for year, saturdays in MAKE_UP_SATURDAYS.items():
            for each in saturdays.split():
                day = date.fromisoformat(f"{year}-{each}")
                with self.subTest(day=day):
                    self.assertEqual(day.weekday(), 5)
                    self.assertIn("Làm bù cho", self.calendar.notes[day])

    def test_each_day_names_its_source_and_what_nobody_announced_says_so(self):
        for row in CalendarDay.objects.all():
            with self.subTest(day=row.date):
                self.assertTrue(row.source)
                self.assertIs("chưa có thông báo" in row.source, row.date.year == 2027)
                self.assertIs(row.is_announced, row.date.year < 2027)

    def test_due_moments_beyond_the_known_years_are_provisional(self):
        self.assertEqual(self.calendar.known_until, date(2026, 12, 31))
        term = Term(WORKING_DAYS, 10)
        for start, provisional in (("2026-12-01 09:00", False), ("2026-12-28 09:00", True)):
            due = dates.due(self.calendar, term, at(start))
            self.assertIs(dates.is_provisional(self.calendar, term, due), provisional)
        self.assertFalse(dates.is_provisional(self.calendar, Term(HOURS, 1), at("2030-01-01 09:00")))


# By the Labour Code's article 112 and the yearly notices; swaps: 29 April 2024 for 4 May, 2 May 2025 for 26 April,
# 2 January 2026 for the 10th (which the package lacks), 31 August 2026 for 22 August. 2027 is computed, not announced.
MAKE_UP_SATURDAYS = {2024: "05-04", 2025: "04-26", 2026: "01-10 08-22", 2027: ""}
OFF_WEEKDAYS = {
    2024: "01-01 02-08 02-09 02-12 02-13 02-14 04-18 04-29 04-30 05-01 09-02 09-03",
    2025: "01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02",
    2026: "01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02 11-24",
    2027: "01-01 02-04 02-05 02-08 02-09 02-10 04-16 04-30 05-03 09-02 09-03 11-24",
}
