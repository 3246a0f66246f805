"""A term as weeks of days, and its stretches with what counted so far."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from deadlines import calendar as dates
from deadlines.calendar import Term
from deadlines.choices import Clock, DayKind
from deadlines.reasons import Why, explain
from deadlines.strip import MOST_WEEKS, weeks_of
from deadlines.words import lines_of
from tests.deadlines.factories import at, office

TET = office({date(2026, 2, day): DayKind.OFF for day in range(16, 21)})
START = at("2026-02-13 16:00")


def weeks(term, start=START, pauses=()):
    stretches = explain(TET, term, start, pauses)
    return weeks_of(stretches, start, dates.due(TET, term, start, pauses))


def whys(week):
    return [cell.why for cell in week]


def test_weeks_begin_on_monday_and_name_each_day():
    first, tet, last = weeks(Term(Clock.WORKING_DAYS, 2))
    assert first[0].day == date(2026, 2, 9)
    assert whys(first) == [None] * 4 + [Why.FIRST_DAY, Why.REST_DAY, Why.REST_DAY]
    assert whys(tet) == [Why.DAY_OFF] * 5 + [Why.REST_DAY] * 2
    assert whys(last) == [Why.COUNTS, Why.COUNTS] + [None] * 5
    assert [cell.is_last for cell in last] == [False, True] + [False] * 5


def test_hours_of_each_day_add_up_to_the_term():
    cells = [cell for week in weeks(Term(Clock.WORKING_HOURS, 12)) for cell in week]
    assert sum((cell.counted for cell in cells), timedelta()) == timedelta(hours=12)
    assert [(cell.day.day, cell.counted // timedelta(hours=1)) for cell in cells if cell.counts] == [
        (13, 1),
        (23, 8),
        (24, 3),
    ]


def test_a_pause_and_a_last_day_that_moved_are_seen():
    (week,) = weeks(
        Term(Clock.WORKING_DAYS, 2), at("2026-03-02 09:00"), [(at("2026-03-03 10:00"), at("2026-03-04 08:00"))]
    )
    assert whys(week)[:4] == [Why.FIRST_DAY, Why.PAUSED, Why.COUNTS, Why.COUNTS]
    _first, second = weeks(Term(Clock.DAYS, 1), at("2026-03-06 09:00"))
    assert second[0].why == Why.MOVED


def test_a_very_long_term_is_cut_for_the_eye():
    assert len(weeks(Term(Clock.DAYS, 3000))) == MOST_WEEKS


@pytest.mark.parametrize(
    ("term", "total"),
    [
        (Term(Clock.WORKING_DAYS, 5), "5 days"),
        (Term(Clock.DAYS, 30), "30 days"),
        (Term(Clock.HOURS, 36), "36 h 00 min"),
        (Term(Clock.WORKING_HOURS, 9), "9 h 00 min"),
        (Term(Clock.MINUTES, 15), "0 h 15 min"),
    ],
)
def test_the_last_line_tells_the_whole_term(term, total):
    pauses = [(at("2026-02-13 16:05"), at("2026-02-24 09:00"))]
    with translation.override("en"):
        lines = lines_of(explain(TET, term, START, pauses), term)
        assert lines[-1].total == total
