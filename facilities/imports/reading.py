"""From the bytes of a spreadsheet to rows of text. Whatever is wrong with the file is said in one sentence."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from common.exceptions import Refused
from common.text import clean

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED_BYTES = 100 * 1024 * 1024  # a spreadsheet is a zip file: what it would fill once opened
MAX_ROWS = 20_000
MAX_COLUMNS = 100
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class UnreadableFile(Refused):
    """The file as a whole cannot be read; nothing of it was looked at."""

    code = "unreadable_file"
    status = 400


@dataclass(frozen=True)
class Sheet:
    """The first sheet of a file: its headings and its rows under their numbers in the file."""

    headings: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


def read_sheet(content: bytes) -> Sheet:
    """Read .xlsx or CSV by what is inside, not by the name. Raises `UnreadableFile` in words."""
    if not content.strip():
        raise UnreadableFile(_("The file is empty."))
    if len(content) > MAX_BYTES:
        raise UnreadableFile(_("The file is larger than %d MB. Split it into several.") % (MAX_BYTES // 1024**2))
    if content.startswith(OLD_EXCEL):
        raise UnreadableFile(_("This is an old Excel file (.xls). Save it as .xlsx and send that."))
    lines = _from_workbook(content) if content.startswith(b"PK") else _from_text(content)
    return _sheet_of(lines)


def _sheet_of(lines: Iterable[list[str]]) -> Sheet:
    numbered = ((number, _trimmed(cells)) for number, cells in enumerate(lines, start=1) if any(cells))
    first = next(numbered, None)
    if first is None:
        raise UnreadableFile(_("The file has no rows."))
    rows = list(islice(numbered, MAX_ROWS + 1))
    if len(rows) > MAX_ROWS:
        raise UnreadableFile(_("The file has more than %d rows. Split it into several.") % MAX_ROWS)
    if not rows:
        raise UnreadableFile(_("The file has headings but no rows."))
    return Sheet(headings=first[1], rows=rows)


def _trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells at the end that a workbook pads its rows with."""
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _from_workbook(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            raise UnreadableFile(_("The file is far larger once unpacked than a list of facilities can be."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        lines = [
            [_cell_text(value) for value in row]
            for row in islice(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), MAX_ROWS + 100)
        ]
    except UnreadableFile:
        raise
    except Exception as fault:  # a broken workbook fails in as many ways as its parts; none of them is our fault
        raise UnreadableFile(_("The file is damaged or is not an Excel workbook (.xlsx).")) from fault
    yield from lines


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean(str(value))


def _from_text(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    if "\x00" in text:
        raise UnreadableFile(_("This is not a spreadsheet. Send an Excel workbook (.xlsx) or a CSV file."))
    first_line = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(";,\t", key=first_line.count)
    if not first_line.count(delimiter):
        raise UnreadableFile(_("No columns were found: the first line must hold the headings."))
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [clean(cell) for cell in row[:MAX_COLUMNS]]
    except csv.Error as fault:
        raise UnreadableFile(_("The file cannot be read as CSV: a quotation mark may be missing.")) from fault


def _decoded(content: bytes) -> str:
    """UTF-8, what a byte order mark says, or what Excel on a Vietnamese Windows writes as plain "CSV"."""
    marked = [encoding for mark, encoding in BYTE_ORDER_MARKS if content.startswith(mark)]
    for encoding in marked or ["utf-8", "cp1258"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(_("This is not a spreadsheet. Send an Excel workbook (.xlsx) or a CSV file in UTF-8."))
