"""Spreadsheets that we hand out: the empty template, and the outcome of a file."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from common.papers.cells import harmless as harmless  # others read it from here
from facilities.choices import (
    FacilityType,
    FormerArea,
    HospitalClass,
    ManagingBody,
    Ownership,
    Supervisor,
    TechnicalLevel,
)
from facilities.imports.columns import COLUMNS
from facilities.models import FacilityImport

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LISTS = {
    "type": FacilityType,
    "ownership": Ownership,
    "managing_body": ManagingBody,
    "supervisor": Supervisor,
    "former_area": FormerArea,
    "technical_level": TechnicalLevel,
    "hospital_class": HospitalClass,
}


def workbook(sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[object]]]]) -> bytes:
    """A spreadsheet to hand out: by their titles, the headings and rows of its sheets."""
    book = Workbook(write_only=True)
    for title, (headings, rows) in sheets.items():
        _write(book.create_sheet(title), headings, rows)
    return _saved(book)


def template() -> bytes:
    """The headings with one example row, and a second sheet with every code that may stand in a column."""
    book = Workbook(write_only=True)
    _write(
        book.create_sheet(_("Facilities")),
        [column.heading for column in COLUMNS],
        [[column.example for column in COLUMNS]],
    )
    codes = [
        [column.heading, code, label]
        for column in COLUMNS
        if column.name in LISTS
        for code, label in LISTS[column.name].choices
    ]
    _write(book.create_sheet(_("Codes")), [_("Column"), _("Code"), _("Meaning")], codes)
    return _saved(book)


def outcome_file(kept: FacilityImport) -> bytes:
    """Each row of an uploaded file with what became, or would become, of it and why."""
    titles = outcome_titles()
    rows = [
        [
            outcome["row"],
            outcome["code"],
            outcome["name"],
            titles[outcome["outcome"]],
            " ".join(outcome["notes"]),
            "; ".join(f"{label}: {old} → {new}" for label, old, new in outcome["changes"]),
        ]
        for outcome in kept.outcomes
    ]
    book = Workbook(write_only=True)
    headings = [_("Row"), _("Code"), _("Name"), _("Outcome"), _("Remarks"), _("Changes")]
    _write(book.create_sheet(_("Outcome")), headings, rows)
    return _saved(book)


def outcome_titles() -> dict[str, str]:
    return {
        "created": _("new"),
        "changed": _("changed"),
        "unchanged": _("unchanged"),
        "refused": _("refused"),
    }


def _write(sheet: Any, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    for index, heading in enumerate(headings):
        sheet.column_dimensions[_letter(index)].width = max(14, len(heading) + 2)
    sheet.freeze_panes = "A2"
    bold = []
    for heading in headings:
        cell = WriteOnlyCell(sheet, value=heading)
        cell.font = Font(bold=True)
        bold.append(cell)
    sheet.append(bold)
    for row in rows:
        sheet.append([value if isinstance(value, int) else harmless(value) for value in row])


def _letter(index: int) -> str:
    return chr(ord("A") + index)


def _saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
