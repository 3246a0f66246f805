"""The numbers that Word writes by itself in front of paragraphs: they stand in no paragraph's text."""

from collections import defaultdict
from typing import Any

from docx.oxml.ns import qn

_LETTERS = "abcdefghijklmnopqrstuvwxyz"  # Word counts in English: it prints no "đ)"
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_BULLET = "-"


class Numbering:
    """Counts along a document and says what is printed in front of each paragraph."""

    def __init__(self, document: Any) -> None:
        self._levels = _levels(document)
        self._counts: dict[str, list[int]] = defaultdict(lambda: [0] * 9)

    def marker(self, paragraph: Any) -> str:
        """ "1. ", "a) ", "- " or nothing."""
        number, level = _numbered(paragraph)
        formats = self._levels.get(number, {})
        if level not in formats:
            return ""
        counts = self._counts[number]
        counts[level] = counts[level] + 1 if counts[level] else formats[level][2]
        counts[level + 1 :] = [0] * (8 - level)
        kind, printed, _start = formats[level]
        if kind == "bullet":
            return f"{'+' if level and '+' in printed else _BULLET} "
        for place in range(level + 1):
            shown = _shown(max(counts[place], 1), formats.get(place, formats[level])[0])
            printed = printed.replace(f"%{place + 1}", shown)
        return f"{printed} " if printed.strip() else ""


def _numbered(paragraph: Any) -> tuple[str, int]:
    """The list and level of a paragraph, by itself or by its style."""
    properties = paragraph._p.pPr
    own = properties.numPr if properties is not None else None
    if own is None:
        style = paragraph.style.element.pPr if paragraph.style is not None else None
        own = style.numPr if style is not None else None
    if own is None or own.numId is None:
        return "", 0
    return str(own.numId.val), int(own.ilvl.val) if own.ilvl is not None else 0


def _levels(document: Any) -> dict[str, dict[int, tuple[str, str, int]]]:
    """For each list its levels: kind of number, how it is printed, and where it starts."""
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return {}
    kinds = {kind.get(qn("w:abstractNumId")): kind for kind in root.findall(qn("w:abstractNum"))}
    levels = {}
    for number in root.findall(qn("w:num")):
        kind = kinds.get(_value(number, "w:abstractNumId"))
        if kind is not None:
            levels[number.get(qn("w:numId"))] = dict(map(_level, kind.findall(qn("w:lvl"))))
    return levels


def _level(element: Any) -> tuple[int, tuple[str, str, int]]:
    start = _value(element, "w:start")
    number = int(start) if start.isdigit() else 1
    return int(element.get(qn("w:ilvl"))), (_value(element, "w:numFmt"), _value(element, "w:lvlText"), number)


def _value(element: Any, name: str) -> str:
    child = element.find(qn(name))
    return "" if child is None else child.get(qn("w:val"), "")


def _shown(count: int, kind: str) -> str:
    if kind in ("lowerLetter", "upperLetter"):
        return _LETTERS[(count - 1) % len(_LETTERS)] if kind == "lowerLetter" else chr(ord("A") + (count - 1) % 26)
    if kind in ("upperRoman", "lowerRoman"):
        roman, rest = "", count
        for value, sign in _ROMAN:
            roman, rest = roman + sign * (rest // value), rest % value
        return roman if kind == "upperRoman" else roman.lower()
    return str(count)
