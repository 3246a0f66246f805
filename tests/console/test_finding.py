"""Finding a case again: by any name of its facility, by the end of a number, by a dictated reference; and by keys."""

from typing import Any

from django.urls import reverse

from audit.models import Entry
from facilities.choices import NameKind
from facilities.models import FacilityName
from facilities.services import refresh_words
from feedback.choices import Status
from feedback.models import Case
from tests.console.test_list import LIST, ListTestCase
from tests.feedback import factories as make
from tests.public.pages import findable

BY_NUMBER = reverse("admin:feedback_case_by_number")


def called(facility: Any, name: str, kind: str = NameKind.FORMER) -> None:
    row = FacilityName(facility=facility, name=name, kind=kind)
    row.fold_names()
    row.save()
    refresh_words([facility.pk])


class ByFacilityTests(ListTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        findable(cls.team.hospital)
        findable(cls.team.other_hospital)
        called(cls.team.hospital, "Nhà thương Vườn Dâu")
        cls.of_hospital = make.case(facility="T01", body="Chờ lâu.")
        cls.told = make.case(body="Xe đậu trước nhà thương Vườn Dâu chắn lối đi.")
        cls.other = make.case(facility="T02", body="Chờ lâu.")

    def test_an_old_name_finds_the_cases_of_the_facility_and_those_that_say_it(self) -> None:
        for words in ("nha thuong vuon dau", "vuon dau", "VƯỜN DÂU"):
            self.assertEqual(self.shown(self.team.officer, q=words), [self.told.reference, self.of_hospital.reference])
        page = self.page(self.team.officer, q="vuon dau")
        self.assertContains(page, "Nhà thương Vườn Dâu")
        self.assertEqual(page.context_data["found"], 2)

    def test_the_name_of_today_in_short_finds_them_too(self) -> None:
        self.assertEqual(self.shown(self.team.officer, q="bv lam kieu"), [self.of_hospital.reference])
        self.assertEqual(self.shown(self.team.officer, q="bv lam kieu", channel="WEB"), [])

    def test_who_may_not_see_the_case_finds_nothing_by_its_facility(self) -> None:
        self.assertEqual(self.shown(self.team.stranger, q="vuon dau"), [])
        secret = make.case(facility="T01", channel="HOTLINE_VBMT")
        self.assertNotIn(secret.reference, self.shown(self.team.officer, q="vuon dau"))

    def test_a_kind_of_facility_is_not_a_facility(self) -> None:
        for number in range(7):
            named = make.facility(f"K{number}", f"Phòng khám Đa khoa Số {number}")
            findable(named)
            make.case(facility=named.code, body="Thu phí cao.")
        self.assertEqual(self.shown(self.team.officer, q="phong kham da khoa"), [])

    def test_pages_hold_each_found_case_once(self) -> None:
        for _number in range(60):
            make.case(facility="T01", body="Nhà thương Vườn Dâu thu phí cao.")
        first = self.page(self.team.officer, q="vuon dau").context_data["cl"]
        seen = [case.reference for case in first.result_list]
        rest = dict(pair.split("=") for pair in first.next_url.lstrip("?").replace("+", " ").split("&"))
        seen += self.shown(self.team.officer, **rest)
        self.assertEqual(len(seen), 62)
        self.assertEqual(len(set(seen)), 62)


class ByNumberTests(ListTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.case = make.case(reporter={"phone": "0912 345 678"})
        cls.secret = make.case(channel="HOTLINE_VBMT", reporter={"phone": "0912 345 678"})

    def ask(self, user: Any, phone: str) -> Any:
        self.client.force_login(user)
        return self.client.post(BY_NUMBER, {"phone": phone})

    def test_the_end_of_a_number_finds_ordinary_cases_only(self) -> None:
        for person in (self.team.officer, self.team.lead):
            page = self.ask(person, "5678")
            self.assertContains(page, self.case.reference)
            self.assertNotContains(page, self.secret.reference)
            self.assertIn("no-store", page["Cache-Control"])
        self.assertEqual(Entry.objects.filter(reason="cases_of_a_number").count(), 2)

    def test_only_those_who_may_look_at_identities_look(self) -> None:
        for person in (self.team.operator, self.team.division_officer, self.team.quality_officer, self.team.auditor):
            self.assertEqual(self.ask(person, "5678").status_code, 403)
            self.assertNotContains(self.page(person), "data-by-number")
        self.assertContains(self.page(self.team.officer), "data-by-number")

    def test_too_short_or_odd_is_said_and_not_looked_for(self) -> None:
        for typed in ("678", "", "'; --", "\x00" * 5):
            self.assertEqual(self.ask(self.team.officer, typed).status_code, 422)
        self.assertFalse(Entry.objects.filter(reason="cases_of_a_number").exists())

    def test_an_address_is_no_way_to_ask(self) -> None:
        self.client.force_login(self.team.officer)
        self.assertRedirects(self.client.get(BY_NUMBER, {"phone": "0912345678"}), reverse(LIST))


class ByReferenceTests(ListTestCase):
    def test_with_its_letter_a_reference_finds_the_case_and_with_another_says_why_not(self) -> None:
        case = make.case()
        for written in (f"{case.reference}-{case.check_letter}", f"{case.reference}{case.check_letter.lower()}"):
            self.assertEqual(self.shown(self.team.officer, q=written), [case.reference])
        wrong = "A" if case.check_letter != "A" else "B"
        page = self.page(self.team.officer, q=f"{case.reference}-{wrong}")
        self.assertEqual(list(page.context_data["cl"].result_list), [])
        self.assertContains(page, "data-misread")


class KeysTests(ListTestCase):
    def keyed(self, user: Any, case: Case) -> list[str]:
        page = self.page(user, queue="all")
        (row,) = [one for one in page.context_data["cl"].result_list if one.pk == case.pk]
        return row.keyed.split()

    def test_a_row_says_which_steps_its_keys_lead_to(self) -> None:
        fresh, taken = make.case(by=self.team.operator), make.case_in(Status.TRIAGED, self.team)
        forwarded = make.case_in(Status.FORWARDED, self.team)
        self.assertEqual(self.keyed(self.team.officer, fresh), ["triaged", "assigned", "forwarded"])
        self.assertEqual(self.keyed(self.team.officer, taken), ["assigned", "forwarded"])
        self.assertEqual(self.keyed(self.team.operator, fresh), [])
        self.assertEqual(self.keyed(self.team.quality_officer, forwarded), [])

    def test_the_page_names_its_keys(self) -> None:
        page = self.page(self.team.officer)
        for key in "jkxcaf?":
            self.assertContains(page, f"<kbd>{key}</kbd>")
        self.assertNotContains(self.page(self.team.quality_officer), "<kbd>c</kbd>")

    def test_a_case_shows_its_age(self) -> None:
        make.case()
        self.assertContains(self.page(self.team.officer), 'class="ln-age"')
