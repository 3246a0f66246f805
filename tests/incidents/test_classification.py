"""What follows from letter and item, over the whole decision table, and the laws that hold for any claim."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.classification import LETTERS, Claim, faults, is_lower, judge, must_be_phoned, unknown_boxes
from incidents.taxonomy import lists

SEVERE = "GHI"
WITH_EXCEPTION = (1, 3, 4, 8, 12, 14, 20)

claims = st.builds(
    Claim,
    letter=st.sampled_from(LETTERS),
    item=st.none() | st.integers(1, 28),
    exception=st.sampled_from(["", "đổi vị trí khẩn cấp, đã được chấp thuận"]),
    deaths=st.integers(0, 5),
)


def claim(letter: str, item: int | None = None, exception: str = "") -> Claim:
    return Claim(letter, item, exception, deaths=1 if letter == "I" else 0)


@pytest.mark.parametrize(
    ("letter", "level", "is_mandatory"),
    [
        ("A", "NC0", False), ("B", "NC1", False), ("C", "NC1", False), ("D", "NC1", False), ("E", "NC2", False),
        ("F", "NC2", False), ("G", "NC3", True), ("H", "NC3", True), ("I", "NC3", True),
    ],
)  # fmt: skip
def test_level_and_duty_follow_from_the_letter(letter: str, level: str, is_mandatory: bool) -> None:
    judged = judge(claim(letter))
    assert (judged.level, judged.is_mandatory, judged.is_serious) == (level, is_mandatory, False)


@pytest.mark.parametrize(("item", "letter"), list(product(range(1, 29), LETTERS)))
def test_every_item_with_every_letter(item: int, letter: str) -> None:
    """28 items × 9 letters: an item holds with G, H and I; item 5, a death, with I alone."""
    fits = letter == "I" if item == 5 else letter in SEVERE
    assert list(faults(claim(letter, item))) == ([] if fits else ["serious_item"])
    if fits:
        assert judge(claim(letter, item)).is_serious


@pytest.mark.parametrize("item", range(1, 29))
def test_an_exception_takes_only_what_the_list_excepts_out(item: int) -> None:
    excepted = claim("I", item, "thay đổi khẩn cấp, đã được chấp thuận")
    assert not judge(excepted).is_serious
    assert judge(excepted).is_mandatory
    assert list(faults(excepted)) == ([] if item in WITH_EXCEPTION else ["exception"])


def test_an_exception_without_an_item_is_refused() -> None:
    assert list(faults(claim("G", None, "lý do"))) == ["exception"]


def test_a_refusal_names_its_article() -> None:
    for found in (faults(claim("B", 2)), faults(Claim("G", deaths=1)), faults(Claim("I")), faults(claim("G", 2, "x"))):
        assert all("43/2018" in str(sentence) for sentence in found.values()) and found


@pytest.mark.parametrize(
    ("deaths", "more_feared", "expected"),
    [(0, False, False), (0, True, False), (1, False, False), (1, True, True), (2, False, True), (3, True, True)],
)
def test_what_is_phoned_within_the_hour(deaths: int, more_feared: bool, expected: bool) -> None:
    assert must_be_phoned(deaths, more_feared) is expected


@given(claims)
def test_a_serious_incident_is_always_mandatory_and_severe(said: Claim) -> None:
    judged = judge(said)
    assert not judged.is_serious or (judged.is_mandatory and judged.level == "NC3")
    assert judged.is_mandatory == (judged.level == "NC3")
    assert lists().harms[judged.letter].level == judged.level


@given(claims, claims)
def test_nothing_gets_milder_without_being_lower(before: Claim, after: Claim) -> None:
    """Whatever takes a duty, a level or the word serious away counts as lower: nobody does it alone."""
    old, new = judge(before), judge(after)
    loses = old.level > new.level or old.is_mandatory > new.is_mandatory or old.is_serious > new.is_serious
    assert not loses or is_lower(before, after)


@given(claims)
def test_what_stays_is_not_lower(said: Claim) -> None:
    assert not is_lower(said, said)


def test_boxes_that_annex_four_does_not_print() -> None:
    assert unknown_boxes(["IT01.1", "IT99.1"], ["CA1.1", "IT01.1"]) == {"IT99.1", "IT01.1"}
    assert unknown_boxes(lists().type_codes(), lists().cause_codes()) == set()
