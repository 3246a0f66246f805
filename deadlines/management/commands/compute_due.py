"""From when until when? For a person with the reasons, for a program line by line."""

import json
import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from deadlines import calendar as dates
from deadlines import editions
from deadlines.calendar import WorkingCalendar
from deadlines.choices import Authority, Clock, EndsAt
from deadlines.models import Edition
from deadlines.moments import due_in_words, moment_in_words, term_in_words
from deadlines.questions import FIRST_YEAR, LAST_YEAR, MOST, QuestionRefused, question
from deadlines.reasons import explain
from deadlines.words import lines_of

HELP = f"""
Say until when a term runs, and why. START is a moment in ISO 8601, by the clock in Vietnam (+07:00) where it has no
offset; 24:00 is 00:00 of the next day; its year lies between {FIRST_YEAR} and {LAST_YEAR}.

minutes, hours: run from START, day and night, days off too.

working_hours: run in the calendar's working time only (seeded: Monday to Friday 07:30-11:30 and 13:00-17:00, make-up
Saturdays too, the morning of a half day), from START or the next working time on. What uses up a day ends at its close.

days, working_days, months: the day of START does not count, whatever the hour, 00:00 included. The term ends at 24:00
of its last day, which is written as 00:00 of the next; with ends_at close_of_business when that day's work ends. A last
day of rest in days or months moves to the end of the next working day (Civil Code 2015, articles 147 and 148).

yearly: ends with the AMOUNT-th return (left out: the next) of the day --on MONTH-DAY after the day of START; 29
February is the 28th in a year that lacks it; a day of rest moves to the next working day. A pause moves no such date.

With --back the term counts back from START, which is an event to come: the day of the event does not count; what would
end on a day of rest ends with the working day before. A pause moves nothing.

AMOUNT is a whole number from 1 to {MOST}.

A pause [FROM, TO) does not count: in hours for as long as it lasts, in days for every day whose end it covers (an end
at TO is covered, one at FROM is not). Pauses may overlap, touch, lie before START or after the end, and be empty; one
that is still open (TO null), or ends before it begins, has no answer.

With --jsonl, questions come as one JSON object a line on standard input: start, kind, amount, and perhaps ends_at,
pauses [[from, to], ...], on ("11-10") and back (true); other names are left alone. Each line that is not blank is
answered by one line, in order: {{"due": moment with offset}}, with "provisional": true where days off that far are not
announced, or {{"error": why}}.
"""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Help in paragraphs, as it is written."""
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("start", nargs="?", help="from when, such as 2026-02-13T16:00")
        parser.add_argument("kind", nargs="?", choices=Clock.values, help="how the term is counted")
        parser.add_argument("amount", nargs="?", type=int, help="how many of them")
        parser.add_argument("--ends-at", choices=EndsAt.values, default=EndsAt.END_OF_DAY.value)
        parser.add_argument("--on", metavar="MONTH-DAY", help="the fixed date each year, such as 11-10")
        parser.add_argument("--back", action="store_true", help="count back from START")
        parser.add_argument("--pause", nargs=2, action="append", default=[], metavar=("FROM", "TO"))
        parser.add_argument(
            "--calendar", type=int, default=None, help="number of the edition; the newest when left out"
        )
        parser.add_argument(
            "--authority", choices=Authority.values, default=Authority.DEPARTMENT.value, help="whose calendar counts"
        )
        parser.add_argument("--language", choices=["vi", "en"], default="vi", help="of the reasons")
        parser.add_argument("--jsonl", action="store_true", help="answer the questions on standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        calendar = _calendar(options["calendar"], options["authority"])
        if options["jsonl"]:
            for line in answers(calendar, sys.stdin.buffer):
                self.stdout.write(line)
                self.stdout.flush()  # whoever asks one by one waits for the answer
            return
        with translation.override(options["language"]):
            self._tell(calendar, options)

    def _tell(self, calendar: WorkingCalendar, options: dict[str, Any]) -> None:
        try:
            given = {name: value for name, value in options.items() if value is not None}
            asked = question({**given, "pauses": options["pause"]})
            due = asked.answer(calendar)
        except QuestionRefused as refused:
            raise CommandError(str(refused)) from refused
        sign = "−" if asked.term.is_back else "+"
        self.stdout.write(f"{moment_in_words(asked.start)} {sign} {term_in_words(asked.term)} → {due_in_words(due)}")
        self.stdout.write(due.isoformat())
        stretches = explain(calendar, asked.term, asked.start, asked.pauses)
        for line in lines_of(stretches, asked.term):
            self.stdout.write(f"  {line}")


def _calendar(number: int | None, authority: str) -> WorkingCalendar:
    try:
        calendars = editions.current().calendars if number is None else editions.calendars_of(number)
    except Edition.DoesNotExist:
        raise CommandError(f"There is no edition {number} of the calendar.") from None
    calendar = calendars.of(authority)
    if not calendar.usual_hours:
        raise CommandError("The calendar is empty: run load_reference first.")
    return calendar


def answers(calendar: WorkingCalendar, lines: Iterable[bytes]) -> Iterator[str]:
    """One answer for each question, in order; a question that has none says why, and the stream goes on."""
    for line in lines:
        if line.strip():
            yield json.dumps(_answer(calendar, line))  # in ASCII, whatever the terminal, and whatever was asked


def _answer(calendar: WorkingCalendar, line: bytes) -> dict[str, Any]:
    try:
        asked = question(_read(line))
        due = asked.answer(calendar)
    except QuestionRefused as refused:
        return {"error": str(refused)}
    # beyond the days that were announced an answer may still move, and says so
    doubt = {"provisional": True} if dates.is_provisional(calendar, asked.term, due) else {}
    return {"due": due.isoformat(), **doubt}


def _read(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise QuestionRefused("This line is no JSON.") from None
