"""On which days is something due? Pure: the rule, the days and the calendar are arguments.

A rule is one of RFC 5545, one a line where one does not do. Three things are read as people mean them and not as the
standard has them: the 29th, 30th or 31st of a shorter month is its last day (the standard leaves the month out); a rule
that names no day is due at the end of its period (a quarter on its last day, not on the day it was entered); and a day
of rest moves to the next working day of the calendar, as the Civil Code has it for the end of a term."""

import calendar as months
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from dateutil.rrule import rrulestr

from common.exceptions import InvalidInput, type_of_text
from deadlines.calendar import WorkingCalendar, end_of
from directives.choices import ONCE

DAY = timedelta(days=1)
KNOWN = {"FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "UNTIL", "COUNT"}
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
LIMITS = {"INTERVAL": (1, 120), "BYMONTH": (1, 12), "BYMONTHDAY": (-31, 31), "COUNT": (1, 1000)}
FROM = datetime.combine(
    date(2000, 1, 1), time()
)  # where counting begins: a Saturday, the first day of a quarter and of a half-year
LONGEST = {"DAILY": 14, "WEEKLY": 62}  # days: what comes often is not written a year ahead
HORIZON = 366


class RuleUnreadable(ValueError):
    """A recurrence that is none."""


def parsed(line: str) -> dict[str, str]:
    """The parts of one rule. Raises `RuleUnreadable`."""
    parts = dict(part.split("=", 1) for part in line.strip().split(";") if part.count("=") == 1)
    is_whole = len(parts) == len(line.strip().split(";"))
    if not is_whole or parts.get("FREQ") not in FREQUENCIES or set(parts) - KNOWN:
        raise RuleUnreadable(line)
    for name, (least, most) in LIMITS.items():
        if not all(_is_within(number, least, most) for number in parts.get(name, "1").split(",")):
            raise RuleUnreadable(line)
    try:
        rrulestr(line.strip(), dtstart=FROM)
    except (ValueError, TypeError, AttributeError, KeyError, IndexError) as fault:
        raise RuleUnreadable(line) from fault
    return parts


def _is_within(text: str, least: int, most: int) -> bool:
    """A number between two others that is not zero; the standard's own reader takes any."""
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) < 5 and least <= int(text) <= most and int(text) != 0


def rules_of(recurrence: str) -> list[dict[str, str]]:
    """Every rule of a recurrence; none for a standing duty and for one that is due once. Raises `RuleUnreadable`."""
    if recurrence in ("", ONCE):
        return []
    return [parsed(line) for line in recurrence.splitlines() if line.strip()]


def horizon_of(recurrence: str) -> int:
    """How many days ahead assignments of it are made."""
    return min((LONGEST.get(rule["FREQ"], HORIZON) for rule in rules_of(recurrence)), default=HORIZON)


def due_days(recurrence: str, since: date, until: date, *, once_on: date | None = None) -> list[date]:
    """The days of a recurrence from `since` to `until`, both included, before any of them is moved."""
    if recurrence == ONCE:
        return [once_on] if once_on and since <= once_on <= until else []
    found = {day for rule in rules_of(recurrence) for day in _days(rule, since, until)}
    return sorted(found)


def _days(rule: dict[str, str], since: date, until: date) -> Iterator[date]:
    """One rule. Looked at a month early, since shorter months end sooner than the day that was named."""
    if rule["FREQ"] in ("MONTHLY", "YEARLY") and "BYDAY" not in rule:
        wanted = _named_days(rule.get("BYMONTHDAY", "-1"))
        for year, month in _months(rule, since, until):
            yield from (day for number in wanted if since <= (day := _day_in(year, month, number)) <= until)
        return
    line = ";".join(f"{name}={value}" for name, value in _with_day(rule).items())
    between = rrulestr(line, dtstart=FROM).between(_at(since), _at(until), inc=True)
    yield from (moment.date() for moment in between)


def _with_day(rule: dict[str, str]) -> dict[str, str]:
    """A week that names no day ends with its Friday."""
    return rule | {"BYDAY": "FR"} if rule["FREQ"] == "WEEKLY" and "BYDAY" not in rule else rule


def _months(rule: dict[str, str], since: date, until: date) -> list[tuple[int, int]]:
    """The months that a rule names, each once; the standard's own engine counts the intervals.

    A period that names no month ends with its last: counting from a January, every third month is a December's kin."""
    interval, is_yearly = int(rule.get("INTERVAL", "1")), rule["FREQ"] == "YEARLY"
    line = f"FREQ={rule['FREQ']};INTERVAL={interval};BYMONTHDAY=1"
    if is_yearly or "BYMONTH" in rule:
        line += f";BYMONTH={rule.get('BYMONTH', '12')}"
    begins = FROM if is_yearly or "BYMONTH" in rule else FROM.replace(year=1999, month=12)
    line += "".join(f";{name}={rule[name]}" for name in ("COUNT", "UNTIL") if name in rule)
    found = rrulestr(line, dtstart=begins).between(_at(since.replace(day=1)), _at(until), inc=True)
    return [(moment.year, moment.month) for moment in found]


def _named_days(listed: str) -> list[int]:
    return [int(number) for number in listed.split(",")]


def _day_in(year: int, month: int, number: int) -> date:
    """That day of a month, or its last where it has fewer; counted from the end when negative."""
    length = months.monthrange(year, month)[1]
    return date(year, month, max(length + 1 + number, 1) if number < 0 else min(number, length))


def _at(day: date) -> datetime:
    return datetime.combine(day, time())


def moved(calendar: WorkingCalendar, day: date, days_after: int = 0) -> date:
    """Until when it may be handed in: the day itself or the next working day, or so many working days later."""
    for _nth in range(days_after):
        day = calendar.next_working_day(day)
    return day if calendar.is_working_day(day) else calendar.next_working_day(day)


def due_moment(day: date) -> datetime:
    """The moment at which that day ends."""
    return end_of(day)


def checked(recurrence: str, sentence: type_of_text, field: str = "recurrence") -> None:
    """Refuse a recurrence that cannot be read. Raises `InvalidInput`."""
    try:
        rules_of(recurrence)
    except RuleUnreadable as fault:
        raise InvalidInput({field: [sentence]}) from fault
