"""From a text to its numbered lines, whatever machine wrote it: one form for accents, spaces and dashes."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_DASHES = re.compile("[\u2010-\u2015\u2212\u2500\u2501\ufe58\ufe63\uff0d]")
_BULLETS = re.compile(r"^(\s*)[\u2022\u2023\u25aa\u25cf\u25e6\u25a0\u00b7\uf0b7\uf02d*](?=\s|\w)")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\x0b\x0c]")
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\ud800-\udfff]")
_LOOSE_POINT = re.compile(r" ([,;:.)\]!?])")
_TORN_HYPHEN = re.compile(r"(?<=[A-ZĐ])-\s+(?=[A-ZĐ]{2})")
TAB = "    "


@dataclass(frozen=True)
class Line:
    """One line of the letter under its number, counted from 1 as an editor counts."""

    number: int
    text: str  # without blank ends
    indent: int = 0
    cells: tuple[str, ...] = ()  # what tabs kept apart

    @property
    def is_blank(self) -> bool:
        return not self.text


class _Bare(dict[int, str]):
    """Letter by letter what remains without accents, in small letters; filled as letters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        small = "d" if char in "đĐ" else unicodedata.normalize("NFD", char)[0].lower()
        self[code] = small if len(small) == 1 else char
        return self[code]


_BARE = _Bare()


def bare(text: str) -> str:
    """Without accents and in small letters, *each letter in its place*: a position in one is a position in the other.

    Patterns are written in this form, so that a lost accent or another tone placement (ủy, uỷ) reads alike.
    """
    return text.translate(_BARE)


def lines_of(text: str) -> list[Line]:
    """The lines of a text. Decomposed accents, odd spaces, dashes and bullets come out in one form."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u0131", "i")  # a font's i under an accent
    text = unicodedata.normalize("NFC", text)
    text = _DASHES.sub("-", _INVISIBLE.sub("", _SPACES.sub(" ", text)))
    return [_line(number, raw) for number, raw in enumerate(text.split("\n"), start=1)]


def _line(number: int, raw: str) -> Line:
    cells = tuple(cell.strip() for cell in raw.split("\t")) if raw.count("\t") > 1 else ()
    spaced = _BULLETS.sub(r"\1•", raw.replace("\t", TAB)).rstrip()
    text = spaced.strip()
    return Line(number, text, len(spaced) - len(text), cells)


def joined(parts: Iterable[str]) -> str:
    """Lines as one running text: single spaces, none before a point, numbers of documents whole again."""
    text = " ".join(" ".join(part.split()) for part in parts if part.strip())
    return _TORN_HYPHEN.sub("-", _LOOSE_POINT.sub(r"\1", text))
