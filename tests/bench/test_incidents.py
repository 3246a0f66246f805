"""The benchmark of incidents measures every work and leaves nothing."""

from django.test import TestCase

from incidents.bench import bench_incidents
from incidents.models import Incident, Past
from tests.incidents.factories import Team


class IncidentBenchTests(TestCase):
    def test_every_work_is_measured_and_nothing_stays(self) -> None:
        Team()
        measured = bench_incidents(rows=300, repeat=1)
        self.assertEqual(len(measured), 4)
        for one in measured:
            self.assertGreater(min(one.ours, one.raw), 0, one)
        self.assertFalse(Incident.objects.exists() or Past.objects.exists())
