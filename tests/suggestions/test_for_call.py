"""What the operator's screen is told while somebody types: reasons, and only cases that the operator sees."""

from typing import Any

from django.test import TestCase, override_settings

from facilities.models import Facility
from facilities.services.loading import load_areas, load_demo_facilities
from feedback.models import Case
from tests.feedback import factories as make
from tests.public.pages import text_of

ASK = "/console/goi-y/cuoc-goi.json"
BODY = "Nhà vệ sinh khoa nội bệnh viện Lam Kiều hôi thối, nước ngập, rác để cả tuần không ai dọn."
TWIN = "Bệnh viện Lam Kiều: nhà vệ sinh khoa nội nước ngập hôi thối, rác cả tuần không ai dọn."


class ForCallTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        load_areas()
        load_demo_facilities()
        cls.team = make.Team()
        cls.colleague = make.person("operator")
        cls.facility = Facility.objects.get(code="DEMO001")

    def recorded(self, by: Any, **changes: Any) -> Case:
        return make.case(by=by, body=TWIN, facility=self.facility.code, **changes)

    def told(self, by: Any, body: str = BODY) -> dict[str, Any]:
        self.client.force_login(by)
        answer = self.client.post(ASK, {"body": body})
        self.assertEqual(answer.status_code, 200)
        self.assertIn("no-store", answer["Cache-Control"])
        told: dict[str, Any] = answer.json()
        return told

    def test_facility_and_category_come_with_the_words_they_were_read_from(self) -> None:
        lines = self.told(self.team.operator)["lines"]
        self.assertIn(("facility", "DEMO001"), [(line["field"], line["value"]) for line in lines])
        first = next(line for line in lines if line["field"] == "category")
        self.assertEqual(first["value"], "COSO.01")
        self.assertIn("hôi thối", first["why"])

    def test_a_case_of_the_same_matter_is_told_to_those_who_see_it(self) -> None:
        mine, theirs = self.recorded(self.team.operator), self.recorded(self.colleague)
        self.assertEqual([one["reference"] for one in self.told(self.team.operator)["twins"]], [mine.reference])
        both = {one["reference"] for one in self.told(self.team.officer)["twins"]} if self.may_record() else None
        self.assertIn(both, (None, {mine.reference, theirs.reference}))

    def may_record(self) -> bool:
        return self.team.officer.has_perm("feedback.record_case")

    def test_a_confidential_case_is_told_to_nobody(self) -> None:
        self.recorded(self.team.operator, is_confidential=True)
        self.assertEqual(self.told(self.team.operator)["twins"], [])

    def test_a_few_letters_suggest_nothing(self) -> None:
        self.assertEqual(self.told(self.team.operator, "Alo"), {"lines": [], "twins": [], "seal": ""})

    def test_rubbish_is_no_fault(self) -> None:
        for body in ("\x00" * 50, "🙂" * 500, "| & ! ( ) :* ' \\ " * 20, "a" * 50_000, "1 2 3 " * 500):
            self.told(self.team.operator, body)

    def test_who_records_no_calls_is_refused_and_nothing_is_asked_by_address(self) -> None:
        self.client.force_login(make.person("operator"))
        self.assertEqual(self.client.get(ASK, {"body": BODY}).status_code, 405)
        self.client.force_login(make.person("facility_officer", facility=self.facility))
        self.assertEqual(self.client.post(ASK, {"body": BODY}).status_code, 403)

    @override_settings(SUGGESTIONS_ARE_ON=False)
    def test_switched_off_it_is_not_there(self) -> None:
        self.client.force_login(self.team.operator)
        self.assertEqual(self.client.post(ASK, {"body": BODY}).status_code, 404)

    def test_the_form_has_its_place_and_its_script(self) -> None:
        self.client.force_login(self.team.operator)
        text = text_of(self.client.get("/console/ghi-nhan/"))
        self.assertIn(f'data-suggest="{ASK}"', text)
        self.assertIn("console/suggest.js", text)
