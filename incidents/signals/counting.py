"""Reports and exposure week by week, as the rules want them. All of it as the system: a signal stands on every report
that was sent, whoever will read it. Four queries, however many facilities."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from common.scope import as_system
from facilities.models import Facility
from incidents.choices import SENT
from incidents.signals.change import BASELINE_WEEKS, WATCHED_WEEKS

WEEKS = BASELINE_WEEKS + WATCHED_WEEKS
BED_DAYS, VISITS = "bed_days", "visits"
PER = {BED_DAYS: 1000, VISITS: 10_000}  # what rates are said for
_COUNTS = """
SELECT report.facility_id, split_part(box.code, '.', 1) AS kind,
       (date_trunc('week', report.detected_at AT TIME ZONE %(zone)s))::date AS week,
       count(DISTINCT report.id), count(DISTINCT report.id) FILTER (WHERE report.level <> 'NC3'),
       count(DISTINCT report.id) FILTER (WHERE report.level IN ('NC2', 'NC3'))
FROM incidents_incident report CROSS JOIN unnest(report.types || ARRAY['ALL'::varchar]) AS box(code)
WHERE report.status = ANY(%(sent)s) AND report.detected_at >= %(since)s AND report.detected_at < %(until)s
GROUP BY 1, 2, 3
"""
EVERY = "ALL"  # reports of whatever kind


@dataclass
class Counts:
    """The reports of one facility and kind: all, voluntary and harmful ones, by the place of their week."""

    all: dict[int, int] = field(default_factory=dict)
    voluntary: int = 0
    harmful: int = 0

    def total(self, weeks: range) -> int:
        return sum(count for week, count in self.all.items() if week in weeks)


@dataclass(frozen=True)
class Place:
    """A facility with what its reports are measured by, week by week."""

    key: int
    name: str
    unit: str
    exposures: list[float]


@dataclass(frozen=True)
class Figures:
    """Everything that the rules are asked about: the Mondays, the facilities, and the reports by facility and kind."""

    mondays: list[date]
    places: dict[int, Place]
    counts: dict[tuple[int, str], Counts]


def figures(at: datetime) -> Figures:
    """The whole weeks that ended before `at`, three years of them."""
    this_monday = timezone.localdate(at) - timedelta(days=timezone.localdate(at).weekday())
    mondays = [this_monday - timedelta(weeks=WEEKS - place) for place in range(WEEKS)]
    with as_system():
        return Figures(mondays, _places(mondays), _counts(mondays, this_monday))


def _counts(mondays: list[date], until: date) -> dict[tuple[int, str], Counts]:
    zone = timezone.get_default_timezone()
    places = {monday: place for place, monday in enumerate(mondays)}
    found: dict[tuple[int, str], Counts] = defaultdict(Counts)
    values: dict[str, Any] = {
        "zone": str(zone),
        "sent": [str(status) for status in SENT],
        "since": datetime.combine(mondays[0], datetime.min.time(), zone),
        "until": datetime.combine(until, datetime.min.time(), zone),
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, values)
        for facility, kind, week, count, voluntary, harmful in cursor.fetchall():
            told = found[facility, kind]
            told.all[places[week]] = count
            if places[week] >= BASELINE_WEEKS:
                told.voluntary += voluntary
                told.harmful += harmful
    return dict(found)


def _places(mondays: list[date]) -> dict[int, Place]:
    """Facilities with beds or visits. What a facility had in a week is what its record said then; before anything was
    on record, what was said first."""
    past: dict[tuple[int, str], list[tuple[date, int]]] = defaultdict(list)
    history: Any = Facility.history  # type: ignore[attr-defined]
    rows = history.order_by("history_date").values_list("id", "history_date", "beds", "visits_per_year")
    for key, moment, beds, visits in rows.iterator():
        for unit, value in ((BED_DAYS, beds), (VISITS, visits)):
            if value:
                past[key, unit].append((timezone.localdate(moment), value))
    found = {}
    for key, name, beds, visits in Facility.objects.values_list("pk", "name", "beds", "visits_per_year"):
        if beds or visits:
            unit = BED_DAYS if beds else VISITS
            known = past.get((key, unit)) or [(mondays[0], beds or visits or 0)]
            found[key] = Place(key, name, unit, list(_weekly(known, unit, mondays)))
    return found


def _weekly(known: list[tuple[date, int]], unit: str, mondays: list[date]) -> Iterable[float]:
    days = [day for day, _value in known]
    for monday in mondays:
        _day, value = known[max(0, bisect_right(days, monday) - 1)]
        yield value * 7 if unit == BED_DAYS else value * 7 / 365
