"""Sealed values: they open where they belong, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.sealing import CannotOpen, Keyring, KeyUnknown, Place, Tampered, padded

OLD, NEW = b"o" * 32, b"n" * 32
PLACE = Place("feedback_reporter", "sealed", 7)
RING = Keyring({"new": NEW, "old": OLD})
WORDS = b"0900000001"
texts = st.text(max_size=500)


@given(texts)
def test_any_text_comes_back(text: str) -> None:
    plain = text.encode("utf-8", "surrogatepass")
    assert RING.open(RING.seal(plain, PLACE), PLACE) == plain


@given(texts.filter(bool))
def test_nothing_of_it_shows(text: str) -> None:
    plain = padded({"name": text})
    sealed = RING.seal(plain, PLACE)
    assert plain not in sealed
    assert len(sealed) % 64 == len(RING.seal(padded({}), PLACE)) % 64


@given(st.data())
def test_any_changed_bit_closes_it(data: st.DataObject) -> None:
    sealed = bytearray(RING.seal(WORDS, PLACE))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(CannotOpen):
        RING.open(bytes(sealed), PLACE)


@given(st.integers(0, 100))
def test_a_cut_one_does_not_open(length: int) -> None:
    sealed = RING.seal(WORDS, PLACE)
    with pytest.raises(CannotOpen):
        RING.open(sealed[: min(length, len(sealed) - 1)], PLACE)


@given(st.binary(max_size=80))
def test_what_was_never_sealed_does_not_open(rubbish: bytes) -> None:
    with pytest.raises(CannotOpen):
        RING.open(rubbish, PLACE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("feedback_reporter", "sealed", 8),
        Place("feedback_reporter", "name", 7),
        Place("incidents_patient", "sealed", 7),
        Place("feedback_reporter", "sealed7", ""),
    ],
)
def test_it_opens_in_its_own_place_only(elsewhere: Place) -> None:
    with pytest.raises(Tampered):
        RING.open(RING.seal(WORDS, PLACE), elsewhere)


def test_an_older_key_still_opens_and_the_first_one_seals() -> None:
    before = Keyring({"old": OLD}).seal(WORDS, PLACE)
    assert RING.open(before, PLACE) == WORDS
    with pytest.raises(KeyUnknown):
        Keyring({"old": OLD}).open(RING.seal(WORDS, PLACE), PLACE)


def test_another_key_under_the_same_id_does_not_open() -> None:
    with pytest.raises(Tampered):
        Keyring({"new": OLD}).open(RING.seal(WORDS, PLACE), PLACE)


def test_the_same_words_are_never_sealed_alike() -> None:
    assert len({RING.seal(WORDS, PLACE) for _ in range(1000)}) == 1000


def test_fingerprints_outlive_a_new_key_and_tell_nothing_without_one() -> None:
    mark = Keyring({"old": OLD}).fingerprint(b"a")
    assert RING.is_fingerprint_of(b"a", mark)
    assert not RING.is_fingerprint_of(b"b", mark)
    assert not Keyring({"other": b"x" * 32}).is_fingerprint_of(b"a", mark)


def test_a_keyring_shows_no_key() -> None:
    assert repr(RING) == "<Keyring new, old>"
