"""A paper as XLSX: one sheet to read from top to bottom, numbers as numbers, texts never as formulas."""

import io
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.xml.functions import tostring

from common.papers.cells import harmless
from common.papers.layout import Document, Sheet
from common.papers.stillness import still

_BOLD, _TITLE, _SMALL = Font(bold=True), Font(bold=True, size=14), Font(size=9, italic=True)
_WRAP = Alignment(wrap_text=True, vertical="top")
_CENTRE = Alignment(horizontal="center", wrap_text=True, vertical="top")
_THIN = Side(style="thin", color="999999")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SHADE = PatternFill("solid", fgColor="E8EEF4")
FIRST_WIDE, OTHERS_WIDE = 70, 12


def spreadsheet(document: Document) -> bytes:
    """The file. The same document always gives the same bytes."""
    book = Workbook()
    sheet = book.active
    sheet.title = document.name
    columns = document.columns
    for column in range(columns):
        sheet.column_dimensions[chr(ord("A") + column)].width = OTHERS_WIDE if column else FIRST_WIDE
    sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = sheet.PAPERSIZE_A4, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for text, font in (*((line, _BOLD) for line in document.heading if line), (document.title, _TITLE)):
        _line(sheet, columns, text, font, _CENTRE)
    for text in (document.period, document.addressee, document.grounds):
        _line(sheet, columns, text)
    for part in document.parts:
        _line(sheet, columns, "")
        _line(sheet, columns, part.title, _BOLD)
        for table in part.sheets:
            _table(sheet, columns, table)
        if part.text:
            _line(sheet, columns, part.text)
    _line(sheet, columns, "")
    for text in document.signature:
        _line(sheet, columns, text, _BOLD, _CENTRE)
    for text in document.small_print:
        _line(sheet, columns, text, _SMALL)
    return _saved(book, document)


def _line(sheet: Any, columns: int, text: str, font: Font | None = None, place: Alignment = _WRAP) -> None:
    row = (sheet.max_row if sheet.max_row > 1 or sheet["A1"].value is not None else 0) + 1
    cell = sheet.cell(row, 1, harmless(text) if text else " ")
    cell.alignment = place
    if font:
        cell.font = font
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
    lines = sum(1 + len(line) // 95 for line in text.split("\n"))
    sheet.row_dimensions[row].height = max(15, 15 * lines)


def _table(sheet: Any, columns: int, table: Sheet) -> None:
    for nth, row in enumerate([(table.title, *table.headings[1:]), *table.rows]):
        is_edge = nth == 0 or (table.has_total and nth == len(table.rows))
        at = sheet.max_row + 1
        for column, value in enumerate(row, start=1):
            is_number = value is None or isinstance(value, (int, Decimal))
            cell = sheet.cell(at, column, value if is_number else harmless(value))
            cell.border, cell.alignment = _BOX, _WRAP if column == 1 else _CENTRE
            if is_edge:
                cell.font = _BOLD
            if nth == 0:
                cell.fill = _SHADE
        sheet.row_dimensions[at].height = 15 * (1 + len(str(row[0])) // 72)
    _line(sheet, columns, "")


def _saved(book: Workbook, document: Document) -> bytes:
    properties = book.properties
    properties.creator, properties.title = document.heading[1], f"{document.title} – {document.period}"
    stream = io.BytesIO()
    book.save(stream)  # writes the moment of saving into the properties: they are written again without it
    properties.created = properties.modified = document.stamp
    return still(stream.getvalue(), {"docProps/core.xml": tostring(properties.to_tree())})
