"""Each step's form makes that step; refusals and quicker colleagues never cost what was typed."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse

from accounts.models import User
from facilities.models import Division
from feedback.choices import Status
from feedback.models import Answer, Attachment, Case, Reply
from feedback.transitions import MOVES
from tests.console.test_case_page import address
from tests.feedback import factories as make
from tests.files import PNG


class StepTestCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()

    def given(self, asks: tuple[str, ...], target: Case | None = None) -> dict[str, Any]:
        """Something valid for every field of a step's form, as a browser sends it."""
        values = make.GIVEN | {
            "facility": self.team.hospital.pk,
            "division": Division.objects.get(code=self.team.division.code).pk,
            "assignee": self.team.second_officer.pk,
            "target": target.reference if target else "",
            "measures": ["SM1", "SM2"],
            "measures_text": "Nhắc nhở.",
        }
        names = [ask.removesuffix("*") for ask in asks]
        return {name: values[name] for name in names if name in values}

    def send(self, user: AbstractUser, case: Case, to: str, **form: Any) -> Any:
        self.client.force_login(user)
        data = {"version": case.version, "reason": "theo quy trình"} | form
        return self.client.post(address(case, "step", to), data)

    def actor(self, source: Status, target: Status) -> User:
        right = MOVES[source, target].right
        if right == "feedback.answer_case":
            return self.team.quality_officer
        if right == "feedback.handle_case":
            return self.team.division_officer
        return self.team.lead


UNSEEN = {"reply_joined", "target_version"}  # only where others were merged into the case; a hidden field


class EveryStepTests(StepTestCase):
    def test_every_step_has_a_form_that_makes_it(self) -> None:
        for (source, target), move in MOVES.items():
            with self.subTest(source=source, target=target):
                case, other = make.case_before(source, target, self.team), make.case()
                user = self.actor(source, target)
                self.client.force_login(user)
                page = self.client.get(address(case, "step", target))
                self.assertContains(page, f'data-form="move-{target}"')
                asked = {field.name for field in page.context_data["form"].visible_fields()}
                asks = {ask.removesuffix("*") for ask in move.asks} - UNSEEN
                self.assertEqual(asked, asks | {"reason"})
                answer = self.send(user, case, target, **self.given(move.asks, other))
                self.assertEqual(answer.status_code, 302, getattr(answer, "context_data", {}))
                case.refresh_from_db()
                self.assertEqual(case.status, target)
                self.assertEqual(case.history.first().history_user, user)
                self.assertEqual(case.history.first().history_change_reason, "theo quy trình")

    def test_an_answer_is_kept_with_its_measures_and_files(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        form = self.given(MOVES[Status.FORWARDED, Status.ANSWERED].asks)
        uploads = [SimpleUploadedFile(f"bien ban {number}.png", PNG, "image/png") for number in (1, 2)]
        self.send(self.team.quality_officer, case, Status.ANSWERED, **form, files=uploads)
        answer = Answer.objects.get(case=case)
        self.assertEqual((answer.measures, answer.facility), (["SM1", "SM2"], self.team.hospital))
        self.assertEqual(Attachment.objects.filter(answer=answer).count(), 2)

    def test_a_step_that_takes_the_case_out_of_sight_leads_back_to_the_list(self) -> None:
        case = make.case_in(Status.ASSIGNED, self.team)
        case.assignee = None
        outsider = make.person("officer")
        answer = self.send(outsider, case, Status.FORWARDED, facility=self.team.hospital.pk)
        self.assertRedirects(answer, address(case), fetch_redirect_response=False)
        operator_case = make.case(by=self.team.operator)
        answer = self.send(self.team.operator, operator_case, Status.OUT_OF_SCOPE)
        self.assertEqual(answer.status_code, 302)


class RefusalTests(StepTestCase):
    def test_missing_details_and_reason_are_said_beside_their_fields(self) -> None:
        case = make.case_in(Status.CONFIRMED, self.team)
        answer = self.send(self.team.officer, case, Status.REPLIED, reply="", way="phone", reason="")
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(set(answer.context_data["form"].errors), {"reply", "reason"})
        self.assertFalse(Reply.objects.exists())

    def test_what_was_typed_survives_a_refusal(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        long_text = "Đã họp khoa và rút kinh nghiệm."
        answer = self.send(self.team.quality_officer, case, Status.ANSWERED, findings=long_text, reason="")
        self.assertContains(answer, long_text, status_code=422)
        wrong = SimpleUploadedFile("virus.exe", b"MZ", "application/octet-stream")
        form = self.given(MOVES[Status.FORWARDED, Status.ANSWERED].asks) | {"findings": long_text}
        answer = self.send(self.team.quality_officer, case, Status.ANSWERED, **form, files=[wrong])
        self.assertContains(answer, long_text, status_code=422)
        self.assertIn("files", answer.context_data["form"].errors)
        case.refresh_from_db()
        self.assertEqual(case.status, Status.FORWARDED)

    def test_odd_values_are_refused_without_failing(self) -> None:
        case = make.case()
        for odd in ("abc", "-1", "9" * 40, "\x00", "1 OR 1=1"):
            with self.subTest(odd=odd):
                answer = self.send(self.team.officer, case, Status.FORWARDED, facility=odd)
                self.assertEqual(answer.status_code, 422)
                answer = self.send(self.team.officer, case, Status.ASSIGNED, division=odd, assignee=odd)
                self.assertEqual(answer.status_code, 422)
                answer = self.send(self.team.officer, case, Status.MERGED, target=odd)
                self.assertEqual(answer.status_code, 422)
                answer = self.send(self.team.officer, case, Status.TRIAGED, version=odd)
                self.assertIn(answer.status_code, (409, 422))

    def test_confidential_cases_do_not_go_to_facilities(self) -> None:
        case = make.case(channel="HOTLINE_VBMT")
        answer = self.send(self.team.lead, case, Status.FORWARDED, facility=self.team.hospital.pk)
        self.assertEqual(answer.status_code, 422)
        self.assertTrue(answer.context_data["form"].errors)

    def test_the_second_person_rule_holds_at_this_door(self) -> None:
        case = make.case_in(Status.CHECKED, self.team)  # checked by the officer
        self.client.force_login(self.team.officer)
        self.assertEqual(self.client.get(address(case, "step", Status.CONFIRMED)).status_code, 403)
        answer = self.send(self.team.officer, case, Status.CONFIRMED)
        self.assertTrue(answer.context_data["form"].non_field_errors())
        self.assertEqual(self.send(self.team.second_officer, case, Status.CONFIRMED).status_code, 302)

    def test_a_review_goes_to_somebody_else(self) -> None:
        case = make.case_in(Status.CLOSED, self.team)
        answer = self.send(self.team.lead, case, Status.IN_REVIEW, assignee=self.team.officer.pk)
        self.assertIn("assignee", answer.context_data["form"].errors)

    def test_steps_without_the_right_are_not_there(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        self.client.force_login(self.team.quality_officer)
        self.assertEqual(self.client.get(address(case, "step", Status.TRIAGED)).status_code, 403)
        answer = self.send(self.team.quality_officer, case, Status.TRIAGED)
        self.assertTrue(answer.context_data["form"].non_field_errors())
        case.refresh_from_db()
        self.assertEqual(case.status, Status.FORWARDED)

    def test_steps_that_the_state_does_not_allow_lead_back_or_are_refused(self) -> None:
        case = make.case()
        self.client.force_login(self.team.officer)
        answer = self.client.get(address(case, "step", Status.CONFIRMED))
        self.assertRedirects(answer, address(case), fetch_redirect_response=False)
        self.assertTrue(self.send(self.team.officer, case, Status.CONFIRMED).context_data["form"].errors)
        self.assertEqual(self.send(self.team.officer, case, "no-such").status_code, 404)
        self.assertEqual(self.client.get(address(case, "step", "no-such")).status_code, 302)


class QuickerColleagueTests(StepTestCase):
    def test_shows_what_happened_and_keeps_what_was_typed(self) -> None:
        case = make.case_in(Status.ANSWERED, self.team)
        old = case.version
        self.send(self.team.second_officer, case, Status.CHECKED, outcome="OC01", reason="đủ hồ sơ")
        answer = self.send(self.team.officer, case, Status.RETURNED, version=old, reason="thiếu biên bản")
        self.assertEqual(answer.status_code, 409)
        self.assertContains(answer, "thiếu biên bản", status_code=409)
        self.assertContains(answer, "đủ hồ sơ", status_code=409)
        self.assertFalse(answer.context_data["is_possible"])
        case.refresh_from_db()
        self.assertEqual(case.status, Status.CHECKED)

    def test_a_step_that_is_still_possible_is_made_on_the_second_press(self) -> None:
        case = make.case()
        old = case.version
        self.client.force_login(self.team.second_officer)
        page = address(case, "correction")
        form = {field.html_name: field.value() or "" for field in self.client.get(page).context_data["form"]}
        self.client.post(page, form | {"urgency": "S2", "reason": "nặng"})
        answer = self.send(self.team.officer, case, Status.TRIAGED, version=old, reason="nhận")
        self.assertEqual(answer.status_code, 409)
        self.assertTrue(answer.context_data["is_possible"])
        again = {field.html_name: field.value() for field in answer.context_data["form"]}
        self.client.force_login(self.team.officer)
        self.client.post(address(case, "step", Status.TRIAGED), again)
        case.refresh_from_db()
        self.assertEqual((case.status, case.urgency), (Status.TRIAGED, "S2"))

    def test_a_facility_learns_only_what_is_for_it(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        old = case.version
        self.client.force_login(self.team.officer)
        page = address(case, "correction")
        form = {field.html_name: field.value() or "" for field in self.client.get(page).context_data["form"]}
        self.client.post(page, form | {"urgency": "S2", "reason": "LÝ DO NỘI BỘ"})
        form = self.given(MOVES[Status.FORWARDED, Status.ANSWERED].asks)
        answer = self.send(self.team.quality_officer, case, Status.ANSWERED, **form, version=old)
        self.assertEqual(answer.status_code, 409)
        self.assertNotContains(answer, "LÝ DO NỘI BỘ", status_code=409)

    def test_a_case_that_went_away_is_not_there(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        old = case.version
        self.send(self.team.officer, case, Status.TRIAGED)
        form = self.given(MOVES[Status.FORWARDED, Status.ANSWERED].asks)
        answer = self.send(self.team.quality_officer, case, Status.ANSWERED, **form, version=old)
        self.assertEqual(answer.status_code, 404)


class OfferTests(StepTestCase):
    def test_offers_facilities_that_fit_what_the_reporter_said(self) -> None:
        from facilities.services import refresh_words

        refresh_words()
        case = make.case(facility_said="bv lam kieu")
        self.client.force_login(self.team.officer)
        page = self.client.get(address(case, "step", Status.FORWARDED))
        self.assertEqual([facility.pk for facility in page.context_data["offers"]], [self.team.hospital.pk])
        page = self.client.get(address(case, "step", Status.FORWARDED), {"facility": self.team.hospital.pk})
        self.assertContains(page, f'<option value="{self.team.hospital.pk}" selected>')
        for odd in ("abc", "-1", "9" * 40):
            page = self.client.get(address(case, "step", Status.FORWARDED), {"facility": odd})
            self.assertEqual(page.status_code, 200)

    def test_the_picker_offers_facilities_by_any_spelling(self) -> None:
        self.client.force_login(self.team.officer)
        words = {"app_label": "feedback", "model_name": "case", "field_name": "facility", "term": "benh vien"}
        self.assertEqual(self.client.get(reverse("admin:autocomplete"), words).status_code, 200)
