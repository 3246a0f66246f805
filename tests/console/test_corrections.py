"""Correcting a case: what changed, by whom and why; two people at once lose nothing."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.test import TestCase

from feedback.choices import Status
from feedback.models import Case, Category
from tests.console.test_case_page import address
from tests.feedback import factories as make
from tests.forms import form_in


class CorrectionTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.category = Category.objects.get(code="QUYTRINH.01")

    def form(self, user: AbstractUser, case: Case) -> dict[str, Any]:
        """The form as the browser holds it."""
        self.client.force_login(user)
        page = self.client.get(address(case, "correction"))
        return {field.html_name: field.value() or "" for field in page.context_data["form"]}

    def send(self, user: AbstractUser, case: Case, form: dict[str, Any]) -> Any:
        self.client.force_login(user)
        return self.client.post(address(case, "correction"), {name: value for name, value in form.items() if value})

    def test_changes_only_what_was_changed(self) -> None:
        case = make.case(facility=self.team.hospital.code)
        form = self.form(self.team.officer, case)
        answer = self.send(self.team.officer, case, form | {"category": self.category.pk, "reason": "phân loại lại"})
        self.assertRedirects(answer, address(case), fetch_redirect_response=False)
        fresh = Case.objects.get(pk=case.pk)
        self.assertEqual((fresh.category, fresh.facility, fresh.title), (self.category, self.team.hospital, case.title))
        self.assertEqual(fresh.version, case.version + 1)
        self.assertEqual(fresh.history.first().history_change_reason, "phân loại lại")

    def test_needs_a_change_and_a_reason(self) -> None:
        case = make.case()
        form = self.form(self.team.officer, case)
        self.assertEqual(self.send(self.team.officer, case, form | {"reason": "vì sao"}).status_code, 422)
        self.assertEqual(self.send(self.team.officer, case, form | {"urgency": "S1"}).status_code, 422)
        self.assertEqual(Case.objects.get(pk=case.pk).version, case.version)

    def test_a_day_to_come_is_refused_beside_its_field(self) -> None:
        case = make.case()
        form = self.form(self.team.officer, case)
        answer = self.send(self.team.officer, case, form | {"occurred_on": "01/01/2031", "reason": "người gọi nói lại"})
        self.assertEqual(answer.status_code, 422)
        self.assertIn("occurred_on", answer.context_data["form"].errors)
        self.assertEqual(Case.objects.get(pk=case.pk).version, case.version)

    def test_a_case_at_a_facility_stays_there(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        form = self.form(self.team.officer, case) | {"facility": self.team.other_hospital.pk, "urgency": "S2"}
        self.send(self.team.officer, case, form | {"reason": "nhầm"})
        fresh = Case.objects.get(pk=case.pk)
        self.assertEqual((fresh.facility, fresh.urgency), (self.team.hospital, "S2"))

    def test_only_who_classifies_corrects(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        for user in (self.team.quality_officer, self.team.director, self.team.auditor):
            self.client.force_login(user)
            self.assertEqual(self.client.get(address(case, "correction")).status_code, 403)
            self.assertEqual(self.client.post(address(case, "correction"), {"title": "x"}).status_code, 403)

    def test_odd_values_are_refused_without_failing(self) -> None:
        case = make.case()
        form = self.form(self.team.officer, case) | {"reason": "thử"}
        for name in ("facility", "area", "category", "urgency", "occurred_on", "version"):
            for odd in ("abc", "9" * 40, "-1", "31/02/2026"):
                with self.subTest(name=name, odd=odd):
                    self.assertEqual(self.send(self.team.officer, case, form | {name: odd}).status_code, 422)


class TwoAtOnceTests(CorrectionTests):
    def conflict(self) -> tuple[Case, Any]:
        """Hà changes urgency and title while Minh changes urgency and the day."""
        case = make.case()
        minh, ha = self.form(self.team.officer, case), self.form(self.team.second_officer, case)
        self.send(self.team.second_officer, case, ha | {"urgency": "S2", "title": "Của Hà", "reason": "nặng"})
        mine = minh | {"urgency": "S1", "occurred_on": "20/11/2026", "reason": "khẩn"}
        return case, self.send(self.team.officer, case, mine)

    def choose(self, page: Any, **picks: str) -> dict[str, Any]:
        """The conflict page's form, with the radio buttons as chosen."""
        wished = page.context_data["wished"]
        chosen = {f"pick-{name}": "mine" for name in wished} | {f"pick-{name}": pick for name, pick in picks.items()}
        return form_in(page, "wished") | chosen

    def test_shows_theirs_and_mine_and_changes_nothing_yet(self) -> None:
        case, page = self.conflict()
        self.assertEqual(page.status_code, 409)
        rows = {row.key: row for row in page.context_data["sections"][0].rows}
        self.assertEqual({name for name, row in rows.items() if row.is_contested}, {"urgency"})
        self.assertEqual({name for name, row in rows.items() if row.is_wished}, {"urgency", "occurred_on"})
        self.assertEqual((rows["title"].theirs, rows["occurred_on"].mine), ("Của Hà", "20/11/2026"))
        self.assertEqual(Case.objects.get(pk=case.pk).urgency, "S2")

    def test_mine_overwrites_only_where_i_chose(self) -> None:
        case, page = self.conflict()
        self.assertEqual(self.send(self.team.officer, case, self.choose(page)).status_code, 302)
        fresh = Case.objects.get(pk=case.pk)
        self.assertEqual((fresh.urgency, fresh.title, str(fresh.occurred_on)), ("S1", "Của Hà", "2026-11-20"))

    def test_theirs_stays_where_i_gave_way(self) -> None:
        case, page = self.conflict()
        self.send(self.team.officer, case, self.choose(page, urgency="theirs"))
        fresh = Case.objects.get(pk=case.pk)
        self.assertEqual((fresh.urgency, fresh.title, str(fresh.occurred_on)), ("S2", "Của Hà", "2026-11-20"))

    def test_a_third_person_in_between_is_another_conflict(self) -> None:
        case, page = self.conflict()
        chosen = self.choose(page)
        third = self.form(self.team.lead, case)
        self.send(self.team.lead, case, third | {"urgency": "S4", "reason": "nhẹ"})
        answer = self.send(self.team.officer, case, chosen)
        self.assertEqual(answer.status_code, 409)
        self.assertEqual(Case.objects.get(pk=case.pk).urgency, "S4")

    def test_a_version_that_never_was_overwrites_nothing(self) -> None:
        case = make.case()
        form = self.form(self.team.officer, case) | {"version": 999, "urgency": "S1", "reason": "thử"}
        self.assertEqual(self.send(self.team.officer, case, form).status_code, 409)
        self.assertEqual(Case.objects.get(pk=case.pk).urgency, case.urgency)
