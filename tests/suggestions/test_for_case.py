"""The panel of a case: what its text suggests beyond how it is filed, and one press that files it."""

from typing import Any

from django.test import TestCase, override_settings

from facilities.models import Facility
from facilities.services.loading import load_areas, load_demo_facilities
from feedback.choices import Status
from feedback.models import Case
from suggestions.for_case import TAKEN_OVER
from suggestions.models import About, Door, Fit, SuggestionChoice
from tests.feedback import factories as make
from tests.public.pages import text_of

BODY = "Nhà vệ sinh khoa nội bệnh viện Lam Kiều hôi thối, nước ngập, rác để cả tuần không ai dọn."
UNNAMED = "Nhà vệ sinh khoa nội hôi thối, nước ngập lênh láng, rác để cả tuần không ai dọn."


class ForCaseTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        load_areas()
        load_demo_facilities()
        cls.team = make.Team()
        cls.facility = Facility.objects.get(code="DEMO001")

    def setUp(self) -> None:
        self.client.force_login(self.team.officer)

    def case(self, body: str = BODY, **changes: Any) -> Case:
        return make.case(by=self.team.officer, body=body, **{"category": "", "facility": "", **changes})

    def address(self, case: Case) -> str:
        return f"/console/goi-y/vu-viec/{case.pk}/"

    def press(self, case: Case, field: str, value: str, version: int | None = None) -> Any:
        given = {"field": field, "value": value, "version": case.version if version is None else version}
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post(self.address(case), given)

    def test_the_page_of_a_case_has_the_place_and_the_panel_names_field_and_words(self) -> None:
        case = self.case()
        page = text_of(self.client.get(f"/console/feedback/case/{case.pk}/change/"))
        self.assertIn(f'data-case-suggestions="{self.address(case)}?phan=1"', page)
        panel = text_of(self.client.get(f"{self.address(case)}?phan=1"))
        self.assertIn('data-value="DEMO001"', panel)
        self.assertIn('data-value="COSO.01"', panel)
        self.assertIn("hôi thối", panel)
        self.assertNotIn("<html", panel)
        self.assertIn("<html", text_of(self.client.get(self.address(case))))  # without scripts, a page of its own

    def test_a_press_files_the_case_with_history_and_can_be_corrected_back(self) -> None:
        case = self.case()
        self.assertEqual(self.press(case, "category", "COSO.01").status_code, 302)
        case.refresh_from_db()
        assert case.category is not None
        self.assertEqual((case.category.code, case.version), ("COSO.01", 2))
        past = case.history.order_by("-history_id").first()  # type: ignore[attr-defined]
        self.assertEqual((past.history_user, past.history_change_reason), (self.team.officer, TAKEN_OVER))
        self.assertEqual(self.press(case, "facility", "DEMO001").status_code, 302)
        case.refresh_from_db()
        self.assertEqual(case.facility, self.facility)
        self.assertIn("data-suggest-none", text_of(self.client.get(f"{self.address(case)}?phan=1")))
        kept = SuggestionChoice.objects.order_by("id").values_list("door", "about", "suggested", "chosen", "fit")
        self.assertEqual(
            list(kept),
            [
                (Door.CASE, About.CATEGORY, "COSO.01", "COSO.01", Fit.TAKEN),
                (Door.CASE, About.FACILITY, "DEMO001", "DEMO001", Fit.TAKEN),
            ],
        )

    def test_what_somebody_changed_meanwhile_is_not_overwritten(self) -> None:
        case = self.case()
        self.press(case, "category", "COSO.01")
        answer = self.press(case, "facility", "DEMO001", version=1)
        self.assertEqual(answer.status_code, 409)
        case.refresh_from_db()
        self.assertIsNone(case.facility)
        self.assertEqual(SuggestionChoice.objects.count(), 1)

    def test_only_what_is_suggested_can_be_taken(self) -> None:
        case = self.case()
        for field, value in (("category", "TTHC.01"), ("facility", "DEMO002"), ("status", "closed"), ("scope", "")):
            with self.subTest(field):
                self.assertGreaterEqual(self.press(case, field, value).status_code, 400)
        case.refresh_from_db()
        self.assertEqual(case.version, 1)

    def test_a_case_of_the_same_matter_is_found_without_a_facility_and_leads_to_the_merge(self) -> None:
        one, two = self.case(UNNAMED), self.case(UNNAMED.replace("lênh láng", "khắp nơi"))
        panel = text_of(self.client.get(f"{self.address(one)}?phan=1"))
        self.assertIn(f'data-twin="{two.reference}"', panel)
        self.assertIn(f"/console/feedback/case/{one.pk}/gop/?voi={two.reference}", panel)
        self.assertIn("nước ngập", panel)

    def test_a_confidential_or_ended_case_has_none(self) -> None:
        hidden = self.case(is_confidential=True)
        self.client.force_login(self.team.lead)
        self.assertEqual(self.client.get(self.address(hidden)).status_code, 404)
        self.assertNotIn("data-twin", text_of(self.client.get(f"{self.address(self.case())}?phan=1")))
        ended = make.case_in(Status.CLOSED, self.team)
        self.assertNotIn(
            "data-case-suggestions", text_of(self.client.get(f"/console/feedback/case/{ended.pk}/change/"))
        )

    def test_who_does_not_sort_cases_is_refused(self) -> None:
        case = self.case()
        self.client.force_login(self.team.operator)
        self.assertEqual(self.client.get(self.address(case)).status_code, 403)
        self.assertEqual(self.press(case, "category", "COSO.01").status_code, 403)

    @override_settings(SUGGESTIONS_ARE_ON=False)
    def test_switched_off_there_is_no_place(self) -> None:
        case = self.case()
        self.assertEqual(self.client.get(self.address(case)).status_code, 404)
        self.assertNotIn("data-case-suggestions", text_of(self.client.get(f"/console/feedback/case/{case.pk}/change/")))
