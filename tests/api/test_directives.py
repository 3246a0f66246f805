"""Directives, obligations and assignments by the API: figures and marks only, for whom they are meant, by key."""

from typing import Any

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from directives.choices import Status
from directives.models import Assignment, Obligation
from tests.api.factories import Caller, system
from tests.api.test_schema import DOCUMENT, problems_of
from tests.directives import factories as make
from tests.directives.factories import fresh
from tests.directives.reporting_made import Reports

BASE = "/api/v1/"


class DirectiveApiTests(Reports, TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.set_up()
        by = fresh(cls.team.checker)
        cls.unreached = make.obligation(by, make.directive(by, "13/CT-SYT"), part="1.b")
        cls.every, cls.whole = system("kho-chi-dao", may_read=True, roles=("api_directives",))
        cls.client_of_a, cls.of_a = system("he-thong-a", may_read=True, roles=("api_directives",))
        cls.client_of_a.facilities.set([cls.team.hospital])

    def setUp(self) -> None:
        self.told = self.reported(self.assigned(self.team.hospital, 6), "81.5", to=Status.ACCEPTED)
        self.late = self.assigned(self.team.other, 6)

    def rows(self, caller: Caller, what: str, query: str = "") -> list[dict[str, Any]]:
        answer = caller.get(f"{BASE}{what}/{query}")
        self.assertEqual(answer.status_code, 200, answer.content)
        found: list[dict[str, Any]] = answer.json()["results"]
        return found

    def test_a_system_reads_the_register_and_the_duties(self) -> None:
        self.assertEqual([row["code"] for row in self.rows(self.whole, "directives")], ["12/CT-SYT", "13/CT-SYT"])
        codes = [row["code"] for row in self.rows(self.whole, "obligations")]
        self.assertEqual(codes, [self.duty.code, self.unreached.code])
        one, other = self.rows(self.whole, "assignments")
        self.assertEqual((one["facility"], one["status"], one["is_late"]), ("T01", "accepted", False))
        self.assertEqual((other["facility"], other["status"], other["is_late"]), ("T02", "open", True))

    def test_a_limited_system_reads_what_reached_its_facilities(self) -> None:
        self.assertEqual([row["facility"] for row in self.rows(self.of_a, "assignments")], ["T01"])
        self.assertEqual([row["code"] for row in self.rows(self.of_a, "directives")], ["12/CT-SYT"])
        self.assertEqual([row["code"] for row in self.rows(self.of_a, "obligations")], [self.duty.code])
        for gone in (f"assignments/{self.late.pk}/", f"obligations/{self.unreached.pk}/", "directives/999999/"):
            self.assertEqual(self.of_a.get(BASE + gone).status_code, 404, gone)

    def test_who_was_not_given_the_role_reads_nothing_and_people_what_they_see(self) -> None:
        _client, other = system("kho-khac", may_read=True)
        _client, sender = system("tong-dai", may_send=True, roles=("api_directives",))
        for what in ("directives", "obligations", "assignments"):
            for caller, status in ((other, 403), (sender, 403), (Caller(), 401)):
                self.assertEqual(caller.get(f"{BASE}{what}/").status_code, status)
        own = self.rows(Caller(user=self.team.writer), "assignments")
        self.assertEqual([row["facility"] for row in own], ["T01"])

    def test_an_assignment_tells_figures_and_marks_and_no_words(self) -> None:
        answer = self.whole.get(f"{BASE}assignments/{self.told.pk}/")
        document = answer.json()
        self.assertEqual(
            [(one["indicator"], one["value"], one["base"]) for one in document["values"]], [("I1", 81.5, "nhân viên")]
        )
        self.assertEqual([len(one["sha256"]) for one in document["evidence"]], [64])
        self.assertIn("check_duty", {one["obligation"] for one in document["deadlines"]})
        for words in ("Đã làm", "đổi cách", "danh-sach.pdf", "Danh sách"):
            self.assertNotIn(words, answer.content.decode())
        self.assertEqual(problems_of(document, {"$ref": "#/components/schemas/AssignmentDocument"}), [])

    def test_documents_are_as_the_schema_says(self) -> None:
        for path, name in (
            (f"directives/{self.duty.directive_id}/", "DirectiveDocument"),
            (f"obligations/{self.duty.pk}/", "ObligationDocument"),
        ):
            document = self.whole.get(BASE + path).json()
            self.assertEqual(problems_of(document, {"$ref": f"#/components/schemas/{name}"}), [], name)
        self.assertIn("AssignmentRow", DOCUMENT["components"]["schemas"])
        indicators = self.whole.get(f"{BASE}obligations/{self.duty.pk}/").json()["indicators"]
        self.assertEqual((indicators[0]["unit"], indicators[0]["base"]), ("%", "nhân viên"))

    def test_a_draft_and_its_documents_stay_with_the_facility(self) -> None:
        returned = self.step(self.reported(self.assigned(self.team.hospital, 9)), Status.RETURNED, self.team.checker)
        before = self.whole.get(f"{BASE}assignments/{returned.pk}/").json()
        self.file(self.team.hospital.pk)
        after = self.whole.get(f"{BASE}assignments/{returned.pk}/").json()
        self.assertEqual((after["values"], after["evidence"]), (before["values"], before["evidence"]))

    def test_filters_and_pages(self) -> None:
        for query, count in (
            (f"?obligation={self.duty.code}", 2), ("?directive=13/CT-SYT", 0), ("?facility=T02", 1),
            ("?status=accepted", 1), ("?late=true", 1), ("?late=false", 1),
        ):  # fmt: skip
            self.assertEqual(len(self.rows(self.whole, "assignments", query)), count, query)
        self.assertEqual(len(self.rows(self.whole, "directives", "?state=ended")), 0)
        self.assertEqual(len(self.rows(self.whole, "obligations", "?directive=13/CT-SYT")), 1)
        for what in ("directives", "obligations", "assignments"):
            first = self.whole.get(f"{BASE}{what}/?page_size=1").json()
            second = self.whole.get(first["next"]).json()
            self.assertNotEqual(first["results"][0]["id"], second["results"][0]["id"])
            self.assertIsNone(second["next"])
            for wrong in ("?x=1", "?status=x&state=x", "?cursor=x", "?page_size=0"):
                self.assertEqual(self.whole.get(f"{BASE}{what}/{wrong}").status_code, 400, what + wrong)

    def test_what_is_known_is_not_sent_again(self) -> None:
        address = f"{BASE}obligations/{self.duty.pk}/"
        etag = self.whole.get(address)["ETag"]
        self.assertEqual(self.whole.get(address, If_None_Match=etag).status_code, 304)
        Obligation.objects.filter(pk=self.duty.pk).update(version=9)
        self.assertEqual(self.whole.get(address, If_None_Match=etag).status_code, 200)

    def test_more_rows_take_no_more_queries(self) -> None:
        def counted() -> int:
            self.whole.get(f"{BASE}assignments/")
            with CaptureQueriesContext(connection) as found:
                self.whole.get(f"{BASE}assignments/")
            return len(found)

        before = counted()
        for month in (3, 9, 11):
            self.assigned(self.team.other, month)
        self.assertEqual((counted(), Assignment.objects.count()), (before, 5))
