"""How duties stood at a moment, counted in one statement: what was due, on time, late, missing, returned, accepted.

What an assignment was at a moment is read from its history, so the same moment gives the same counts."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from common.scope import system
from deadlines.registry import content_type
from directives.clocks import LABEL, REPORT

# A report is on time when the engine's clock said so; where none ran, when it came before its day was over.
_COUNT = """
WITH stood AS (
    SELECT a.id, a.obligation_id, a.facility_id, a.due_on,
           coalesce((SELECT past.status FROM directives_historicalassignment past
                     WHERE past.id = a.id AND past.history_date <= %(at)s
                     ORDER BY past.history_id DESC LIMIT 1), 'open') AS status,
           CASE WHEN a.handed_in_at <= %(at)s THEN a.handed_in_at END AS handed_in,
           (SELECT bool_or(clock.on_time) FROM deadlines_deadline clock
            WHERE clock.about_type_id = %(type)s AND clock.about_id = a.id AND clock.obligation = %(clock)s
              AND clock.finished_at <= %(at)s) AS verdict,
           EXISTS (SELECT FROM directives_historicalassignment past
                   WHERE past.id = a.id AND past.status = 'returned' AND past.history_date <= %(at)s) AS was_returned,
           EXISTS (SELECT FROM directives_reportevidence proof
                   JOIN directives_compliancereport report ON report.id = proof.report_id
                   WHERE report.assignment_id = a.id AND report.handed_in_at <= %(at)s) AS is_proven
    FROM directives_assignment a
    WHERE a.made_at <= %(at)s AND a.due_on IS NOT NULL AND a.period BETWEEN %(starts)s AND %(ends)s
), judged AS (
    SELECT stood.*, coalesce(verdict, handed_in < (due_on + 1)::timestamp AT TIME ZONE %(zone)s) AS on_time,
           (due_on + 1)::timestamp AT TIME ZONE %(zone)s <= %(at)s AS is_due
    FROM stood WHERE status <> 'withdrawn'
)
SELECT {columns},
       count(*),
       count(*) FILTER (WHERE is_due OR handed_in IS NOT NULL),
       count(*) FILTER (WHERE handed_in IS NOT NULL AND on_time),
       count(*) FILTER (WHERE handed_in IS NOT NULL AND NOT on_time),
       count(*) FILTER (WHERE is_due AND handed_in IS NULL),
       count(*) FILTER (WHERE handed_in IS NOT NULL),
       count(*) FILTER (WHERE was_returned),
       count(*) FILTER (WHERE judged.status = 'accepted'),
       count(*) FILTER (WHERE is_proven AND judged.status = 'accepted'),
       count(*) FILTER (WHERE is_due AND judged.status IN ('open', 'returned'))
FROM judged JOIN facilities_facility facility ON facility.id = judged.facility_id
GROUP BY {columns} ORDER BY {columns}
"""
COLUMNS = {
    "obligation": "judged.obligation_id", "facility": "judged.facility_id", "type": "facility.type",
    "former": "facility.former_area",
}  # fmt: skip


@dataclass(frozen=True)
class Tally:
    """Counts of assignments. `due`: the day is over, or a report came before it was."""

    assigned: int = 0
    due: int = 0
    on_time: int = 0
    late: int = 0
    missing: int = 0
    handed_in: int = 0
    returned: int = 0
    accepted: int = 0
    proven: int = 0
    overdue: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@system
def tallied(starts: date, ends: date, at: datetime, by: Sequence[str]) -> dict[tuple[Any, ...], Tally]:
    """The counts of the duties due in some days, as they stood at a moment, by some of `COLUMNS`. One statement.

    As the system: whoever shows them says to whom."""
    values: dict[str, Any] = {
        "at": at,
        "starts": starts,
        "ends": ends,
        "type": content_type(LABEL).pk,
        "clock": REPORT,
        "zone": timezone.get_default_timezone_name(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(columns=", ".join(COLUMNS[name] for name in by)), values)
        return {tuple(row[: len(by)]): Tally(*row[len(by) :]) for row in cursor.fetchall()}
