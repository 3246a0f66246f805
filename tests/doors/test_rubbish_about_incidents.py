"""Rubbish at the doors of incidents: the systems of facilities, and the page for their staff."""

from django.core.cache import cache
from django.test import override_settings

from accounts.services import issue_token
from common.text import has_unstorable
from incidents.models import Incident, Named, Past, StaffReceipt, StaffReport, SystemReport
from incidents.public.views import KEYS
from tests.api.factories import system
from tests.api.test_incident_reports import LIST, body
from tests.doors.posting import DoorTests
from tests.doors.rubbish import Dice
from tests.incidents import factories as make
from tests.incidents.staff import SEND, severe
from tests.public.pages import OWN_CACHE, findable

SEED = 20261201


@override_settings(CACHES=OWN_CACHE)
class RubbishTests(DoorTests):
    """One test for each door."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = make.Team()
        findable(cls.team.hospital)
        app = system("phan-mem-a", may_send=True, roles=("api_incident_reports",))[0]
        app.facilities.set([cls.team.hospital])
        cls.token = issue_token(app)

    def is_whole(self, door: str, reports: int) -> None:
        """Each report has its incident, with its past, and what it says can be read again."""
        incidents = list(Incident.objects.all())
        self.assertEqual(len(incidents), reports)
        self.assertGreater(reports, 0)
        self.assertEqual(set(Past.objects.values_list("id", flat=True)), {one.pk for one in incidents})
        for incident in incidents:
            for text in (incident.description, incident.ward, incident.spot, incident.proposal):
                self.assertFalse(has_unstorable(text))
        for named in Named.objects.all():
            named.opened()
        self.tell(door, f"{reports} incidents, all whole")

    def test_from_systems(self) -> None:
        dice = Dice(SEED, body())
        for nth in self.times(self.many):
            headers = {"Authorization": f"Token {self.token}", "Idempotency-Key": f"k-{nth // 2}"}
            self.told(self.post(LIST, dice.as_json(), **headers))
        self.is_whole(LIST, SystemReport.objects.count())

    def test_at_the_page_for_staff(self) -> None:
        dice = Dice(SEED + 1, severe() | {"key": ""})
        for nth in self.times(self.many):
            if nth % 4 == 0:
                dice.fields["key"] = KEYS.new()
                cache.clear()
            self.told(self.post(SEND, dice.as_multipart() if nth % 3 == 0 else dice.as_form()))
        self.assertEqual(StaffReceipt.objects.count(), StaffReport.objects.count())
        self.is_whole(SEND, StaffReport.objects.count())
