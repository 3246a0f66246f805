"""Incidents for other systems: what the standards ask for, and nothing that tells who it was."""

import csv
import io
import json
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from fhir.resources.adverseevent import AdverseEvent
from fhir.resources.bundle import Bundle

from audit.models import Act, Entry
from incidents.choices import Status
from incidents.exporting import fhir, files, mim
from incidents.exporting.coded import COLUMNS, going_out
from incidents.models import Incident
from incidents.taxonomy import lists
from tests.incidents import factories as make
from tests.incidents.factories import SEVERE, Team

EXPORT, EXPORT_ONE = "admin:incidents_incident_export", "admin:incidents_incident_export_one"
PEOPLE = {
    "patient": {"name": "Lê Thị Hoa Sen", "record": "BA-77"},
    "reporter": {"name": "Trần Ngọc Mai", "phone": "0900000007"},
}
TOLD = dict.fromkeys(("description", "treatment", "proposal", "ward", "spot"), "Bà Hoa Sen ở giường 7")
HIDDEN = ("Hoa Sen", "BA-77", "Ngọc Mai", "0900000007", "giường 7", "Lam Kiều", '"T01')


class ExportTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = team = Team()
        draft = make.draft(team.writer, team.hospital, PEOPLE, types=["IT03.7", "IT03.3"], causes=["CA1.2"], **TOLD)
        cls.mild = make.step(draft, Status.SUBMITTED, team.writer)
        cls.severe = make.sent(team.stranger, team.other, **SEVERE)
        cls.unsent = make.draft(team.writer, team.hospital)

    def sent(self, person: Any, form: str, incident: Incident | None = None, query: str = "") -> Any:
        self.client.force_login(person)
        address = reverse(EXPORT_ONE, args=[incident.pk]) if incident else reverse(EXPORT)
        return self.client.post(address + query, {"form": form})

    def text(self, *args: Any, **more: Any) -> str:
        answer = self.sent(*args, **more)
        self.assertIn("no-store", answer["Cache-Control"])
        return b"".join(answer.streaming_content).decode("utf-8-sig")

    def test_every_form_holds_the_sent_ones_and_nothing_that_tells_who_it_was(self) -> None:
        for form in files.Form.values:
            text = self.text(self.team.checker, form)
            self.assertIn(self.mild.reference, text)
            self.assertIn(self.severe.reference, text)
            self.assertNotIn(self.unsent.reference, text)
            for word in HIDDEN:
                self.assertNotIn(word, text, form)

    def test_only_codes_and_moments_are_read_at_all(self) -> None:
        """A text that is not read cannot get out, however the forms change."""
        open_text = {"description", "treatment", "proposal", "ward", "spot", "exception", "reporter_other"}
        self.assertEqual(open_text & set(COLUMNS), set())
        found = going_out(Incident.objects.filter(pk=self.mild.pk)).get()
        self.assertEqual(found.get_deferred_fields() & open_text, open_text)

    def test_each_line_is_an_adverse_event_of_the_standard(self) -> None:
        lines = self.text(self.team.checker, "fhir-ndjson").splitlines()
        events = [AdverseEvent.model_validate_json(line) for line in lines]
        self.assertEqual({one.id for one in events}, {self.mild.reference, self.severe.reference})
        by_id = {one.id: json.loads(line) for one, line in zip(events, lines, strict=True)}
        mild, severe = by_id[self.mild.reference], by_id[self.severe.reference]
        self.assertEqual([one["coding"][0]["code"] for one in mild["category"]], ["IT03.7", "IT03.3"])
        self.assertEqual(mild["contributingFactor"][0]["itemCodeableConcept"]["coding"][0]["code"], "CA1.2")
        self.assertEqual(mild["seriousness"]["coding"][0]["code"], "non-serious")
        self.assertEqual(severe["seriousness"]["coding"][0]["code"], "serious")
        self.assertEqual(severe["code"]["coding"][0]["system"], "urn:byt:43-2018:phu-luc-ii")
        self.assertEqual((severe["actuality"], severe["status"]), ("actual", "in-progress"))
        self.assertEqual(mild["subject"]["extension"][0]["valueCode"], "masked")

    def test_a_bundle_is_a_bundle(self) -> None:
        bundle = Bundle.model_validate_json(self.text(self.team.checker, "fhir-bundle"))
        self.assertEqual((bundle.type, len(bundle.entry)), ("collection", 2))
        self.assertEqual(len({one.fullUrl for one in bundle.entry}), 2)

    def test_every_letter_and_item_makes_a_valid_event(self) -> None:
        """Whatever stands in a sent report: 9 letters, 28 items and none, five subjects, six roles."""
        incident = going_out(Incident.objects.filter(pk=self.severe.pk)).get()
        for letter in lists().harms:
            for item in (None, *lists().serious):
                incident.harm, incident.serious_item, incident.deaths = letter, item, int(letter == "I")
                event = json.loads(fhir.line(incident))
                self.assertEqual(event["actuality"], "potential" if letter == "A" else "actual")
        for subject in ("", *lists().subjects):
            for role in ("", *lists().roles):
                incident.subject, incident.reporter_role = subject, role
                self.assertEqual(fhir.event(incident)["id"], incident.reference)
                self.assertEqual(set(mim.record(incident)), set(mim.HEADINGS))

    def test_the_minimal_model_as_a_table_and_as_json_says_the_same(self) -> None:
        heading, *rows = csv.reader(io.StringIO(self.text(self.team.checker, "mim-csv", query="?level=NC3")))
        self.assertEqual(tuple(heading), mim.HEADINGS)
        row = dict(zip(heading, rows[0], strict=True))
        book = json.loads(self.text(self.team.checker, "mim-json", query="?level=NC3"))
        record = book["incidents"][0]
        self.assertEqual((len(rows), len(book["incidents"]), book["model"]), (1, 1, mim.MODEL))
        self.assertEqual((row["harm_letter"], record["harm_letter"]), ("G", "G"))
        self.assertEqual((row["incident_outcome"], row["is_mandatory"]), ("severe", "yes"))
        self.assertEqual((record["patient_age"], record["is_mandatory"]), ("masked", True))

    def test_one_incident_alone_and_who_took_it_is_written_down(self) -> None:
        event = AdverseEvent.model_validate_json(self.text(self.team.writer, "fhir-ndjson", self.mild))
        self.assertEqual(event.id, self.mild.reference)
        entry = Entry.objects.get(act=Act.EXPORT)
        about = (entry.by, entry.about_type, entry.about_id, entry.reason)
        self.assertEqual(about, (self.team.writer, "incidents.incident", self.mild.pk, "1: fhir-ndjson"))

    def test_the_log_keeps_how_many_and_which_filters(self) -> None:
        self.text(self.team.lead, "mim-csv", query=f"?queue=severe&facility={self.team.other.pk}")
        reason = Entry.objects.get(act=Act.EXPORT).reason
        self.assertEqual(reason, f"1: mim-csv queue=severe facility={self.team.other.pk}")

    def test_a_facility_takes_its_own_only(self) -> None:
        text = self.text(self.team.head, "mim-csv")
        self.assertIn(self.mild.reference, text)
        self.assertNotIn(self.severe.reference, text)
        self.assertEqual(self.sent(self.team.head, "mim-csv", self.severe).status_code, 404)

    def test_what_is_refused_goes_out_nowhere_and_is_not_logged_as_taken(self) -> None:
        self.assertEqual(self.sent(self.team.officer, "mim-csv").status_code, 403)
        self.assertEqual(self.sent(self.team.checker, "pdf").status_code, 302)
        self.assertEqual(self.sent(self.team.writer, "mim-csv", self.unsent).status_code, 302)
        self.assertEqual(self.sent(self.team.checker, "mim-csv", query="?level=NC2").status_code, 302)
        self.assertEqual(self.client.get(reverse(EXPORT)).status_code, 405)
        with patch.object(files, "MOST", 1):
            self.assertEqual(self.sent(self.team.checker, "mim-csv").status_code, 302)
        self.assertFalse(Entry.objects.filter(act=Act.EXPORT).exists())

    def test_what_cannot_be_written_down_does_not_go_out(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_entry ADD CONSTRAINT shut CHECK (false) NOT VALID")
        answer = self.sent(self.team.checker, "mim-csv")
        self.assertEqual(answer.status_code, 302)
        self.assertContains(self.client.get(answer.url), "nhật ký")

    def test_rows_cost_no_queries(self) -> None:
        self.text(self.team.checker, "fhir-ndjson")
        with CaptureQueriesContext(connection) as few:
            self.text(self.team.checker, "fhir-ndjson")
        for _each in range(3):
            make.sent(self.team.writer, self.team.hospital)
        with CaptureQueriesContext(connection) as many:
            self.text(self.team.checker, "fhir-ndjson")
        self.assertLessEqual(len(many), len(few))
