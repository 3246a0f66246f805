"""The review as a spreadsheet: indicators with their definitions, every value, and what was not handed in. Values that
are counted otherwise than the indicator is defined stand on a sheet of their own."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from common.papers.cells import harmless
from directives.choices import Status
from directives.models import Assignment, Indicator
from directives.review.figures import Months, Row, last_of_each, overview

MOST = 50_000  # rows of one sheet: what is written within half a minute
WIDE = {1: 44, 2: 40}
_BOLD, _WRAP = Font(bold=True), Alignment(wrap_text=True, vertical="top")
_VALUE = (
    "indicator_id", "report__facility__name", "report__facility__code", "report__assignment__period", "value", "unit",
    "base", "source", "report__assignment__status",
)  # fmt: skip


def review(user: Any, months: Months, facilities: Any, narrowing: Q) -> tuple[bytes, int]:
    """The file, and how many values are in it. Seven queries."""
    keys = facilities.order_by().values("pk")
    rows = overview(user, months, keys, narrowing)
    by_key = {row.indicator.pk: row.indicator for row in rows}
    book = Workbook(write_only=True)
    _indicators(book, rows, months)
    alike, otherwise = _values(user, months, keys, by_key)
    heads = [
        _("Indicator"), _("Facility"), _("Code"), _("Period"), _("Year"), _("Value"), _("Unit"), _("Base"),
        _("Where the figure comes from"), _("Status"),
    ]  # fmt: skip
    _sheet(book, _("Values"), heads, alike)
    _sheet(book, _("Counted otherwise"), heads, otherwise)
    _missing(book, user, months, keys, by_key)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue(), len(alike) + len(otherwise)


def _indicators(book: Workbook, rows: Sequence[Row], months: Months) -> None:
    heads = [
        _("Indicator"), _("Base"), _("Unit"), _("Where the figure comes from"), _("Obligation"), _("Directive"),
        _("Obliged facilities"), _("Facilities with a report missing"), _("Facilities with a value"), _("Median"),
        _("Lowest"), _("Highest"), _("Median %(year)s") % {"year": months.year - 1}, _("Change"), _("Remarks"),
    ]  # fmt: skip
    _sheet(book, _("Indicators"), heads, (_indicator(row) for row in rows))


def _indicator(row: Row) -> list[object]:
    one, now, before = row.indicator, row.now or {}, row.before or {}
    remarks = [
        _("%(count)s values of %(year)s are counted otherwise: %(base)s (%(unit)s)")
        % {"count": count, "year": year, "base": measure.base, "unit": measure.unit or "—"}
        for year, measure, count in row.otherwise
    ]
    return [
        one.name, one.base, one.unit, one.source, one.obligation.code, str(one.obligation.directive), row.owed,
        row.missing, now.get("count", 0), now.get("median"), now.get("least"), now.get("most"), before.get("median"),
        row.change, "; ".join(remarks),
    ]  # fmt: skip


def _values(
    user: Any, months: Months, facilities: Any, known: dict[int, Indicator]
) -> tuple[list[list[object]], list[list[object]]]:
    """The values that are counted as defined, and those that are not. Two queries."""
    alike: list[list[object]] = []
    otherwise: list[list[object]] = []
    states = dict(Status.choices)
    for each in (months, months.before):
        rows = last_of_each(user, each, facilities, list(known.values())).values_list(*_VALUE)[: MOST + 1]
        for key, name, code, period, value, unit, base, source, status in rows:
            indicator = known[key]
            sheet = alike if (unit, base) == (indicator.unit, indicator.base) else otherwise
            sheet.append(
                [indicator.name, name, code, period, each.year, value, unit, base, source, str(states[status])]
            )
    return alike, otherwise


def _missing(book: Workbook, user: Any, months: Months, facilities: Any, known: dict[int, Indicator]) -> None:
    rows = (
        Assignment.objects.visible_to(user)
        .filter(
            months.owed(),
            facility__in=facilities,
            handed_in_at=None,
            obligation__in={one.obligation_id for one in known.values()},
        )  # fmt: skip
        .order_by("obligation__code", "facility__folded", "period")
        .values_list("obligation__title", "facility__name", "facility__code", "obligation__code", "due_on")
    )
    today = timezone.localdate()
    lines = (
        [title, name, code, duty, due or _("standing"), _("late") if due and due < today else ""]
        for title, name, code, duty, due in rows[: MOST + 1]
    )
    heads = [_("Duty"), _("Facility"), _("Code"), _("Obligation"), _("Due"), _("Status")]
    _sheet(book, _("Not handed in"), heads, lines)


def _sheet(book: Workbook, title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    sheet = book.create_sheet(title)
    for place, head in enumerate(heads, start=1):
        sheet.column_dimensions[chr(ord("A") + place - 1)].width = WIDE.get(place, max(13, len(head) + 2))
    sheet.freeze_panes = "A2"
    sheet.append([_head(sheet, head) for head in heads])
    for count, row in enumerate(rows, start=1):
        if count > MOST:
            sheet.append([_("Only the first %(count)s rows: narrow the review down.") % {"count": MOST}])
            break
        sheet.append([_cell(value) for value in row])


def _head(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font, cell.alignment = _BOLD, _WRAP
    return cell


def _cell(value: object) -> object:
    """Numbers as numbers and days as days; texts never as formulas."""
    return value if value is None or isinstance(value, (int, Decimal, date)) else harmless(value)
