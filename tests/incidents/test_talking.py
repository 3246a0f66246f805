"""The conversation with whoever reported on the page for staff: who reads and writes what, feedback that is owed."""

import re

from django.http import Http404
from django.utils import timezone

from common.exceptions import InvalidInput, MoveRefused, RightMissing
from incidents import talking
from incidents.choices import Side, Status, Utterance
from incidents.models import Incident, StaffReport, Talk
from incidents.queues import incidents_in
from notifications.models import Outbox
from tests.feedback.factories import fresh
from tests.incidents import factories as make
from tests.incidents.staff import StaffPageTests, taken_in
from tests.public.pages import text_of


class TalkingTests(StaffPageTests):
    def setUp(self) -> None:
        super().setUp()
        self.report, self.code = taken_in(self.team.hospital)
        self.incident = self.report.incident

    def say(self, what: str, text: str, by=None) -> Talk:
        return talking.say(self.incident, what, text, by=fresh(by or self.team.writer))

    def in_queue(self, name: str) -> bool:
        found = incidents_in(name, fresh(self.team.writer), timezone.now())
        return found.filter(pk=self.incident.pk).exists()

    def sent(self) -> None:
        incident = Incident.objects.get(pk=self.incident.pk)
        Incident.objects.filter(pk=incident.pk).update(
            **{name: value for name, value in make.report().items() if not getattr(incident, name)}
        )
        make.step(incident, Status.SUBMITTED, self.team.writer)

    def test_asked_back_and_answered_without_learning_who_it_is(self) -> None:
        self.say(Utterance.QUESTION, "Lúc đó có mấy người trực?")
        page = self.follow(self.code)
        self.assertContains(page, "Lúc đó có mấy người trực?")
        self.assertNotContains(page, str(self.team.writer), msg_prefix="nor does the reporter learn who asks")
        kept = self.follow(self.code, act="answer", side="facility", text="Hai người, một người đi họp.")
        self.assertContains(kept, "Hai người, một người đi họp.")
        said = Talk.objects.latest("pk")
        self.assertEqual((said.by, said.what, said.side), (None, "answer", "facility"))
        told = Outbox.objects.filter(template="staff_answer", channel="inbox").values_list("recipient", flat=True)
        self.assertEqual(set(told), {self.team.writer.pk, self.team.colleague.pk})

    def test_the_same_answer_posted_again_is_kept_once(self) -> None:
        for _time in range(2):
            self.follow(self.code, act="answer", side="facility", text="Hai người.")
        self.assertEqual(Talk.objects.count(), 1)

    def test_feedback_is_owed_until_it_is_given(self) -> None:
        self.assertTrue(self.in_queue("feedback-owed") and self.in_queue("from-staff"))
        self.say(Utterance.QUESTION, "Ở buồng nào?")
        self.assertTrue(self.in_queue("feedback-owed"), "a question is no feedback")
        self.assertFalse(self.in_queue("from-staff"), "who asks has looked at it")
        self.say(Utterance.FEEDBACK, "Đã đổi chỗ để hai loại thuốc.")
        self.assertFalse(self.in_queue("feedback-owed"))
        self.assertContains(self.follow(self.code), "Đã đổi chỗ để hai loại thuốc.")

    def test_each_state_is_said_to_the_reporter(self) -> None:
        self.assertContains(self.follow(self.code), talking.SENTENCES["new"])
        talking.look(self.incident, by=fresh(self.team.writer))
        self.assertContains(self.follow(self.code), talking.SENTENCES["looked"])
        self.sent()
        self.assertContains(self.follow(self.code), talking.SENTENCES[Status.SUBMITTED])
        make.step(self.incident, Status.RETURNED, self.team.checker, "thiếu phần xử trí MẬT")
        page = self.follow(self.code)
        self.assertContains(page, talking.SENTENCES[Status.RETURNED])
        self.assertNotContains(page, "MẬT", msg_prefix="remarks are between department and facility")
        make.step(self.incident, Status.SUBMITTED, self.team.writer)
        make.step(self.incident, Status.ACCEPTED, self.team.checker)
        self.assertContains(self.follow(self.code), talking.SENTENCES[Status.ACCEPTED])

    def test_each_side_reads_its_own_conversation(self) -> None:
        self.sent()
        self.say(Utterance.QUESTION, "Hỏi của cơ sở")
        self.say(Utterance.QUESTION, "Hỏi của Sở", by=self.team.checker)
        for text, side in (("Trả lời cơ sở", "facility"), ("Trả lời Sở", "department")):
            self.assertEqual(self.follow(self.code, act="answer", side=side, text=text).status_code, 200)
        of_facility, of_department = {"Hỏi của cơ sở", "Trả lời cơ sở"}, {"Hỏi của Sở", "Trả lời Sở"}
        for person, expected in (
            (self.team.writer, of_facility),
            (self.team.head, of_facility),
            (self.team.stranger, set()),
            (self.team.checker, of_department),
            (self.team.auditor, of_department),
            (self.team.elsewhere, set()),
            (self.team.officer, set()),
        ):
            with self.subTest(person=person.username):
                seen = set(Talk.objects.visible_to(fresh(person)).values_list("text", flat=True))
                self.assertEqual(seen, expected)

    def test_who_may_not_write_is_refused(self) -> None:
        for person, refusal in (
            (self.team.head, RightMissing),
            (self.team.stranger, Http404),
            (self.team.checker, Http404),  # a draft is the facility's own business
        ):
            with self.subTest(person=person.username), self.assertRaises(refusal):
                self.say(Utterance.FEEDBACK, "Cảm ơn.", by=person)
        with self.assertRaises(RightMissing):
            self.say(Utterance.ANSWER, "giả làm người báo cáo")
        for text in ("", "  ", "a" * 5001, "a\x00b"):
            with self.subTest(text=text[:5]), self.assertRaises(InvalidInput):
                self.say(Utterance.FEEDBACK, text)
        own = make.draft(self.team.writer, self.team.hospital)
        with self.assertRaises(MoveRefused):
            talking.say(own, Utterance.FEEDBACK, "không ai đọc", by=fresh(self.team.writer))

    def test_a_reporter_cannot_begin_with_the_department_nor_flood_a_conversation(self) -> None:
        response = self.follow(self.code, act="answer", side="department", text="Chào Sở")
        self.assertEqual(response.status_code, 422)
        self.assertFalse(Talk.objects.exists())
        for number in range(talking.MOST):
            talking.answer(self.report, f"lời {number}", Side.FACILITY)
        response = self.follow(self.code, act="answer", side="facility", text="thêm một lời")
        self.assertContains(response, "thêm một lời", status_code=422)

    def test_a_wrong_code_is_answered_alike(self) -> None:
        wrong = self.code[:-2] + "00"
        first, second = self.follow(wrong), self.follow("ZZZZ-ZZZZZ")
        self.assertEqual((first.status_code, second.status_code), (404, 404))
        texts = [re.sub(r'nonce="[^"]*"|value="[^"]*"', "", text_of(each)) for each in (first, second)]
        self.assertEqual(*texts)


class ConsoleTests(StaffPageTests):
    def setUp(self) -> None:
        super().setUp()
        self.people = {"reporter": {"name": "Trần Ngọc Mai"}}
        self.report, self.code = taken_in(self.team.hospital, people=self.people)
        self.address = f"/console/incidents/incident/{self.report.incident_id}"
        self.client.force_login(self.team.writer)

    def test_the_page_shows_that_feedback_is_owed_and_never_who_reported(self) -> None:
        page = self.client.get(f"{self.address}/change/")
        self.assertContains(page, 'data-feedback="owed"')
        self.assertNotContains(page, "Trần Ngọc Mai")
        self.client.post(f"{self.address}/da-xem/")
        self.assertEqual(StaffReport.objects.get().looked_by, self.team.writer)
        self.client.post(f"{self.address}/trao-doi/", {"what": "feedback", "text": "Đã đổi chỗ để thuốc."})
        self.assertContains(self.client.get(f"{self.address}/change/"), 'data-feedback="given"')

    def test_what_was_typed_survives_a_refusal(self) -> None:
        answer = self.client.post(f"{self.address}/trao-doi/", {"what": "", "text": "Đã đổi chỗ."})
        self.assertContains(answer, "Đã đổi chỗ.")
        self.assertFalse(Talk.objects.exists())

    def test_the_code_to_print_leads_to_the_own_page(self) -> None:
        page = self.client.get("/console/incidents/incident/ma-qr/")
        self.assertContains(page, "/su-co/T01/")
        self.assertContains(page, "<svg")
        self.assertNotContains(page, "/su-co/T02/")
