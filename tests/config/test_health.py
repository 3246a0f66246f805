"""The health pages say what is wrong."""

from datetime import timedelta

from django.test import TestCase
from django.utils import timezone

from deadlines.models import Heartbeat


class HealthTests(TestCase):
    def test_live_needs_nothing(self) -> None:
        with self.assertNumQueries(0):
            self.assertEqual(self.client.get("/health/live").json(), {"status": "ok"})

    def test_ready_names_a_silent_scheduler(self) -> None:
        answer = self.client.get("/health/ready")
        self.assertEqual((answer.status_code, answer.json()["scheduler"]), (503, "never ran"))
        Heartbeat.objects.create(name="sweep", at=timezone.now() - timedelta(minutes=10))
        self.assertEqual(self.client.get("/health/ready").json()["scheduler"], "silent")

    def test_ready_when_all_is_well(self) -> None:
        Heartbeat.objects.create(name="sweep", at=timezone.now())
        answer = self.client.get("/health/ready")
        self.assertEqual(answer.status_code, 200, answer.json())
