"""Until when? The Civil Code's articles 145 to 148 and the official days, as questions with the answers of the law."""

import io
import json
import os
import subprocess
import sys
import time
from datetime import date
from unittest import mock

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import TestCase
from django.utils import translation

from deadlines.choices import DayKind
from deadlines.editions import current
from deadlines.management.commands.compute_due import answers
from deadlines.questions import QuestionRefused, question
from tests.deadlines import factories as make
from tests.deadlines.factories import at, office

PLAIN = office({date(2027, 12, 31): DayKind.OFF})  # no days off but one, by which it is known until then
H, D, WH, WD = "hours", "days", "working_hours", "working_days"

# start, kind, amount → due, each by hand with the calendar on the wall
QUESTIONS = [
    # hours run from their moment, day and night, holidays too (147.1)
    ("2026-02-13T16:00", H, 24, "2026-02-14T16:00"),
    ("2026-02-16T00:00", H, 12, "2026-02-16T12:00"),
    ("2026-02-16T23:59:30", H, 1, "2026-02-17T00:59:30"),
    ("2024-02-28T12:00", H, 24, "2024-02-29T12:00"),
    # days: the first does not count (147.2), 24:00 of the last (148.6), a rest day moves it (148.5)
    ("2026-03-02T00:00", D, 1, "2026-03-04T00:00"),
    ("2026-03-02T23:59", D, 1, "2026-03-04T00:00"),
    ("2026-03-06T09:00", D, 1, "2026-03-10T00:00"),
    ("2026-03-06T09:00", D, 2, "2026-03-10T00:00"),
    ("2026-03-06T09:00", D, 3, "2026-03-10T00:00"),
    ("2026-03-06T09:00", D, 4, "2026-03-11T00:00"),
    ("2026-02-14T09:00", D, 1, "2026-02-24T00:00"),  # Saturday before Tết, last day Sunday: Monday after Tết
    ("2026-01-08T09:00", D, 2, "2026-01-11T00:00"),  # the last day is the make-up Saturday: a working day
    ("2026-01-08T09:00", D, 3, "2026-01-13T00:00"),  # the Sunday after it is not
    ("2024-05-03T09:00", D, 1, "2024-05-05T00:00"),
    ("2025-12-31T09:00", D, 1, "2026-01-06T00:00"),  # 1 and 2 January off, then a weekend
    ("2026-11-23T09:00", D, 1, "2026-11-26T00:00"),
    ("2027-02-03T09:00", D, 1, "2027-02-12T00:00"),
    # the first moment of a day, and 24:00 of the one before, are that day's
    ("2026-03-03T00:00", D, 1, "2026-03-05T00:00"),
    ("2026-03-02T24:00", D, 1, "2026-03-05T00:00"),
    ("2026-03-02T24:00:00", WD, 1, "2026-03-05T00:00"),
    # working days
    ("2026-02-13T16:00", WD, 2, "2026-02-25T00:00"),
    ("2026-02-21T10:00", WD, 1, "2026-02-24T00:00"),
    ("2026-01-09T09:00", WD, 1, "2026-01-11T00:00"),  # the make-up Saturday is the first
    ("2026-01-10T09:00", WD, 1, "2026-01-13T00:00"),  # and does not count when the term starts on it
    ("2025-12-31T18:00", WD, 1, "2026-01-06T00:00"),
    ("2025-04-25T09:00", WD, 4, "2025-05-06T00:00"),  # Saturday 26 worked, 28, 29, then 5 May
    ("2024-04-26T09:00", WD, 1, "2024-05-03T00:00"),
    ("2024-04-26T09:00", WD, 3, "2024-05-05T00:00"),  # 2, 3 and Saturday 4 May
    ("2026-08-21T09:00", WD, 7, "2026-09-04T00:00"),  # Saturday 22 worked, 31 August to 2 September off
    ("2027-04-29T09:00", WD, 1, "2027-05-05T00:00"),
    # working hours: from the next working time on
    ("2026-02-13T16:00", WH, 8, "2026-02-23T16:00"),
    ("2026-02-13T16:00", WH, 1, "2026-02-13T17:00"),
    ("2026-02-13T17:00", WH, 1, "2026-02-23T08:30"),
    ("2026-03-02T11:00", WH, 1, "2026-03-02T13:30"),
    ("2026-03-02T12:00", WH, 4, "2026-03-02T17:00"),
    ("2026-03-02T07:30", WH, 4, "2026-03-02T11:30"),
    ("2026-03-01T00:00", WH, 8, "2026-03-02T17:00"),
    ("2026-01-09T16:00", WH, 2, "2026-01-10T08:30"),
    ("2026-02-18T10:00", WH, 1, "2026-02-23T08:30"),
    ("2026-03-02T17:00", WH, 8, "2026-03-03T17:00"),  # after close; a whole day ends at its close
    ("2026-03-02T23:59:59", WH, 1, "2026-03-03T08:30"),
    ("2026-03-02T24:00", WH, 1, "2026-03-03T08:30"),
    ("2026-01-10T07:00", WH, 8, "2026-01-10T17:00"),  # the make-up Saturday
    ("2026-01-02T09:00", WH, 1, "2026-01-05T08:30"),  # the Friday that it stands for
]


def asked(start, kind, amount, **more):
    return json.dumps({"start": start, "kind": kind, "amount": amount, **more}).encode()


def told(calendar, *lines):
    return [json.loads(line) for line in answers(calendar, lines)]


class OfficialAnswersTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        make.calendar()

    def test_answers_are_those_of_the_law(self):
        for start, kind, amount, due in QUESTIONS:
            with self.subTest(start=start, kind=kind, amount=amount):
                (answer,) = told(current().calendar, asked(start, kind, amount))
                doubt = {"provisional": True} if due > "2027" and kind != H else {}
                self.assertEqual(answer, {"due": at(due).isoformat(), **doubt})

    def test_command_answers_each_line_and_goes_on_after_a_bad_one(self):
        lines = [asked("2026-02-13T16:00", WD, 2), b"\n", b"{not json", asked("2026-02-13T16:00", H, 1)]
        said = io.StringIO()
        with mock.patch("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\n".join(lines)))):
            call_command("compute_due", "--jsonl", stdout=said)
        first, second, third = map(json.loads, said.getvalue().splitlines())
        self.assertEqual(first, {"due": "2026-02-25T00:00:00+07:00"})
        self.assertEqual(list(second), ["error"])
        self.assertEqual(third, {"due": "2026-02-13T17:00:00+07:00"})

    def test_a_person_is_told_why(self):
        said = io.StringIO()
        call_command("compute_due", "2026-02-13T16:00", WD, "2", "--language", "en", stdout=said)
        self.assertIn("24:00 on", said.getvalue())
        self.assertIn("the first day is left out", said.getvalue())
        self.assertIn("day off (", said.getvalue())

    def test_a_person_who_asks_nothing_is_told_what_is_missing(self):
        with self.assertRaisesMessage(CommandError, "start, kind, amount"):
            call_command("compute_due", stdout=io.StringIO())

    def test_a_thousand_answers_take_less_than_a_second(self):
        calendar = current().calendar
        lines = [asked("2026-02-13T16:00", kind, 1 + n % 30) for n in range(250) for kind in (H, D, WH, WD)]
        began = time.process_time()
        self.assertEqual(len(told(calendar, *lines)), 1000)
        self.assertLess(time.process_time() - began, 1)

    def test_beyond_the_announced_days_an_answer_is_provisional(self):
        far, near = told(current().calendar, asked("2029-03-01T09:00", WD, 2), asked("2029-03-01T09:00", H, 2))
        self.assertIs(far["provisional"], True)
        self.assertNotIn("provisional", near)


class EmptyCalendarTest(TestCase):
    def test_command_says_what_to_do_first(self):
        with self.assertRaisesMessage(CommandError, "load_reference"):
            call_command("compute_due", "--jsonl", stdout=io.StringIO())


# --- how a term ends, and pauses -------------------------------------------------------------------------------------

CLOSE = "close_of_business"


@pytest.mark.parametrize(
    ("start", "kind", "amount", "due"),
    [
        ("2026-03-02T09:00", WD, 1, "2026-03-03T17:00"),
        ("2026-03-02T23:00", WD, 1, "2026-03-03T17:00"),
        ("2026-03-06T09:00", D, 1, "2026-03-09T17:00"),
        ("2026-03-02T09:00", D, 1, "2026-03-03T17:00"),
        ("2026-03-02T09:00", H, 1, "2026-03-02T10:00"),  # a term in hours ends at its moment
        ("2026-03-02T16:30", WH, 1, "2026-03-03T08:00"),
    ],
)
def test_close_of_business_ends_terms_in_days_only(start, kind, amount, due):
    assert told(PLAIN, asked(start, kind, amount, ends_at=CLOSE)) == [{"due": at(due).isoformat()}]


@pytest.mark.parametrize(
    ("kind", "amount", "pauses", "due"),
    [
        # from Monday 2 March 2026, 09:00
        (H, 4, [["2026-03-02T10:00", "2026-03-02T12:00"]], "2026-03-02T15:00"),
        (H, 4, [["2026-03-02T08:00", "2026-03-02T09:30"]], "2026-03-02T13:30"),
        (
            H,
            4,
            [["2026-03-02T10:00", "2026-03-02T12:00"], ["2026-03-02T11:00", "2026-03-02T13:00"]],
            "2026-03-02T16:00",
        ),
        (H, 4, [["2026-03-02T10:00", "2026-03-02T10:00"]], "2026-03-02T13:00"),
        (H, 4, [["2026-03-02T13:00", "2026-03-02T18:00"]], "2026-03-02T13:00"),
        (WH, 4, [["2026-03-02T10:00", "2026-03-02T14:00"]], "2026-03-02T17:00"),
        (WH, 4, [["2026-03-02T11:30", "2026-03-02T13:00"]], "2026-03-02T14:30"),
        (WH, 2, [["2026-03-02T10:00", "2026-03-04T08:30"]], "2026-03-04T09:30"),
        (WD, 2, [["2026-03-03T10:00", "2026-03-05T10:00"]], "2026-03-07T00:00"),
        (WD, 2, [["2026-03-03T10:00", "2026-03-03T15:00"]], "2026-03-05T00:00"),
        (WD, 2, [["2026-03-03T00:00", "2026-03-04T00:00"]], "2026-03-06T00:00"),
        (D, 3, [["2026-03-03T00:00", "2026-03-04T00:00"]], "2026-03-07T00:00"),
        (D, 3, [["2026-03-03T10:00", "2026-03-05T10:00"]], "2026-03-10T00:00"),
        (D, 3, [["2026-03-02T10:00", "2026-03-02T23:00"]], "2026-03-06T00:00"),
        (D, 3, [], "2026-03-06T00:00"),
    ],
)
def test_pauses_do_not_count(kind, amount, pauses, due):
    question = asked("2026-03-02T09:00", kind, amount, pauses=pauses)
    assert told(PLAIN, question) == [{"due": at(due).isoformat()}]


@pytest.mark.parametrize(
    "start",
    [
        "2026-03-02T09:00+07:00",
        "2026-03-02T02:00Z",
        "2026-03-02t02:00z",
        "2026-03-01T21:00-05:00",
        "2026-03-02T04:00+02:00",  # Berlin in winter
        "2026-03-01T22:30-03:30",  # St. John's
        "2026-03-02T16:00+14:00",  # Kiritimati
        " 20260302T090000 ",
    ],
)
def test_an_offset_names_the_same_instant(start):
    assert told(PLAIN, asked(start, H, 1)) == [{"due": "2026-03-02T10:00:00+07:00"}]


@pytest.mark.parametrize(
    "change",
    [
        {"start": None},
        {"start": "tomorrow"},
        {"start": 5},
        {"start": "0001-01-01T00:00+14:00"},
        {"start": "2026-03-02T24:01"},
        {"start": "2026-03-02T25:00"},
        {"start": "2201-01-01T00:00"},
        {"start": "2026-02-30T09:00"},
        {"start": "2026-03-02T09:00+24:00"},
        {"start": "2026-03-29T02:30+01:00[Europe/Berlin]"},
        {"start": "\ud800"},
        {"kind": "months", "amount": 100_000},
        {"amount": 100_001},
        {"amount": float("inf")},
        {"pauses": [["2026-03-02T10:00", "9999-12-31T00:00"]]},
        {"kind": "fortnights"},
        {"kind": []},
        {"amount": 0},
        {"amount": -3},
        {"amount": 1.5},
        {"amount": "2"},
        {"amount": True},
        {"amount": float("nan")},
        {"amount": 10**30},
        {"ends_at": "noon"},
        {"ends_at": {}},
        {"pauses": "2026-03-02"},
        {"pauses": [["2026-03-02T10:00"]]},
        {"pauses": ["ab"]},
        {"pauses": [["2026-03-02T10:00", None]]},
        {"pauses": [["2026-03-02T10:00", "2026-03-01T10:00"]]},
        {"start": "9999-12-30T09:00", "kind": D},
    ],
)
def test_a_question_without_an_answer_says_why(change):
    question = {"start": "2026-03-02T09:00", "kind": WD, "amount": 2, **change}
    (answer,) = told(PLAIN, json.dumps(question).encode())
    assert list(answer) == ["error"]
    assert answer["error"]
    next(answers(PLAIN, [json.dumps(question).encode()])).encode("ascii")  # whatever the terminal speaks


def test_a_pause_that_is_still_open_is_told_as_such():
    with translation.override("en"):
        (answer,) = told(PLAIN, asked("2026-03-02T09:00", D, 2, pauses=[["2026-03-02T10:00", None]]))
    assert "still open" in answer["error"]


def test_no_question_holds_the_stream_for_long():
    pauses = [["2026-03-02T10:00", "2200-12-31T00:00"]]
    began = time.process_time()
    answered = told(PLAIN, *(asked("2026-03-02T09:00", kind, 100_000, pauses=pauses) for kind in (H, D, WH, WD)))
    assert all("due" in answer or "error" in answer for answer in answered)
    assert time.process_time() - began < 4


@pytest.mark.parametrize("line", [b"[1]", b"null", b"3", b"\xff\xfe\x00", b"[" * 100_000, b'{"start": 1'])
def test_what_is_no_question_is_answered_by_an_error(line):
    good = asked("2026-03-02T09:00", H, 1)
    first, second = told(PLAIN, line, good)
    assert list(first) == ["error"]
    assert second == {"due": "2026-03-02T10:00:00+07:00"}


def test_names_of_the_asker_are_left_alone():
    assert question({"start": "2026-03-02", "kind": D, "amount": 2.0, "id": 7}).term.amount == 2
    with pytest.raises(QuestionRefused):
        question({"start": "2026-03-02", "kind": D, "id": 7})


@pytest.mark.parametrize("zone", ["UTC", "America/St_Johns", "Pacific/Kiritimati"])
def test_the_zone_of_the_machine_changes_no_answer(zone):
    """A process of its own, since a running one keeps the zone it began with."""
    program = (
        "import sys; from deadlines.management.commands.compute_due import answers;"
        "from tests.deadlines.test_questions import PLAIN; sys.stdout.writelines(answers(PLAIN, sys.stdin.buffer))"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {program}"],
        input=asked("2026-03-02T09:00", WH, 12),
        env={**os.environ, "TZ": zone, "DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.PIPE,
        check=True,
    )
    assert json.loads(done.stdout) == {"due": "2026-03-03T14:30:00+07:00"}
