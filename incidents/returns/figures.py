"""The figures of a return: the sent reports of a period as they stood at a moment, counted from their history, so that
the same moment always gives the same figures, whatever was changed since.

A report belongs to the period in which it was first sent. An incident that ticks several groups is counted in each;
what that counts too often stands in a row of its own, so that every table adds up to the number of reports."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import override

from common.scope import system
from facilities.choices import FacilityType
from incidents.choices import SENT, STRENGTHS, ActionStatus, AnalysisStatus
from incidents.returns import wording as w
from incidents.returns.periods import Period
from incidents.taxonomy import Group, lists

MOST_PLACES = 10
TRAITS = ("analysis", "types", "causes", "ward", "subject", "reporter", "serious", "kind", "facility")
# the last state of each report, and of its analysis, that history knows before the moment; then each trait counted by
# the database: the letter of a quarter passes over tens of thousands of reports and takes home some hundred rows
_AS_OF = """
WITH known AS (
  SELECT report.id, report.submitted_at >= %(starts)s AS is_current, past.harm, past.types,
         CASE WHEN analysis.status <> 'draft' THEN analysis.causes ELSE past.causes END AS causes,
         CASE WHEN %(facility)s::bigint IS NOT NULL THEN past.ward ELSE '' END AS ward,
         past.subject, past.reporter_role AS reporter, past.serious_item AS serious, report.facility_id AS facility,
         facility.type AS kind, coalesce(analysis.status, '') AS analysis
  FROM incidents_incident report
  JOIN facilities_facility facility ON facility.id = report.facility_id
  JOIN LATERAL (SELECT * FROM incidents_historicalincident known
                WHERE known.id = report.id AND known.history_date <= %(as_of)s
                ORDER BY known.history_date DESC, known.history_id DESC LIMIT 1) past ON true
  LEFT JOIN incidents_analysis begun ON begun.incident_id = report.id
  LEFT JOIN LATERAL (SELECT * FROM incidents_historicalanalysis known
                     WHERE known.id = begun.id AND known.history_date <= %(as_of)s
                     ORDER BY known.history_date DESC, known.history_id DESC LIMIT 1) analysis ON true
  WHERE report.submitted_at >= %(before)s AND report.submitted_at < %(ends)s AND past.status = ANY(%(sent)s)
    AND (%(facility)s::bigint IS NULL OR report.facility_id = %(facility)s)
)
SELECT CASE WHEN grouping(harm) = 0 THEN 'analysis' WHEN grouping(types) = 0 THEN 'types'
            WHEN grouping(causes) = 0 THEN 'causes' WHEN grouping(ward) = 0 THEN 'ward'
            WHEN grouping(subject) = 0 THEN 'subject' WHEN grouping(reporter) = 0 THEN 'reporter'
            WHEN grouping(serious) = 0 THEN 'serious' WHEN grouping(kind) = 0 THEN 'kind' ELSE 'facility' END,
       is_current, count(*), harm, analysis, types, causes, ward, subject, reporter, serious, kind, facility
FROM known
GROUP BY is_current, GROUPING SETS
  ((harm, analysis), (types), (causes), (ward), (subject), (reporter), (serious), (kind), (facility))
ORDER BY min(id)
"""


# the last state of each action that history knows before the moment
_ACTIONS_AS_OF = """
SELECT action.opened_at >= %(starts)s, past.status, left(past.kind, 1), count(*)
FROM incidents_action action
JOIN LATERAL (SELECT * FROM incidents_historicalaction known
              WHERE known.id = action.id AND known.history_date <= %(as_of)s
              ORDER BY known.history_date DESC, known.history_id DESC LIMIT 1) past ON true
WHERE action.opened_at >= %(before)s AND action.opened_at < %(ends)s
  AND (%(facility)s::bigint IS NULL OR action.facility_id = %(facility)s)
GROUP BY 1, 2, 3
"""


@dataclass(frozen=True)
class Alike:
    """So many sent reports of a period that had one trait in common as they stood at the moment; of the other traits
    nothing is said."""

    is_current: bool
    count: int
    harm: str
    analysis: str
    types: list[str]
    causes: list[str]
    ward: str
    subject: str
    reporter: str
    serious: int | None
    kind: str
    facility: int


Told = Mapping[str, Sequence[Alike]]  # by trait, each in the order in which it was first reported


@system  # a return counts every report of its facility, whoever looks
def told(period: Period, facility: int | None, as_of: datetime) -> Told:
    """The sent reports of a period and the one before, counted by each trait; of one facility, or of all. One query."""
    values = _asked(period, facility, as_of) | {"sent": [str(status) for status in SENT]}
    found: dict[str, list[Alike]] = {trait: [] for trait in TRAITS}
    with connection.cursor() as cursor:
        cursor.execute(_AS_OF, values)
        for trait, *row in cursor.fetchall():
            found[trait].append(Alike(*row))
    return found


def facilities_of(reports: Told) -> int:
    """How many facilities sent a report in the period itself."""
    return sum(one.is_current for one in reports["facility"])


def _asked(period: Period, facility: int | None, as_of: datetime) -> dict[str, Any]:
    moments = {"before": period.former.starts, "starts": period.starts, "ends": period.ends, "as_of": as_of}
    return moments | {"facility": facility}


@dataclass(frozen=True)
class Planned:
    """So many corrective actions of one strength that were planned in a period, and stood alike at the moment."""

    is_current: bool
    status: str
    strength: str  # by the first letter of its kind
    count: int


@system
def planned(period: Period, facility: int | None, as_of: datetime) -> list[Planned]:
    """The actions that were planned in a period and the one before; of one facility, or of all. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTIONS_AS_OF, _asked(period, facility, as_of))
        return [Planned(*row) for row in cursor.fetchall()]


def action_tables(actions: Sequence[Planned]) -> list[dict[str, Any]]:
    """What was done about incidents, in the form of `tables`. Pure."""
    done = _one(lambda one: w.ACTION_STANDS[ActionStatus(one.status)], w.ACTION_STANDS.values())
    strong = _one(lambda one: w.STRENGTHS[STRENGTHS[one.strength]], w.STRENGTHS.values())
    return [_table("actions", w.ACTIONS, actions, done), _table("strengths", w.BY_STRENGTH, actions, strong)]


def tables(reports: Told, *, is_letter: bool) -> list[dict[str, Any]]:
    """Every table of a return, in the order of Article 6: `{"key", "title", "rows": [[label, count, before], …],
    "total": [count, before]}`. Pure."""
    with override("vi"):  # the document is Vietnamese, whoever reads it
        return [_table(key, title, reports[trait], rows) for key, title, trait, rows in _plan(reports, is_letter)]


Rows = Callable[[Sequence[Any]], Mapping[str, int]]


def _table(key: str, title: str, reports: Sequence[Any], rows: Rows) -> dict[str, Any]:
    now = [one for one in reports if one.is_current]
    before = [one for one in reports if not one.is_current]
    total = [sum(one.count for one in period) for period in (now, before)]
    counted, former = rows(now), rows(before)
    labels = list(dict.fromkeys([*counted, *former]))
    remainders = [label for label in w.REMAINDERS if label in labels]
    labels = [label for label in labels if label not in remainders] + remainders
    shown = [[label, counted.get(label, 0), former.get(label, 0)] for label in labels]
    return {"key": key, "title": title, "rows": shown, "total": total}


def _plan(reports: Told, is_letter: bool) -> list[tuple[str, str, str, Rows]]:
    """The tables: key, title, by which trait, and how its rows are counted."""
    book = lists()
    harms = {letter: f"{letter} – {harm.entry}" for letter, harm in book.harms.items()}
    levels = {code: f"{code} – {entry}" for code, entry in book.levels.items()}
    serious = {item: f"{item}. {each.entry}" for item, each in book.serious.items()}
    kinds = ("places", w.KINDS, "kind", _one(lambda one: _kind(one.kind), ()))
    places = ("places", w.PLACES, "ward", _one(_places(reports["ward"]), ()))
    return [
        ("duty", w.DUTY, "analysis", _one(lambda one: w.DUTIES[book.harms[one.harm].is_mandatory], w.DUTIES.values())),
        ("letters", w.LETTERS, "analysis", _one(lambda one: harms[one.harm], harms.values())),
        ("levels", w.LEVELS, "analysis", _one(lambda one: levels[book.harms[one.harm].level], levels.values())),
        ("types", w.TYPES, "types", _ticked(book.types, lambda one: one.types)),
        ("boxes", w.BOXES, "types", _ticked_boxes(book.types, lambda one: one.types)),
        ("serious", w.SERIOUS, "serious", _one(lambda one: serious.get(one.serious or 0, w.NOT_SERIOUS), ())),
        kinds if is_letter else places,
        ("subjects", w.SUBJECTS, "subject", _one(lambda one: _entry(book.subjects, one.subject), ())),
        ("reporters", w.REPORTERS, "reporter", _one(lambda one: _entry(book.roles, one.reporter), ())),
        ("analyses", w.ANALYSES, "analysis", _one(_analysis, w.STANDS.values())),
        ("causes", w.CAUSES, "causes", _ticked(book.causes, lambda one: one.causes)),
    ]


def _one(label: Callable[[Any], str], all_labels: Iterable[str]) -> Rows:
    """A table in which each report stands once; labels that are always shown first, in their order."""

    def rows(reports: Sequence[Any]) -> Mapping[str, int]:
        counted: Counter[str] = Counter()
        for one in reports:
            counted[label(one)] += one.count
        others = sorted(set(counted) - set(all_labels), key=lambda name: (-counted[name], name))
        return {name: counted[name] for name in (*all_labels, *others)}

    return rows


def _ticked(groups: Iterable[Group], codes: Callable[[Alike], list[str]]) -> Rows:
    """A table of groups of which a report may tick several."""
    group_of = {box.code: str(group.entry) for group in groups for box in group.boxes}
    names = tuple(dict.fromkeys(group_of.values()))
    return _several(names, lambda one: {group_of[code] for code in codes(one) if code in group_of})


def _ticked_boxes(groups: Iterable[Group], codes: Callable[[Alike], list[str]]) -> Rows:
    """The same for single boxes: those that were ticked at all, the most frequent first."""
    names = {box.code: f"{group.entry}: {box}" for group in groups for box in group.boxes}
    return _several((), lambda one: {names[code] for code in codes(one) if code in names})


def _several(always: Sequence[str], labels: Callable[[Alike], set[str]]) -> Rows:
    def rows(reports: Sequence[Alike]) -> Mapping[str, int]:
        each = [(labels(one), one.count) for one in reports]
        counted: Counter[str] = Counter()
        for ticked, count in each:
            counted.update(dict.fromkeys(ticked, count))
        others = sorted(set(counted) - set(always), key=lambda name: (-counted[name], name))
        repeated = sum((len(ticked) - 1) * count for ticked, count in each if ticked)
        unticked = sum(count for ticked, count in each if not ticked)
        remainder = {w.UNTICKED: unticked, w.REPEATED: -repeated}
        return {name: counted[name] for name in (*always, *others)} | {
            name: count for name, count in remainder.items() if count
        }

    return rows


def _places(reports: Sequence[Alike]) -> Callable[[Alike], str]:
    """Under which name a report's place stands: as it was first written, however it is spelled; those that are most
    frequent now by name, the others together."""
    spelled: dict[str, str] = {}
    for one in reports:
        spelled.setdefault(_folded(one.ward), " ".join(one.ward.split()))
    counted: Counter[str] = Counter()
    for one in reports:
        if one.is_current and one.ward.strip():
            counted[_folded(one.ward)] += one.count
    shown = {key for key, _count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_PLACES]}

    def label(one: Alike) -> str:
        key = _folded(one.ward)
        return spelled[key] if key in shown else w.ELSEWHERE if key else w.UNSAID

    return label


def _folded(place: str) -> str:
    return " ".join(unicodedata.normalize("NFC", place).split()).casefold()


def _kind(code: str) -> str:
    return str(FacilityType(code).label) if code in FacilityType.values else w.UNSAID


def _entry(among: Mapping[str, Any], code: str) -> str:
    return str(among[code]) if code in among else w.UNSAID


def _analysis(one: Alike) -> str:
    """How far the analysis of a report is; what nobody has to analyse is said apart."""
    if one.analysis:
        return w.STANDS[AnalysisStatus(one.analysis)]
    return w.STANDS["missing" if lists().harms[one.harm].is_mandatory else "voluntary"]
