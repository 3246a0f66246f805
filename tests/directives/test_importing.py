"""Reading a letter in: proposed, decided clause by clause, confirmed; and what goes wrong, said plainly."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse

from common.exceptions import InvalidInput, MoveRefused, RightMissing, StaleVersion
from directives import importing
from directives.importing import LEAVE, TAKE
from directives.models import Directive, DocumentVersion, ImportDraft, Obligation
from tests.directives import factories as make
from tests.directives.factories import Team, fresh

LETTERS = Path(__file__).parent / "letters"
LETTER = (LETTERS / "lam-son-1847.txt").read_text(encoding="utf-8")


class ImportTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = Team()
        cls.by = fresh(cls.team.checker)

    def decided(self, draft: ImportDraft, decision: str = TAKE, **facts: Any) -> ImportDraft:
        choices = {
            "facts": draft.choices["facts"] | facts,
            "clauses": [row | {"decision": decision} for row in draft.choices["clauses"]],
        }
        return importing.decide(draft, choices, by=self.by, version=draft.version)

    def test_every_letter_that_is_kept_here_becomes_a_draft_in_which_nothing_is_lost(self) -> None:
        for path in sorted(LETTERS.glob("*.txt")):
            text = path.read_text(encoding="utf-8")
            draft = importing.read_in(by=self.by, text=text)
            rows = draft.proposal
            held = {n for one in (*rows["clauses"], *rows["passages"]) for n in one["lines"]}
            held |= {one["line"] for one in rows["unread"]}
            with self.subTest(path.name):
                written = {
                    number for number, line in enumerate(text.split("\n"), start=1) if line.strip(" \t\u00a0\f_-*.")
                }
                self.assertFalse(written - held)
                self.assertFalse(draft.fault)

    def test_confirming_makes_the_directive_with_what_was_taken(self) -> None:
        draft = self.decided(importing.read_in(by=self.by, text=LETTER))
        draft.choices["clauses"][0]["decision"] = LEAVE
        draft = importing.decide(draft, draft.choices, by=self.by, version=draft.version)
        made = importing.confirm(draft, by=self.by, version=draft.version)
        self.assertEqual(made.obligations.count(), len(draft.choices["clauses"]) - 1)
        self.assertEqual(DocumentVersion.objects.get(directive=made).text, draft.text)
        self.assertEqual(made.number, draft.proposal["facts"]["number"])
        with self.assertRaises(MoveRefused):
            importing.confirm(draft, by=self.by, version=draft.version)

    def test_nothing_is_confirmed_that_nobody_decided(self) -> None:
        draft = importing.read_in(by=self.by, text=LETTER)
        with self.assertRaises(InvalidInput) as refused:
            importing.confirm(draft, by=self.by, version=1)
        self.assertEqual(len(refused.exception.fields), len(draft.choices["clauses"]))
        self.assertFalse(Directive.objects.exists())

    def test_what_goes_wrong_is_said_and_what_was_read_is_kept(self) -> None:
        broken = b"PK\x03\x04" + b"x" * 200
        for name, content, text, words in (
            ("thu.docx", broken, "", "Word"),
            ("thu.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n", "", "PDF"),
            ("", b"", "Hôm nay trời đẹp.\nMua rau.", "chỉ thị"),
        ):
            with self.subTest(name):
                draft = importing.read_in(by=self.by, text=text, name=name, content=content)
                self.assertIn(words.lower(), draft.fault.lower())
                self.assertEqual(bytes(draft.content or b""), content)
                self.assertIn(draft.fault, importing.doubts(draft))
        self.assertEqual([one["text"] for one in draft.proposal["unread"]], ["Hôm nay trời đẹp.", "Mua rau."])

    def test_a_line_that_was_not_read_becomes_a_duty(self) -> None:
        draft = importing.read_in(by=self.by, text="Hôm nay trời đẹp.\nCác bệnh viện gửi báo cáo.")
        draft = importing.add_line(draft, 2, by=self.by, version=1)
        self.assertEqual(draft.choices["clauses"][0]["text"], "Các bệnh viện gửi báo cáo.")
        with self.assertRaises(InvalidInput):
            importing.add_line(draft, 99, by=self.by, version=draft.version)

    def test_a_number_that_exists_and_days_that_contradict(self) -> None:
        draft = importing.read_in(by=self.by, text=LETTER)
        facts = draft.choices["facts"]
        issued = date.fromisoformat(facts["issued_on"])
        make.directive(self.by, facts["number"], issuer=facts["issuer"], issued_on=issued)
        draft.choices["clauses"][0] |= {"due_on": "2001-01-01"}
        said = " ".join(importing.doubts(draft))
        self.assertIn(facts["number"], said)
        self.assertIn("01/01/2001", said)
        draft = self.decided(draft)
        with self.assertRaises(InvalidInput) as refused:
            importing.confirm(draft, by=self.by, version=draft.version)
        self.assertIn("facts-number", refused.exception.fields)
        self.assertEqual((Directive.objects.count(), Obligation.objects.count()), (1, 0))

    def test_two_people_and_strangers(self) -> None:
        draft = importing.read_in(by=self.by, text=LETTER)
        self.decided(draft)
        with self.assertRaises(StaleVersion):
            importing.decide(draft, {}, by=fresh(self.team.second), version=1)
        for person in (self.team.writer, self.team.officer):
            with self.assertRaises(RightMissing):
                importing.read_in(by=fresh(person), text=LETTER)
            self.assertFalse(ImportDraft.objects.visible_to(fresh(person)).exists())

    def test_the_pages_from_upload_to_register(self) -> None:
        self.client.force_login(self.team.checker)
        upload = {"file": SimpleUploadedFile("lam-son.txt", LETTER.encode())}
        begun = self.client.post(reverse("admin:directives_directive_begin"), upload)
        draft = ImportDraft.objects.get()
        here = reverse("admin:directives_directive_reading", args=[draft.pk])
        self.assertRedirects(begun, here)
        page = self.client.get(here)
        body = {"version": draft.version, "confirm": "1"}
        for form in (page.context["forms"].facts, *page.context["forms"].clauses):
            for field in form:
                value = field.value()
                if value not in (None, False, ""):
                    body[field.html_name] = value
        refused = self.client.post(here, body)
        self.assertEqual(refused.status_code, 200)
        self.assertIn("ln-error", refused.content.decode())
        draft.refresh_from_db()
        for place, _row in enumerate(draft.choices["clauses"]):
            body[f"{place}-decision"] = TAKE
            body[f"{place}-title"] = f"Việc số {place}"
        stale = self.client.post(here, body)
        self.assertEqual(stale.status_code, 409)
        self.assertIn("Việc số 0", stale.content.decode())
        done = self.client.post(here, body | {"version": draft.version})
        made = Directive.objects.get()
        self.assertRedirects(done, reverse("admin:directives_directive_change", args=[made.pk]))
        self.assertEqual(made.obligations.filter(title="Việc số 0").count(), 1)
        self.assertEqual(self.client.get(here).status_code, 302)

    def test_neither_file_nor_text(self) -> None:
        self.client.force_login(self.team.checker)
        answer = self.client.post(reverse("admin:directives_directive_begin"), {"text": "  "})
        self.assertIn("ln-error", answer.content.decode())
        self.assertFalse(ImportDraft.objects.exists())
