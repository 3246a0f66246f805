"""A paper before it is a file: its headings, tables and small print, and the marks by which it is known again."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

Cell = str | int | Decimal | None
WIDTHS = (9.9, 2.2, 2.2, 2.2)  # of a table's columns on paper, in cm


@dataclass(frozen=True)
class Sheet:
    """One table with its rows as cells; the first heading gives way to its title."""

    key: str
    title: str
    rows: Sequence[tuple[Cell, ...]]
    headings: tuple[str, ...]
    has_total: bool = True  # the last row
    widths: tuple[float, ...] = WIDTHS


@dataclass(frozen=True)
class Part:
    """One part: its heading, its tables, and what was written."""

    title: str
    sheets: Sequence[Sheet]
    text: str = ""


@dataclass(frozen=True)
class Document:
    """Everything that is printed, in order."""

    heading: tuple[str, str]
    title: str
    period: str
    addressee: str
    grounds: str
    parts: Sequence[Part]
    signature: Sequence[str]
    small_print: Sequence[str]
    at: datetime  # the moment that the files carry
    name: str = "Tổng hợp"  # of the spreadsheet's sheet

    @property
    def stamp(self) -> datetime:
        """That moment as office files keep it."""
        return self.at.astimezone(UTC).replace(tzinfo=None, microsecond=0)

    @property
    def columns(self) -> int:
        """How many columns the widest table has."""
        return max((len(sheet.headings) for part in self.parts for sheet in part.sheets), default=len(WIDTHS))


def digest_of(content: Mapping[str, Any]) -> str:
    """A mark of everything that stands in a document of plain values."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def mark_of(content: bytes) -> str:
    """A mark of a file."""
    return hashlib.sha256(content).hexdigest()


def share(count: int, total: int) -> str:
    """A part of a whole in per cent with one decimal, as an official writes it; halves go up."""
    if not total:
        return ""
    tenths = (abs(count) * 2000 + total) // (2 * total)
    return f"{'−' if count < 0 else ''}{tenths // 10},{tenths % 10} %"


def moment(at: datetime) -> str:
    """A moment as it stands in small print."""
    return f"{timezone.localtime(at):%H:%M:%S ngày %d/%m/%Y}"
