"""Giving a report to one officer of its division."""

from datetime import date

from django.http import Http404
from django.test import TestCase
from django.urls import reverse

from accounts.models import Recusal
from common.exceptions import InvalidInput, MoveRefused, RightMissing, StaleVersion
from incidents import assigning
from incidents.subject import recipients
from notifications.models import Outbox
from tests.feedback.factories import fresh
from tests.incidents import factories as make
from tests.incidents.factories import Team


class AssigningTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = Team()
        cls.incident = make.sent(cls.team.writer, cls.team.hospital)

    def assigned(self, person, by=None, incident=None):
        about = incident or self.incident
        about.refresh_from_db()
        return assigning.assign(about, person, by=fresh(by or self.team.checker), version=about.version)

    def test_whoever_gets_it_is_told_and_reminded_first(self) -> None:
        given = self.assigned(self.team.second)
        self.assertEqual(given.assignee, self.team.second)
        told = set(Outbox.objects.filter(template="incident_assigned").values_list("recipient_id", flat=True))
        self.assertEqual(told, {self.team.second.pk})
        reminded = recipients("responsible", [given.pk])[given.pk]
        self.assertEqual(reminded[0], self.team.second.pk)
        self.assertNotIn(self.team.checker.pk, reminded)
        self.assertIn(self.team.checker.pk, recipients("unit", [given.pk])[given.pk])
        back = self.assigned(None)
        self.assertIsNone(back.assignee)
        self.assertIn(self.team.checker.pk, recipients("responsible", [back.pk])[back.pk])

    def test_who_may_not_and_who_cannot_get_it(self) -> None:
        for by, refusal in (
            (self.team.writer, RightMissing),
            (self.team.lead, RightMissing),
            (self.team.elsewhere, Http404),
        ):
            with self.subTest(by=by), self.assertRaises(refusal):
                self.assigned(self.team.second, by)
        for person in (self.team.elsewhere, self.team.writer, self.team.lead, None):
            with self.subTest(person=person), self.assertRaises(InvalidInput):
                self.assigned(person)
        with self.assertRaises(StaleVersion):
            assigning.assign(self.incident, self.team.second, by=fresh(self.team.checker), version=1)
        draft = make.draft(self.team.writer, self.team.hospital)
        with self.assertRaises((MoveRefused, Http404)):
            self.assigned(self.team.second, incident=draft)

    def test_whoever_is_kept_from_the_facility_is_not_offered(self) -> None:
        Recusal.objects.create(
            user=self.team.second, facility=self.team.hospital, valid_from=date(2020, 1, 1), reason="người nhà",
            recorded_by=self.team.lead,
        )  # fmt: skip
        self.assertNotIn(self.team.second, assigning.officers_for(self.incident))

    def test_the_page_assigns_and_the_list_shows_mine(self) -> None:
        self.client.force_login(self.team.checker)
        address = reverse("admin:incidents_incident_assign", args=[self.incident.pk])
        self.assertIn(
            address,
            self.client.get(reverse("admin:incidents_incident_change", args=[self.incident.pk])).content.decode(),
        )
        self.client.post(address, {"version": self.incident.version, "person": self.team.checker.pk})
        mine = reverse("admin:incidents_incident_changelist") + "?queue=mine"
        self.assertEqual(list(self.client.get(mine).context["cl"].result_list), [self.incident])
        self.client.force_login(self.team.second)
        self.assertEqual(list(self.client.get(mine).context["cl"].result_list), [])
