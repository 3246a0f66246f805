"""Whatever is typed or pasted: a proposal or a refusal in words, and no line is dropped."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.exceptions import Refused
from directives.reading.letter import MAX_LETTERS, NotALetter, TooLong, read_letter
from directives.reading.lines import bare, lines_of
from tests.directives.test_letters import NAMES, letter

LINES = sorted({line for name in NAMES for line in letter(name).split("\n")})
PIECES = st.one_of(
    st.sampled_from(LINES),
    st.text(max_size=40),
    st.sampled_from(
        [
            "1. ",
            "a) ",
            "- ",
            "+ ",
            "Điều 1. ",
            "I. ",
            "| a | b |",
            "TT",
            "Nơi nhận:",
            "PHỤ LỤC",
            "trước ngày 31/02",
            "\t1\t2",
        ]
    ),
)


def check(text: str) -> None:
    try:
        proposal = read_letter(text)
    except Refused as refused:
        assert str(refused)
        return
    parts = (*proposal.clauses, *proposal.passages)
    read = {number for part in parts for number in part.numbers} | {line.number for line in proposal.unread}
    assert {line.number for line in lines_of(text) if line.text} <= read
    assert proposal.as_json()["clauses"] == [] or all(clause.text and clause.party for clause in proposal.clauses)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=30).map("\n".join))
def test_pieces_of_letters_in_any_order_drop_no_line(text):
    check("Số: 1/SYT-VP\nKính gửi: Các bệnh viện\n" + text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text):
    check(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_without_accents_each_letter_stays_in_its_place(text):
    assert len(bare(text)) == len(text)


@pytest.mark.parametrize(
    "text", ["", "Xin chào", "Ngày xửa ngày xưa có một cô bé.", "<html><body>1. a</body></html>", "1\n2\n3"]
)
def test_what_is_no_letter_is_refused(text):
    with pytest.raises(NotALetter):
        read_letter(text)


def test_a_text_longer_than_any_letter_is_refused():
    with pytest.raises(TooLong):
        read_letter("a" * (MAX_LETTERS + 1))
