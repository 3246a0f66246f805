"""Files that show what a facility did with an alert: kept with the answer, handed to those who see the receipt."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import TestCase
from django.urls import reverse

from common.exceptions import InvalidInput
from common.uploads import checked
from incidents.alerts import receiving
from incidents.choices import ReceiptState
from incidents.models import ReceiptFile
from tests.feedback import factories as make
from tests.files import PDF
from tests.forms import form_in
from tests.incidents import factories as incident
from tests.incidents.alerts import making


def pdf(name: str = "bien-ban.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


class ReceiptFileTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = incident.Team()
        cls.alert = making.published(cls.team.checker, cls.team.second, cls.team.hospital, cls.team.other)
        cls.receipt = making.at(cls.team.hospital, cls.alert)

    def page(self) -> str:
        return reverse("admin:incidents_incident_receipt", args=[self.receipt.pk])

    def post(self, **more: object) -> object:
        self.client.force_login(self.team.writer)
        form = form_in(self.client.get(self.page()), "version")
        return self.client.post(self.page(), {"version": form["version"], "text": "Đã dán nhãn.", **more})

    def applied(self) -> ReceiptFile:
        self.assertEqual(self.post(applied="1", files=[pdf()]).status_code, 302)
        return ReceiptFile.objects.get()

    def test_it_is_kept_with_the_word_that_it_was_applied_and_shown_on_both_pages(self) -> None:
        kept = self.applied()
        self.assertEqual((kept.receipt, kept.name, kept.by), (self.receipt, "bien-ban.pdf", self.team.writer))
        address = reverse("admin:incidents_incident_receipt_file", args=[self.receipt.pk, kept.token])
        self.assertContains(self.client.get(self.page()), address)
        self.client.force_login(self.team.director)
        alert = reverse("admin:incidents_incident_alert", args=[self.alert.pk])
        self.assertContains(self.client.get(alert), address)
        answer = self.client.get(address)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("attachment", answer["Content-Disposition"])

    def test_who_does_not_see_the_receipt_finds_no_file(self) -> None:
        kept = self.applied()
        other = making.at(self.team.other, self.alert)
        address = reverse("admin:incidents_incident_receipt_file", args=[self.receipt.pk, kept.token])
        elsewhere = reverse("admin:incidents_incident_receipt_file", args=[other.pk, kept.token])
        for person, path, status in (
            (self.team.stranger, address, 404), (self.team.stranger, elsewhere, 404),
            (self.team.writer, elsewhere, 404),
            (self.team.elsewhere, address, 404), (self.team.officer, address, 403),
        ):  # fmt: skip
            self.client.force_login(person)
            self.assertEqual(self.client.get(path).status_code, status, (person, path))

    def test_what_is_no_evidence_is_refused_and_nothing_is_kept(self) -> None:
        for more in (
            {"applied": "1", "files": [SimpleUploadedFile("x.exe", b"MZ")]},
            {"applied": "1", "files": [SimpleUploadedFile("anh.pdf", b"MZ")]},
            {"applied": "1", "files": [pdf(f"{number}.pdf") for number in range(6)]},
            {"not_applicable": "1", "files": [pdf()]},
            {"read": "1", "files": [pdf()]},
        ):
            answer = self.post(**more)
            self.assertContains(answer, "ln-error")
            self.assertContains(answer, "Đã dán nhãn.")
        self.receipt.refresh_from_db()
        self.assertEqual((self.receipt.state, ReceiptFile.objects.count()), (ReceiptState.UNREAD, 0))

    def test_what_was_shown_once_stays_whatever_is_answered_later(self) -> None:
        kept, by = self.applied(), make.fresh(self.team.writer)
        self.receipt.refresh_from_db()
        state, version = ReceiptState.NOT_APPLICABLE, self.receipt.version
        receiving.answer(self.receipt, state, text="Không có khí.", by=by, version=version)
        self.assertEqual(list(receiving.files_of([self.receipt], by)), [self.receipt.pk])
        for deed in (kept.delete, lambda: ReceiptFile.objects.update(name="khac.pdf")):
            with self.assertRaises(DatabaseError), transaction.atomic():
                deed()
        with self.assertRaises(InvalidInput):
            receiving.answer(
                self.receipt, state, text="x", uploads=[checked(pdf())], by=by, version=version + 1
            )  # fmt: skip
