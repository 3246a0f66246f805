"""Recusals in the console."""

from typing import Any

from django.test import Client, TestCase
from django.urls import reverse

from accounts.models import Ground, Recusal
from feedback.choices import Status
from feedback.models import CaseRecusal
from tests.feedback import factories as make
from tests.feedback.test_recusals import WHY

SENT = {"ground": Ground.FAMILY, "reason": WHY}
FORBIDDEN, ABSENT = 403, 404


class RecusalPages(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.case = make.case_in(Status.TRIAGED, cls.team, facility=cls.team.hospital.code)
        cls.page = reverse("admin:feedback_case_change", args=[cls.case.pk])
        cls.recuse = reverse("admin:feedback_case_recuse", args=[cls.case.pk])
        cls.all = reverse("admin:feedback_case_recusals")

    def of(self, person: Any) -> Client:
        client = Client()
        client.force_login(person)
        return client

    def test_an_officer_says_so_on_the_case_page_and_the_case_is_gone(self) -> None:
        officer = self.of(self.team.officer)
        self.assertContains(officer.get(self.page), self.recuse)
        self.assertNotContains(officer.get(self.recuse), 'name="person"')
        answer = officer.post(self.recuse, SENT | {"person": self.team.lead.pk}, follow=True)
        self.assertContains(answer, "Anh/chị không còn xử lý phản ánh này")
        self.assertEqual(CaseRecusal.objects.get().user, self.team.officer)  # a forged name counts for nothing
        self.assertEqual(officer.get(self.page).status_code, ABSENT)
        self.assertNotContains(officer.get(reverse("admin:feedback_case_changelist")), self.case.reference)
        self.assertNotContains(officer.get("/console/"), self.case.reference)

    def test_a_lead_keeps_somebody_else_from_it_and_a_third_person_lifts_it(self) -> None:
        lead, director = self.of(self.team.lead), self.of(self.team.director)
        lead.post(self.recuse, SENT | {"person": self.team.second_officer.pk})
        held = CaseRecusal.objects.get()
        one = reverse("admin:feedback_case_recusal", args=["case", held.pk])
        self.assertContains(lead.get(self.all), self.case.reference)
        self.assertNotContains(lead.get(one), 'data-form="lift"')
        self.assertContains(lead.post(one, {"reason": "Không còn liên quan"}), "Người thứ ba")
        self.assertContains(director.get(one), WHY)
        director.post(one, {"reason": "Không còn liên quan"})
        held.refresh_from_db()
        self.assertEqual(held.lifted_by, self.team.director)
        self.assertContains(lead.get(self.all), "data-empty")
        self.assertContains(lead.get(f"{self.all}?state=lifted"), self.case.reference)

    def test_ones_own_page_keeps_one_from_a_facility(self) -> None:
        officer, own = self.of(self.team.quality_officer), reverse("admin:feedback_case_from_facility")
        self.assertContains(officer.get("/console/"), own)
        officer.post(own, SENT | {"facility": self.team.other_hospital.pk})
        held = Recusal.objects.get()
        self.assertEqual((held.user, held.facility), (self.team.quality_officer, self.team.other_hospital))
        self.assertContains(officer.get(own), self.team.other_hospital.name)
        refused = officer.post(own, SENT | {"facility": self.team.other_hospital.pk})
        self.assertContains(refused, "đã từ chối")

    def test_the_list_of_facilities_is_filtered_by_person(self) -> None:
        self.of(self.team.lead).post(
            reverse("admin:feedback_case_from_facility"),
            SENT | {"facility": self.team.hospital.pk, "person": self.team.officer.pk},
        )
        lead = self.of(self.team.lead)
        self.assertContains(lead.get(f"{self.all}?kind=facility&q={self.team.officer.username}"), "Lam Kiều")
        self.assertContains(lead.get(f"{self.all}?kind=facility&q=khong-co-ai"), "data-empty")
        for rubbish in ("kind=x&state=y", "after=zz", "before=1.2"):
            self.assertEqual(lead.get(f"{self.all}?{rubbish}").status_code, 200)

    def test_who_may_not_has_no_pages(self) -> None:
        for person in (self.team.officer, self.team.quality_officer):
            self.assertEqual(self.of(person).get(self.all).status_code, FORBIDDEN)
        sysadmin = self.of(make.person("sysadmin"))
        for address in (self.recuse, self.all, reverse("admin:feedback_case_from_facility")):
            self.assertEqual(sysadmin.get(address).status_code, FORBIDDEN)
        self.assertEqual(self.of(self.team.stranger).get(self.recuse).status_code, ABSENT)
        self.assertEqual(
            self.of(self.team.lead).get(reverse("admin:feedback_case_recusal", args=["khac", 1])).status_code, ABSENT
        )
