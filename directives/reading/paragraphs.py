"""From lines to paragraphs: which lines go on, which begin something new, and what is no text at all.

A text extracted from a page has no paragraphs, only lines of about one width. A line that ended although the next word
would have fitted was ended on purpose; that, markers, indents and blank lines tell paragraphs apart.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .lines import Line, joined
from .markers import DASH, ends_sentence, is_title, marker_of, opens_paragraph, starts_small

_RULE = re.compile(r"[-_=*~.\s+|]{3,}$|[*]+$")
_PAGE_NUMBER = re.compile(r"(?:-\s*)?(?:trang\s*)?\d{1,3}(?:\s*/\s*\d{1,3})?(?:\s*-)?$", re.IGNORECASE)
FEW = 5  # lines from which a width can be told
SHORT = 0.75  # of the width: a line that nobody breaks in the middle of a sentence


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together, and their running text."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return joined(line.text for line in self.lines)

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(line.number for line in self.lines)


@dataclass(frozen=True)
class Setting:
    """How the letter was set: whether blank lines mean anything, and how wide its lines are."""

    is_double_spaced: bool
    width: int | None  # None when no line of the letter goes on in the next one

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "Setting":
        full = [line for line in lines if line.text]
        pairs = list(zip(full, full[1:], strict=False))
        wraps = [(one, two) for one, two in pairs if starts_small(two.text) and not marker_of(two.text)]
        apart = sum(two.number - one.number > 1 for one, two in wraps)
        needed = sorted(_length(one) + 1 + len(two.text.split()[0]) for one, two in wraps)
        width = min(needed[len(needed) // 10], max(_length(one) for one, _two in wraps)) if wraps else None
        return cls(is_double_spaced=len(wraps) >= FEW and apart > len(wraps) * 0.6, width=width)

    def is_short(self, line: Line, following: Line) -> bool:
        """Would the next word have fitted?"""
        return self.width is None or _length(line) + 1 + len(following.text.split()[0]) < self.width

    def is_very_short(self, line: Line) -> bool:
        return self.width is None or _length(line) < self.width * SHORT

    def is_full(self, line: Line) -> bool:
        return self.width is not None and _length(line) >= self.width * 0.9


def _length(line: Line) -> int:
    return line.indent + len(line.text)


def is_ornament(line: Line) -> bool:
    """A drawn rule."""
    return bool(line.text) and _RULE.match(line.text) is not None


def is_page_number(line: Line) -> bool:
    """A number that stands alone, as a page's does."""
    return _PAGE_NUMBER.match(line.text) is not None


def paragraphs_of(lines: Sequence[Line], setting: Setting) -> list[Paragraph]:
    """The paragraphs of some lines; drawn rules and page numbers belong to none."""
    groups: list[list[Line]] = []
    for line in lines:
        if line.is_blank or is_ornament(line) or is_page_number(line):
            continue
        if groups and not _begins(groups[-1], line, setting):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [Paragraph(tuple(group)) for group in groups]


def _begins(group: Sequence[Line], line: Line, setting: Setting) -> bool:
    """Does this line begin a paragraph after those?"""
    last = group[-1]
    if marker := marker_of(line.text):
        return not _is_torn(last, line.text[marker.end :], setting, marker.rank == DASH)
    if last.text.endswith(("-", "/", ",")):
        return False
    if starts_small(line.text):
        # a blank line ends an item; within a sentence it is the edge of a page
        return line.number - last.number > 1 and not setting.is_double_spaced and ends_sentence(last.text)
    if line.number - last.number > 1 and not setting.is_double_spaced:
        return True
    return _begins_after(group, line, setting)


def _is_torn(last: Line, rest: str, setting: Setting, dash: bool) -> bool:
    """Is what looks like a marker the middle of a sentence: "giai đoạn 2026" / "- 2028", "Kế hoạch" / "- Tài chính"?"""
    if ends_sentence(last.text) or last.text.endswith(","):
        return False
    return setting.is_full(last) or (dash and rest[:1].isdigit() and last.text[-1:].isdigit())


def _begins_after(group: Sequence[Line], line: Line, setting: Setting) -> bool:
    """The same for a line that begins with a capital, a digit or a quotation mark, right after another."""
    last = group[-1]
    if is_title(last.text) != is_title(line.text) and (is_title(last.text) or is_title(line.text)):
        return True
    if last.text.endswith(":") and line.text[0].isupper() and (len(group) == 1 or setting.is_short(last, line)):
        return True
    if ends_sentence(last.text):
        indented = line.indent > max(last.indent, 0) + 1 and len(group) > 1
        return indented or setting.is_short(last, line) or opens_paragraph(line.text)
    return setting.is_very_short(last) and not line.text[0].isdigit()
