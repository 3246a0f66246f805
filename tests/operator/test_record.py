"""The operator's screen: who may use it, what it keeps, and that a second press is the same call."""

import re
from html import unescape
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from feedback.choices import Kind, Status
from feedback.models import Case, Reporter, Submission
from feedback.operator.recording import QUICK
from tests.feedback import factories as make
from tests.public.pages import findable, hidden, text_of

RECORD = "/console/ghi-nhan/"
OFFERS = "/console/ghi-nhan/co-so.json"


class RecordTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        findable(cls.team.hospital)
        findable(cls.team.other_hospital)

    def setUp(self) -> None:
        self.client.force_login(self.team.operator)

    def key(self) -> str:
        return hidden(self.client.get(RECORD), "key")

    def save(self, key: str = "", **changes: Any) -> HttpResponse:
        call = {"key": key or self.key(), "body": make.BODY, "channel": "HOTLINE_SYT"}
        return self.client.post(RECORD, call | changes)

    def refused(self, field: str, /, status: int = 422, **changes: Any) -> str:
        response = self.save(**changes)
        self.assertEqual(response.status_code, status)
        self.assertFalse(Case.objects.exists())
        self.assertIn(f'id="id_{field}_error"', text_of(response))
        return text_of(response)

    def test_the_address_is_the_admins(self) -> None:
        self.assertEqual(reverse("admin:feedback_case_record"), RECORD)

    def test_only_those_who_record_get_in(self) -> None:
        for person, status in (
            (self.team.operator, 200),
            (self.team.officer, 200),
            (self.team.lead, 200),
            (self.team.quality_officer, 403),
            (self.team.stranger, 403),
            (self.team.division_officer, 403),
            (self.team.auditor, 403),
        ):
            self.client.force_login(person)
            with self.subTest(person=person.username):
                self.assertEqual(self.client.get(RECORD).status_code, status)
                self.assertEqual(self.client.get(OFFERS, {"q": "lam"}).status_code, status)
                if status == 403:
                    self.assertEqual(self.client.post(RECORD, {"body": "x"}).status_code, 403)

    def test_a_stranger_is_sent_to_the_sign_in(self) -> None:
        self.client.logout()
        for address in (RECORD, OFFERS, RECORD + "PA-2026-000001/"):
            self.assertEqual(self.client.get(address).status_code, 302)
        self.assertEqual(self.client.post(RECORD, {"body": make.BODY}).status_code, 302)
        self.assertFalse(Case.objects.exists())

    def test_a_call_becomes_a_case_with_what_was_told(self) -> None:
        response = self.save(
            phone="0912 345 678",
            name="Người Gọi",
            address="12 đường Hoa",
            facility="T01",
            facility_said="Bệnh viện Đa khoa Lam Kiều",
            category="THAIDO.01",
        )
        case = Case.objects.get()
        self.assertRedirects(response, f"{RECORD}{case.reference}/")
        self.assertEqual((case.facility, case.category.code, case.urgency), (self.team.hospital, "THAIDO.01", "S3"))
        self.assertEqual((case.channel.code, case.recorded_by), ("HOTLINE_SYT", self.team.operator))
        reporter = Reporter.objects.get().open()
        self.assertEqual((reporter.phone, reporter.name), ("0912345678", "Người Gọi"))

    def test_the_reference_to_read_out_stands_on_the_next_page(self) -> None:
        page = self.client.get(self.save()["Location"])
        self.assertContains(page, f"data-reference>{Case.objects.get().reference}<")
        self.assertContains(page, 'data-action="next"')

    def test_urgency_follows_the_category_unless_chosen(self) -> None:
        self.save(category="VIPHAM.02")
        self.save(category="VIPHAM.02", urgency="S3")
        self.assertEqual(list(Case.objects.order_by("pk").values_list("urgency", flat=True)), ["S1", "S3"])

    def test_the_secret_line_makes_a_secret_case(self) -> None:
        self.save(channel="HOTLINE_VBMT")
        self.assertTrue(Case.objects.get().is_confidential)
        self.assertContains(self.client.get(RECORD), '<option value="HOTLINE_VBMT" selected data-confidential="1">')

    def test_whoever_recorded_a_secret_call_sees_it_and_no_other_officer_does(self) -> None:
        self.client.force_login(self.team.officer)
        page = self.client.get(self.save(channel="HOTLINE_VBMT", facility="T01")["Location"])
        self.assertContains(page, Case.objects.get().reference)
        self.assertContains(page, self.team.hospital.name)
        self.assertFalse(Case.objects.visible_to(make.fresh(self.team.second_officer)).exists())

    def test_the_same_form_again_is_the_same_call(self) -> None:
        key = self.key()
        first, again = self.save(key), self.save(key)
        self.assertEqual(first["Location"], again["Location"])
        self.assertEqual((Case.objects.count(), Submission.objects.count()), (1, 1))

    def test_another_text_under_the_same_form_is_asked_about(self) -> None:
        key = self.key()
        self.save(key)
        asked = self.save(key, body="Cuộc gọi khác.")
        self.assertContains(asked, "Cuộc gọi khác.", status_code=409)
        self.save(hidden(asked, "key"), body="Cuộc gọi khác.")
        self.assertEqual(Case.objects.count(), 2)

    def test_two_operators_with_one_key_have_two_calls(self) -> None:
        key = self.key()
        self.save(key)
        self.client.force_login(make.person("operator"))
        self.save(key)
        self.assertEqual(Case.objects.count(), 2)

    def test_a_mangled_key_still_saves_the_call(self) -> None:
        for key in ("x", "\x00" * 32, "a" * 5000, "<b>"):
            self.assertEqual(self.save(key).status_code, 302)

    def test_the_channel_is_remembered(self) -> None:
        self.save(channel="RECEPTION")
        self.assertContains(self.client.get(RECORD), '<option value="RECEPTION" selected>')

    def test_a_missing_text_keeps_everything_typed(self) -> None:
        text = self.refused("body", body=" ", phone="0912345678", facility_said="bv lam kieu", category="THAIDO.01")
        self.assertIn('value="0912345678"', text)
        self.assertIn('value="bv lam kieu"', text)
        self.assertRegex(text, r'<option value="THAIDO.01"[^>]* selected')

    def test_each_wrong_field_is_named(self) -> None:
        for field, value in (
            ("phone", "abc"),
            ("phone", "1"),
            ("body", "a" * 20_001),
            ("body", "a\x00b"),
            ("body", "a\ufffdb"),
            ("facility_said", "a" * 201),
            ("category", "THAIDO"),
            ("category", "X"),
            ("urgency", "S9"),
            ("channel", ""),
            ("channel", "WEB"),
            ("name", "a" * 121),
            ("address", "a" * 301),
        ):
            with self.subTest(field=field, value=value[:10]):
                self.refused(field, **{field: value})

    def test_an_ended_or_unknown_facility_is_named(self) -> None:
        for code in ("T99", "a\x00b", "x" * 500):
            self.refused("facility_said", facility=code, facility_said="bv lam kieu")
        type(self.team.hospital).objects.filter(code="T01").update(status="ended", valid_to=timezone.localdate())
        self.refused("facility_said", facility="T01", facility_said="bv lam kieu")

    def test_markup_is_shown_as_text(self) -> None:
        bad = '"><script>alert(1)</script>'
        text = self.refused("phone", phone=bad, body=bad, facility_said=bad, name=bad)
        self.assertNotIn("<script>alert", text)
        self.save(facility_said=bad)
        self.assertNotIn("<script>alert", text_of(self.client.get(f"{RECORD}{Case.objects.get().reference}/")))

    def test_ten_megabytes_are_no_fault(self) -> None:
        self.assertContains(self.save(body="a" * 10_000_000), "20.000", status_code=413)
        self.assertFalse(Case.objects.exists())

    def test_one_key_ends_a_call_that_still_counts(self) -> None:
        for outcome in QUICK:
            with self.subTest(outcome=outcome.code):
                response = self.save(body="", outcome=outcome.code)
                case = Case.objects.get(reference=response["Location"].split("/")[-2])
                self.assertEqual((case.status, case.kind), (Status.OUT_OF_SCOPE, Kind.OUT_OF_SCOPE))
                self.assertIsNotNone(case.ended_at)
                self.assertEqual(case.history.count(), 2)
                self.assertTrue(case.history.first().history_change_reason)
        self.assertEqual(Case.objects.count(), 4)

    def test_what_was_typed_is_kept_with_an_ended_call(self) -> None:
        self.save(body="Hỏi về sổ đỏ", phone="0912345678", outcome="out-of-scope")
        self.assertEqual(Case.objects.get().body, "Hỏi về sổ đỏ")
        self.assertEqual(Reporter.objects.get().open().phone, "0912345678")

    def test_an_ended_call_sent_twice_is_one_call(self) -> None:
        key = self.key()
        for _number in range(2):
            self.assertEqual(self.save(key, body="", outcome="prank").status_code, 302)
        self.assertEqual((Case.objects.count(), Case.objects.get().history.count()), (1, 2))

    def test_a_secret_call_out_of_scope_ends_at_once_too(self) -> None:
        self.client.force_login(self.team.officer)
        self.save(channel="HOTLINE_VBMT", body="", outcome="out-of-scope")
        self.assertEqual(Case.objects.get().status, Status.OUT_OF_SCOPE)

    def test_an_unknown_outcome_needs_the_text_like_any_call(self) -> None:
        self.refused("body", body="", outcome="khong-co")

    def test_the_page_names_every_key(self) -> None:
        page = text_of(self.client.get(RECORD))
        for outcome in QUICK:
            self.assertIn(f'data-key="{outcome.key}"', page)
        for handle in ('id="id_phone"', 'id="id_body"', 'id="id_facility_said"', 'data-action="save"'):
            self.assertIn(handle, page)

    def test_the_page_has_a_title(self) -> None:
        self.assertRegex(text_of(self.client.get(RECORD)), r"<title>\s*\S")

    def test_every_field_has_its_label(self) -> None:
        page = text_of(self.client.get(RECORD))
        labelled = set(re.findall(r'<label for="([^"]+)"', page))
        fields = re.findall(r'<(?:input(?![^>]*type="hidden")|select|textarea)[^>]*\bid="(id_[^"]+)"', page)
        self.assertEqual(set(fields) - labelled, set())

    def test_without_scripts_the_facility_can_be_found_and_picked(self) -> None:
        page = self.save(find="1", facility_said="bvdk tuc van")
        self.assertContains(page, '<input type="radio" name="facility" value="T02">')
        self.assertIn(make.BODY, unescape(text_of(page)))
        self.save(hidden(page, "key"), facility="T02", facility_said="bvdk tuc van")
        self.assertEqual(Case.objects.get().facility, self.team.other_hospital)

    def test_sloppy_names_are_offered(self) -> None:
        for asked, code in (("bv lam kieu", "T01"), ("bvdk tuc van", "T02")):
            self.assertEqual(self.client.get(OFFERS, {"q": asked}).json()["facilities"][0]["code"], code)

    def test_the_page_costs_the_same_whatever_there_is(self) -> None:
        make.case()
        with CaptureQueriesContext(connection) as few:
            self.client.get(RECORD)
        for _number in range(20):
            make.case()
        with self.assertNumQueries(len(few)):
            self.client.get(RECORD)
