"""Random weeks, special days, pauses, starts and terms, each read from one string of bytes.

Hypothesis spends a draw on every key, value and end of a dictionary or list, and nine tenths of these tests were spent
on that. A string is one draw. It shrinks as well: zeros are the plainest week, with no special day and no pause."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from deadlines.calendar import Hours, Term, WorkingCalendar
from deadlines.choices import Clock, DayKind, EndsAt

A_DAY = 24 * 60
KINDS, ENDS = list(DayKind), list(EndsAt)
MOST_DAYS = 9
# minutes that a pause begins and ends at: any, the half hours at which work does, midnight
ROUND = (1, 1, 30, A_DAY)
AMOUNTS = {
    Clock.MINUTES: 5000,
    Clock.HOURS: 100,
    Clock.WORKING_HOURS: 40,
    Clock.DAYS: 12,
    Clock.WORKING_DAYS: 12,
    Clock.MONTHS: 2,
}
BY_MINUTES = (Clock.MINUTES, Clock.HOURS, Clock.WORKING_HOURS)

Strategy = st.SearchStrategy[Any]


def read(size: int, reading: Callable[[bytes], Any]) -> Strategy:
    return st.binary(min_size=size, max_size=size).map(reading)


def numbers(text: bytes) -> list[int]:
    """Two bytes each."""
    return [int.from_bytes(text[place : place + 2]) for place in range(0, len(text), 2)]


def _kinds(text: bytes, first: int, last: int) -> dict[int, DayKind]:
    """Two bytes a day: which one, and of which kind; half of them are nothing special."""
    found = {}
    for day, kind in zip(text[::2], text[1::2], strict=True):
        if (nth := kind % (2 * len(KINDS)) - len(KINDS)) >= 0:
            found[first + day % (last - first + 1)] = KINDS[nth]
    return found


def _week(text: bytes, hours: Sequence[Hours]) -> dict[int, Hours]:
    """A byte for each weekday; half of them are free, one at least is not."""
    nth = [byte % (2 * len(hours)) - len(hours) for byte in text]
    return {weekday: hours[n] for weekday, n in enumerate(nth) if n >= 0} or {0: hours[0]}


def _pauses(text: bytes, wide: int, longest: int) -> list[tuple[int, int]]:
    found, most = [], len(text) // 5
    for nth in range(text[0] % (most + 1)):
        piece = text[1 + 5 * nth : 6 + 5 * nth]
        begins, length = numbers(piece[:4])
        begins, length, unit = begins % (wide + 1), length % (longest + 1), ROUND[piece[4] % len(ROUND)]
        begins, length = begins - begins % unit, length - length % unit
        found.append((begins, begins + length))
    return found


def _starts(text: bytes, wide: int) -> list[int]:
    """Different ones."""
    found: list[int] = []
    for start in numbers(text):
        while (start := start % (wide + 1)) in found:
            start += 1
        found.append(start)
    return found


def _term(text: bytes, clocks: Sequence[Clock]) -> Term:
    clock, amount = clocks[text[0] % len(clocks)], int.from_bytes(text[1:3])
    ends_at = ENDS[0] if clock in BY_MINUTES else ENDS[text[3] % len(ENDS)]
    return Term(clock, 1 + amount % AMOUNTS[clock], ends_at)


def kinds(first: int, last: int) -> Strategy:
    """Days by their number, from `first` to `last`, that differ from their weekday."""
    return read(2 * MOST_DAYS, lambda text: _kinds(text, first, last))


def weeks(hours: Sequence[Hours]) -> Strategy:
    return read(7, lambda text: _week(text, hours))


def calendars(hours: Sequence[Hours], first: date, span: int) -> Strategy:
    """The same hours on some weekdays, and special days in the `span` days from `first`."""

    def reading(text: bytes) -> WorkingCalendar:
        weekdays = [weekday for weekday in range(7) if (1 + text[1] % 127) >> weekday & 1]
        special = _kinds(text[2:], 0, span)
        return WorkingCalendar(
            hours=dict.fromkeys(weekdays, hours[text[0] % len(hours)]),
            days={first + timedelta(days=day): kind for day, kind in special.items()},
        )

    return read(2 + 2 * MOST_DAYS, reading)


def pauses(most: int, wide: int, longest: int = 3 * A_DAY) -> Strategy:
    """Up to `most` pairs of minutes, in any order."""
    return read(1 + 5 * most, lambda text: _pauses(text, wide, longest))


def starts(count: int, wide: int) -> Strategy:
    return read(2 * count, lambda text: _starts(text, wide))


def terms(*clocks: Clock) -> Strategy:
    return read(4, lambda text: _term(text, clocks))
