"""Numbered documents that a text names: "06/CT-BYT", "43/2018/TT-BYT", "1163/SYT", "72-NQ/TW"."""

import re

_CODE = r"[A-ZĐƯ]{1,}\d{0,2}(?![a-zà-ỹ])"
_TAIL = r"[A-ZĐƯ][A-Za-zĐđƯư]*\d{0,2}"
CITATION = re.compile(
    rf"(?<![\d/])(?P<number>\d{{1,5}}\s?/\s?(?:\d{{4}}\s?/\s?)?(?:TTr|TTg|{_CODE})(?:\s?[-/&]\s?{_TAIL}(?![a-zà-ỹ]))*"
    rf"|\d{{1,4}}\s?-\s?[A-ZĐ]{{2,4}}\s?/\s?[A-ZĐ]{{2,}})"
)
_DATED = re.compile(r",?\s*\(?ngày\s+\d{1,2}(?:\s*[/.\-]\s*|\s+tháng\s+)\d{1,2}(?:\s*[/.\-]\s*|\s+năm\s+)\d{4}")


def citations(text: str) -> list[str]:
    """The documents named, each once, in order of appearance."""
    return list(dict.fromkeys(re.sub(r"\s", "", found["number"]) for found in CITATION.finditer(text)))


def without_citations(text: str) -> str:
    """The text with each document's number and date blanked out, every other letter in its place."""
    parts, last = [], 0
    for found in CITATION.finditer(text):
        dated = _DATED.match(text, found.end())
        end = dated.end() if dated else found.end()
        parts += [text[last : found.start()], " " * (end - found.start())]
        last = end
    return "".join([*parts, text[last:]])
