"""Days and ends of periods that a text names, with the place where they stand."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

NUMBERS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10}
NUMBER = r"(?:\d{1,3}|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi)"
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}

_FULL = re.compile(r"(?<!\d)(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})(?!\d)")
_WORDS = re.compile(r"(?<!\d)(\d{1,2}) thang (\d{1,2})(?!\d)(?: nam (\d{4})| ?/ ?(\d{4}))?")
_BRIEF = re.compile(r"(?<![\d/])(\d{1,2})\s*/\s*(\d{1,2})(?!\s*/?\s*\d)(?! gio)")
_MONTH = re.compile(r"\bthang (\d{1,2})(?!\d)(?:\s*/\s*(\d{4})| nam (\d{4}))?")
_QUARTER = re.compile(r"\bquy (iii|ii|iv|i|[1-4])\b(?:\s*/\s*(\d{4})| nam (\d{4}))?")
_HALF = re.compile(r"\b(?:0?6|sau) thang (dau|cuoi) nam(?: (\d{4}))?")
_YEAR = re.compile(r"\bnam (\d{4})\b")


@dataclass(frozen=True)
class Mention:
    """A day as it is printed. Without a year it may come every year."""

    day: int
    month: int
    year: int | None
    start: int
    end: int

    def on(self, written_on: date | None) -> date | None:
        """The day meant: without a year the first one since the letter was written."""
        if self.year is not None:
            return _day(self.year, self.month, self.day)
        if written_on is None:
            return None
        this_year = _day(written_on.year, self.month, self.day)
        if this_year is not None and this_year < written_on:
            return _day(written_on.year + 1, self.month, self.day)
        return this_year


def number(words: str) -> int:
    """ "06", "6" and "sáu" alike."""
    return int(words) if words.isdigit() else NUMBERS[words]


def last_day(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def days_in(bare_text: str) -> list[Mention]:
    """The single days of a text, in order. A day that does not exist (31/4, 45/90) is none."""
    found: dict[int, Mention] = {}
    for pattern in (_FULL, _WORDS, _BRIEF):
        for match in pattern.finditer(bare_text):
            day, month, *years = match.groups()
            year = next((int(each) for each in years if each), None)
            mention = Mention(int(day), int(month), year, match.start(), match.end())
            inside = any(other.start <= match.start() < other.end for other in found.values())
            if not inside and _day(year or 2024, int(month), int(day)):
                found[match.start()] = mention
    return [found[start] for start in sorted(found)]


def period_ends_in(bare_text: str, written_on: date | None) -> Iterator[Mention]:
    """The last days of months, quarters, halves and years that a text names."""
    around = written_on.year if written_on else None
    for match in _MONTH.finditer(bare_text):
        month, *years = match.groups()
        yield from _end_of(match, int(month), years, around)
    for match in _QUARTER.finditer(bare_text):
        quarter, *years = match.groups()
        yield from _end_of(match, 3 * (_QUARTERS.get(quarter) or int(quarter)), years, around)
    for match in _HALF.finditer(bare_text):
        yield from _end_of(match, 6 if match[1] == "dau" else 12, [match[2]], around)
    for match in _YEAR.finditer(bare_text):
        yield from _end_of(match, 12, [match[1]], around)


def _end_of(match: re.Match[str], month: int, years: list[str | None], around: int | None) -> Iterator[Mention]:
    year = next((int(each) for each in years if each), around)
    if year is not None and 1 <= month <= 12 and 1 <= year <= 9999:
        yield Mention(last_day(year, month), month, year, match.start(), match.end())
