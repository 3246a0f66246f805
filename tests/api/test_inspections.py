"""Inspections and demands to correct by the API: nothing before a visit was opened, no words of a record, by key."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inspections import amending, checklist
from inspections.choices import CorrectionStatus, Status
from inspections.models import CorrectiveAction, Inspection
from tests.api.factories import Caller, system
from tests.api.test_schema import DOCUMENT, problems_of
from tests.feedback.factories import fresh
from tests.inspections import factories as make

BASE = "/api/v1/"


class InspectionApiTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = make.Team()
        cls.by = cls.team.inspector
        cls.every, cls.whole = system("kho-kiem-tra", may_read=True, roles=("api_inspections",))
        cls.client_of_a, cls.of_a = system("he-thong-a", may_read=True, roles=("api_inspections",))
        cls.client_of_a.facilities.set([cls.team.hospital])
        cls.done = make.recorded(cls.by, cls.team.hospital, topic="Trực đường dây nóng")
        cls.demand = make.demand_of(cls.done)
        make.answered(cls.demand, cls.team.writer)
        cls.elsewhere = make.recorded(cls.by, cls.team.other, topic="Thu viện phí")
        cls.hidden = make.visit(cls.by, cls.team.hospital, topic="Kiểm tra quầy thuốc zqhidden")
        checklist.add_own(cls.hidden, "Hóa đơn thuốc", "", by=fresh(cls.by))
        cls.off = make.step(make.visit(cls.by, cls.team.hospital), Status.CANCELLED, cls.by)

    def rows(self, caller: Caller, what: str = "inspections", query: str = "") -> list[dict[str, Any]]:
        answer = caller.get(f"{BASE}{what}/{query}")
        self.assertEqual(answer.status_code, 200, answer.content)
        found: list[dict[str, Any]] = answer.json()["results"]
        return found

    def references(self, caller: Caller, what: str = "inspections", query: str = "") -> set[str]:
        return {row["reference"] for row in self.rows(caller, what, query)}

    def test_a_visit_is_not_there_until_it_was_opened(self) -> None:
        people = [Caller(user=fresh(who)) for who in (self.team.writer, self.team.head)]
        for caller in (self.whole, self.of_a, *people):
            found = self.references(caller)
            self.assertIn(self.done.reference, found)
            self.assertFalse(found & {self.hidden.reference, self.off.reference})
            for gone in (self.hidden, self.off):
                answer = caller.get(f"{BASE}inspections/{gone.reference}/")
                missing = caller.get(f"{BASE}inspections/KT-2000-000001/")
                self.assertEqual((answer.status_code, answer.content), (404, missing.content))
            self.assertNotIn("zqhidden", caller.get(f"{BASE}inspections/").content.decode())
            self.assertEqual(self.rows(caller, query="?status=prepared"), [])
            self.assertEqual(self.rows(caller, query="?status=cancelled"), [])
        self.assertIn(self.hidden.reference, self.references(Caller(user=fresh(self.team.auditor))))
        make.step(self.hidden, Status.OPENED, self.by)
        for caller in (self.whole, self.of_a, *people):
            self.assertEqual(caller.get(f"{BASE}inspections/{self.hidden.reference}/").status_code, 200)

    def test_what_is_being_recorded_is_the_teams_own(self) -> None:
        make.step(self.hidden, Status.OPENED, self.by)
        make.found(self.hidden, self.by)
        make.write_record(self.hidden, self.by)
        demand = make.demand_of(self.hidden)
        for caller in (self.whole, self.of_a, Caller(user=fresh(self.team.writer))):
            document = caller.get(f"{BASE}inspections/{self.hidden.reference}/").json()
            self.assertEqual((document["started_at"], document["findings"], document["corrections"]), (None, [], []))
            self.assertNotIn(demand.reference, self.references(caller, "corrections"))
            self.assertEqual(caller.get(f"{BASE}corrections/{demand.reference}/").status_code, 404)

    def test_a_limited_system_reads_its_facilities_alone(self) -> None:
        self.assertEqual(self.references(self.whole), {self.done.reference, self.elsewhere.reference})
        self.assertEqual(self.references(self.of_a), {self.done.reference})
        self.assertEqual(self.references(self.of_a, "corrections"), {self.demand.reference})
        other = make.demand_of(self.elsewhere)
        self.assertIn(other.reference, self.references(self.whole, "corrections"))
        for gone in (
            f"inspections/{self.elsewhere.reference}/",
            f"corrections/{other.reference}/",
            "corrections/YC-2026-%C3%A9/",
        ):
            self.assertEqual(self.of_a.get(BASE + gone).status_code, 404, gone)

    def test_who_was_not_given_the_role_reads_nothing(self) -> None:
        _client, other = system("kho-khac", may_read=True)
        _client, duties = system("kho-nhiem-vu", may_read=True, roles=("api_directives",))
        _client, sender = system("tong-dai", may_send=True, roles=("api_inspections",))
        for what in ("inspections", "corrections", f"inspections/{self.done.reference}"):
            for caller, status in ((other, 403), (duties, 403), (sender, 403), (Caller(), 401)):
                self.assertEqual(caller.get(f"{BASE}{what}/").status_code, status)

    def test_codes_and_marks_and_no_words(self) -> None:
        given = {"kind": "corrects", "text": "Nay là ca đêm 12/11.", "reason": "đối chiếu sổ trực"}
        for to in ("agreed", "refused", ""):
            made = amending.propose(self.done, given, by=fresh(self.by))
            if to:
                amending.decide(made, to, by=fresh(self.team.second), reason=make.REASON, version=made.version)
        answer = self.whole.get(f"{BASE}inspections/{self.done.reference}/")
        document = answer.json()
        self.assertEqual((document["facility"], document["status"]), ("T01", "recorded"))
        self.assertEqual([(one["kind"], one["severity"]) for one in document["findings"]], [("hotline", "serious")])
        self.assertEqual([one["reference"] for one in document["corrections"]], [self.demand.reference])
        self.assertEqual([one["state"] for one in document["amendments"]], ["agreed"])
        self.assertIsNotNone(document["started_at"])
        self.assertEqual(problems_of(document, {"$ref": "#/components/schemas/InspectionDocument"}), [])
        demand = self.whole.get(f"{BASE}corrections/{self.demand.reference}/")
        told = demand.json()
        self.assertEqual((told["inspection"], told["kind"]), (self.done.reference, "hotline"))
        self.assertEqual((len(told["answers"]), [len(one["sha256"]) for one in told["evidence"]]), (1, [64]))
        self.assertIn("verify_action", {one["obligation"] for one in told["deadlines"]})
        self.assertEqual(problems_of(told, {"$ref": "#/components/schemas/CorrectionDocument"}), [])
        words = answer.content.decode() + demand.content.decode()
        names = [name for name in (self.by.get_full_name(), self.by.username) if name]
        for word in (
            "Số đường dây nóng không", "Bố trí người trực", "Đã phân công", "bien-ban", "Đoàn đã kiểm tra", "Bảng công",
            "12/11", "sổ trực", make.REASON, *names,
        ):  # fmt: skip
            self.assertNotIn(word, words)

    def test_lists_are_as_the_schema_says(self) -> None:
        for what, name in (("inspections", "InspectionRow"), ("corrections", "CorrectionRow")):
            self.assertIn(name, DOCUMENT["components"]["schemas"])
            for row in self.rows(self.whole, what):
                self.assertEqual(problems_of(row, {"$ref": f"#/components/schemas/{name}"}), [], name)

    def test_a_planned_one_tells_its_kind_and_nothing_of_the_plan(self) -> None:
        made = make.visit(self.by, self.team.hospital, of=make.approved(self.team))
        checklist.add_own(made, "Bảng giá", "", by=fresh(self.by))
        make.step(made, Status.OPENED, self.by)
        document = self.of_a.get(f"{BASE}inspections/{made.reference}/").json()
        self.assertEqual((document["kind"], "plan" in document), ("planned", False))
        self.assertEqual(self.references(self.of_a, query="?kind=planned"), {made.reference})

    def test_filters_and_pages(self) -> None:
        CorrectiveAction.objects.filter(inspection=self.elsewhere).update(due_at=timezone.now() - timedelta(hours=1))
        today = timezone.localdate()
        for what, query, count in (
            ("inspections", "?facility=T02", 1), ("inspections", "?status=recorded", 2),
            ("inspections", "?kind=planned", 0), ("inspections", f"?planned_from={today}", 2),
            ("inspections", f"?planned_to={today}", 0), ("corrections", "?facility=T01", 1),
            ("corrections", f"?inspection={self.elsewhere.reference}", 1), ("corrections", "?status=answered", 1),
            ("corrections", "?late=true", 1), ("corrections", "?late=false", 1),
            ("corrections", f"?inspection={self.hidden.reference}", 0),
        ):  # fmt: skip
            self.assertEqual(len(self.rows(self.whole, what, query)), count, what + query)
        for what in ("inspections", "corrections"):
            first = self.whole.get(f"{BASE}{what}/?page_size=1").json()
            second = self.whole.get(first["next"]).json()
            self.assertNotEqual(first["results"][0]["reference"], second["results"][0]["reference"])
            self.assertIsNone(second["next"])
            back = self.whole.get(second["previous"]).json()
            self.assertEqual(back["results"], first["results"])
            for wrong in ("?x=1", "?status=x", "?cursor=x", "?page_size=0", "?facility=XX", "?topic__contains=zq"):
                self.assertEqual(self.whole.get(f"{BASE}{what}/{wrong}").status_code, 400, what + wrong)

    def test_what_is_known_is_not_sent_again(self) -> None:
        address = f"{BASE}inspections/{self.done.reference}/"
        etag = self.whole.get(address)["ETag"]
        self.assertEqual(self.whole.get(address, If_None_Match=etag).status_code, 304)
        make.judge(self.demand, CorrectionStatus.VERIFIED, self.team.second)
        answer = self.whole.get(address, If_None_Match=etag)
        self.assertEqual(answer.json()["corrections"][0]["status"], CorrectionStatus.VERIFIED)

    def test_more_rows_take_no_more_queries(self) -> None:
        asked = ("inspections/", "corrections/", f"inspections/{self.done.reference}/")

        def counted() -> list[int]:
            found = []
            for address in asked:
                self.whole.get(BASE + address)
                with CaptureQueriesContext(connection) as queries:
                    self.whole.get(BASE + address)
                found.append(len(queries))
            return found

        before = counted()
        for kind in ("fees", "staff", "records"):
            make.recorded(self.by, self.team.other, kind=kind)
        self.assertEqual((counted(), Inspection.objects.count()), (before, 7))
