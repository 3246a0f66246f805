"""What the page of an analysis shows to one reader, in the order of Annex IV."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.history import changes_of, occasions_of
from common.values import EMPTY
from incidents.admin.analysis_form import SECTIONS
from incidents.admin.page import Step
from incidents.admin.saying import boxes, moment, words_for
from incidents.analysing import allowed_moves
from incidents.analysis_completeness import lacks
from incidents.models import Analysis, Incident, Remark
from incidents.taxonomy import lists
from incidents.transitions import is_own

DRAWN = ("timeline", "whys", "causes", "experts")  # shown as what they are, not as a line of text


@dataclass(frozen=True)
class Bone:
    """One group of causes on the fishbone, with those that were ticked and how each contributed."""

    name: str
    causes: tuple[tuple[str, str], ...]


def context_of(analysis: Analysis, incident: Incident, reader: Any) -> dict[str, Any]:
    """The whole page: a constant number of queries."""
    own, now = is_own(incident, reader), timezone.now()
    remarks = remarks_of(analysis, reader)
    may_edit = own and analysis.is_writable
    return {
        "analysis": analysis,
        "parts": [(part, part.label, _rows(analysis, names), remarks.get(str(part), [])) for part, names in SECTIONS],
        "bones": bones_of(analysis.causes, analysis.factors),
        "timeline": [(_moment(row["at"]), row["text"]) for row in analysis.timeline],
        "experts": [(row, _day(row["signed_on"])) for row in analysis.experts],
        "harm_said": f"{incident.harm} – {lists().harms[incident.harm].entry}" if incident.harm else EMPTY,
        "lacks": list(lacks(analysis, incident.detected_at, now).values()) if may_edit else [],
        "steps": steps_of(analysis, incident, reader),
        "may_edit": may_edit,
        "entries": occasions_of(changes_of(analysis, hidden=("id", "version", "incident"), reader=reader)),
    }


def remarks_of(analysis: Analysis, reader: Any) -> dict[str, list[Remark]]:
    """What the department asked, by part of the form. One query."""
    found: dict[str, list[Remark]] = {}
    for remark in Remark.objects.visible_to(reader).filter(analysis=analysis).select_related("by"):
        found.setdefault(remark.part, []).append(remark)
    return found


def bones_of(causes: Iterable[str], factors: dict[str, str]) -> list[Bone]:
    """The fishbone: every group has its bone, be it bare."""
    ticked = set(causes)
    return [
        Bone(
            str(group.entry),
            tuple((str(box), factors.get(box.code, "")) for box in group.boxes if box.code in ticked),
        )
        for group in lists().causes
    ]


def _rows(analysis: Analysis, names: Iterable[str]) -> list[tuple[str, str]]:
    return [(labelled(name), said(name, getattr(analysis, name))) for name in names if name not in DRAWN]


def _expert(row: dict[str, Any]) -> str:
    parts = [row["name"], row["post"], _("head of the group") if row["is_head"] else "", _day(row["signed_on"])]
    return ", ".join(part for part in parts if part)


def _moment(text: str) -> str:
    return moment(datetime.fromisoformat(text))


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT") if text else ""


labelled, said = words_for(
    Analysis,
    {
        "types": boxes,
        "causes": boxes,
        "impacts": lambda codes: "; ".join(str(lists().impacts.get(code, code)) for code in codes),
        "timeline": lambda rows: "\n".join(f"{_moment(row['at'])}: {row['text']}" for row in rows),
        "whys": lambda texts: "\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1)),
        "factors": lambda told: "\n".join(f"{lists().named(code) or code}: {text}" for code, text in told.items()),
        "experts": lambda rows: "\n".join(_expert(row) for row in rows),
    },
)


def steps_of(analysis: Analysis, incident: Incident, reader: Any) -> list[Step]:
    """The buttons of the page."""
    return [
        Step(str(status), move, reverse("admin:incidents_incident_analysis_step", args=[incident.pk, status]))
        for status, move in allowed_moves(analysis, incident, reader).items()
    ]
