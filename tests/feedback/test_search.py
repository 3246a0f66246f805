"""Finding cases by words."""

import pytest
from django.test import TestCase

from feedback.models import Case
from feedback.search import matching, query_of, words_of
from tests.feedback import factories as make


def test_words_are_syllables_and_pairs() -> None:
    assert words_of("Bệnh viện Đa khoa") == ["_benh_vien", "_da_khoa", "_vien_da", "benh", "da", "khoa", "vien"]


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("bệnh viện", "'_benh_vien'"),
        ("chờ toa thuốc", "'_cho_toa' & '_toa_thuoc'"),
        ("thuốc", "'thuoc'"),
        ("'); DROP TABLE", "'_drop_table'"),
        ("!!!", ""),
    ],
)
def test_what_people_type_becomes_a_safe_query(typed: str, query: str) -> None:
    assert query_of(typed) == query


def test_looking_loosely_takes_words_apart_and_beginnings() -> None:
    assert query_of("chờ toa", loose=True) == "'cho' & 'toa'"
    assert query_of("duỡ", loose=True) == "'duo':*"


class SearchTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.waiting = make.case(body="Chờ hơn ba giờ để lấy toa thuốc đã in.")
        cls.rude = make.case(body="Điều dưỡng cáu gắt, đuổi người nhà ra ngoài.")
        cls.secret = make.case(body="Chờ ba giờ vì bị ép mổ.", channel="HOTLINE_VBMT")

    def found(self, text: str) -> set[Case]:
        return set(matching(Case.objects.all(), text))

    def test_accents_do_not_matter(self) -> None:
        for text in ("toa thuốc", "TOA THUOC", "toa thuo\u0302\u0301c"):
            self.assertEqual(self.found(text), {self.waiting})

    def test_words_apart_are_found_when_no_phrase_is(self) -> None:
        self.assertEqual(self.found("thuốc chờ"), {self.waiting})

    def test_the_beginning_of_a_word_is_enough(self) -> None:
        self.assertEqual(self.found("gắt"), {self.rude})
        self.assertEqual(self.found("duỡ"), {self.rude})

    def test_a_reference_finds_its_case_in_any_spelling(self) -> None:
        number = self.rude.reference.split("-")
        for text in (self.rude.reference, f"pa{number[1]}{number[2]}", f" pa-{number[1]}-{int(number[2])} "):
            self.assertEqual(self.found(text), {self.rude})

    def test_confidential_text_is_never_found(self) -> None:
        self.assertEqual(self.found("ép mổ"), set())

    def test_nothing_typed_finds_nothing(self) -> None:
        self.assertEqual(self.found("..."), set())
