"""The list as a file: what its reader sees, harmless to a spreadsheet, and never unrecorded."""

import csv
import io
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection, connections
from django.db.models import GeneratedField
from django.db.models.signals import post_init
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Act, Entry
from common.scope import as_system
from feedback.admin import export
from feedback.choices import Status
from feedback.models import Case
from tests.conftest import LINES
from tests.feedback import factories as make

EXPORT = "admin:feedback_case_export"


class ExportTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.forwarded = make.case_in(Status.FORWARDED, cls.team)
        cls.received = make.case(body="Chờ ba giờ", title='=HYPERLINK("http://x";"y")')
        cls.secret = make.case(channel="HOTLINE_VBMT", title="Cò mồi ở cổng")

    def sent(self, person: Any, query: str = "") -> Any:
        self.client.force_login(person)
        return self.client.post(f"{reverse(EXPORT)}{query}")

    def rows(self, person: Any, query: str = "") -> list[list[str]]:
        answer = self.sent(person, query)
        self.assertIn("no-store", answer["Cache-Control"])
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text)))

    def test_it_holds_what_the_list_shows_and_who_took_it_is_written_down(self) -> None:
        heading, *rows = self.rows(self.team.officer, "?queue=all&q=")
        self.assertEqual({row[0] for row in rows}, {self.forwarded.reference, self.received.reference})
        entry = Entry.objects.get(act=Act.EXPORT)
        self.assertEqual((entry.by, entry.about_type, entry.about_id), (self.team.officer, "feedback.case", None))
        self.assertEqual(entry.reason, "2: queue=all")

    def test_filters_hold_and_what_was_searched_for_is_not_kept(self) -> None:
        _heading, *rows = self.rows(self.team.officer, "?q=ba+gio&status=received")
        self.assertEqual([row[0] for row in rows], [self.received.reference])
        self.assertEqual(Entry.objects.get(act=Act.EXPORT).reason, "1: queue=all status=received q")

    def test_a_facility_takes_its_own_cases_without_the_departments_people(self) -> None:
        heading, *rows = self.rows(self.team.quality_officer)
        self.assertEqual([row[0] for row in rows], [self.forwarded.reference])
        self.assertEqual(len(heading), len(self.rows(self.team.officer)[0]) - 2)

    def test_the_title_of_a_confidential_case_stays_in_the_console(self) -> None:
        by_reference = {row[0]: row for row in self.rows(self.team.lead, "?queue=all")[1:]}
        self.assertEqual(by_reference[self.secret.reference][1], "")
        self.assertNotIn("Cò mồi", str(by_reference))

    def test_no_cell_is_a_formula(self) -> None:
        for row in self.rows(self.team.lead, "?queue=all")[1:]:
            for cell in row:
                self.assertFalse(cell.lstrip().startswith(("=", "+", "-", "@", "＝")), cell)

    def test_who_may_not_is_refused_and_looking_exports_nothing(self) -> None:
        self.assertEqual(self.sent(self.team.operator).status_code, 403)
        self.client.force_login(self.team.officer)
        self.assertEqual(self.client.get(reverse(EXPORT)).status_code, 405)
        self.assertEqual(self.sent(self.team.officer, "?reporter__name__contains=a").status_code, 400)
        self.assertFalse(Entry.objects.filter(act=Act.EXPORT).exists())

    def test_too_many_are_refused_in_words_and_nothing_goes_out(self) -> None:
        with patch.object(export, "MOST", 1):
            answer = self.sent(self.team.officer, "?queue=all")
        self.assertRedirects(answer, reverse("admin:feedback_case_changelist") + "?queue=all")
        self.assertFalse(Entry.objects.filter(act=Act.EXPORT).exists())

    def test_what_cannot_be_written_down_does_not_go_out(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_entry ADD CONSTRAINT shut CHECK (false) NOT VALID")
        answer = self.sent(self.team.officer)
        self.assertEqual(answer.status_code, 302)
        self.assertContains(self.client.get(answer.url), "nhật ký")

    def test_rows_cost_no_queries(self) -> None:
        self.rows(self.team.lead, "?queue=all")
        with CaptureQueriesContext(connection) as few:
            self.rows(self.team.lead, "?queue=all")
        for _each in range(5):
            make.case()
        with CaptureQueriesContext(connection) as many:
            self.rows(self.team.lead, "?queue=all")
        self.assertLessEqual(len(many), len(few))


class Held:
    """How many cases are in memory at once, and by which cursors the database hands them out."""

    def __init__(self) -> None:
        self.now = self.most = self.all = 0
        self.cursors: set[str] = set()

    def made(self, sender: Any, instance: Case, **kwargs: Any) -> None:
        self.all += 1
        if self.all == export.CHUNK // 2:  # past the page of the list, which is read first
            with connection.cursor() as cursor:
                cursor.execute("SELECT name FROM pg_cursors WHERE statement LIKE '%feedback_case%'")
                self.cursors = {name for (name,) in cursor.fetchall()}
        self.now += 1
        self.most = max(self.most, self.now)
        weakref.finalize(instance, self.gone)

    def gone(self) -> None:
        self.now -= 1


class SizeTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.officer = make.person("officer")
        cls.model_case = make.case(title="Chờ khám ba giờ, " * 8)

    def grow_to(self, count: int) -> None:
        """So many cases like the first, in one statement."""
        columns = [
            field.column
            for field in Case._meta.concrete_fields
            if not (field.primary_key or field.column == "reference" or isinstance(field, GeneratedField))
        ]
        names = ", ".join(columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO feedback_case (reference, {names}) SELECT 'PA-M-' || number, {names}"
                " FROM feedback_case, generate_series(%s::int, %s::int) AS number WHERE id = %s",
                [Case.objects.count() + 1, count, self.model_case.pk],
            )

    @pytest.mark.slow
    def test_ten_times_the_rows_take_no_more_memory(self) -> None:
        """The database keeps the rows and hands out a piece at a time; what was written is let go."""
        self.client.force_login(self.officer)
        for count in (export.CHUNK, export.MOST):
            self.grow_to(count)
            held = Held()
            post_init.connect(held.made, sender=Case)
            try:
                answer = self.client.post(f"{reverse(EXPORT)}?queue=all")
            finally:
                post_init.disconnect(held.made, sender=Case)
            self.assertEqual(sum(piece.count(b"\n") for piece in answer.streaming_content) - 1, count)
            self.assertNotEqual(held.cursors, set())
            self.assertLessEqual(held.most, 100)  # the page of the list, which is read as well
            LINES.append(f"Export: {held.most} of {count} cases in memory at once")


class OrderTests(TransactionTestCase):
    def test_the_entry_is_in_the_log_before_the_first_byte_goes_out(self) -> None:
        make.seed()
        make.case()
        self.client.force_login(make.person("officer"))
        answer = self.client.post(reverse(EXPORT))

        def read_by_another() -> list[str]:
            try:
                with as_system():
                    return list(Entry.objects.filter(act=Act.EXPORT).values_list("reason", flat=True))
            finally:
                connections.close_all()

        with ThreadPoolExecutor(1) as another:
            self.assertEqual(another.submit(read_by_another).result(), ["1: queue=open"])
        self.assertTrue(next(iter(answer.streaming_content)).startswith(export.BOM.encode()))
