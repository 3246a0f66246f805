"""The pages of the review after nine months: all indicators, one of them, and the same as a spreadsheet."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audit.models import Act
from audit.services import record_first
from directives.admin.narrowing import asked_of, facilities_of, groups, number, of_directive, offered
from directives.admin.shared import shown
from directives.choices import ValueKind
from directives.models import Indicator
from directives.plausibility import plain
from directives.review import figures, workbook
from directives.review.comparing import Line, Summary, Table, by_group
from directives.review.figures import Months
from facilities.imports.writing import XLSX
from facilities.models import Facility

OF_DIRECTIVE = "obligation__"
YEARS_BACK = 5
MOST_LINES = 500


def _begun(request: HttpRequest) -> tuple[Any, dict[str, str], Months, list[int]]:
    """Who asks, for what, and for which months."""
    user: Any = request.user
    if not user.has_perm("directives.view_assignment"):
        raise PermissionDenied
    asked, today = asked_of(request, "year", "indicator"), timezone.localdate()
    years = [today.year - back for back in range(YEARS_BACK)]
    year = number(asked["year"])
    return user, asked, Months.of(year if year in years else today.year, today), years


@require_GET
def review(request: HttpRequest) -> HttpResponse:
    """Every indicator with its definition and its figures of both years; or, asked for one, all of that one."""
    user, asked, months, years = _begun(request)
    facilities = facilities_of(user, asked)
    context: dict[str, Any] = {
        **offered(user, asked),
        "months": months,
        "years": years,
        "year": months.year,
        "now": timezone.now(),
    }
    if asked["indicator"]:
        indicator = figures.indicators_of(user, Q(pk=number(asked["indicator"]))).first()
        if indicator is None:
            raise Http404
        context["kept"] = {"indicator": indicator.pk}
        context |= _of_one(user, indicator, months, facilities, max(number(asked["p"]), 1))
        return shown(request, "review_one", indicator.name, context)
    rows = figures.overview(user, months, facilities.order_by().values("pk"), of_directive(asked, OF_DIRECTIVE))
    context["rows"] = [_said_row(row) for row in rows if _has_something(row)]
    context["idle"] = [row.indicator for row in rows if not _has_something(row)]
    context["has_otherwise"] = any(row.otherwise for row in rows)
    return shown(request, "review", _("Review after nine months"), context)


def figure(value: Decimal | None, kind: str) -> str:
    """A value as people read it."""
    if value is None:
        return "—"
    if kind == ValueKind.YES_NO:
        return _("Yes") if value else _("No")
    return plain(value)


def change(value: Decimal | None) -> str:
    """By how much it moved, with its sign."""
    if value is None:
        return ""
    return plain(value).replace("-", "−") if value < 0 else f"+{plain(value)}" if value else "0"


def _has_something(row: figures.Row) -> bool:
    return bool(row.owed or row.now or row.before or row.otherwise)


def _said_row(row: figures.Row) -> dict[str, Any]:
    kind = row.indicator.kind
    return {
        "indicator": row.indicator,
        "owed": row.owed,
        "missing": row.missing,
        "count": row.now["count"] if row.now else 0,
        "accepted": row.now["accepted"] if row.now else 0,
        "now": _summed(row.now, kind),
        "range": _range(row.now, kind),
        "before": _summed(row.before, kind),
        "before_count": row.before["count"] if row.before else 0,
        "change": "" if kind == ValueKind.YES_NO else change(row.change),
        "otherwise": [(str(year), measure, count) for year, measure, count in row.otherwise],
    }


def _summed(figures_of: Mapping[str, Any] | None, kind: str) -> str:
    """The middle value; of yes and no, how many said yes."""
    if not figures_of:
        return "—"
    if kind == ValueKind.YES_NO:
        return _("%(count)s of %(all)s yes") % {"count": figures_of["yes"], "all": figures_of["count"]}
    return plain(figures_of["median"])


def _range(figures_of: Mapping[str, Any] | None, kind: str) -> str:
    if not figures_of or kind == ValueKind.YES_NO or figures_of["count"] < 2:
        return ""
    return f"{plain(figures_of['least'])} – {plain(figures_of['most'])}"


# --- one indicator ---------------------------------------------------------------------------------------------------


def _of_one(user: Any, indicator: Indicator, months: Months, facilities: Any, page: int) -> dict[str, Any]:
    """Everything of one indicator. Four queries."""
    found = figures.one_indicator(user, indicator, months, facilities.order_by().values("pk"))
    tables = [found.main, *found.apart]
    known = {row.pk: row for row in facilities.filter(pk__in={line.facility for one in tables for line in one.lines})}
    start = (page - 1) * MOST_LINES
    lines = sorted(found.main.lines, key=lambda line: _place(known.get(line.facility)))
    return {
        "indicator": indicator,
        "obligation": indicator.obligation,
        "main": _said_table(found.main, lines[start : start + MOST_LINES], indicator.kind, known),
        "apart": [_said_table(one, one.lines[:MOST_LINES], indicator.kind, known) for one in found.apart],
        "summary": _said_summary(found.main.summary, indicator.kind),
        "groups": [
            (
                title,
                [
                    (name, _said_summary(one, indicator.kind))
                    for name, one in by_group(found.main, _named(group, known))
                ],
            )
            for title, group in groups().items()
        ],
        "silent": sum(bool(line.missing) for line in lines),
        "page": page,
        "has_more": len(lines) > start + MOST_LINES,
        "is_yes_no": indicator.kind == ValueKind.YES_NO,
    }


def _place(facility: Facility | None) -> tuple[str, int]:
    return (facility.folded, facility.pk) if facility else ("", 0)


def _named(group: Callable[[Facility], str], known: Mapping[int, Facility]) -> Callable[[int], str]:
    return lambda pk: group(known[pk])


def _said_table(table: Table, lines: Any, kind: str, known: Mapping[int, Facility]) -> dict[str, Any]:
    return {
        "measure": table.measure,
        "periods": table.periods,
        "lines": [_said_line(line, table, kind, known) for line in lines if line.facility in known],
    }


def _said_line(line: Line, table: Table, kind: str, known: Mapping[int, Facility]) -> dict[str, Any]:
    cells = [line.values.get(period) for period in table.periods]
    return {
        "facility": known[line.facility],
        "cells": [(figure(one.value, kind), one.is_accepted, one.source) if one else None for one in cells],
        "before": figure(line.before.value, kind) if line.before else "",
        "before_counts_otherwise": line.before_counts_otherwise,
        "change": "" if kind == ValueKind.YES_NO else change(line.change),
        "missing": line.missing,
    }


def _said_summary(summary: Summary, kind: str) -> dict[str, Any]:
    now = {
        "count": summary.reporting, "yes": summary.yes, "median": summary.median, "least": summary.least,
        "most": summary.most,
    }  # fmt: skip
    before = {"count": summary.before, "yes": summary.yes_before, "median": summary.median_before}
    return {
        "reporting": summary.reporting,
        "missing": summary.missing,
        "now": _summed(now if summary.reporting else None, kind),
        "range": _range(now if summary.reporting else None, kind),
        "before": _summed(before if summary.before else None, kind),
        "change": "" if kind == ValueKind.YES_NO else change(summary.change),
    }


# --- as a spreadsheet ------------------------------------------------------------------------------------------------


@require_GET
def spreadsheet(request: HttpRequest) -> HttpResponse:
    """The review as XLSX. It is written down first."""
    user, asked, months, _years = _begun(request)
    facilities = facilities_of(user, asked)
    content, count = workbook.review(user, months, facilities, of_directive(asked, OF_DIRECTIVE))
    record_first(Act.EXPORT, by=user, about=Indicator(), reason=f"{count}: {months.year}-09 xlsx")
    answer = HttpResponse(content, content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="ra-soat-9-thang-{months.year}.xlsx"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
