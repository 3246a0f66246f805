"""A paper as DOCX, laid out like an official letter: A4, Times New Roman 13, the heading in two columns."""

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from common.papers.layout import Cell, Document, Sheet
from common.papers.stillness import still

FONT = "Times New Roman"
COUNTRY = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập – Tự do – Hạnh phúc")
_CENTRE = WD_ALIGN_PARAGRAPH.CENTER
_SIDES, _HALVES = (Cm(7.2), Cm(9.3)), (Cm(7.5), Cm(9))


def letter(document: Document) -> bytes:
    """The file. The same document always gives the same bytes."""
    paper = docx.Document()
    _without_what_is_not_used(paper)
    _page(paper, document)
    _heading(paper, document)
    _said(paper, document.title, size=14, is_bold=True, place=_CENTRE)
    _said(paper, document.period, is_bold=True, place=_CENTRE)
    _said(paper, document.addressee, place=_CENTRE)
    _said(paper, document.grounds)
    for part in document.parts:
        _said(paper, part.title, is_bold=True).paragraph_format.keep_with_next = True
        for table in part.sheets:
            _table(paper, table)
        for line in part.text.split("\n") if part.text else ():
            _said(paper, line)
    _signature(paper, document)
    for line in document.small_print:
        _said(paper, line, size=9, is_italic=True)
    stream = io.BytesIO()
    paper.save(stream)
    return still(stream.getvalue())


def _without_what_is_not_used(paper: Any) -> None:
    """The template brings a hundred table styles, each twice: nine tenths of the file."""
    for number, relation in list(paper.part.rels.items()):
        if relation.reltype.endswith("/stylesWithEffects"):
            paper.part.drop_rel(number)
    for style in list(paper.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in ("Normal Table", "Table Grid"):
            style.delete()


def _page(paper: Any, document: Document) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(2)
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(4)
    known = paper.core_properties
    known.author = known.last_modified_by = document.heading[1]
    known.title, known.comments, known.language = f"{document.title} – {document.period}", "", "vi-VN"
    known.created = known.modified = document.stamp
    known.revision = 1


def _heading(paper: Any, document: Document) -> None:
    left, right = _side_by_side(paper, _SIDES)
    for cell, lines in ((left, document.heading), (right, COUNTRY)):
        for nth, text in enumerate(line for line in lines if line):
            paragraph = cell.paragraphs[0] if nth == 0 else cell.add_paragraph()
            _write(paragraph, text, 12, is_bold=cell is right or text == document.heading[1])
            paragraph.alignment = _CENTRE
    paper.add_paragraph()


def _side_by_side(paper: Any, widths: tuple[Any, Any]) -> Any:
    """Two cells beside each other that stay on one page."""
    table = paper.add_table(rows=1, cols=2)
    _set_widths(table, widths)
    _keep_whole(table.rows[0])
    return table.rows[0].cells


def _set_widths(table: Any, widths: Sequence[Any]) -> None:
    """In the table's grid as well: some readers believe that and not the cells."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width


def _keep_whole(row: Any) -> Any:
    """No row begins on one page and ends on the next. Gives the row's properties."""
    properties = row._tr.get_or_add_trPr()
    properties.append(properties.makeelement(qn("w:cantSplit"), {}))
    return properties


def _said(
    paper: Any, text: str, *, size: int = 13, is_bold: bool = False, is_italic: bool = False, place: Any = None
) -> Any:
    paragraph = paper.add_paragraph()
    _write(paragraph, text, size, is_bold=is_bold, is_italic=is_italic)
    paragraph.alignment = place
    return paragraph


def _write(paragraph: Any, text: str, size: int, *, is_bold: bool = False, is_italic: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), is_bold, is_italic


def _table(paper: Any, sheet: Sheet) -> None:
    lines = [(sheet.title, *sheet.headings[1:]), *sheet.rows]
    count = len(sheet.headings)
    table = paper.add_table(rows=len(lines), cols=count, style="Table Grid")
    _set_widths(table, [Cm(width) for width in sheet.widths])
    cells = table._cells  # asking the table for each cell anew takes the square of the time
    for nth, line in enumerate(lines):
        is_edge = nth == 0 or (sheet.has_total and nth == len(sheet.rows))
        for column, value in enumerate(line):
            cell = cells[nth * count + column]
            cell.width = Cm(sheet.widths[column])
            paragraph = cell.paragraphs[0]
            _write(paragraph, _said_cell(value), 11, is_bold=is_edge)
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.paragraph_format.keep_with_next = nth in (
                0,
                len(sheet.rows) - 1,
            )  # heading and total stay by rows
            paragraph.alignment = None if column == 0 else _CENTRE
    header, *_others = [_keep_whole(row) for row in table.rows]
    header.append(header.makeelement(qn("w:tblHeader"), {}))  # the heading comes again on each page
    paper.add_paragraph().paragraph_format.space_after = Pt(0)


def _said_cell(value: Cell) -> str:
    """Numbers as they are written in Vietnam."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return (str(value) if isinstance(value, int) else f"{value:f}").replace("-", "−").replace(".", ",")


def _signature(paper: Any, document: Document) -> None:
    paper.add_paragraph()
    _left, right = _side_by_side(paper, _HALVES)
    for nth, text in enumerate(document.signature):
        paragraph = right.paragraphs[0] if nth == 0 else right.add_paragraph()
        _write(paragraph, text, 13 if nth != 1 else 11, is_bold=nth != 1, is_italic=nth == 1)
        paragraph.alignment = _CENTRE
    paper.add_paragraph()
