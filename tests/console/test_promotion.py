"""From a feedback case to an incident report: what the facility gets, who sees the link, and that it happens once."""

from django.http import Http404
from django.test import TestCase
from django.urls import reverse

from common.exceptions import InvalidInput, MoveRefused, RightMissing
from console import promotion
from feedback.models import Note
from incidents import services
from incidents.choices import Status
from incidents.models import Incident
from links.services import shown
from notifications.models import Outbox
from tests.feedback import factories as make
from tests.feedback.factories import Team, fresh
from tests.incidents import factories as incidents


class PromotionTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = Team()
        cls.checker = make.person("division_officer", division=make.division("NVY", "Phòng Nghiệp vụ Y"))

    def case_in(self, status: str):
        return make.case_in(status, self.team)

    def test_a_released_case_is_told_without_retyping_and_without_who_reported(self) -> None:
        case = self.case_in("forwarded")
        self.client.force_login(self.team.officer)
        address = reverse("admin:feedback_case_ask_incident", args=[case.pk])
        page = self.client.get(address)
        text = page.context["form"]["description"].value()
        self.assertIn(case.body, text)
        self.client.post(address, {"description": text})
        incident = Incident.objects.get()
        self.assertEqual((incident.facility, incident.status), (case.facility, Status.DRAFT))
        self.assertIn(case.body, incident.description)
        self.assertEqual((incident.reporter_role, incident.is_named), ("", False))
        told = set(Outbox.objects.filter(template="incident_asked").values_list("recipient_id", flat=True))
        self.assertEqual(told, {self.team.quality_officer.pk})

    def test_each_sees_the_link_only_with_its_other_end(self) -> None:
        case = self.case_in("forwarded")
        incident = promotion.promote(case, "Đề nghị xem lại", by=fresh(self.team.officer))
        officer, facility = fresh(self.team.officer), fresh(self.team.quality_officer)
        self.assertEqual(shown(case, officer), [])  # a draft is the facility's business
        self.assertEqual([one.reference for one in shown(incident, facility)], [case.reference])
        self.assertEqual([one.reference for one in shown(case, facility)], [incident.reference])
        moment = incidents.report()
        incident = services.edit(incident, moment, incidents.PEOPLE, by=facility, version=incident.version)
        incidents.step(incident, Status.SUBMITTED, self.team.quality_officer)
        self.assertEqual(shown(incident, fresh(self.checker)), [])  # who sees incidents does not see this case
        page = self.client
        page.force_login(self.team.quality_officer)
        self.assertIn(
            incident.reference, page.get(reverse("admin:feedback_case_change", args=[case.pk])).content.decode()
        )

    def test_of_a_case_that_the_facility_was_not_shown_it_gets_the_officers_words_only(self) -> None:
        case = make.case(facility=self.team.hospital.code)
        self.assertEqual(promotion.known(case), "")
        incident = promotion.promote(case, "Xem lại ca trực đêm 12", by=fresh(self.team.officer))
        self.assertEqual(incident.description, "Xem lại ca trực đêm 12")
        self.assertEqual(shown(incident, fresh(self.team.quality_officer)), [])

    def test_it_happens_once_and_stays_in_the_case(self) -> None:
        case = self.case_in("forwarded")
        promotion.promote(case, "Đề nghị xem lại", by=fresh(self.team.officer))
        self.assertTrue(Note.objects.filter(case=case, audience="department").exists())
        with self.assertRaises(MoveRefused):
            promotion.promote(case, "Lần nữa", by=fresh(self.team.officer))
        self.assertEqual(Incident.objects.count(), 1)

    def test_who_may_not_and_of_which_case_not(self) -> None:
        case, confidential = self.case_in("forwarded"), make.case(facility=self.team.hospital.code)
        type(confidential).objects.filter(pk=confidential.pk).update(is_confidential=True)
        without = make.case()
        for about, by, text, refusal in (
            (case, self.team.quality_officer, "x", RightMissing),
            (case, self.team.stranger, "x", Http404),
            (confidential, self.team.lead, "x", MoveRefused),
            (without, self.team.officer, "x", MoveRefused),
            (case, self.team.officer, "  ", InvalidInput),
        ):
            with self.subTest(by=by, refusal=refusal), self.assertRaises(refusal):
                promotion.promote(about, text, by=fresh(by))
        self.assertFalse(Incident.objects.exists())
