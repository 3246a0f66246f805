"""Returns through their pages: written, read again, signed, fetched as files that are the same each time, corrected,
written in spite of each other, and what of it others see."""

import io
from datetime import datetime, timedelta

import docx
import time_machine
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from audit.models import Act, Entry
from incidents import services
from incidents.choices import FileForm, ReturnStatus
from incidents.classification import Claim
from incidents.models import Return, ReturnEdition
from incidents.returns import deeds, wording
from incidents.returns.content import drawn_up
from tests.feedback.factories import fresh
from tests.forms import changed, form_in
from tests.incidents.test_returns import SUMMER, WORDS, ReturnTests, texts_of

LIST = "admin:incidents_return_changelist"
TYPES = {
    FileForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileForm.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
DONE = "Đã đếm gạc hai người từ tháng 5.\nCòn một khoa chưa làm."


class ReturnPageTests(ReturnTests):
    def client_of(self, user) -> Client:
        client = Client(headers={"accept-language": "vi"})
        client.force_login(user)
        return client

    def at(self, name: str, found: Return, *more) -> str:
        return reverse(f"admin:incidents_return_{name}", args=[found.pk, *more])

    def write(self, user, found: Return, at: datetime = SUMMER, **words: str):
        """Fill in and save the page, as a browser does it."""
        client = self.client_of(user)
        with time_machine.travel(at):
            form = form_in(client.get(self.at("write", found)), "findings")
            return client.post(self.at("write", found), changed(form, **(WORDS | words)))

    def sign(self, user, found: Return, at: datetime = SUMMER, **more):
        client = self.client_of(user)
        with time_machine.travel(at):
            form = form_in(client.get(self.at("sign", found)), "digest")
            return client.post(self.at("sign", found), changed(form, **({"has_read": "on"} | more)))

    def files(self, user, found: Return, number: int = 1) -> dict[str, bytes]:
        answers = {form: self.client_of(user).get(self.at("file", found, number, form)) for form in FileForm}
        for form, answer in answers.items():
            self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, TYPES[form]))
            self.assertIn(f"-ban-{number}.{form}", answer.headers["Content-Disposition"])
            self.assertIn("no-store", answer.headers["Cache-Control"])
        return {form: answer.content for form, answer in answers.items()}

    def test_the_facility_writes_reads_signs_and_fetches_both_files(self) -> None:
        self.assertRedirects(self.write(self.team.writer, self.own), self.at("change", self.own))
        self.assertRedirects(self.sign(self.team.head, self.own), self.at("change", self.own))
        self.own.refresh_from_db()
        self.assertEqual(self.own.status, ReturnStatus.SIGNED)
        page = self.client_of(self.team.writer).get(self.at("change", self.own))
        for form in FileForm:
            self.assertContains(page, self.at("file", self.own, 1, form))
        made = self.files(self.team.writer, self.own)
        text = texts_of(made[FileForm.DOCX])
        for words in (*WORDS["findings"].split("\n"), WORDS["solutions"], wording.SYNTHESIS):
            self.assertIn(words, text)
        rows = {row[0].value: row[1].value for row in load_workbook(io.BytesIO(made[FileForm.XLSX])).active.iter_rows()}
        self.assertEqual((rows[wording.DUTIES[True]], rows[wording.DUTIES[False]]), (1, 2))
        self.assertEqual(Entry.objects.filter(act=Act.EXPORT).count(), 2)

    def test_a_year_later_the_pages_give_the_same_bytes_and_figures_whatever_happened_since(self) -> None:
        self.write(self.team.writer, self.own)
        self.sign(self.team.head, self.own)
        first = self.files(self.team.writer, self.own)
        shown = self.client_of(self.team.head).get(self.at("change", self.own)).context["parts"]
        later = SUMMER + timedelta(days=365)
        with time_machine.travel(later):
            services.reclassify(
                self.mild, Claim("F"), reason="nặng hơn", by=fresh(self.team.writer), version=self.mild.version
            )
            page = self.client_of(self.team.head).get(self.at("change", self.own))
            self.assertEqual(self.files(self.team.checker, self.own), first)
            edition = ReturnEdition.objects.get()
            self.assertEqual({form: bytes(made) for form, made in deeds.files_of(edition).items()}, first)
            self.assertEqual(drawn_up(self.own, edition.as_of, WORDS), edition.content)
        self.assertEqual(page.context["parts"], shown)
        self.assertNotContains(page, self.at("write", self.own))

    def test_a_draft_moves_with_its_figures_and_has_no_file(self) -> None:
        def moderate(at: datetime) -> list[int]:
            with time_machine.travel(at):
                page = self.client_of(self.team.writer).get(self.at("change", self.own))
            parts = {sheet.title: sheet for part, sheets in page.context["parts"] for sheet, _bars in sheets}
            self.assertContains(page, self.at("write", self.own))
            return [row[1] for row in parts[wording.LETTERS].rows[3:6]]

        self.assertEqual(moderate(SUMMER), [1, 0, 0])  # letters D, E, F
        with time_machine.travel(SUMMER + timedelta(days=3)):
            services.reclassify(
                self.mild, Claim("F"), reason="nặng hơn", by=fresh(self.team.writer), version=self.mild.version
            )
        self.assertEqual(moderate(SUMMER + timedelta(days=4)), [0, 0, 1])
        for form in FileForm:
            answer = self.client_of(self.team.writer).get(self.at("file", self.own, 1, form))
            self.assertEqual(answer.status_code, 404)

    def test_the_department_sees_nothing_of_a_draft_and_the_whole_of_what_was_signed(self) -> None:
        self.write(self.team.writer, self.own)
        page = self.client_of(self.team.checker).get(self.at("change", self.own))
        self.assertIsNone(page.context["parts"])
        self.assertNotContains(page, WORDS["solutions"])
        self.sign(self.team.head, self.own)
        page = self.client_of(self.team.checker).get(self.at("change", self.own))
        self.assertContains(page, WORDS["solutions"])
        self.assertEqual(self.client_of(self.team.stranger).get(self.at("change", self.own)).status_code, 404)
        for form in FileForm:
            answer = self.client_of(self.team.stranger).get(self.at("file", self.own, 1, form))
            self.assertEqual(answer.status_code, 404)

    def test_without_words_it_cannot_be_signed_and_the_page_says_what_to_do(self) -> None:
        with time_machine.travel(SUMMER):
            page = self.client_of(self.team.head).get(self.at("sign", self.own))
        self.assertEqual(page.context["lacks"], ["findings", "solutions"])
        self.assertContains(page, self.at("write", self.own))
        self.assertNotContains(page, 'data-form="sign"')

    def test_figures_that_changed_while_somebody_read_are_shown_again_before_they_are_signed(self) -> None:
        self.write(self.team.writer, self.own)
        client = self.client_of(self.team.head)
        with time_machine.travel(SUMMER):
            form = changed(form_in(client.get(self.at("sign", self.own)), "digest"), has_read="on")
        self.write(self.team.writer, self.own, solutions=DONE)
        with time_machine.travel(SUMMER + timedelta(minutes=5)):
            answer = client.post(self.at("sign", self.own), form)
            self.assertEqual(answer.status_code, 200)
            self.assertTrue(answer.context["refused"])
            self.assertContains(answer, "Còn một khoa chưa làm.")
            self.assertFalse(ReturnEdition.objects.exists())
            again = changed(form_in(answer, "digest"), has_read="on")
            self.assertRedirects(client.post(self.at("sign", self.own), again), self.at("change", self.own))

    def test_what_was_not_read_is_not_signed(self) -> None:
        self.write(self.team.writer, self.own)
        self.assertEqual(self.sign(self.team.head, self.own, has_read=None).status_code, 200)
        self.assertEqual(self.sign(self.team.head, self.own, as_of="hôm qua").status_code, 200)
        self.assertFalse(ReturnEdition.objects.exists())

    def test_who_comes_second_keeps_what_they_typed_and_sees_what_the_other_wrote(self) -> None:
        client = self.client_of(self.team.colleague)
        with time_machine.travel(SUMMER):
            form = form_in(client.get(self.at("write", self.own)), "findings")
            self.write(self.team.writer, self.own)
            answer = client.post(
                self.at("write", self.own), changed(form, findings="Của tôi", solutions="Việc của tôi")
            )
            self.assertContains(answer, WORDS["solutions"], status_code=409)
            self.assertContains(answer, "Việc của tôi", status_code=409)
            again = changed(form_in(answer, "findings"), findings="Cả hai")
            self.assertRedirects(client.post(self.at("write", self.own), again), self.at("change", self.own))
        self.assertEqual(deeds.texts_of(self.own, fresh(self.team.writer))["findings"], "Cả hai")

    def test_a_correction_is_a_second_edition_and_the_first_can_still_be_fetched(self) -> None:
        self.write(self.team.writer, self.own)
        self.sign(self.team.head, self.own)
        first, later = self.files(self.team.writer, self.own), SUMMER + timedelta(days=20)
        client = self.client_of(self.team.writer)
        with time_machine.travel(later):
            form = form_in(client.get(self.at("correct", self.own)), "reason")
            refused = client.post(self.at("correct", self.own), changed(form, reason=" "))
            self.assertEqual(refused.status_code, 200)
            client.post(self.at("correct", self.own), changed(form, reason="Phân loại lại"))
        self.write(self.team.writer, self.own, later, solutions=DONE)
        self.sign(self.team.head, self.own, later)
        self.assertEqual(self.files(self.team.writer, self.own), first)
        second = texts_of(self.files(self.team.writer, self.own, 2)[FileForm.DOCX])
        self.assertIn("Phân loại lại", second)
        self.assertIn("Còn một khoa chưa làm.", second)
        page = self.client_of(self.team.checker).get(self.at("change", self.own))
        self.assertEqual([one.number for one in page.context["editions"]], [2, 1])

    def test_the_department_writes_signs_and_fetches_its_letter(self) -> None:
        self.assertEqual(self.write(self.team.checker, self.letter).status_code, 302)
        self.assertEqual(self.sign(self.team.director, self.letter).status_code, 302)
        made = self.files(self.team.checker, self.letter)
        with time_machine.travel(SUMMER + timedelta(days=90)):
            self.assertEqual(self.files(self.team.director, self.letter), made)
        text = texts_of(made[FileForm.DOCX])
        self.assertIn("Cục Quản lý Khám, chữa bệnh", text)
        self.assertNotIn("Lam Kiều", text)
        self.assertTrue(docx.Document(io.BytesIO(made[FileForm.DOCX])).tables)
        self.assertEqual(self.client_of(self.team.writer).get(self.at("change", self.letter)).status_code, 404)

    def test_the_department_sees_who_has_handed_in(self) -> None:
        self.write(self.team.writer, self.own)
        self.sign(self.team.head, self.own)
        with time_machine.travel(SUMMER + timedelta(days=30)):
            page = self.client_of(self.team.checker).get(reverse("admin:incidents_return_overview"))
            self.assertEqual(
                page.context["counts"], {"every": 2, "on_time": 1, "signed_late": 0, "late": 1, "waiting": 0}
            )
            self.assertEqual(self.client_of(self.team.checker).get(reverse(LIST)).status_code, 200)
        self.assertEqual(
            self.client_of(self.team.writer).get(reverse("admin:incidents_return_overview")).status_code, 403
        )
