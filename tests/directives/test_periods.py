"""When duties fall due, year after year."""

from datetime import date

import pytest

from deadlines.calendar import WorkingCalendar
from deadlines.choices import DayKind
from directives.periods import RuleUnreadable, due_days, horizon_of, moved, rules_of

WEEK = WorkingCalendar(hours={day: ((450, 1020),) for day in range(5)})
NOVEMBER = "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=10"
YEARS = range(2024, 2031)


def days_of(rule: str, year: int) -> list[str]:
    return [day.strftime("%d/%m") for day in due_days(rule, date(year, 1, 1), date(year, 12, 31))]


@pytest.mark.parametrize(
    ("year", "until"),
    [(2024, 11), (2025, 10), (2026, 10), (2027, 10), (2028, 10), (2029, 12), (2030, 11)],
)
def test_the_tenth_of_november_and_where_it_moves(year: int, until: int) -> None:
    assert days_of(NOVEMBER, year) == ["10/11"]
    assert moved(WEEK, date(year, 11, 10)) == date(year, 11, until)


@pytest.mark.parametrize("year", YEARS)
def test_halves_and_quarters_end_on_their_last_days(year: int) -> None:
    assert days_of("FREQ=MONTHLY;INTERVAL=6", year) == ["30/06", "31/12"]
    assert days_of("FREQ=MONTHLY;INTERVAL=3", year) == ["31/03", "30/06", "30/09", "31/12"]
    assert days_of("FREQ=YEARLY", year) == ["31/12"]
    assert days_of("FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=15", year) == ["15/06", "15/12"]
    assert days_of("FREQ=YEARLY;BYMONTH=5,11;BYMONTHDAY=20", year) == ["20/05", "20/11"]


@pytest.mark.parametrize(
    ("year", "june", "december"),
    [
        (2024, "01/07", "31/12"), (2025, "30/06", "31/12"), (2026, "30/06", "31/12"), (2027, "30/06", "31/12"),
        (2028, "30/06", "01/01"), (2029, "02/07", "31/12"), (2030, "01/07", "31/12"),
    ],
)  # fmt: skip
def test_half_years_move_off_days_of_rest(year: int, june: str, december: str) -> None:
    half, whole = due_days("FREQ=MONTHLY;INTERVAL=6", date(year, 1, 1), date(year, 12, 31))
    assert moved(WEEK, half).strftime("%d/%m") == june
    assert moved(WEEK, whole).strftime("%d/%m") == december


def test_a_rule_runs_over_the_end_of_the_year() -> None:
    found = due_days("FREQ=MONTHLY;BYMONTHDAY=25", date(2026, 11, 26), date(2027, 2, 1))
    assert found == [date(2026, 12, 25), date(2027, 1, 25)]
    assert due_days(NOVEMBER, date(2026, 11, 11), date(2027, 11, 9)) == []


def test_the_twenty_ninth_of_february_is_the_last_day_of_shorter_ones() -> None:
    rule = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"
    assert [days_of(rule, year) for year in YEARS] == [["29/02"], *[["28/02"]] * 3, ["29/02"], *[["28/02"]] * 2]
    assert days_of("FREQ=MONTHLY;BYMONTHDAY=31", 2027)[:4] == ["31/01", "28/02", "31/03", "30/04"]
    assert days_of("FREQ=MONTHLY;BYMONTHDAY=-1", 2028)[1] == "29/02"


def test_a_holiday_moves_a_day_and_a_worked_saturday_does_not() -> None:
    known = WorkingCalendar(
        hours=WEEK.hours,
        days={date(2026, 11, 10): DayKind.OFF, date(2026, 11, 11): DayKind.OFF, date(2029, 11, 10): DayKind.WORKING},
    )
    assert moved(known, date(2026, 11, 10)) == date(2026, 11, 12)
    assert moved(known, date(2029, 11, 10)) == date(2029, 11, 10)


def test_working_days_after_a_period() -> None:
    assert moved(WEEK, date(2026, 10, 31), 5) == date(2026, 11, 6)


def test_weeks_and_days_are_not_written_a_year_ahead() -> None:
    assert due_days("FREQ=WEEKLY;BYDAY=MO", date(2026, 11, 30), date(2026, 12, 14)) == [
        date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 14)
    ]  # fmt: skip
    assert due_days("FREQ=WEEKLY", date(2026, 11, 30), date(2026, 12, 6)) == [date(2026, 12, 4)]
    assert (horizon_of("FREQ=DAILY"), horizon_of("FREQ=WEEKLY"), horizon_of(NOVEMBER), horizon_of("")) == (
        14,
        62,
        366,
        366,
    )


def test_once_and_standing() -> None:
    year = (date(2026, 1, 1), date(2026, 12, 31))
    assert due_days("once", *year, once_on=date(2026, 5, 3)) == [date(2026, 5, 3)]
    assert due_days("once", *year, once_on=date(2027, 5, 3)) == due_days("once", *year) == due_days("", *year) == []


@pytest.mark.parametrize("rubbish", ["mỗi năm", "FREQ=HOURLY", "FREQ=YEARLY;X=1", "FREQ=YEARLY;BYMONTH=13", "FREQ="])
def test_rubbish_is_no_rule(rubbish: str) -> None:
    with pytest.raises(RuleUnreadable):
        rules_of(rubbish)
