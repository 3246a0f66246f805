"""A fixed date each year, and so long after or before an event: against counts that share no code with the calendar."""

import io
import json
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import TestCase
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from deadlines import calendar as dates
from deadlines import extensions, services
from deadlines.calendar import Term, WorkingCalendar
from deadlines.choices import Clock, DayKind, EndsAt
from deadlines.management.commands.compute_due import answers
from deadlines.models import CalendarDay, Deadline, DeadlineRule
from deadlines.reasons import explain
from deadlines.recalculation import recalculate
from deadlines.verification import verify
from deadlines.words import explanation
from tests.deadlines import drawn
from tests.deadlines import factories as make
from tests.deadlines.factories import at, office
from tests.deadlines.test_calendar import EXAMPLES, MINUTE, calendars, pauses
from tests.deadlines.test_calendar import starts as moments
from tests.deadlines.test_counts import A_DAY, HOURS, ORIGIN, Counted

LATE = 120  # days laid out before the first event, for the longest term that is counted back
BACK = [
    (Clock.MINUTES, 5000),
    (Clock.HOURS, 100),
    (Clock.WORKING_HOURS, 40),
    (Clock.DAYS, 12),
    (Clock.WORKING_DAYS, 12),
]

# --- counted back ----------------------------------------------------------------------------------------------------


def back_from(counted: Counted, clock: Clock, amount: int, ends_at: EndsAt, event: int) -> int:
    """The minute by which it is due: one minute, or day, back after the other."""
    if clock in (Clock.DAYS, Clock.WORKING_DAYS):
        day = event // A_DAY
        while amount:
            day -= 1
            amount -= clock == Clock.DAYS or counted.is_working[day]
        while not counted.is_working[day]:
            day -= 1
        return counted._end_of(day, ends_at)
    length = amount if clock == Clock.MINUTES else amount * 60
    counts = counted.worked if clock == Clock.WORKING_HOURS else b"\x01" * len(counted.worked)
    while length:
        event -= 1
        length -= counts[event]
    return event


weeks = drawn.weeks(HOURS)
special = drawn.kinds(LATE - 28, LATE + 7)
events = st.integers(LATE * A_DAY, (LATE + 7) * A_DAY)


@settings(max_examples=EXAMPLES, deadline=None)
@given(weeks, special, events, st.integers(1, 5000), st.sampled_from(EndsAt))
def test_what_is_counted_back_is_what_a_count_of_minutes_says(hours, kinds, event, wanted, ends_at):
    counted = Counted(hours, kinds, [])
    first = ORIGIN.date()
    calendar = WorkingCalendar(hours=hours, days={first + timedelta(days=day): kind for day, kind in kinds.items()})
    for clock, most in BACK:
        amount, here = 1 + wanted % most, ORIGIN + event * MINUTE
        term = Term(clock, amount, ends_at, is_back=True, at=here)
        expected = ORIGIN + back_from(counted, clock, amount, ends_at, event) * MINUTE
        assert dates.due(calendar, term, here) == expected, (clock, amount, here)


back_terms = drawn.terms(*drawn.AMOUNTS)


def before(term: Term, event: datetime) -> Term:
    return Term(term.clock, term.amount, term.ends_at, is_back=True, at=event)


@settings(max_examples=EXAMPLES, deadline=None)
@given(calendars, back_terms, moments, moments, pauses)
def test_a_later_event_is_never_due_earlier_and_no_pause_moves_it(calendar, term, one, other, stops):
    earlier, later = sorted((one, other))
    due = dates.due(calendar, before(term, earlier), one, stops)
    assert due <= dates.due(calendar, before(term, later), one)
    assert due == dates.due(calendar, before(term, earlier), other)


@settings(max_examples=EXAMPLES, deadline=None)
@given(calendars, back_terms, moments, st.integers(0, 28))
def test_one_more_day_off_before_an_event_never_leaves_more_time(calendar, term, event, n):
    off = {date(2026, 2, 9) + timedelta(days=n): DayKind.OFF}
    more = WorkingCalendar(calendar.hours, {**calendar.days, **off})
    assert dates.due(more, before(term, event), event) <= dates.due(calendar, before(term, event), event)


@settings(max_examples=EXAMPLES, deadline=None)
@given(calendars, back_terms, moments)
def test_what_counts_before_an_event_adds_up_to_the_term(calendar, term, event):
    term = before(term, event)
    stretches = explain(calendar, term, event)
    assert stretches[-1].ends == event
    assert all(one.ends == other.starts for one, other in zip(stretches, stretches[1:], strict=False))
    counted = [each for each in stretches if each.counts]
    if term.clock in (Clock.DAYS, Clock.WORKING_DAYS):
        assert sum(each.days for each in counted) == term.amount
        assert stretches[0].starts.date() == dates.last_day_of(dates.due(calendar, term, event))
    elif term.clock != Clock.MONTHS:
        unit = MINUTE if term.clock == Clock.MINUTES else 60 * MINUTE
        assert sum((each.ends - each.starts for each in counted), timedelta()) == term.amount * unit
        assert stretches[0].starts == dates.due(calendar, term, event)


# --- a fixed date each year ------------------------------------------------------------------------------------------


def day_of_a_year(n: int) -> date:
    return date(2024, 1, 1) + timedelta(days=n % 366)


days_of_a_year = st.integers(0, 365).map(day_of_a_year)
some_of_them = drawn.read(21, lambda text: {day_of_a_year(n) for n in drawn.numbers(text[1:])[: text[0] % 11]})


def next_return(first: date, month: int, day: int, is_working) -> date:
    """Looked for day by day; where February lacks the 29th, the 28th."""
    here = first
    while True:
        here += timedelta(days=1)
        is_there = (here.month, here.day) == (month, day)
        if (month, day) == (2, 29) and (here.month, here.day) == (2, 28):
            is_there = (here + timedelta(days=1)).month == 3
        if is_there:
            break
    while not is_working(here):
        here += timedelta(days=1)
    return here


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.dates(date(2023, 1, 1), date(2029, 12, 31)), st.integers(0, A_DAY - 1), days_of_a_year, some_of_them)
def test_a_date_each_year_is_what_a_count_of_days_says(first, minute, wanted, off):
    calendar = office(dict.fromkeys(off, DayKind.OFF))
    start = at(f"{first} 00:00") + minute * MINUTE
    term = Term(Clock.YEARLY, 1, month=wanted.month, day=wanted.day)
    expected = next_return(first, wanted.month, wanted.day, lambda day: day.weekday() < 5 and day not in off)
    assert dates.due(calendar, term, start) == at(f"{expected} 00:00") + timedelta(days=1)
    assert dates.due(calendar, term, start, [(start, start + timedelta(days=900))]) == dates.due(calendar, term, start)
    stretches = explain(calendar, term, start)
    assert stretches[-1].ends == dates.due(calendar, term, start)


@pytest.mark.parametrize(
    ("month", "day", "start", "due"),
    [
        (11, 10, "2026-03-02 09:00", "2026-11-11 00:00"),
        (11, 10, "2026-11-09 23:59", "2026-11-11 00:00"),
        (11, 10, "2026-11-10 00:00", "2027-11-11 00:00"),  # its own day does not count
        (11, 10, "2028-01-03 09:00", "2028-11-11 00:00"),
        (10, 10, "2026-03-02 09:00", "2026-10-13 00:00"),  # a Saturday: end of Monday
        (2, 29, "2026-03-02 09:00", "2027-03-02 00:00"),  # 28 February 2027 is a Sunday
        (2, 29, "2025-03-03 09:00", "2026-03-03 00:00"),  # and in 2026 a Saturday
        (2, 29, "2027-03-02 09:00", "2028-03-01 00:00"),
    ],
)
def test_dates_by_hand(month, day, start, due):
    assert dates.due(office(), Term(Clock.YEARLY, 1, month=month, day=day), at(start)) == at(due)


# --- as programs and people ask --------------------------------------------------------------------------------------

ASKED = [
    ({"start": "2026-03-02T09:00", "kind": "yearly", "on": "11-10"}, "2026-11-11T00:00:00+07:00"),
    ({"start": "2026-03-02T09:00", "kind": "yearly", "on": "11-10", "amount": 2}, "2027-11-11T00:00:00+07:00"),
    ({"start": "2026-03-13T09:00", "kind": "working_days", "amount": 5, "back": True}, "2026-03-07T00:00:00+07:00"),
    ({"start": "2026-03-10T09:00", "kind": "days", "amount": 2, "back": True}, "2026-03-07T00:00:00+07:00"),
    ({"start": "2026-03-10T09:00", "kind": "hours", "amount": 2, "back": True}, "2026-03-10T07:00:00+07:00"),
    ({"start": "2026-03-09T08:30", "kind": "working_hours", "amount": 2, "back": True}, "2026-03-06T16:00:00+07:00"),
]
REFUSED = [
    {"kind": "yearly"},
    {"kind": "yearly", "on": "02-30"},
    {"kind": "yearly", "on": "10/11"},
    {"kind": "yearly", "on": 1110},
    {"kind": "yearly", "on": "11-10", "amount": 0},
    {"kind": "yearly", "on": "11-10", "amount": 100_000},
    {"kind": "yearly", "on": "11-10", "back": True},
    {"kind": "days", "amount": 1, "back": "yes"},
    {"kind": "days", "amount": 1, "back": 1},
]


def answer(asked):
    return json.loads(next(answers(office({date(2027, 12, 31): DayKind.OFF}), [json.dumps(asked).encode()])))


@pytest.mark.parametrize(("asked", "due"), ASKED)
def test_programs_are_answered(asked, due):
    assert answer(asked) == {"due": due}


@pytest.mark.parametrize("asked", REFUSED)
def test_what_has_no_answer_is_refused_in_words(asked):
    assert list(answer({"start": "2026-03-02T09:00", **asked})) == ["error"]


def test_what_is_counted_back_from_beyond_the_known_days_says_so():
    asked = {"start": "2028-01-04T09:00", "kind": "working_days", "amount": 3, "back": True}
    assert answer(asked) == {"due": "2027-12-30T00:00:00+07:00", "provisional": True}


# --- rows and deadlines ----------------------------------------------------------------------------------------------


class RowTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        make.calendar()
        cls.officer, cls.record, cls.ladder = make.person("officer"), make.record(), make.usual_ladder()

    def setUp(self):
        context = make.registered(make.subject_for(make.Staff()))
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)

    def open(self, start, **moments):
        return services.open_deadline(
            self.record, "publish", start=at(start), facts={}, by=self.officer, moments=moments
        )

    def stored(self):
        self.assertFalse(verify().faults)
        return Deadline.objects.get()

    def test_rules_that_say_nothing_are_refused_in_words(self):
        bad = [
            {"clock": "yearly", "amount": 1},
            {"clock": "yearly", "amount": 1, "day": 31, "month": 11},
            {"clock": "yearly", "amount": 1, "day": 30, "month": 2},
            {"clock": "yearly", "amount": 1, "day": 0, "month": 2},
            {"clock": "yearly", "amount": 1, "day": 1, "month": 13},
            {"clock": "yearly", "amount": 1, "day": 1},
            {"clock": "yearly", "amount": 2, "day": 10, "month": 11},
            {"clock": "yearly", "amount": 1, "day": 10, "month": 11, "longest": 1},
            {"clock": "yearly", "amount": 1, "day": 10, "month": 11, "is_back": True, "event": "posted"},
            {"clock": "days", "amount": 1, "day": 10, "month": 11},
            {"clock": "days", "amount": 1, "is_back": True},
            {"clock": "days", "amount": 1, "is_back": True, "event": "posted", "longest": 2},
            {"clock": "days", "amount": 1, "event": "something"},
        ]
        for fields in bad:
            with self.subTest(**fields), self.assertRaises(ValidationError):
                DeadlineRule(
                    code="x", name="x", obligation="publish", source="x", ladder=self.ladder, **fields
                ).full_clean()
        good = {"clock": "yearly", "amount": 1, "day": 29, "month": 2}
        DeadlineRule(code="x", name="x", obligation="publish", source="x", ladder=self.ladder, **good).full_clean()

    def test_a_date_each_year_is_stored_explained_and_never_moved_by_a_pause_or_an_extension(self):
        make.rule(self.ladder, "publish", "yearly", 1, day=10, month=11)
        self.open("2026-03-02 09:00")
        services.pause(self.record, reason="x", by=self.officer, at=at("2026-03-03 09:00"))
        with translation.override("en"):
            said = " ".join(explanation(self.stored()))
        self.assertIn("the due moment stays, since no pause moves it", said)
        self.assertNotIn("will move", said)
        services.resume(self.record, by=self.officer, at=at("2026-04-03 09:00"))
        row = self.stored()
        self.assertEqual(row.due_at, at("2026-11-11 00:00"))
        self.assertFalse(extensions.can_be_asked(row, at("2026-04-03 09:00")))
        with translation.override("vi"):
            self.assertIn("ngày 10/11 hằng năm", explanation(row)[0])

    def test_a_rule_waits_for_the_event_that_it_counts_from(self):
        make.rule(self.ladder, "publish", "days", 15, event="posted")
        self.assertIsNone(self.open("2026-03-02 09:00"))
        self.open("2026-03-06 09:00", posted=at("2026-03-04 08:00"))
        row = self.stored()
        self.assertEqual((row.starts_at, row.due_at), (at("2026-03-06 09:00"), at("2026-03-20 00:00")))
        with translation.override("en"):
            self.assertIn("15 days from the moment when the conclusion was posted", explanation(row)[0])

    def test_counted_back_it_is_due_before_and_its_reminders_come(self):
        make.rule(self.ladder, "publish", "working_days", 3, event="period_end", is_back=True)
        self.open("2026-02-02 09:00", period_end=at("2026-02-24 10:00"))
        row = self.stored()
        self.assertEqual(row.due_at, at("2026-02-13 00:00"))  # Tết lies between
        self.assertEqual(row.moments[0], at("2026-02-12 23:00"))
        with translation.override("vi"):
            lines = explanation(row)
        self.assertIn("3 ngày làm việc trước khi kết thúc kỳ", lines[0])
        CalendarDay.objects.create(date=date(2026, 2, 13), kind="off", source="test")
        recalculate()
        self.assertEqual(self.stored().due_at, at("2026-02-12 00:00"))

    def test_an_event_that_moves_takes_its_deadline_along(self):
        make.rule(self.ladder, "publish", "days", 2, event="period_end", is_back=True)
        self.open("2026-03-02 09:00", period_end=at("2026-03-20 10:00"))
        say = {"facts": {}, "by": self.officer, "reason": "corrected"}
        self.assertEqual(services.reconsider(self.record, **say), [])
        services.reconsider(self.record, moments={"period_end": at("2026-03-27 10:00")}, **say)
        row = self.stored()
        self.assertEqual((row.due_at, row.original_due_at), (at("2026-03-26 00:00"), at("2026-03-19 00:00")))

    def test_the_command_says_why(self):
        out = io.StringIO()
        call_command("compute_due", "2026-02-24T10:00", "working_days", "3", "--back", "--language", "en", stdout=out)
        self.assertIn("2026-02-13T00:00:00+07:00", out.getvalue())
        self.assertIn("the day of the event is left out", out.getvalue())
        out = io.StringIO()
        call_command("compute_due", "2026-03-02T10:00", "yearly", "--on", "11-10", stdout=out)
        self.assertIn("2026-11-11T00:00:00+07:00", out.getvalue())
