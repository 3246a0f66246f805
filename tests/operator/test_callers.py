"""Knowing a caller again: by marks that tell nobody a number, and only through cases that the reader may see."""

from io import StringIO
from typing import Any

from django.core.management import call_command
from django.test import TestCase, override_settings

from accounts.access.scope import on_behalf_of
from audit.models import Entry
from common.exceptions import InvalidInput
from common.identifiers import check_letter
from common.sealing import keyring
from feedback import callers
from feedback.models import Case, Reporter
from feedback.models.identity import MARKS, digits_of
from feedback.services import edit
from tests.feedback import factories as make
from tests.feedback.test_identity import BOTH, ONLY_NEW, ONLY_OLD

CALLER = "/console/ghi-nhan/nguoi-goi.json"
RECORD = "/console/ghi-nhan/"
NUMBER = "0912 345 678"


class CallerTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.colleague = make.person("operator")

    def call(self, by: Any, phone: str = NUMBER, **changes: Any) -> Case:
        return make.case(by=by, reporter={"phone": phone, "name": "Người Gọi"}, **changes)

    def told(self, by: Any, phone: str = NUMBER) -> list[str]:
        self.client.force_login(by)
        answer = self.client.post(CALLER, {"phone": phone})
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(bool(answer.json()["words"]), bool(answer.json()["cases"]))
        return [case["reference"] for case in answer.json()["cases"]]

    def test_an_operator_is_told_of_their_own_calls_and_of_no_others(self) -> None:
        mine, _theirs = self.call(self.team.operator), self.call(self.colleague)
        self.assertEqual(self.told(self.team.operator), [mine.reference])

    def test_an_officer_is_told_of_every_ordinary_call_newest_first(self) -> None:
        first, second = self.call(self.team.operator), self.call(self.colleague)
        self.assertEqual(self.told(self.team.officer), [second.reference, first.reference])

    def test_a_secret_call_is_told_to_nobody_not_even_to_whoever_took_it(self) -> None:
        self.call(self.team.lead, channel="HOTLINE_VBMT")
        for person in (self.team.lead, self.team.officer, self.team.operator):
            self.assertEqual(self.told(person), [])
        self.assertEqual(Reporter.objects.filter(number_mark=None).count(), 1)

    def test_what_became_secret_is_forgotten_for_good(self) -> None:
        case = self.call(self.team.operator)
        case = edit(case, {"is_confidential": True}, by=self.team.lead, reason="Người gọi xin giữ kín.", version=1)
        edit(case, {"is_confidential": False}, by=self.team.lead, reason="Nhầm.", version=2)
        self.assertEqual(self.told(self.team.lead), [])

    def test_a_facility_and_a_stranger_have_no_such_page(self) -> None:
        for person in (self.team.quality_officer, self.team.auditor):
            self.client.force_login(person)
            self.assertEqual(self.client.post(CALLER, {"phone": NUMBER}).status_code, 403)
        self.client.force_login(self.team.operator)
        self.assertEqual(self.client.get(CALLER, {"phone": NUMBER}).status_code, 405)

    def test_a_number_is_the_same_however_it_is_written(self) -> None:
        mine = self.call(self.team.operator, "+84 912.345.678")
        self.assertEqual(digits_of("0084912345678"), "0912345678")
        for written in ("0912345678", "84912345678", "0912-345-678", "(0912) 345678"):
            self.assertEqual(self.told(self.team.operator, written), [mine.reference])
        for other in ("0912345679", "345678", "", "x" * 40, "0" * 400, "\x00"):
            self.assertEqual(self.told(self.team.operator, other), [])

    def test_nothing_of_the_number_or_the_name_is_told(self) -> None:
        self.call(self.team.operator)
        self.client.force_login(self.team.operator)
        answer = self.client.post(CALLER, {"phone": NUMBER})
        self.assertNotIn("Người Gọi", answer.content.decode())
        self.assertNotIn("345678", answer.content.decode().replace(" ", ""))
        self.assertIn("no-store", answer["Cache-Control"])

    def test_without_scripts_the_button_that_finds_the_facility_tells_it_too(self) -> None:
        mine = self.call(self.team.operator)
        self.client.force_login(self.team.operator)
        page = self.client.post(RECORD, {"find": "1", "phone": NUMBER, "channel": "HOTLINE_SYT"})
        self.assertContains(page, mine.reference)

    def test_the_database_shows_the_marks_of_no_case_that_is_hidden(self) -> None:
        self.call(self.colleague)
        mark = keyring().marks(b"number_mark 0912345678")[0]
        with on_behalf_of(make.fresh(self.team.operator)):
            self.assertFalse(Reporter.objects.filter(number_mark=mark).exists())
        with on_behalf_of(make.fresh(self.team.officer)):
            self.assertTrue(Reporter.objects.filter(number_mark=mark).exists())

    def test_the_end_of_a_number_finds_its_cases_and_leaves_an_entry(self) -> None:
        mine, other = self.call(self.team.operator), self.call(self.colleague, "0987 005 678")
        officer = make.fresh(self.team.officer)
        for typed, wanted in (("5678", [other, mine]), ("345678", [mine]), ("12345678", [mine]), (NUMBER, [mine])):
            with self.subTest(typed=typed):
                self.assertEqual(callers.found(typed, by=officer), wanted)
        self.assertEqual(Entry.objects.filter(reason="cases_of_a_number", by=officer).count(), 4)
        for typed in ("678", "abcd", "", "0912 345 678 đêm"):
            with self.assertRaises(InvalidInput):
                callers.found(typed, by=officer)

    def test_a_caller_is_known_again_while_and_after_keys_change(self) -> None:
        with override_settings(FIELD_KEYS=ONLY_OLD):
            case = self.call(self.team.operator)
        with override_settings(FIELD_KEYS=BOTH):
            self.assertEqual(self.told(self.team.operator), [case.reference])
            reporter = Reporter.objects.get()
            reporter.seal_again()
            reporter.save(update_fields=reporter.of_key)
        with override_settings(FIELD_KEYS=ONLY_NEW):
            self.assertEqual(self.told(self.team.operator), [case.reference])

    def test_marks_of_other_keys_and_of_other_parts_differ(self) -> None:
        marks = []
        for keys in (ONLY_OLD, ONLY_NEW):
            with override_settings(FIELD_KEYS=keys):
                marks += [Reporter.marks(NUMBER)[column] for column in MARKS]
        self.assertEqual(len(set(marks)), 6)
        self.assertEqual(set(Reporter.marks("12345").values()), {None})

    def test_the_letter_after_a_reference_finds_each_wrong_digit_and_each_swap(self) -> None:
        right = "2026000123"
        letter = check_letter(right)
        wrong = {right[:at] + digit + right[at + 1 :] for at in range(10) for digit in "0123456789"}
        wrong |= {right[:at] + right[at + 1] + right[at] + right[at + 2 :] for at in range(9)}
        self.assertNotIn(letter, [check_letter(digits) for digits in wrong - {right}])
        case = make.case(by=self.team.operator)
        self.client.force_login(self.team.operator)
        page = self.client.get(f"{RECORD}{case.reference}/")
        self.assertContains(page, f"data-check>-{case.check_letter}<")

    def test_callers_from_before_the_marks_are_marked_by_a_command(self) -> None:
        case, secret = self.call(self.team.operator), self.call(self.team.operator, channel="HOTLINE_VBMT")
        once = self.call(self.team.operator)
        once = edit(once, {"is_confidential": True}, by=self.team.lead, reason="Giữ kín.", version=1)
        edit(once, {"is_confidential": False}, by=self.team.lead, reason="Nhầm.", version=2)
        Reporter.objects.update(**dict.fromkeys(MARKS))
        for _run in range(2):
            call_command("mark_callers", stdout=StringIO())
        self.assertEqual(self.told(self.team.lead), [case.reference])
        self.assertEqual(Reporter.objects.filter(number_mark=None).count(), 2)
        self.assertTrue(secret.is_confidential)
