"""Two reports of one event are offered for linking, and both stay."""

from datetime import timedelta

from django.http import Http404
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing
from incidents import duplicates
from incidents.choices import Status
from links.models import Relation
from links.services import shown
from tests.feedback.factories import fresh
from tests.incidents import factories as make
from tests.incidents.factories import Team


class DuplicateTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = Team()
        cls.noticed = timezone.now() - timedelta(days=2)
        cls.first = make.sent(cls.team.writer, cls.team.hospital, noticed=cls.noticed)
        cls.second = make.sent(cls.team.colleague, cls.team.hospital, noticed=cls.noticed + timedelta(hours=3))

    def offered(self, reader) -> list:
        return duplicates.candidates(self.first, fresh(reader))

    def test_what_lies_near_is_offered_the_nearest_first(self) -> None:
        near = make.sent(self.team.writer, self.team.hospital, noticed=self.noticed + timedelta(hours=1))
        make.sent(self.team.writer, self.team.hospital, noticed=self.noticed - timedelta(hours=30))
        make.sent(self.team.writer, self.team.hospital, noticed=self.noticed, subject="SUB4")
        make.sent(self.team.stranger, self.team.other, noticed=self.noticed)
        dropped = make.draft(self.team.writer, self.team.hospital, noticed=self.noticed)
        make.step(dropped, Status.DROPPED, self.team.writer)
        for reader in (self.team.writer, self.team.checker):
            with self.subTest(reader=reader):
                self.assertEqual(self.offered(reader), [near, self.second])
        self.assertEqual(self.offered(self.team.stranger), [])
        draft = make.draft(self.team.writer, self.team.hospital, noticed=self.noticed)
        self.assertIn(draft, self.offered(self.team.writer))
        self.assertNotIn(draft, self.offered(self.team.checker))  # a draft is the facility's business

    def test_a_linked_pair_is_shown_from_both_sides_and_not_offered_again(self) -> None:
        duplicates.link_same(self.first, self.second.pk, reason="cùng người bệnh", by=fresh(self.team.checker))
        self.assertEqual(self.offered(self.team.checker), [])
        for one, other in ((self.first, self.second), (self.second, self.first)):
            (seen,) = shown(one, fresh(self.team.writer))
            self.assertEqual((seen.relation, seen.reference), (Relation.RELATED, other.reference))
            self.assertEqual(shown(one, fresh(self.team.stranger)), [])
        with self.assertRaises(MoveRefused):
            duplicates.link_same(self.second, self.first.pk, reason="lần nữa", by=fresh(self.team.writer))

    def test_who_may_not_and_what_cannot_be(self) -> None:
        foreign = make.sent(self.team.stranger, self.team.other, noticed=self.noticed)
        for reason, by, other, refusal in (
            ("lý do", self.team.lead, self.second, RightMissing),
            ("lý do", self.team.stranger, self.second, Http404),
            ("lý do", self.team.checker, foreign, Http404),
            ("lý do", self.team.checker, self.first, InvalidInput),
            (" ", self.team.checker, self.second, ReasonRequired),
        ):
            with self.subTest(by=by, refusal=refusal), self.assertRaises(refusal):
                duplicates.link_same(self.first, other.pk, reason=reason, by=fresh(by))

    def test_the_page_offers_it_and_links(self) -> None:
        self.client.force_login(self.team.writer)
        page = self.client.get(reverse("admin:incidents_incident_change", args=[self.first.pk])).content.decode()
        address = reverse("admin:incidents_incident_same", args=[self.first.pk, self.second.pk])
        self.assertIn(address, page)
        self.client.post(address, {"reason": "cùng người bệnh"})
        page = self.client.get(reverse("admin:incidents_incident_change", args=[self.first.pk])).content.decode()
        self.assertNotIn(address, page)
        self.assertIn('data-relation="related"', page)
