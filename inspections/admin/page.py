"""What the page of an inspection shows to one reader, from what is prepared to what was corrected.

A facility reads the record, its findings and its demands; the rest is asked for by the department only."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from common.history import changes_of, occasions_of
from inspections.choices import Function, Result, Status
from inspections.completeness import lacks
from inspections.models import ChecklistItem, CorrectiveAction, Finding, Inspection, Member
from inspections.preparing import TEAM_OPEN
from inspections.rules import CONDUCT, EVERY, Move
from inspections.transitions import allowed_moves
from links.services import shown as links_shown

PLACES = {"primary": 0, "plain": 1, "warning": 2, "quiet": 3}
HIDDEN = ("id", "version", "opened_at", "recorded_at", "closed_at")


@dataclass(frozen=True)
class Step:
    """A button: one step that this person may make now."""

    status: str
    move: Move
    url: str


@dataclass(frozen=True)
class Found:
    """A finding with what is to be corrected after it."""

    row: Finding
    corrections: list[CorrectiveAction]


def record_of(inspection: Inspection, reader: Any) -> dict[str, Any]:
    """The record as page and print show it: team, who was there, findings. Three queries."""
    corrections: dict[int, list[CorrectiveAction]] = {}
    for row in CorrectiveAction.objects.visible_to(reader).filter(inspection=inspection).order_by("pk"):
        corrections.setdefault(row.finding_id, []).append(row)
    findings = Finding.objects.visible_to(reader).filter(inspection=inspection).select_related("repeats__inspection")
    team = Member.objects.visible_to(reader).filter(inspection=inspection, left_at=None).select_related("user")
    return {
        "team": list(team),
        "present": [Function(code).label for code in inspection.present],
        "findings": [Found(row, corrections.get(row.pk, [])) for row in findings.order_by("pk")],
        "is_inside": reader.has_perm(EVERY),
        "is_recorded": inspection.recorded_at is not None,
    }


def context_of(inspection: Inspection, reader: Any) -> dict[str, Any]:
    """The whole page: a constant number of queries."""
    context = record_of(inspection, reader) | {"now": timezone.now(), "steps": steps_of(inspection, reader)}
    return context | _inside(inspection, reader) if context["is_inside"] else context


def _inside(inspection: Inspection, reader: Any) -> dict[str, Any]:
    """What the department reads besides: checklist, what gave rise to it, its story, and what is missing."""
    items = list(ChecklistItem.objects.visible_to(reader).filter(inspection=inspection).order_by("position", "pk"))
    may = reader.has_perm(CONDUCT)
    onward = {Status.PREPARED: Status.OPENED, Status.OPENED: Status.RECORDED, Status.RECORDED: Status.CLOSED}
    to = onward.get(Status(inspection.status))
    return {
        "items": items,
        "counts": [(label, sum(item.result == code for item in items)) for code, label in Result.choices],
        "unjudged": sum(not item.result for item in items),
        "lacks": list(lacks(inspection, to).values()) if may and to else [],
        "links": links_shown(inspection, reader),
        "may": may,
        "may_team": may and inspection.status in TEAM_OPEN,
        "may_record": may and inspection.is_open,
        "entries": occasions_of(changes_of(inspection, hidden=HIDDEN, reader=reader)),
    }


def steps_of(inspection: Inspection, reader: Any) -> list[Step]:
    """The buttons, those that lead on before the others."""
    found = [
        Step(str(status), move, reverse("admin:inspections_inspection_step", args=[inspection.pk, status]))
        for status, move in allowed_moves(inspection, reader).items()
    ]
    return sorted(found, key=lambda step: PLACES[step.move.tone])
