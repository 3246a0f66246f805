"""Whole letters against what must be read from them, and in every typing that looks the same on paper."""

import json
import unicodedata
from pathlib import Path

import pytest

from directives.reading.letter import read_letter

LETTERS = Path(__file__).parent / "letters"
NAMES = sorted(path.stem for path in LETTERS.glob("*.txt"))


def letter(name: str) -> str:
    return (LETTERS / f"{name}.txt").read_text(encoding="utf-8")


def expected(name: str) -> dict:
    text = (LETTERS / f"{name}.expected.json").read_text(encoding="utf-8")
    return json.loads(unicodedata.normalize("NFC", text))


def is_same(one: str, other: str) -> bool:
    """A printed beginning may be shorter than eight words."""
    return one.startswith(other) or other.startswith(one)


def told(clause: dict) -> dict:
    return {key: clause[key] for key in ("part", "party", "recurrence", "due")}


@pytest.mark.parametrize("name", NAMES)
def test_every_duty_is_proposed_with_its_party_and_days(name):
    proposed = read_letter(letter(name)).as_json()["clauses"]
    for clause in expected(name)["clauses"]:
        found = [told(each) for each in proposed if is_same(each["text_start"], clause["text_start"])]
        assert found == [told(clause)], clause["text_start"]


@pytest.mark.parametrize("name", NAMES)
def test_no_duty_is_invented(name):
    table = expected(name)
    known = [clause["text_start"] for clause in table["clauses"]] + table.get("optional", [])
    proposed = [clause["text_start"] for clause in read_letter(letter(name)).as_json()["clauses"]]
    assert [start for start in proposed if not any(is_same(start, each) for each in known)] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_head_is_read(name):
    table, proposed = expected(name), read_letter(letter(name)).as_json()
    for key in ("number", "date", "issuer", "signer", "subject"):
        assert proposed[key] == table[key]
    assert sorted(proposed["cites"]) == sorted(table["cites"])


@pytest.mark.parametrize("name", NAMES)
def test_every_line_is_somewhere(name):
    proposal = read_letter(letter(name))
    somewhere = {number for item in (*proposal.clauses, *proposal.passages) for number in item.numbers}
    assert {n for n, line in enumerate(letter(name).split("\n"), start=1) if line.strip()} == somewhere
    assert proposal.unread == []


def test_a_duty_names_the_lines_it_stands_on():
    clause = read_letter(letter("lam-son-1847")).clauses[1]
    lines = letter("lam-son-1847").split("\n")
    printed = " ".join(" ".join(lines[number - 1] for number in clause.numbers).split())
    assert printed == f"- {clause.text}"


TYPINGS = {
    "decomposed accents": lambda text: unicodedata.normalize("NFD", text),
    "no-break spaces": lambda text: text.replace("yêu cầu", "yêu\u00a0cầu").replace("trước ngày", "trước\u00a0ngày"),
    "en dashes": lambda text: text.replace("\n- ", "\n– ").replace(" - ", " – "),
    "bullets": lambda text: text.replace("\n- ", "\n\u2212 "),
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "soft hyphens": lambda text: text.replace("Sở Y tế", "Sở\u00ad Y tế"),
    "double spaces": lambda text: text.replace(" ngày ", "  ngày  ").replace(" tế ", " tế  "),
    "loose points": lambda text: text.replace(", ", " , ").replace(";\n", " ;\n"),
    "blanks at the ends": lambda text: text.replace("\n", "  \n"),
}


@pytest.mark.parametrize("typing", TYPINGS)
@pytest.mark.parametrize("name", ["dong-ha-cong-dien-07", "bac-sa-phuong-30", "phu-lang-quyet-dinh-77"])
def test_what_looks_the_same_reads_the_same(name, typing):
    assert read_letter(TYPINGS[typing](letter(name))).as_json() == read_letter(letter(name)).as_json()
