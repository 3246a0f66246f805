"""Text is stored in one form and compared in another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.identifiers import check_symbol, has_valid_check, normalised, random_symbols
from common.text import clean, fold, has_unstorable, number_in, short, version_in


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Bệnh viện Đa khoa", "benh vien da khoa"),
        ("hoà", "hoa"),
        ("hòa", "hoa"),
        ("Nguyễn Thị Đặng", "nguyen thi dang"),
        ("BVĐK  Lam-Kiều, Q.1", "bvdk lam kieu q 1"),
        ("  ", ""),
        ("a_b", "a b"),
    ],
)
def test_folding_takes_accents_case_and_marks_away(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_clean_text_can_always_be_stored(text: str) -> None:
    assert not has_unstorable(clean(text))
    assert clean(clean(text)) == clean(text)


def test_decomposed_input_is_stored_composed() -> None:
    assert clean("bệnh") == "bệnh"


def test_nul_and_lone_surrogates_are_unstorable() -> None:
    assert has_unstorable("a\x00b")
    assert has_unstorable("a\ud800b")
    assert not has_unstorable("dòng một\ndòng hai\t😊")


def test_short_cuts_at_a_word() -> None:
    assert short("một hai ba bốn năm", 12) == "một hai ba…"
    assert short("một", 12) == "một"


@given(st.integers(1, 20))
def test_a_wrong_symbol_is_found(count: int) -> None:
    symbols = random_symbols(count)
    whole = symbols + check_symbol(symbols)
    assert has_valid_check(whole)
    wrong = ("1" if whole[0] != "1" else "2") + whole[1:]
    assert not has_valid_check(wrong)


def test_lookalikes_are_read_as_meant() -> None:
    assert normalised("o1l-i 0") == "01110"


@given(st.integers(0, 10**18 - 1))
def test_a_key_of_the_database_is_a_number(number: int) -> None:
    assert number_in(str(number)) == number


@pytest.mark.parametrize("text", ["", "abc", "²", "٣", "-1", "1.5", " 1", "1\x00", "9" * 19, "9" * 5000])
def test_what_is_no_key_is_no_number(text: str) -> None:
    assert number_in(text) is None
    assert version_in(text) == 0


@pytest.mark.parametrize(("digits", "most"), [(5, 99_999), (9, 999_999_999), (18, 10**18 - 1)])
def test_a_number_has_so_many_digits_at_most(digits: int, most: int) -> None:
    assert number_in(str(most), digits) == most
    assert number_in(str(most + 1), digits) is None


@pytest.mark.parametrize(("text", "version"), [("0", 0), ("1", 1), ("999999999", 999_999_999), ("1000000000", 0)])
def test_a_version_is_a_number_that_its_column_holds(text: str, version: int) -> None:
    assert version_in(text) == version
