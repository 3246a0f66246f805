"""The second person before anybody sees who reported voluntarily: asked, answered, and over by itself."""

from datetime import timedelta

from django.http import Http404
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from audit.models import Act, Entry
from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing, SecondPersonNeeded
from incidents import naming, services
from incidents.models import NamedRequest
from notifications.models import Outbox
from tests.feedback.factories import fresh
from tests.incidents import factories as make
from tests.incidents.factories import LONG_REASON, SEVERE, Team


class NamingTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = Team()
        cls.incident = make.sent(cls.team.writer, cls.team.hospital)

    def look(self, by) -> set[str]:
        return set(services.reveal(self.incident, by=fresh(by), purpose="verify", reason=LONG_REASON))

    def asked(self, by=None, incident=None) -> NamedRequest:
        by = fresh(by or self.team.colleague)
        return naming.ask(incident or self.incident, by=by, purpose="verify", reason=LONG_REASON)

    def answered(self, asked: NamedRequest, by, agrees: bool = True) -> NamedRequest:
        return naming.answer(asked, agrees=agrees, answer="cần gọi lại", by=fresh(by))

    def test_the_reporter_is_shown_only_after_a_second_person_agreed_and_for_an_hour(self) -> None:
        self.assertEqual(self.look(self.team.colleague), {"patient"})
        asked = self.asked()
        self.assertEqual(self.look(self.team.colleague), {"patient"})
        self.answered(asked, self.team.head)
        self.assertEqual(self.look(self.team.colleague), {"patient", "reporter"})
        self.assertEqual(self.look(self.team.writer), {"patient"})  # it was the colleague who asked
        self.assertEqual(self.look(self.team.checker), {"patient"})
        past = timezone.now() - timedelta(seconds=1)
        NamedRequest.objects.filter(pk=asked.pk).update(expires_at=past)
        self.assertEqual(self.look(self.team.colleague), {"patient"})
        acts = Entry.objects.filter(about_type="incidents.incident", about_id=self.incident.pk)
        self.assertTrue({Act.ASK, Act.APPROVE, Act.REVEAL} <= set(acts.values_list("act", flat=True)))

    def test_a_decline_shows_nothing_and_says_why(self) -> None:
        asked = self.answered(self.asked(), self.team.head, agrees=False)
        self.assertEqual((asked.is_agreed, asked.answer), (False, "cần gọi lại"))
        self.assertEqual(self.look(self.team.colleague), {"patient"})
        self.assertNotEqual(self.asked().pk, asked.pk)  # one may ask again

    def test_asking_twice_is_asking_once(self) -> None:
        self.assertEqual(self.asked().pk, self.asked().pk)

    def test_who_may_not(self) -> None:
        asked = self.asked()
        for by, refusal in (
            (self.team.colleague, SecondPersonNeeded),
            (self.team.checker, RightMissing),
            (self.team.lead, RightMissing),
            (self.team.stranger, Http404),
        ):
            with self.subTest(by=by), self.assertRaises(refusal):
                self.answered(asked, by)
        for by, refusal in ((self.team.head, RightMissing), (self.team.checker, RightMissing)):
            with self.subTest(by=by), self.assertRaises(refusal):
                self.asked(by)
        severe = make.sent(self.team.writer, self.team.hospital, **SEVERE)
        with self.assertRaises(RightMissing):  # of a mandatory report nobody has to be asked
            self.asked(incident=severe)
        with self.assertRaises(InvalidInput):
            naming.ask(self.incident, by=fresh(self.team.writer), purpose="verify", reason="vì cần")
        with self.assertRaises(ReasonRequired):
            naming.answer(asked, agrees=True, answer=" ", by=fresh(self.team.head))
        self.answered(asked, self.team.head)
        with self.assertRaises(MoveRefused):
            self.answered(asked, self.team.head)

    def test_the_pages_ask_tell_and_answer(self) -> None:
        self.client.force_login(self.team.colleague)
        address = reverse("admin:incidents_incident_named", args=[self.incident.pk])
        body = {"purpose": "verify", "reason": LONG_REASON}
        page = self.client.post(address, body).content.decode()
        self.assertIn("Hoa Sen", page)
        self.assertNotIn("Ngọc Mai", page)
        self.client.post(address, body | {"ask": "1"})
        asked = NamedRequest.objects.get()
        told = set(Outbox.objects.filter(template="incident_named_asked").values_list("recipient_id", flat=True))
        self.assertEqual(told, {self.team.writer.pk, self.team.head.pk})
        self.client.force_login(self.team.head)
        page = self.client.get(reverse("admin:incidents_incident_change", args=[self.incident.pk])).content.decode()
        answer = reverse("admin:incidents_incident_named_request", args=[self.incident.pk, asked.pk])
        self.assertIn(answer, page)
        self.client.post(answer, {"agree": "1", "answer": "đồng ý"})
        self.client.force_login(self.team.colleague)
        self.assertIn("Ngọc Mai", self.client.post(address, body).content.decode())
