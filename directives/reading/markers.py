"""The printed markers of parts: "Phần I", "A.", "I.", "Điều 1", "1.", "Một là,", "1.1.", "a)", "-", "+"."""

import re
from dataclasses import dataclass

from .lines import bare


@dataclass(frozen=True)
class Marker:
    """What stands in front of a part: how deep it lies, how it is printed, and where the text after it begins."""

    rank: int
    label: str
    end: int


UNNUMBERED = 8  # a heading that names a party and bears no marker
DASH, BULLET, PLUS = 9, 10, 11
DASHES = (DASH, BULLET, PLUS)

_COUNTED = "Một|Hai|Ba|Bốn|Năm|Sáu|Bảy|Tám|Chín|Mười"
# rank, pattern. Read on the printed letters, since "I." and "i." differ; the first that fits wins.
_PATTERNS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (
        0,
        re.compile(
            r"(?P<label>PHẦN(?: THỨ)? [IVX\d]+|Phần(?: thứ)? [IVX\d]+|(?:CHƯƠNG|Chương) [IVX\d]+)\b\s*[.:\-]?\s*"
        ),
    ),
    (1, re.compile(r"(?P<label>(?:MỤC|Mục) [IVX\d]+)\s*[.:\-]\s*(?=\S)")),
    (2, re.compile(r"(?P<label>[IVX]{1,5})\s*(?:\.|\)|/|-(?=\s))\s*(?=\S)")),
    (1, re.compile(r"(?P<label>[A-H])\s*\.\s+(?=\S)")),
    (3, re.compile(r"(?P<label>(?:ĐIỀU|Điều) \d{1,3})\s*[.:]\s*(?=\S)")),
    (5, re.compile(r"(?P<label>\d{1,2}(?:\.\d{1,2}){2,3})\s*[.)]?\s+(?=\D)")),
    (5, re.compile(r"(?P<label>\d{1,2}\s?\.\s?\d{1,2})\s*[.)]\s*(?=\D)")),
    (5, re.compile(r"(?P<label>\d{1,2}\.\d{1,2})\s+(?=[^\W\da-z])")),
    (4, re.compile(r"(?P<label>\d{1,2})\s*[.)]\s*(?=[^\d\s])")),
    (4, re.compile(r"(?P<label>\d{1,2})\s*/\s+(?=[^\d\s])")),
    # small letters tell "Thứ hai," of a list from "Thứ Hai" of the week
    (4, re.compile(rf"(?P<label>(?:{_COUNTED}) là|Thứ (?:nhất|{_COUNTED.lower()}|tư))\s*[,:]\s*(?=\S)")),
    (7, re.compile(r"(?P<label>[a-zđ])\s*[.)]\s*(?=\S)")),
    (7, re.compile(r"(?P<label>[a-zđ])\s*/\s+(?=[^\d\s])")),
    (7, re.compile(r"\((?P<label>[a-zđ]|\d{1,2}|i{1,3}|iv|vi{0,3})\)\s+(?=\S)")),
    (DASH, re.compile(r"(?P<label>-)+\s*(?=[^\s\-])")),
    (BULLET, re.compile(r"(?P<label>•)\s*(?=\S)")),
    (PLUS, re.compile(r"(?P<label>\+)\s*(?=[^\s\-+])")),
)


def marker_of(text: str) -> Marker | None:
    """The marker that a text begins with. "10.000 người" and "30/6" begin with none."""
    for rank, pattern in _PATTERNS:
        if found := pattern.match(text):
            return Marker(rank, found["label"].replace(" .", ".").replace(". ", "."), found.end())
    return None


def is_title(text: str) -> bool:
    """Printed in capitals throughout."""
    letters = [char for char in text if char.isalpha()]
    return len(letters) > 2 and all(char.isupper() for char in letters)


def starts_small(text: str) -> bool:
    """Does the text go on in the middle of a sentence?"""
    return bool(text) and (text[0].islower() or text[0] in ",;.)" or (text[0] == "(" and text[1:2].islower()))


_END = re.compile(r"[.;:!?…]\s*[)\"”’]?\s*(?:/\.)?\s*$")
_CLOSING = re.compile(
    r"(?:yeu cau|de nghi) (?:cac |thu truong|giam doc|lanh dao)|nhan duoc (?:cong|chi|ke)|tren day la|khi xay ra"
    r"|(?:cong van|chi thi|ke hoach|quyet dinh|cong dien) nay|trong qua trinh|don vi nao"
    r"|giao (?:van phong|phong|so)\b"
)


def ends_sentence(text: str) -> bool:
    """Does a sentence, an item or an announcement end here?"""
    return _END.search(text) is not None


def opens_paragraph(text: str) -> bool:
    """Words with which a closing paragraph begins, whether or not the line before was full."""
    return _CLOSING.match(bare(text)) is not None
