"""The list as a file: what its reader sees, harmless to a spreadsheet, and never unrecorded."""

import csv
import io
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Act, Entry
from feedback.admin import export
from feedback.choices import Status
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
