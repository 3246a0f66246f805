"""Correcting, moving and noting through the API: the rules are the console's, the answers are for machines."""

from django.test import TestCase

from feedback.choices import Status
from feedback.models import Case, Note
from tests.api import factories as make
from tests.rights import may

REASON = "theo quy trình"


class Writing(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.case = make.case(facility="T01", category="QUYTRINH.01")
        cls.path = make.case_path(cls.case)

    def setUp(self) -> None:
        self.officer = make.Caller(user=self.team.officer)

    def version(self) -> int:
        return Case.objects.get(pk=self.case.pk).version


class CorrectionTests(Writing):
    def patch(self, body: object, version: str = '"1"', caller: make.Caller | None = None) -> object:
        headers = {"If_Match": version} if version else {}
        return (caller or self.officer).send("PATCH", self.path, body, **headers)

    def test_a_correction_keeps_who_and_why(self) -> None:
        etag = self.officer.get(self.path)["ETag"]
        answer = self.patch({"urgency": "S2", "facility": None, "title": "Xếp hàng", "reason": REASON}, etag)
        self.assertEqual(answer.status_code, 200, answer.content)
        told = answer.json()
        self.assertEqual(
            (told["urgency"], told["facility"], told["title"], told["version"]), ("S2", None, "Xếp hàng", 2)
        )
        self.assertTrue(answer["ETag"].startswith('"2-'))
        last = Case.history.filter(id=self.case.pk).latest("history_id")
        self.assertEqual((last.history_user, last.history_change_reason), (self.team.officer, REASON))

    def test_without_the_version_nothing_changes(self) -> None:
        for version, status in (("", 428), ("*", 428), ('"7"', 412), ("x", 412), ('"9999999999999999"', 412)):
            answer = self.patch({"urgency": "S1", "reason": REASON}, version)
            self.assertEqual((answer.status_code, answer["Content-Type"]), (status, make.PROBLEM))
        self.assertEqual(self.version(), 1)

    def test_a_stale_version_tells_the_current_one(self) -> None:
        self.patch({"urgency": "S1", "reason": REASON})
        answer = self.patch({"urgency": "S2", "reason": REASON})
        self.assertEqual((answer.status_code, answer.json()["current_version"]), (412, 2))

    def test_what_does_not_fit_is_named(self) -> None:
        for body, fields in (
            ({"urgency": "S9", "reason": REASON}, {"urgency"}),
            ({"urgency": 3, "reason": REASON}, {"urgency"}),
            ({"urgency": "S1"}, {"reason"}),
            ({"occurred_on": "2031-01-01", "reason": REASON}, {"occurred_on"}),
            ({"occurred_on": "1889-12-31", "reason": REASON}, {"occurred_on"}),
            ({"reason": REASON}, {""}),
            (
                {"facility": "KHONG-CO", "area": "x", "category": "KHONG", "reason": REASON},
                {"facility", "area", "category"},
            ),
            ({"facility": 1, "reason": REASON}, {"facility"}),
            ({"facility": "a\x00", "reason": REASON}, {"facility"}),
            ({"title": "\ud800", "reason": REASON}, {"title"}),
            ({"title": "", "reason": REASON}, {"title"}),
            ({"title": "x" * 201, "reason": REASON}, {"title"}),
            ({"is_confidential": "yes", "reason": REASON}, {"is_confidential"}),
            ({"occurred_on": "2026-02-30", "reason": REASON}, {"occurred_on"}),
            ({"occurred_on": 5, "reason": REASON}, {"occurred_on"}),
            ({"status": "closed", "reason": REASON}, {"status"}),
            ({"assignee": "x", "version": 3, "reason": REASON}, {"assignee", "version"}),
            ({"\ud800": 1, "reason": REASON, "urgency": "S1"}, {"?"}),
            ({"reason": "x" * 2001, "urgency": "S1"}, {"reason"}),
            ([], {""}),
            (None, {""}),
            ("x", {""}),
        ):
            with self.subTest(body=body):
                answer = self.patch(body)
                self.assertEqual((answer.status_code, answer["Content-Type"]), (400, make.PROBLEM), answer.content)
                self.assertEqual(set(answer.json()["fields"]), fields)
        self.assertEqual(self.version(), 1)

    def test_a_blank_reason_is_refused(self) -> None:
        self.assertEqual(self.patch({"urgency": "S1", "reason": "  "}).json()["code"], "reason_required")

    def test_only_who_may_correct_does(self) -> None:
        for caller, status in (
            (make.Caller(), 401),
            (make.Caller(user=self.team.stranger), 404),
            (make.Caller(user=self.team.director), 403),
            (make.system("doc", may_read=True)[1], 403),
            (make.system("doc-va-gui", may_read=True, may_send=True)[1], 403),
        ):
            answer = self.patch({"urgency": "S1", "reason": REASON}, caller=caller)
            self.assertEqual((answer.status_code, answer["Content-Type"]), (status, make.PROBLEM))
        self.assertEqual(self.version(), 1)

    def test_a_session_without_its_csrf_token_writes_nothing(self) -> None:
        self.officer.client.handler.enforce_csrf_checks = True
        answer = self.patch({"urgency": "S1", "reason": REASON})
        self.assertEqual((answer.status_code, answer["Content-Type"]), (403, make.PROBLEM))


class MoveTests(Writing):
    def move(self, body: object, version: str = '"1"', caller: make.Caller | None = None) -> object:
        headers = {"If_Match": version} if version else {}
        return (caller or self.officer).post(f"{self.path}moves/", body, **headers)

    def test_the_way_of_a_case_can_be_walked(self) -> None:
        forwarded = self.move({"to": "forwarded", "reason": REASON, "given": {"facility": "T01"}})
        self.assertEqual((forwarded.status_code, forwarded.json()["status"]), (200, "forwarded"), forwarded.content)
        facility = make.Caller(user=self.team.quality_officer)
        answered = self.move(
            {
                "to": "answered",
                "reason": REASON,
                "given": {"findings": "Đúng.", "measures": ["SM1"], "proposed_outcome": "OC01"},
            },
            forwarded["ETag"],
            facility,
        )
        self.assertEqual(answered.json()["answers"][0]["measures"], ["SM1"])

    def test_what_names_no_record_is_refused_beside_its_field(self) -> None:
        for to, field in (("forwarded", "facility"), ("assigned", "division"), ("merged", "target")):
            for nobody in ("9" * 5000, "9" * 18, "²", "abc", "T01\x00\x00x", "\x00", [], {"a": 1}, 1.5):
                with self.subTest(field=field, nobody=str(nobody)[:20]):
                    answer = self.move({"to": to, "reason": REASON, "given": {field: nobody}})
                    self.assertEqual((answer.status_code, answer["Content-Type"]), (400, make.PROBLEM))
                    named = {name.removeprefix("given.") for name in answer.json()["fields"]}
                    self.assertEqual(named, {field})
        self.assertEqual(self.version(), 1)

    def test_a_merge_names_what_it_went_into_and_is_undone(self) -> None:
        other = make.case(facility="T01", category="QUYTRINH.01")
        given = {"target": other.reference, "target_version": other.version + 1}
        stale = self.move({"to": "merged", "reason": REASON, "given": given})
        self.assertEqual((stale.status_code, stale.json()["code"]), (412, "stale_version"))
        merged = self.move({"to": "merged", "reason": REASON, "given": given | {"target_version": other.version}})
        self.assertEqual((merged.status_code, merged.json()["merged_into"]), (200, other.reference))
        self.assertEqual([move["to"] for move in merged.json()["moves"]], ["received"])
        undone = self.move({"to": "received", "reason": REASON}, merged["ETag"])
        self.assertEqual((undone.json()["status"], undone.json()["merged_into"]), ("received", None))

    def test_a_move_that_the_state_forbids_tells_the_allowed_ones(self) -> None:
        answer = self.move({"to": "closed", "reason": REASON})
        self.assertEqual((answer.status_code, answer.json()["code"]), (409, "move_refused"))
        self.assertIn("forwarded", answer.json()["allowed"])

    def test_refusals_have_their_status(self) -> None:
        for body, version, status, code in (
            ({"to": "triaged", "reason": REASON}, "", 428, "version_required"),
            ({"to": "triaged", "reason": REASON}, '"2"', 412, "stale_version"),
            ({"to": "triaged", "reason": " "}, '"1"', 400, "reason_required"),
            ({"to": "nowhere", "reason": REASON}, '"1"', 400, "invalid"),
            ({"to": 5, "reason": REASON}, '"1"', 400, "invalid"),
            ({"to": "triaged"}, '"1"', 400, "invalid"),
            ({"to": "forwarded", "reason": REASON}, '"1"', 400, "invalid"),
            ({"to": "triaged", "reason": REASON, "force": True}, '"1"', 400, "invalid"),
            ({"to": "triaged", "reason": REASON, "given": []}, '"1"', 400, "invalid"),
        ):
            with self.subTest(body=body):
                answer = self.move(body, version)
                self.assertEqual((answer.status_code, answer.json()["code"]), (status, code), answer.content)
        self.assertEqual(self.version(), 1)

    def test_details_that_do_not_fit_are_named(self) -> None:
        for given, field in (
            ({"facility": "KHONG-CO"}, "facility"),
            ({"facility": "²"}, "facility"),
            ({"facility": "9" * 30}, "facility"),
            ({"facility": 1}, "given.facility"),
            ({"facility": "T01", "files": []}, "given.files"),
            ({"facility": "a\x00"}, "given.facility"),
        ):
            with self.subTest(given=given):
                answer = self.move({"to": "forwarded", "reason": REASON, "given": given})
                self.assertEqual((answer.status_code, list(answer.json()["fields"])), (400, [field]), answer.content)
        for given, field in (({"division": "²"}, "division"), ({"division": "KTPC", "assignee": "²"}, "assignee")):
            answer = self.move({"to": "assigned", "reason": REASON, "given": given})
            self.assertEqual((answer.status_code, list(answer.json()["fields"])), (400, [field]), answer.content)

    def test_only_who_may_move_does(self) -> None:
        for caller, status in (
            (make.Caller(), 401),
            (make.Caller(user=self.team.stranger), 404),
            (make.Caller(user=self.team.auditor), 403),
            (make.system("doc-va-gui", may_read=True, may_send=True)[1], 403),
        ):
            self.assertEqual(self.move({"to": "triaged", "reason": REASON}, caller=caller).status_code, status)
        self.assertEqual(self.version(), 1)

    def test_a_move_out_of_ones_sight_is_answered_without_a_body(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        may(self.team.division_officer, "feedback.triage_case", "feedback.view_facility_case")
        make.Membership.objects.create(user=self.team.division_officer, facility=self.team.hospital)
        answer = make.Caller(user=self.team.division_officer).post(
            make.case_path(case, "moves/"), {"to": "triaged", "reason": REASON}, If_Match=f'"{case.version}"'
        )
        self.assertEqual((answer.status_code, answer.content), (204, b""))


class NoteTests(Writing):
    def note(self, body: object, caller: make.Caller | None = None, path: str = "") -> object:
        return (caller or self.officer).post(f"{path or self.path}notes/", body)

    def test_a_note_is_kept_for_its_audience(self) -> None:
        answer = self.note({"text": "Đã gọi bệnh viện."})
        self.assertEqual((answer.status_code, answer.json()["audience"]), (201, "department"))
        self.assertEqual(Note.objects.get().by, self.team.officer)

    def test_a_facility_writes_for_itself_and_the_department_only(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        facility, path = make.Caller(user=self.team.quality_officer), make.case_path(case)
        self.assertEqual(self.note({"text": "Đã nhận."}, facility, path).json()["audience"], "facility")
        for audience in ("citizen", "department"):
            self.assertEqual(self.note({"text": "x", "audience": audience}, facility, path).status_code, 400)

    def test_what_does_not_fit_is_named(self) -> None:
        for body, field in (
            ({}, "text"),
            ({"text": ""}, "text"),
            ({"text": "a\x00"}, "text"),
            ({"text": 5}, "text"),
            ({"text": "x" * 5001}, "text"),
            ({"text": "x", "audience": "all"}, "audience"),
            ({"text": "x", "by": 1}, "by"),
        ):
            with self.subTest(body=body):
                answer = self.note(body)
                self.assertEqual((answer.status_code, list(answer.json()["fields"])), (400, [field]), answer.content)
        self.assertFalse(Note.objects.exists())

    def test_only_who_may_note_does(self) -> None:
        for caller, status in (
            (make.Caller(), 401),
            (make.Caller(user=self.team.stranger), 404),
            (make.Caller(user=self.team.auditor), 403),
        ):
            self.assertEqual(self.note({"text": "x"}, caller).status_code, status)
