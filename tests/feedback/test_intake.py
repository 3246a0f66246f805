"""The one entrance: what is taken, what is refused, and that nothing is taken twice or by halves."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.exceptions import InvalidInput, KeyReused
from deadlines.models import Deadline
from feedback import receipts
from feedback.intake import receive
from feedback.models import Attachment, Case, Receipt, Reporter, SearchEntry, Submission
from tests.feedback import factories as make
from tests.files import PNG

SECRET = "0f" * 20


class IntakeTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.hospital = make.facility()

    def refused(self, **changes) -> dict[str, list[str]]:
        with self.assertRaises(InvalidInput) as refusal:
            receive(make.incoming(**changes), by=None)
        self.assertFalse(Case.objects.exists())
        self.assertFalse(Submission.objects.exists())
        return refusal.exception.fields

    def test_a_submission_becomes_a_case_with_everything_that_goes_with_it(self) -> None:
        received = receive(
            make.incoming(
                category="QUYTRINH.01",
                facility="T01",
                reporter={"name": "Người Phản Ánh", "phone": "0900000001"},
            ),
            by=None,
        )
        case = received.case
        self.assertRegex(case.reference, r"^PA-\d{4}-\d{6}$")
        self.assertEqual((case.urgency, case.status, case.version), ("S3", "received", 1))
        self.assertEqual(case.history.count(), 1)
        self.assertEqual(Reporter.objects.get(submission__case=case).open().phone, "0900000001")
        self.assertEqual(
            set(Deadline.objects.filter(about_id=case.pk).values_list("obligation", flat=True)),
            {"acknowledge", "resolve"},
        )
        case.refresh_from_db()
        self.assertIsNotNone(case.due_at)
        self.assertTrue(SearchEntry.objects.filter(case=case).exists())

    def test_identity_stands_nowhere_but_in_its_own_table(self) -> None:
        case = make.case(reporter={"name": "Canary Tên", "phone": "0900000002"})
        rows = [vars(case), vars(case.history.get()), vars(case.submissions.get())]
        self.assertNotIn("Canary", repr(rows))
        self.assertNotIn("0900000002", repr(rows))

    def test_the_same_submission_again_gives_the_same_case(self) -> None:
        what = make.incoming(receipt_secret=SECRET)
        first, again = receive(what, by=None), receive(what, by=None)
        self.assertEqual((first.case.pk, first.receipt), (again.case.pk, again.receipt))
        self.assertEqual((first.is_new, again.is_new), (True, False))
        self.assertEqual((Case.objects.count(), Receipt.objects.count()), (1, 1))

    def test_another_content_under_the_same_number_is_refused(self) -> None:
        receive(make.incoming(source_id="A1"), by=None)
        with self.assertRaises(KeyReused):
            receive(make.incoming(source_id="A1", body="Chuyện khác."), by=None)

    def test_only_what_becomes_a_case_draws_a_reference(self) -> None:
        first = receive(make.incoming(source_id="a"), by=None).case
        receive(make.incoming(source_id="a"), by=None)
        with self.assertRaises(InvalidInput):
            receive(make.incoming(source_id="b", facility="NOBODY"), by=None)
        second = receive(make.incoming(source_id="c"), by=None).case
        self.assertEqual(int(second.reference[-6:]), int(first.reference[-6:]) + 1)

    def test_a_submission_takes_two_statements(self) -> None:
        officer = make.person("officer")
        receive(make.incoming(), by=officer)  # rules, calendars and the written statements are known from now on
        with CaptureQueriesContext(connection) as captured:
            receive(make.incoming(), by=officer)
        asked = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
        self.assertEqual(len(asked), 2, asked)

    def test_a_missing_text_is_named(self) -> None:
        self.assertEqual(set(self.refused(body="  ")), {"body"})

    def test_unknown_codes_are_named_together(self) -> None:
        fields = self.refused(channel="X", category="X", facility="X", area="X", kind="X", urgency="X")
        self.assertEqual(set(fields), {"channel", "category", "facility", "area", "kind", "urgency"})

    def test_a_whole_field_is_enough_at_first(self) -> None:
        self.assertEqual(make.case(category="QUYTRINH").category.code, "QUYTRINH")

    def test_a_facility_that_ended_is_refused(self) -> None:
        type(self.hospital).objects.filter(pk=self.hospital.pk).update(
            status="ended", valid_to=timezone.localdate() - timedelta(days=1)
        )
        self.assertEqual(set(self.refused(facility="T01")), {"facility"})

    def test_a_day_in_the_future_is_refused(self) -> None:
        self.assertEqual(set(self.refused(occurred_on=timezone.localdate() + timedelta(days=1))), {"occurred_on"})

    def test_nul_and_broken_unicode_are_refused_in_every_text(self) -> None:
        for bad in ("a\x00b", "a\ud800b"):
            fields = self.refused(body=bad, facility_said=bad, facility=bad, source_id=bad, reporter={"name": bad})
            self.assertEqual(set(fields), {"body", "facility_said", "facility", "source_id", "reporter.name"})

    def test_ten_megabytes_of_text_are_refused(self) -> None:
        self.assertEqual(set(self.refused(body="a" * 10_000_000)), {"body"})

    def test_a_confidential_channel_makes_a_confidential_case_that_is_not_indexed(self) -> None:
        case = make.case(channel="HOTLINE_VBMT")
        self.assertTrue(case.is_confidential)
        self.assertFalse(SearchEntry.objects.exists())
        self.assertTrue(make.case(kind="TOCAO").is_confidential)

    def test_files_are_kept_by_content_under_random_names(self) -> None:
        case = make.case(uploads=[SimpleUploadedFile("Nguyễn Văn A.png", PNG)])
        kept = Attachment.objects.get(case=case)
        self.assertNotIn("Nguy", kept.file.name)
        self.assertEqual((kept.content_type, kept.audience), ("image/png", "department"))

    def test_a_file_whose_content_lies_is_refused(self) -> None:
        for name, content in (("a.png", b"<svg/>"), ("a.html", b"<html>"), ("a.pdf", b""), ("a.svg", b"<svg/>")):
            self.assertEqual(set(self.refused(uploads=[SimpleUploadedFile(name, content)])), {"files"})

    def test_references_differ(self) -> None:
        self.assertEqual(len({make.case().reference for _ in range(20)}), 20)


class ReceiptTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()

    def test_the_receipt_finds_its_case_however_it_is_typed(self) -> None:
        received = receive(make.incoming(receipt_secret=SECRET), by=None)
        for typed in (received.receipt, receipts.shown(received.receipt).lower(), f" {received.receipt} "):
            self.assertEqual(receipts.case_of(typed), received.case)

    def test_a_wrong_symbol_finds_nothing(self) -> None:
        code = receive(make.incoming(receipt_secret=SECRET), by=None).receipt
        swapped = code[:-2] + ("2" if code[-2] != "2" else "3") + code[-1]
        for typed in ("", "abc", swapped, code[:9] + "0" * 17, "\x00" * 26):
            self.assertIsNone(receipts.case_of(typed))

    def test_the_database_does_not_hold_the_verifier(self) -> None:
        code = receive(make.incoming(receipt_secret=SECRET), by=None).receipt
        row = Receipt.objects.get()
        self.assertNotIn(code[9:].encode(), bytes(row.verifier_hash) + bytes(row.salt))
        self.assertEqual(row.locator, code[:9])
