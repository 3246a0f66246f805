"""Very much severe harm within an hour: nothing is left out, and its heads read one message instead of hundreds."""

from datetime import timedelta

from django.test import TestCase
from django.utils import timezone

from incidents.messages import FLOOD
from incidents.models import Incident
from notifications.models import Outbox
from tests.incidents import factories as make


class FloodTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = make.Team()

    def told(self, template: str) -> int:
        return Outbox.objects.filter(template=template, channel="inbox", recipient=self.team.head).count()

    def note(self, count: int) -> None:
        for _one in range(count):
            make.draft(self.team.writer, self.team.hospital, harm="F")

    def test_beyond_twenty_an_hour_heads_are_told_of_all_of_them_together(self) -> None:
        self.note(FLOOD)
        self.assertEqual((self.told("incident_severe"), self.told("incidents_severe")), (FLOOD, 0))
        self.note(3)
        self.assertEqual((self.told("incident_severe"), self.told("incidents_severe")), (FLOOD, 1))
        make.draft(self.team.stranger, self.team.other, harm="F")  # another facility is another matter
        make.draft(self.team.writer, self.team.hospital, **make.SEVERE)  # and NC3 is told once more, as such
        self.assertEqual(self.told("incidents_severe"), 2)

    def test_after_an_hour_each_is_told_again(self) -> None:
        self.note(FLOOD + 1)
        Incident.objects.update(opened_at=timezone.now() - timedelta(minutes=61))
        self.note(1)
        self.assertEqual((self.told("incident_severe"), self.told("incidents_severe")), (FLOOD + 1, 1))
