"""The pages about who reported a case: what for and why, a second person, a short look."""

from typing import Any

from django.test import TestCase

from audit.models import Act, Entry
from audit.words import sentence
from feedback.models import Case, Reporter, RevealRequest
from tests.console.test_case_page import address
from tests.feedback import factories as make

WHY = "gọi lại hỏi ngày khám và tên khoa"
SECRET = "0911222333"


class LookTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.case = make.case(reporter={"name": "Nguyễn Thị Bí Mật", "phone": SECRET})

    def look(self, **changes: str) -> Any:
        self.client.force_login(self.team.officer)
        given = {"purpose": "verify", "reason": WHY} | changes
        return self.client.post(address(self.case, "reporter"), given)

    def test_shows_the_reporter_for_a_while_after_writing_down_who_asked(self) -> None:
        self.client.force_login(self.team.officer)
        where = address(self.case, "reporter")
        self.assertNotContains(self.client.get(where), SECRET)
        answer = self.look()
        self.assertContains(answer, SECRET)
        self.assertIn("no-store", answer["Cache-Control"])
        self.assertContains(answer, f'http-equiv="refresh" content="300;url={address(self.case)}"')
        self.assertContains(answer, "console/reveal.js")
        entry = Entry.objects.get(act=Act.REVEAL)
        self.assertEqual(
            (entry.by, entry.about_id, entry.purpose, entry.reason), (self.team.officer, self.case.pk, "verify", WHY)
        )
        self.assertNotContains(self.client.get(where), SECRET)

    def test_without_purpose_or_reason_nothing_is_shown_and_what_was_typed_stays(self) -> None:
        for changes in ({"reason": "  "}, {"reason": "ngắn"}, {"purpose": ""}, {"purpose": "x"}):
            answer = self.look(**changes)
            self.assertNotContains(answer, SECRET)
            self.assertContains(answer, 'role="alert"')
        self.assertContains(self.look(purpose=""), WHY)
        self.assertFalse(Entry.objects.filter(act=Act.REVEAL).exists())

    def test_a_seal_that_does_not_open_is_told_and_shows_nothing(self) -> None:
        Reporter.objects.update(sealed=b"rubbish")
        answer = self.look()
        self.assertContains(answer, 'role="alert"')
        self.assertNotContains(answer, SECRET)
        asked, came_of_it = Entry.objects.order_by("id")
        self.assertEqual((asked.act, came_of_it.act), (Act.REVEAL, Act.REFUSED))
        self.assertIn("không hiển thị gì", sentence(came_of_it, str(self.case)))


class SecondPersonTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.case = make.case(is_confidential=True, reporter={"phone": SECRET})

    def asked(self) -> RevealRequest:
        self.client.force_login(self.team.lead)
        self.client.post(address(self.case, "reporter"), {"purpose": "invite", "reason": WHY})
        return RevealRequest.objects.get()

    def test_the_whole_way(self) -> None:
        asked = self.asked()
        waiting = self.client.get(address(self.case, "reporter"))
        self.assertContains(waiting, 'data-state="waiting"')
        self.assertNotContains(self.client.post(address(self.case, "reporter")), SECRET)

        self.client.force_login(self.team.director)
        where = address(self.case, "reveal_request", str(asked.pk))
        self.assertContains(self.client.get(address(self.case)), where)
        page = self.client.get(where)
        self.assertContains(page, WHY)
        self.assertNotContains(page, SECRET)
        self.assertRedirects(self.client.post(where, {"approve": "1"}), address(self.case))
        self.assertContains(self.client.get(where), 'data-state="ended"')

        self.client.force_login(self.team.lead)
        self.assertContains(self.client.get(address(self.case, "reporter")), 'data-state="approved"')
        self.assertContains(self.client.post(address(self.case, "reporter")), SECRET)

    def test_declining_says_why_and_leaves_the_way_to_ask_anew(self) -> None:
        where = address(self.case, "reveal_request", str(self.asked().pk))
        self.client.force_login(self.team.director)
        self.assertContains(self.client.post(where, {"decline": "1", "answer": " "}), 'role="alert"')
        self.client.post(where, {"decline": "1", "answer": "chưa cần thiết"})
        self.client.force_login(self.team.lead)
        page = self.client.get(address(self.case, "reporter"))
        self.assertContains(page, "chưa cần thiết")
        self.assertContains(page, 'data-form="reveal"')

    def test_one_cannot_answer_oneself(self) -> None:
        where = address(self.case, "reveal_request", str(self.asked().pk))
        self.assertContains(self.client.get(where), 'data-state="own"')
        self.client.post(where, {"approve": "1"})
        self.assertIsNone(RevealRequest.objects.get().decided_by)

    def test_others_have_no_such_page(self) -> None:
        where = address(self.case, "reveal_request", str(self.asked().pk))
        for person, status in (
            (self.team.officer, 404),
            (self.team.auditor, 403),
            (self.team.quality_officer, 404),
            (self.team.operator, 404),
        ):
            self.client.force_login(person)
            for answer in (self.client.get(where), self.client.post(where, {"approve": "1"})):
                self.assertEqual(answer.status_code, status, person.username)
        self.client.force_login(self.team.director)
        other = make.case(is_confidential=True)
        self.assertEqual(self.client.get(where.replace(str(self.case.pk), str(other.pk), 1)).status_code, 404)
        self.assertEqual(Case.objects.count(), 2)
