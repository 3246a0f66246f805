"""The public form: what is taken, what is refused in words, and that the receipt follows the commit."""

from datetime import timedelta

import time_machine
from django.test import override_settings
from django.utils import timezone

from facilities.choices import FacilityStatus
from facilities.models import Facility
from feedback import receipts
from feedback.models import Attachment, Case, Receipt, Reporter, Submission
from feedback.public.views import KEYS
from tests.feedback import factories as make
from tests.files import PDF, PNG, upload
from tests.public.pages import SEND, PageTests, code_in, findable, hidden, text_of


class SendTests(PageTests):
    def refused(self, field: str, /, status: int = 422, **changes) -> str:
        response = self.send(**changes)
        self.assertEqual(response.status_code, status)
        self.assertFalse(Case.objects.exists())
        self.assertFalse(Submission.objects.exists())
        self.assertEqual(code_in(response), "")
        text = text_of(response)
        self.assertIn('role="alert"', text)
        self.assertIn(f'id="id_{field}_error"', text)
        self.assertRegex(text, rf'aria-describedby="[^"]*id_{field}_error')
        return text

    def test_the_least_that_is_needed_becomes_a_case(self) -> None:
        response = self.send()
        case = Case.objects.get()
        self.assertEqual((response.status_code, case.channel.code, case.body), (200, "WEB", make.BODY))
        self.assertEqual(receipts.case_of(code_in(response)), case)
        self.assertContains(response, case.reference)

    def test_everything_that_was_told_is_kept_in_its_place(self) -> None:
        hospital = make.facility()
        today = timezone.localdate()
        self.send(
            facility="T01",
            facility_said="bv lam kieu",
            occurred_on=today.isoformat(),
            category="THAIDO",
            name="Người Gửi",
            phone="0900 000 001",
            email="gui@example.vn",
            is_confidential="on",
            files=[upload(), upload("toa.pdf", PDF)],
        )
        case = Case.objects.get()
        self.assertEqual((case.facility, case.facility_said, case.occurred_on), (hospital, "bv lam kieu", today))
        self.assertTrue(case.is_confidential)
        self.assertEqual(case.category.code, "THAIDO")
        reporter = Reporter.objects.get().open()
        self.assertEqual((reporter.name, reporter.phone, reporter.email), ("Người Gửi", "0900000001", "gui@example.vn"))
        self.assertEqual(Attachment.objects.filter(case=case).count(), 2)

    def test_a_facility_that_is_no_more_stays_as_words(self) -> None:
        ended = make.facility("T09", "Phòng khám Cũ")
        Facility.objects.filter(pk=ended.pk).update(status=FacilityStatus.ENDED, valid_to=timezone.localdate())
        for code, said, kept in (
            ("NOPE", "", "NOPE"),
            ("NOPE", "bv lam kieu", "bv lam kieu (NOPE)"),
            ("N\x01OPE", "", "NOPE"),
            ("T09", "", "Phòng khám Cũ"),
            ("T09", "chỗ cũ", "chỗ cũ (Phòng khám Cũ)"),
            ("N" * 5000, "chỗ cũ", None),
        ):
            with self.subTest(code=code[:10], said=said):
                self.assertEqual(self.send(facility=code, facility_said=said).status_code, 200)
                case = Case.objects.latest("pk")
                self.assertIsNone(case.facility)
                self.assertEqual(kept or case.facility_said, case.facility_said)
                self.assertTrue(case.facility_said.startswith(said))

    def test_a_page_says_that_it_does_not_take_a_method(self) -> None:
        for method, address in (("put", "/phan-anh/"), ("delete", "/tra-cuu/"), ("post", "/cong-khai/")):
            answer = getattr(self.client, method)(address)
            self.assertContains(answer, "<h1", status_code=405)
            self.assertIn("GET", answer["Allow"])

    def test_nobody_needs_to_say_who_they_are(self) -> None:
        self.send()
        self.assertFalse(Reporter.objects.exists())

    def test_a_day_typed_the_vietnamese_way_is_read_day_first(self) -> None:
        with time_machine.travel("2026-11-25T08:00:00+07:00", tick=False):
            self.send(occurred_on="03/04/2026")
        self.assertEqual(str(Case.objects.get().occurred_on), "2026-04-03")

    def test_a_day_needs_no_strokes(self) -> None:
        self.send(occurred_on="03042026")
        self.assertEqual(str(Case.objects.get().occurred_on), "2026-04-03")

    def test_a_missing_text_is_named_and_nothing_typed_is_lost(self) -> None:
        text = self.refused("body", body=" ", facility_said="bv lam kieu", phone="0900000001", is_confidential="on")
        self.assertIn('value="bv lam kieu"', text)
        self.assertIn('value="0900000001"', text)
        self.assertRegex(text, r'name="is_confidential"[^>]*checked')

    def test_a_wrong_field_keeps_the_text(self) -> None:
        self.assertIn(make.BODY, self.refused("phone", phone="không có"))

    def test_each_wrong_field_is_named(self) -> None:
        tomorrow = timezone.localdate() + timedelta(days=1)
        for name, value in (
            ("occurred_on", tomorrow.isoformat()),
            ("occurred_on", "32/13/2026"),
            ("occurred_on", "1812-01-01"),
            ("phone", "12"),
            ("phone", "0" * 40),
            ("email", "khong-phai-thu"),
            ("category", "KHONG_CO"),
            ("body", "a" * 20_001),
            ("facility_said", "a" * 201),
            ("name", "a" * 121),
        ):
            with self.subTest(name=name, value=value[:20]):
                self.refused(name, **{name: value})

    def test_damaged_characters_are_named_in_every_field(self) -> None:
        for bad in ("a\x00b", "a\x1bb", "a\ufffdb"):
            for name in ("body", "facility_said", "name", "phone"):
                with self.subTest(name=name, bad=bad):
                    self.refused(name, **{name: bad})

    def test_damaged_characters_in_what_nobody_types_are_no_fault(self) -> None:
        for bad in ("a\x00b", "a\x1bb", "a\ufffdb"):
            for name in ("facility", "email", "key", "category", "occurred_on"):
                with self.subTest(name=name, bad=bad):
                    self.assertLess(self.send(**{name: bad}).status_code, 500)

    def test_broken_utf8_is_answered_in_words(self) -> None:
        body = b"key=" + self.key().encode() + b"&body=%C3%28%FF%ED%A0%80&facility_said=%80"
        response = self.client.post(SEND, body, content_type="application/x-www-form-urlencoded")
        self.assertEqual(response.status_code, 422)
        self.assertFalse(Case.objects.exists())

    def test_decomposed_text_is_stored_composed(self) -> None:
        self.send(body="Bệnh viện".encode().decode() + " cho\u031b\u0300")
        self.assertEqual(Case.objects.get().body, "Bệnh viện chờ")

    def test_a_facility_that_ended_is_kept_as_the_senders_words(self) -> None:
        hospital = make.facility()
        type(hospital).objects.update(status="ended", valid_to=timezone.localdate() - timedelta(days=1))
        self.send(facility="T01", facility_said="bv lam kieu")
        case = Case.objects.get()
        self.assertEqual((case.facility, case.facility_said), (None, f"bv lam kieu ({hospital.name})"))

    def test_an_invented_facility_code_is_not_believed(self) -> None:
        self.send(facility="T99'; --", facility_said="ở đâu đó")
        self.assertIsNone(Case.objects.get().facility)

    def test_markup_in_a_text_is_shown_as_text(self) -> None:
        bad = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
        text = self.refused("phone", phone=bad, body=bad, facility_said=bad, name=bad)
        self.assertNotIn("<script>alert", text)
        self.assertNotIn("<img src=x", text)


class FileTests(PageTests):
    def test_active_content_is_refused_whatever_its_name(self) -> None:
        for name, content in (
            ("a.svg", b"<svg onload=alert(1)/>"),
            ("a.html", b"<script>alert(1)</script>"),
            ("a.png", b"<svg onload=alert(1)/>"),
            ("a.exe", b"MZ"),
            ("a.png", b""),
            ("a.png", PNG[:60]),
            ("../../etc/passwd", b"root:x:0:0"),
            ("a\u202egnp.exe", b"MZ"),
            ("<img src=x>.svg", b"<svg/>"),
            ("a" * 300 + ".svg", b"<svg/>"),
        ):
            with self.subTest(name=name):
                response = self.send(files=[upload(name, content)])
                self.assertContains(response, 'id="id_files_error"', status_code=422)
                self.assertNotIn("<img src=x", text_of(response))
        self.assertFalse(Attachment.objects.exists())
        self.assertFalse(Case.objects.exists())

    def test_a_hostile_name_of_a_good_file_stays_a_name(self) -> None:
        self.send(files=[upload("../..\\Nguyễn <b>.png")])
        kept = Attachment.objects.get()
        self.assertRegex(kept.file.name, r"^phan-anh/[0-9a-f]{2}/[0-9a-f]{32}\.png$")

    def test_the_content_says_what_a_file_is_and_gives_it_its_ending(self) -> None:
        for name, told in (
            ("a.png.html", "a.png.html.png"),
            ("a", "a.png"),
            ("a.PNG", "a.png"),
            ("a\u202egnp.exe", "agnp.exe.png"),
            (".png", "png.png"),
        ):
            with self.subTest(name=name):
                response = self.send(files=[upload(name)])
                self.assertTrue(code_in(response))
                kept = Attachment.objects.order_by("-pk").first()
                assert kept
                self.assertEqual((kept.name, kept.content_type), (told, "image/png"))

    def test_too_many_files_are_named_with_the_text_kept(self) -> None:
        response = self.send(files=[upload(f"{number}.png") for number in range(6)])
        self.assertContains(response, 'id="id_files_error"', status_code=422)
        self.assertIn(make.BODY, text_of(response))

    @override_settings(ATTACHMENT_MAX_BYTES=1000)
    def test_a_too_large_file_is_named(self) -> None:
        response = self.send(files=[upload("to.png", PNG + b"0" * 1000)])
        self.assertContains(response, 'id="id_files_error"', status_code=422)

    @override_settings(ATTACHMENT_MAX_BYTES=1000)
    def test_far_too_much_is_not_even_read(self) -> None:
        response = self.send(files=[upload("to.png", PNG + b"0" * 3_000_000)])
        self.assertEqual(response.status_code, 413)
        self.assertContains(response, "<h1>", status_code=413)


class LargeAndBrokenTests(PageTests):
    def test_ten_megabytes_of_text_get_a_page(self) -> None:
        for content_type in ("multipart/form-data", "application/x-www-form-urlencoded"):
            with self.subTest(content_type=content_type):
                if content_type.startswith("multipart"):
                    response = self.send(body="a" * 10_000_000)
                else:
                    body = "body=" + "a" * 10_000_000
                    response = self.client.post(SEND, body, content_type=content_type)
                self.assertContains(response, "<h1>", status_code=413)
                self.assertEqual(response["Cache-Control"], "no-store")
        self.assertFalse(Case.objects.exists())

    def test_what_is_no_form_gets_a_page_and_never_a_fault(self) -> None:
        for content_type, body in (
            ("multipart/form-data", b"x"),
            ("multipart/form-data; boundary=", b"x"),
            (
                "multipart/form-data; boundary=a; charset=base64",
                b"--a\r\nContent-Disposition: form-data; name=body\r\n\r\nx",
            ),
            ("multipart/form-data; boundary=a; charset=utf-7", b"--a--"),
            ("application/x-www-form-urlencoded; charset=utf-16", b"body=x"),
            ("application/json", b'{"body": "x"}'),
            ("text/plain", b"body"),
            ("", b"\xff\xfe\x00"),
        ):
            with self.subTest(content_type=content_type):
                response = self.client.generic("POST", SEND, body, content_type=content_type)
                self.assertIn(response.status_code, (400, 422))
        self.assertFalse(Case.objects.exists())

    def test_too_many_fields_get_a_page(self) -> None:
        response = self.client.post(SEND, {f"f{number}": "1" for number in range(600)})
        self.assertContains(response, "<h1>", status_code=400)

    def test_other_methods_are_refused(self) -> None:
        for method in ("put", "delete", "patch"):
            self.assertEqual(getattr(self.client, method)(SEND).status_code, 405)


class OnceTests(PageTests):
    def test_the_same_form_again_shows_the_same_receipt_and_makes_no_second_case(self) -> None:
        key = self.key()
        first, again = self.send(key, files=[upload()]), self.send(key, files=[upload()])
        self.assertEqual(code_in(first), code_in(again))
        self.assertEqual((Case.objects.count(), Receipt.objects.count(), Attachment.objects.count()), (1, 1, 1))

    def test_two_forms_get_two_receipts(self) -> None:
        self.assertNotEqual(code_in(self.send()), code_in(self.send()))

    def test_another_text_under_the_same_form_is_asked_about_and_can_then_be_sent(self) -> None:
        key = self.key()
        self.send(key)
        asked = self.send(key, body="Chuyện khác hẳn.")
        self.assertContains(asked, "Chuyện khác hẳn.", status_code=409)
        self.assertEqual((Case.objects.count(), code_in(asked)), (1, ""))
        self.assertNotEqual(code_in(self.send(hidden(asked, "key"), body="Chuyện khác hẳn.")), "")
        self.assertEqual(Case.objects.count(), 2)

    def test_a_forged_key_is_not_taken_and_the_text_is_kept(self) -> None:
        for forged in ("0" * 64, self.key()[:-1] + "x", "a:b:c", "\ud7ff" * 500):
            response = self.send(forged)
            self.assertContains(response, make.BODY, status_code=400)
        self.assertFalse(Case.objects.exists())
        self.assertNotEqual(code_in(self.send(hidden(response, "key"))), "")

    def test_a_form_that_stood_open_for_a_week_is_asked_about(self) -> None:
        with time_machine.travel("2026-11-18T08:00:00+07:00"):
            key = self.key()
        with time_machine.travel("2026-11-25T08:00:00+07:00"):
            self.assertEqual(self.send(key).status_code, 400)

    def test_what_is_stored_does_not_tell_the_receipt(self) -> None:
        key = self.key()
        code = code_in(self.send(key))
        stored = repr([vars(row) for row in (Submission.objects.get(), Receipt.objects.get(), Case.objects.get())])
        self.assertNotIn(KEYS.secret_of(key), stored)
        self.assertNotIn(code[9:], stored)

    def test_the_code_stands_in_no_address_and_the_page_is_kept_nowhere(self) -> None:
        for response in (self.client.get(SEND), self.send(), self.send(body="")):
            self.assertEqual(response["Cache-Control"], "no-store")
            self.assertEqual(response["Referrer-Policy"], "no-referrer")
            self.assertNotIn("Location", response.headers)
        code = self.code_of_a_case()
        self.assertNotRegex(text_of(self.send()), rf'(href|action|src)="[^"]*{code[:9]}')


class WithoutScriptsTests(PageTests):
    def test_the_facility_can_be_found_and_picked(self) -> None:
        findable(make.facility("T01"))
        findable(make.facility("T02", "Bệnh viện Đa khoa Trúc Vân"))
        page = self.send(find="1", facility_said="bv lam kieu")
        self.assertContains(page, '<input type="radio" name="facility" value="T01">')
        self.assertIn(make.BODY, text_of(page))
        self.assertFalse(Case.objects.exists())
        self.send(hidden(page, "key"), facility_said="bv lam kieu", facility="T01")
        self.assertEqual(Case.objects.get().facility.code, "T01")

    def test_what_is_not_found_says_so(self) -> None:
        self.assertContains(self.send(find="1", facility_said="zzzz"), 'role="status"')

    def test_the_language_changes_without_losing_a_word(self) -> None:
        page = self.send(language="en", facility_said="bv lam kieu", phone="0900", is_confidential="on")
        self.assertContains(page, '<html lang="en">')
        self.assertContains(page, "Send feedback")
        self.assertIn(make.BODY, text_of(page))
        self.assertRegex(text_of(page), r'name="is_confidential"[^>]*checked')
        self.assertContains(self.client.get("/"), '<html lang="en">')
        self.assertFalse(Case.objects.exists())

    def test_no_page_carries_a_script_or_style_of_its_own(self) -> None:
        for page in (self.client.get(SEND), self.send(), self.send(body=""), self.client.get("/")):
            self.assertNotRegex(text_of(page), r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=")

    def test_no_session_is_opened(self) -> None:
        self.send()
        self.assertNotIn("sessionid", self.client.cookies)


class OfferTests(PageTests):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        for number, name in enumerate(("Lam Kiều", "Trúc Vân"), start=1):
            findable(make.facility(f"T{number:02}", f"Bệnh viện Đa khoa {name}"))

    def offered(self, text: str) -> list[str]:
        answer = self.client.get("/phan-anh/co-so.json", {"q": text})
        self.assertEqual(answer.status_code, 200)
        return [offer["code"] for offer in answer.json()["facilities"]]

    def test_sloppy_names_find_their_facility(self) -> None:
        self.assertEqual(self.offered("bv lam kieu")[0], "T01")
        self.assertEqual(self.offered("bvdk tuc van")[0], "T02")

    def test_nothing_is_offered_for_nothing(self) -> None:
        for text in ("", " ", "b", "\x1b", "zzzzzzzz", "%", "'", "\ufffd" * 50):
            self.assertEqual(self.offered(text), [])

    def test_at_most_ten_are_offered(self) -> None:
        for number in range(12):
            findable(make.facility(f"K{number:02}", f"Phòng khám Hoa Mai {number}"))
        self.assertEqual(len(self.offered("phong kham hoa mai")), 10)

    def test_an_ended_facility_leads_to_its_successor(self) -> None:
        old = findable(make.facility("T09", "Bệnh viện Cũ Kỹ Sậy"))
        heir = make.facility("T10", "Bệnh viện Mới Tinh Sậy")
        type(old).objects.filter(pk=old.pk).update(
            status="ended", valid_to=timezone.localdate() - timedelta(days=1), successor=heir
        )
        self.assertEqual(self.offered("benh vien cu ky say")[0], "T10")
