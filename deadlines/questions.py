"""“From when until when?”, as people and programs ask it: what a question may say, and its answer. Pure.

A moment without an offset is one by the clock on the wall in Vietnam; a day without a time begins at 00:00; 24:00 is
00:00 of the next day. What has no answer is refused in words: no question may stop the stream, or hold it for long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from deadlines import calendar as dates
from deadlines.calendar import Moments, Term, WorkingCalendar
from deadlines.choices import Clock, EndsAt

MOST = 100_000  # of whatever is counted: beyond, a slip of the keyboard would keep us searching for centuries


LEAP_YEAR = 2024  # has every day that there is
FIRST_YEAR, LAST_YEAR = 1900, 2200  # a pause until the year 9999 would be searched day by day


class QuestionRefused(ValueError):
    """A question that has no answer; its words say why."""


@dataclass(frozen=True)
class Question:
    """When does `term` end that starts at `start`, when these pauses do not count?"""

    start: datetime
    term: Term
    pauses: Sequence[Moments] = ()

    def answer(self, calendar: WorkingCalendar) -> datetime:
        """The due moment by the clock on the wall; raises `QuestionRefused` where there is none."""
        try:
            return dates.local(dates.due(calendar, self.term, self.start, self.pauses))
        except (ValueError, OverflowError) as error:  # no such day, or no working day at all
            raise QuestionRefused(_("The term ends on no day of this calendar.")) from error


def question(asked: Any) -> Question:
    """Read a question: `start`, `kind`, `amount`, and perhaps `ends_at` and `pauses` [[from, to], …]; `back` is true
    where the term counts back from `start`, `on` the month and day ("11-10") of a fixed date each year.

    Names that it does not know are left alone, so that a program may carry its own numbers along."""
    if not isinstance(asked, Mapping):
        raise QuestionRefused(_("A question is an object with start, kind and amount."))
    given = {"amount": 1, **asked} if asked.get("kind") == Clock.YEARLY else asked
    if missing := [name for name in ("start", "kind", "amount") if given.get(name) is None]:
        raise QuestionRefused(_("Missing: %(names)s.") % {"names": ", ".join(missing)})
    start, clock = moment(asked["start"]), _clock(asked["kind"])
    month, day = _day_of_the_year(asked.get("on"), clock)
    is_back = _is_back(asked.get("back"), clock)
    term = Term(
        clock,
        _amount(given["amount"]),
        _ends_at(asked.get("ends_at")),
        month,
        day,
        is_back=is_back,
        at=start if is_back else None,
    )
    return Question(start=start, term=term, pauses=_pauses(asked.get("pauses")))


def moment(text: Any) -> datetime:
    """A moment in ISO 8601; without an offset by the clock on the wall."""
    if not isinstance(text, str):
        raise QuestionRefused(_("A moment is a text in ISO 8601, such as 2026-02-13T16:00."))
    try:
        at = _read(text.strip().upper())
    except (ValueError, OverflowError):
        raise QuestionRefused(_("“%(text)s” is no moment in ISO 8601.") % {"text": text[:60]}) from None
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise QuestionRefused(_("A year from %(first)d to %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR})
    return at


def _read(text: str) -> datetime:
    day, _sign, clock = text.partition("T")
    if clock[:2] != "24":
        at = datetime.fromisoformat(text)
    elif (at := datetime.fromisoformat(f"{day}T00{clock[2:]}")).time() == time():
        at += dates.DAY
    else:
        raise ValueError("Nothing comes after 24:00.")
    return at.replace(tzinfo=dates.ZONE) if at.tzinfo is None else dates.local(at)


def _clock(kind: Any) -> Clock:
    if kind not in Clock.values:
        raise QuestionRefused(_("kind is one of: %(names)s.") % {"names": ", ".join(Clock.values)})
    return Clock(kind)


def _amount(amount: Any) -> int:
    is_number = isinstance(amount, int | float) and not isinstance(amount, bool)
    if not is_number or not 1 <= amount <= MOST or amount != int(amount):
        raise QuestionRefused(_("amount is a whole number from 1 to %(most)d.") % {"most": MOST})
    return int(amount)


def _day_of_the_year(on: Any, clock: Clock) -> tuple[int, int]:
    """Month and day, both 0 for the clocks that have none."""
    if clock != Clock.YEARLY:
        return 0, 0
    try:
        day = date.fromisoformat(f"{LEAP_YEAR}-{on}") if isinstance(on, str) and len(on) == len("11-10") else None
    except ValueError:
        day = None
    if day is None:
        raise QuestionRefused(_("on is a month and a day that there are, such as 11-10."))
    return day.month, day.day


def _is_back(back: Any, clock: Clock) -> bool:
    if not isinstance(back, bool | None):
        raise QuestionRefused(_("back is true or false."))
    if back and clock == Clock.YEARLY:
        raise QuestionRefused(_("A fixed date each year is not counted back."))
    return bool(back)


def _ends_at(ends_at: Any) -> EndsAt:
    """Says how a term in days ends; one in hours ends at its moment, whatever stands here."""
    if ends_at is None:
        return EndsAt.END_OF_DAY
    if ends_at not in EndsAt.values:
        raise QuestionRefused(_("ends_at is one of: %(names)s.") % {"names": ", ".join(EndsAt.values)})
    return EndsAt(ends_at)


def _pauses(pauses: Any) -> list[Moments]:
    if pauses is None:
        return []
    if not isinstance(pauses, list | tuple) or any(not isinstance(pair, list | tuple) for pair in pauses):
        raise QuestionRefused(_("pauses is a list of pairs of moments."))
    return [_pause(pair) for pair in pauses]


def _pause(pair: Sequence[Any]) -> Moments:
    if len(pair) != 2:
        raise QuestionRefused(_("pauses is a list of pairs of moments."))
    if pair[1] is None:
        raise QuestionRefused(_("A pause that is still open: nobody knows yet when the term ends."))
    starts, ends = moment(pair[0]), moment(pair[1])
    if ends < starts:
        raise QuestionRefused(_("A pause ends after it starts."))
    return starts, ends
