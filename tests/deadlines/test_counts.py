"""Due moments against a count minute by minute, on random calendars, starts and pauses.

The count shares no code with `deadlines.calendar`: it lays out one byte for each minute of the weeks that a term may
take, sets those that count and looks for the last one of the term. Standing still on one calendar for several starts
and every kind of clock is what lets it count tens of thousands of terms in seconds."""

import json
import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from itertools import compress, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deadlines import calendar as dates
from deadlines.calendar import Term, WorkingCalendar
from deadlines.choices import Clock, DayKind, EndsAt
from deadlines.management.commands.compute_due import answers
from tests.conftest import LINES
from tests.deadlines import drawn
from tests.deadlines.factories import OFFICE, at

EXAMPLES = int(os.environ.get("COUNTED_EXAMPLES", "2000"))
LEAST = 10_000  # calendars × starts × pauses, each with every kind of clock
STARTS = 5
WIDE = 28  # days in which calendars, starts and pauses differ
FIRST = date(2026, 2, 9)  # a Monday
ORIGIN = at("2026-02-09 00:00")
A_DAY = 24 * 60
SPAN = 160  # days laid out: more than the longest term may take

Pair = tuple[int, int]

HOURS = [OFFICE, ((8 * 60, 12 * 60),), ((0, A_DAY),), ((420, 660), (720, 960), (1080, 1200)), ((900, 1320),)]
CLOCKS = [
    (Clock.MINUTES, 5000),
    (Clock.HOURS, 100),
    (Clock.WORKING_HOURS, 40),
    (Clock.DAYS, 12),
    (Clock.WORKING_DAYS, 12),
]


class Counted:
    """A calendar and its pauses, minute by minute from `ORIGIN` on."""

    def __init__(self, hours: dict[int, tuple[Pair, ...]], kinds: dict[int, DayKind], pauses: list[Pair]) -> None:
        self.hours, self.kinds = hours, kinds
        self.running = bytearray(b"\x01") * (SPAN * A_DAY)
        for begins, ends in pauses:
            self.running[begins:ends] = bytes(ends - begins)
        self.worked = bytearray(SPAN * A_DAY)
        self.is_working = [self._lay(day) for day in range(SPAN)]
        both = int.from_bytes(self.running) & int.from_bytes(self.worked)
        self.both = both.to_bytes(len(self.running))

    def _lay(self, day: int) -> bool:
        """Set the working minutes of one day; is it one?"""
        kind, hours = self.kinds.get(day), self.hours.get(day % 7, ())
        if kind == DayKind.OFF or not (hours or kind):
            return False
        hours = hours or self.hours[min(self.hours)]
        if kind == DayKind.HALF:
            noon = [(begins, min(ends, 720)) for begins, ends in hours if begins < 720]
            hours = tuple(noon) or hours[:1]
        for begins, ends in hours:
            self.worked[day * A_DAY + begins : day * A_DAY + ends] = b"\x01" * (ends - begins)
        return True

    def due(self, clock: Clock, amount: int, ends_at: EndsAt, start: int) -> int:
        """The minute at which the term ends."""
        if clock in (Clock.DAYS, Clock.WORKING_DAYS):
            return self._due_in_days(clock, amount, ends_at, start // A_DAY)
        counts = self.both if clock == Clock.WORKING_HOURS else self.running
        length = amount if clock == Clock.MINUTES else amount * 60
        minutes = compress(range(start, len(counts)), memoryview(counts)[start:])
        return next(islice(minutes, length - 1, None)) + 1

    def _due_in_days(self, clock: Clock, amount: int, ends_at: EndsAt, day: int) -> int:
        """A day counts by its last minute, which no pause may cover; the last one is a working day."""
        while True:
            day += 1
            end = self._end_of(day, ends_at)
            if not self.running[end - 1]:
                continue
            if amount:
                amount -= clock == Clock.DAYS or self.is_working[day]
            if not amount and self.is_working[day]:
                return end

    def _end_of(self, day: int, ends_at: EndsAt) -> int:
        if ends_at == EndsAt.CLOSE_OF_BUSINESS and self.is_working[day]:
            return self.worked.rindex(b"\x01", day * A_DAY, (day + 1) * A_DAY) + 1
        return (day + 1) * A_DAY


kinds = drawn.kinds(0, WIDE)
weeks = drawn.weeks(HOURS)
starts = drawn.starts(STARTS, WIDE * A_DAY)
amounts = drawn.read(2 * len(CLOCKS), drawn.numbers)

_compared: list[int] = []


def moment(minute: int) -> datetime:
    return ORIGIN + timedelta(minutes=minute)


@settings(max_examples=EXAMPLES, deadline=None)
@given(weeks, kinds, drawn.pauses(3, WIDE * A_DAY), starts, amounts, st.sampled_from(EndsAt))
def test_due_moments_are_those_of_a_count_of_minutes(hours, special, pauses, begun, wanted, ends_at):
    counted = Counted(hours, special, pauses)
    calendar = WorkingCalendar(hours=hours, days={FIRST + timedelta(days=day): kind for day, kind in special.items()})
    stops = [(moment(begins), moment(ends)) for begins, ends in pauses]
    for start in begun:
        for (clock, most), amount in zip(CLOCKS, wanted, strict=True):
            length = 1 + amount % most
            due = dates.due(calendar, Term(clock, length, ends_at), moment(start), stops)
            assert due == moment(counted.due(clock, length, ends_at, start)), (clock, length, moment(start))
    _compared.append(len(begun))


@pytest.fixture(scope="module", autouse=True)
def count_is_told():
    yield
    LINES.append(f"deadlines: {sum(_compared)} calendars × starts × pauses, {len(CLOCKS)} clocks each, 0 differences")


def test_enough_was_compared():
    if EXAMPLES < LEAST // STARTS:
        pytest.skip("a short run")
    assert sum(_compared) >= LEAST


@pytest.mark.slow
@pytest.mark.parametrize("zone", ["UTC", "America/St_Johns", "Pacific/Kiritimati"])
def test_the_zone_of_the_machine_changes_no_count(zone):
    """In a process of its own, since a running one keeps the zone that it began with."""
    files = [__file__, os.path.join(os.path.dirname(__file__), "test_calendar.py")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *files, "-k", "not zone and not Official", "-p", "no:xdist", "-q"],
        env={**os.environ, "TZ": zone, "COUNTED_EXAMPLES": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:]


# --- the same as programs ask it -------------------------------------------------------------------------------------

offsets = st.sampled_from(["", "Z", "+07:00", "-03:30", "+02:00", "+01:00", "+14:00", "-11:00", "+05:45"])


def as_text(minute: int, offset: str) -> str:
    """The same moment as a clock with that offset shows it; midnight here as 24:00 of the day before."""
    here = moment(minute)
    if offset:
        return here.astimezone(datetime.fromisoformat(f"2026-01-01T00:00{offset}").tzinfo).isoformat()
    if minute % A_DAY:
        return here.replace(tzinfo=None).isoformat()
    return f"{here.date() - timedelta(days=1)}T24:00"


@settings(max_examples=EXAMPLES // 4, deadline=None)
@given(weeks, kinds, drawn.pauses(4, WIDE * A_DAY), starts, amounts, st.sampled_from(EndsAt), st.data())
def test_answers_are_those_of_a_count_of_minutes(hours, special, pauses, begun, wanted, ends_at, data):
    """Through the text of questions and answers, with any offset, pauses in any order."""
    counted = Counted(hours, special, pauses)
    calendar = WorkingCalendar(hours=hours, days={FIRST + timedelta(days=day): kind for day, kind in special.items()})
    stops = [[as_text(minute, data.draw(offsets)) for minute in pair] for pair in pauses]
    asked, expected = [], []
    for start in begun:
        for (clock, most), amount in zip(CLOCKS, wanted, strict=True):
            length = 1 + amount % most
            question = {"start": as_text(start, data.draw(offsets)), "kind": clock, "amount": length}
            asked.append(json.dumps({**question, "ends_at": ends_at, "pauses": stops}).encode())
            expected.append(moment(counted.due(clock, length, ends_at, start)))
    answered = [datetime.fromisoformat(json.loads(line)["due"]) for line in answers(calendar, asked)]
    assert answered == expected
