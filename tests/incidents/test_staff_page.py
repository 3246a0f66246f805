"""The page for staff: what is taken in, what is refused in words, that nothing typed is lost and nothing doubled."""

import threading
from datetime import timedelta
from html import unescape

import time_machine
from django.db import connection
from django.test import TransactionTestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from deadlines.models import Deadline
from facilities.choices import FacilityStatus
from facilities.models import Facility
from incidents import receiving, talking
from incidents.choices import Status
from incidents.models import Incident, Named, StaffReceipt, StaffReport
from incidents.public.forms import GRADES, PLAIN
from incidents.public.views import KEYS
from incidents.receiving import Incoming
from incidents.taxonomy import lists
from notifications.models import Outbox
from tests.incidents import factories as make
from tests.incidents.staff import SEND, STORY, StaffPageTests, mild, picked, severe, taken_in
from tests.public.pages import OWN_CACHE, code_in, text_of

BROWSERS = "application/x-www-form-urlencoded"


class SendTests(StaffPageTests):
    def refused(self, field: str, said: dict, status: int = 422) -> str:
        response = self.send(said)
        text = text_of(response)
        self.assertEqual(response.status_code, status, field)
        self.assertEqual((StaffReport.objects.count(), Incident.objects.count(), Named.objects.count()), (0, 0, 0))
        self.assertEqual(code_in(response), "")
        self.assertIn('role="alert"', text)
        self.assertIn(f'id="id_{field}_error"', text, field)
        self.assertIn(said.get("description", "")[:60], unescape(text))
        return unescape(text)

    def test_the_least_becomes_a_draft_of_the_facility_without_a_name(self) -> None:
        response = self.send(mild())
        report = StaffReport.objects.select_related("incident__facility").get()
        incident = report.incident
        self.assertEqual((response.status_code, incident.facility, incident.status), (200, self.team.hospital, "draft"))
        self.assertEqual((incident.description, incident.harm, incident.is_named), (STORY, "D", False))
        self.assertTrue(incident.opened_by.is_engine)
        self.assertEqual(talking.report_behind(code_in(response)), report)
        self.assertContains(response, incident.reference)
        self.assertFalse(Named.objects.exists())

    def test_a_severe_one_carries_a_name_under_seal_and_starts_the_clock_from_the_noticing(self) -> None:
        response = self.send(severe(patient_name="Lê Thị Hoa Sen", reporter_phone="0900 000 001"))
        incident = Incident.objects.get()
        named = {row.who: row.opened() for row in Named.objects.all()}
        self.assertEqual(named["reporter"], {"name": "Trần Ngọc Mai", "phone": "0900000001"})
        self.assertEqual(named["patient"], {"name": "Lê Thị Hoa Sen"})
        clock = Deadline.objects.about(incident).get()
        self.assertEqual((clock.obligation, clock.starts_at), ("report_incident", incident.detected_at))
        self.assertContains(response, "NC3")
        self.assertNotContains(response, "Trần Ngọc Mai")

    def test_the_facility_and_its_head_are_told_at_once_of_a_severe_one(self) -> None:
        self.send(severe())
        told = Outbox.objects.filter(template__in=("staff_report_mandatory", "incident_severe"))
        people = {self.team.writer.pk, self.team.colleague.pk, self.team.head.pk}
        self.assertEqual(set(told.values_list("recipient", flat=True)), people)
        self.assertTrue(all(told.values_list("is_urgent", flat=True)))

    def test_a_mild_one_is_told_to_the_incident_unit_only(self) -> None:
        self.send(mild())
        told = set(Outbox.objects.filter(template="staff_report").values_list("recipient", flat=True))
        self.assertEqual(told, {self.team.writer.pk, self.team.colleague.pk})

    def test_the_facility_sends_it_and_the_director_of_the_department_is_told(self) -> None:
        told = dict.fromkeys(("told_physician", "is_in_record", "told_family", "told_patient"), "yes")
        more = {"subject": "SUB1", "treatment": "Mổ lại.", "occurred_at": picked(minutes=20), "serious_item": "4"}
        self.send(severe(**told, **more))
        sent = make.step(Incident.objects.get(), Status.SUBMITTED, self.team.writer)
        heard = set(Outbox.objects.filter(template="incident_submitted").values_list("recipient", flat=True))
        self.assertIn(self.team.director.pk, heard)
        self.assertIsNotNone(sent.mandatory_at)

    def test_every_letter_is_asked_in_plain_words_under_what_follows_from_it(self) -> None:
        harms = lists().harms
        self.assertEqual(list(PLAIN), list(harms))
        for grade in GRADES:
            duties = {harms[letter].is_mandatory for letter in grade.letters}
            self.assertEqual(len(duties), 1)
        self.assertEqual([letter for grade in GRADES for letter in grade.letters], list(harms))

    def test_what_is_missing_or_contradicts_itself_is_named_with_its_article(self) -> None:
        for field, said, words in (
            ("description", mild(description=""), ""),
            ("ward", mild(ward=" "), "Article 5"),
            ("harm", mild(harm=""), ""),
            ("harm", mild(harm="Z"), ""),
            ("facility_said", mild(facility="", facility_said=""), ""),
            ("reporter_name", severe(reporter_name=""), "Article 5"),
            ("detected_at", severe(detected_at=""), "Article 5"),
            ("occurred_at", mild(occurred_at=picked(days=-1)), "Article 5"),
            ("detected_at", mild(occurred_at=picked(hours=1), detected_at=picked(hours=2)), "Article 5"),
            ("occurred_at", mild(occurred_at="hôm qua"), ""),
            ("occurred_at", mild(occurred_at="0001-01-01T00:00"), ""),
            ("serious_item", mild(serious_item="4"), "Annex II"),
            ("serious_item", severe(serious_item="2000"), ""),
            ("deaths", severe(deaths="2"), "Annex I"),
            ("deaths", severe(deaths="hai"), ""),
            ("exception", severe(exception="đã được duyệt"), "Annex II"),
            ("excluded", mild(excluded="EX1"), "Article 1"),
            ("excluded", mild(excluded="EX2"), "National Centre"),
            ("excluded", mild(excluded="EX3"), "ethics council"),
            ("reporter_email", mild(reporter_email="không"), ""),
            ("reporter_phone", mild(reporter_phone="không"), ""),
            ("description", mild(description="a" * 20_001), ""),
            ("ward", mild(ward="a" * 201), ""),
        ):
            with self.subTest(field=field, said=str(said.get(field))[:20]):
                self.client.cookies["ngon_ngu"] = "en"
                self.assertIn(words, self.refused(field, said))

    def test_damaged_characters_are_named(self) -> None:
        for bad in ("a\x00b", "a\x1bb", "a\ufffdb"):
            for name in ("description", "ward", "reporter_name", "patient_name", "treatment"):
                with self.subTest(name=name, bad=bad):
                    self.refused(name, mild(**{name: bad}))

    def test_damaged_characters_in_what_nobody_types_are_no_fault(self) -> None:
        names = ("facility", "key", "harm", "occurred_at", "excluded", "reporter_email", "deaths", "serious_item")
        for bad in ("a\x00b", "a\x1bb", "a\ufffdb"):
            for name in names:
                with self.subTest(name=name, bad=bad):
                    self.assertLess(self.send(mild(facility_said="lam kieu") | {name: bad}).status_code, 500)

    def test_ten_megabytes_and_broken_text_are_answered_in_words(self) -> None:
        big = self.client.post(SEND, f"description={'a' * 10_000_000}", content_type=BROWSERS)
        self.assertContains(big, 'role="alert"', status_code=413)
        body = f"key={KEYS.new()}&harm=D&ward=a&facility=T01&description=%C3%28%FF%ED%A0%80".encode()
        broken = self.client.post(SEND, body, content_type=BROWSERS)
        self.assertContains(broken, "id_description_error", status_code=422)
        self.assertFalse(Incident.objects.exists())

    def test_what_a_picker_did_not_write_stays_readable(self) -> None:
        text = self.refused("occurred_at", mild(occurred_at="sáng nay"))
        self.assertRegex(text, r'<input type="text" name="occurred_at" value="sáng nay"')
        self.assertEqual(self.send(mild(occurred_at="25/11/2024 14:30")).status_code, 200)
        self.assertEqual(
            timezone.localtime(Incident.objects.get().occurred_at).isoformat(), "2024-11-25T14:30:00+07:00"
        )

    def test_a_form_that_was_open_too_long_keeps_everything_and_gets_a_new_key(self) -> None:
        key = KEYS.new()
        with time_machine.travel(timezone.now() + timedelta(days=4), tick=False):
            response = self.send(mild(reporter_name="Người Gửi"), key)
            text = unescape(text_of(response))
            self.assertEqual(response.status_code, 400)
            self.assertIn(STORY, text)
            self.assertIn('value="Người Gửi"', text)
            self.assertNotIn(key, text)

    def test_the_language_switch_keeps_what_was_typed(self) -> None:
        text = unescape(text_of(self.send(severe(language="en", more_feared="on"))))
        self.assertIn('lang="en"', text)
        for typed in (STORY, 'value="Trần Ngọc Mai"', 'value="Khoa Nội"'):
            self.assertIn(typed, text)
        self.assertRegex(text, r'value="G"[^>]*checked')
        self.assertRegex(text, r'name="more_feared"[^>]*checked')
        self.assertFalse(Incident.objects.exists())


class FacilityTests(StaffPageTests):
    def test_found_by_name_without_accents_and_without_scripts(self) -> None:
        found = self.send(mild(facility="", facility_said="truc van", find="1"))
        self.assertContains(found, "Bệnh viện Đa khoa Trúc Vân")
        self.assertContains(found, STORY)
        self.send(mild(facility="", facility_said="truc van"))
        self.assertEqual(Incident.objects.get().facility, self.team.other)

    def test_one_of_several_has_to_be_chosen(self) -> None:
        response = self.send(mild(facility="", facility_said="benh vien"))
        self.assertContains(response, 'id="offers"', status_code=422)
        self.assertFalse(Incident.objects.exists())

    def test_the_own_address_of_a_facility(self) -> None:
        here = reverse("staff:send_at", args=["T02"])
        self.assertContains(self.client.get(here), self.team.other.name)
        self.send(mild(facility="T01"), at=here)
        self.assertEqual(Incident.objects.get().facility, self.team.other)

    def test_an_ended_one_leads_to_its_successor_and_an_unknown_one_nowhere(self) -> None:
        ended = {"status": FacilityStatus.ENDED, "valid_to": timezone.localdate(), "successor": self.team.other}
        Facility.objects.filter(pk=self.team.hospital.pk).update(**ended)
        self.assertContains(self.client.get(reverse("staff:send_at", args=["T01"])), self.team.other.name)
        for code in ("KHONG-CO", "T01%20OR", "a" * 300):
            self.assertEqual(self.client.get(f"/su-co/{code}/").status_code, 404)


class OnceTests(StaffPageTests):
    def test_the_same_form_twice_is_one_report_with_one_receipt(self) -> None:
        key, said = self.key(), severe()
        first, second = self.send(said, key), self.send(said, key)
        self.assertEqual((second.status_code, code_in(second)), (200, code_in(first)))
        counted = (Incident, StaffReport, StaffReceipt)
        self.assertEqual([model.objects.count() for model in counted], [1, 1, 1])
        self.assertEqual(Outbox.objects.filter(template="staff_report_mandatory", channel="inbox").count(), 2)

    def test_another_text_under_the_same_form_is_refused_and_kept(self) -> None:
        key = self.key()
        self.send(mild(), key)
        response = self.send(mild(description="Việc khác hẳn."), key)
        self.assertContains(response, "Việc khác hẳn.", status_code=409)
        self.assertEqual((Incident.objects.count(), code_in(response)), (1, ""))

    def test_no_receipt_lies_in_the_database_or_in_an_address(self) -> None:
        response = self.send(mild())
        receipt, code = StaffReceipt.objects.get(), code_in(response)
        self.assertEqual(receipt.locator, code[:9])
        self.assertNotIn(code[9:].encode(), bytes(receipt.verifier_hash) + bytes(receipt.salt))
        self.assertNotIn(code, text_of(self.client.get("/su-co/theo-doi/?code=" + code)).replace(f"?code={code}", ""))
        self.assertEqual(response["Cache-Control"], "no-store")

    @override_settings(REST_FRAMEWORK={"DEFAULT_THROTTLE_RATES": {"public": "2/min"}})
    def test_who_has_to_wait_keeps_what_was_typed_and_loses_no_acknowledged_report(self) -> None:
        key = self.key()
        first = self.send(mild(), key)
        answers = [self.send(mild(description=f"Việc {number}."), is_flood=True) for number in range(25)]
        waiting = answers[-1]
        self.assertContains(waiting, "Việc 24.", status_code=429)
        self.assertGreater(int(waiting["Retry-After"]), 0)
        again = self.send(mild(), key, is_flood=True)
        self.assertEqual(code_in(again), code_in(first))

    def test_a_flood_on_one_facility_is_grouped_and_nothing_is_dropped(self) -> None:
        now = timezone.localtime().replace(minute=30)
        with time_machine.travel(now, tick=False):
            for number in range(receiving.MANY + 3):
                taken_in(self.team.hospital, str(number), description=f"Việc {number}.")
            taken_in(self.team.other, "khac")
        inbox = Outbox.objects.filter(channel="inbox")
        self.assertEqual(StaffReport.objects.count(), receiving.MANY + 4)
        self.assertEqual(inbox.filter(template="staff_report").count(), receiving.MANY * 2 + 1)
        self.assertEqual(inbox.filter(template="staff_reports").count(), 2, "one for each of two officers")


@override_settings(CACHES=OWN_CACHE)
class AtOnceTests(TransactionTestCase):
    def test_a_double_click_is_one_report(self) -> None:
        team = make.Team()
        said = {"description": STORY, "ward": "Khoa Nội", "harm": "D"}
        incoming = Incoming("one", team.hospital, said, "9" * 64)
        codes: list[str] = []

        def press() -> None:
            codes.append(receiving.receive(incoming).receipt)
            connection.close()

        presses = [threading.Thread(target=press) for _ in range(4)]
        for each in presses:
            each.start()
        for each in presses:
            each.join()
        self.assertEqual((len(codes), len(set(codes))), (4, 1))
        self.assertEqual((StaffReport.objects.count(), Incident.objects.count()), (1, 1))
