"""Incidents by the API: codes and moments only, for whom they are meant, unchanged ones not sent twice."""

import json
from typing import Any

from django.test import TestCase
from fhir.resources.adverseevent import AdverseEvent

from audit.models import Act, Entry
from incidents import services
from incidents.classification import Claim
from incidents.models import Incident
from tests.api.factories import Caller, system
from tests.api.test_schema import DOCUMENT, problems_of
from tests.feedback.factories import fresh
from tests.incidents import factories as make
from tests.incidents.factories import SEVERE, Team

LIST = "/api/v1/incidents/"
HIDDEN = ("Phát nhầm", "Khoa Nội", "Theo dõi", "Hoa Sen", "Ngọc Mai", "BA-77")


class IncidentApiTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = team = Team()
        cls.mild = make.sent(team.writer, team.hospital, types=["IT03.7"])
        cls.severe = make.sent(team.stranger, team.other, **SEVERE)
        cls.unsent = make.draft(team.writer, team.hospital)
        cls.every, cls.whole = system("kho-su-co", may_read=True, roles=("api_incidents",))
        cls.client_of_a, cls.of_a = system("he-thong-a", may_read=True, roles=("api_incidents",))
        cls.client_of_a.facilities.set([team.hospital])

    def rows(self, caller: Caller, query: str = "") -> list[dict[str, Any]]:
        answer = caller.get(LIST + query)
        self.assertEqual(answer.status_code, 200, answer.content)
        text = answer.content.decode()
        for word in HIDDEN:
            self.assertNotIn(word, text)
        return json.loads(text)["results"]

    def test_a_system_reads_what_was_sent_and_is_not_told_which_facility_it_was(self) -> None:
        rows = self.rows(self.whole)
        self.assertEqual([row["reference"] for row in rows], [self.severe.reference, self.mild.reference])
        self.assertNotIn("facility", rows[0])
        self.assertEqual((rows[0]["level"], rows[0]["is_mandatory"], rows[1]["types"]), ("NC3", True, ["IT03.7"]))
        self.assertEqual(self.whole.get(f"{LIST}?facility=T01").status_code, 400)

    def test_a_system_limited_to_facilities_reads_theirs_only(self) -> None:
        self.assertEqual([row["facility"] for row in self.rows(self.of_a)], ["T01"])
        self.assertEqual(self.of_a.get(f"{LIST}{self.severe.reference}/").status_code, 404)
        self.assertEqual(self.rows(self.of_a, "?facility=T02"), [])

    def test_who_was_not_given_the_role_reads_nothing(self) -> None:
        _client, other = system("kho-khac", may_read=True)
        _client, sender = system("tong-dai", may_send=True, roles=("api_incidents",))
        for caller, status in ((other, 403), (sender, 403), (Caller(), 401), (Caller(user=self.team.officer), 403)):
            self.assertEqual(caller.get(LIST).status_code, status)

    def test_people_read_what_they_see_in_the_console(self) -> None:
        own = {row["reference"] for row in self.rows(Caller(user=self.team.writer))}
        self.assertEqual(own, {self.mild.reference, self.unsent.reference})

    def test_filters_and_pages(self) -> None:
        self.assertEqual([row["harm"] for row in self.rows(self.whole, "?level=NC3")], ["G"])
        self.assertEqual(self.rows(self.whole, "?opened_from=2099-01-01"), [])
        first = self.whole.get(f"{LIST}?page_size=1").json()
        second = self.whole.get(first["next"]).json()
        self.assertEqual(second["results"][0]["reference"], self.mild.reference)
        for wrong in ("?level=NC9", "?description=x", "?status=", "?cursor=x"):
            self.assertEqual(self.whole.get(LIST + wrong).status_code, 400, wrong)

    def test_one_incident_with_its_clocks_and_what_was_said_before(self) -> None:
        severe = Incident.objects.get(pk=self.severe.pk)
        claim = Claim("F", None, "", 0)
        reason = "nhẹ hơn bà Hoa Sen"
        services.reclassify(severe, claim, reason=reason, by=fresh(self.team.stranger), version=severe.version)
        services.add(severe, "Bà Hoa Sen đã ổn", by=fresh(self.team.stranger))
        answer = self.whole.get(f"{LIST}{severe.reference}/")
        document = answer.json()
        self.assertNotIn("Hoa Sen", answer.content.decode())
        self.assertEqual((document["reclassifications"][0]["after"]["letter"], len(document["additions"])), ("F", 1))
        self.assertEqual(set(document["reclassifications"][0]["before"]), {"letter", "item", "deaths"})
        self.assertIn("analyse", {clock["obligation"] for clock in document["deadlines"]})
        schema = {"$ref": "#/components/schemas/IncidentDocument"}
        self.assertEqual(problems_of(document, schema), [])
        self.assertIn("IncidentDocument", DOCUMENT["components"]["schemas"])

    def test_what_is_known_is_not_sent_again(self) -> None:
        etag = self.whole.get(f"{LIST}{self.mild.reference}/")["ETag"]
        answer = self.whole.get(f"{LIST}{self.mild.reference}/", If_None_Match=etag)
        self.assertEqual((answer.status_code, answer.content), (304, b""))
        services.add(self.mild, "Đã ổn định", by=fresh(self.team.writer))
        self.assertEqual(self.whole.get(f"{LIST}{self.mild.reference}/", If_None_Match=etag).status_code, 200)

    def test_as_a_fhir_resource_it_is_written_down(self) -> None:
        answer = self.whole.get(f"{LIST}{self.severe.reference}/adverse-event/")
        self.assertEqual(AdverseEvent.model_validate_json(answer.content).id, self.severe.reference)
        entry = Entry.objects.get(act=Act.EXPORT)
        self.assertEqual((entry.by, entry.about_id), (self.every.user, self.severe.pk))
        for gone in (self.unsent.reference, "SC-2026-999999"):
            self.assertEqual(self.whole.get(f"{LIST}{gone}/adverse-event/").status_code, 404)
