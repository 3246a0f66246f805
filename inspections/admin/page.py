"""What the page of an inspection shows to one reader, from what is prepared to what was corrected.

A facility reads the record, its findings and its demands; the rest is asked for by the department only."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from common.history import changes_of, occasions_of
from inspections import amending
from inspections.admin.amending import LABELS, TONES
from inspections.choices import Function, Result, Status
from inspections.completeness import lacks
from inspections.models import Amendment, ChecklistItem, CorrectiveAction, Finding, Inspection, Member
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
class Amended:
    """What the record is amended by, with what its reader may decide: address, words, look."""

    row: Amendment
    steps: list[tuple[str, Any, str]]


@dataclass(frozen=True)
class Found:
    """A finding with what is to be corrected after it."""

    row: Finding
    corrections: list[CorrectiveAction]


def record_of(inspection: Inspection, reader: Any) -> dict[str, Any]:
    """The record as page and print show it: team, who was there, findings, amendments. Four queries."""
    corrections: dict[int, list[CorrectiveAction]] = {}
    for row in CorrectiveAction.objects.visible_to(reader).filter(inspection=inspection).order_by("pk"):
        corrections.setdefault(row.finding_id, []).append(row)
    findings = Finding.objects.visible_to(reader).filter(inspection=inspection).select_related("repeats__inspection")
    team = Member.objects.visible_to(reader).filter(inspection=inspection).select_related("user")
    amendments = Amendment.objects.visible_to(reader).filter(inspection=inspection).order_by("pk")
    return {
        "amendments": [
            Amended(row, _decisions(row, reader))
            for row in amendments.select_related("proposed_by", "decided_by", "finding")
        ],
        "may_amend": amending.may_propose(inspection, reader),
        **_team_of(inspection, team),
        "present": [Function(code).label for code in inspection.present],
        "findings": [Found(row, corrections.get(row.pk, [])) for row in findings.order_by("pk")],
        "is_inside": reader.has_perm(EVERY),
        "is_recorded": inspection.recorded_at is not None,
    }


def _team_of(inspection: Inspection, members: Iterable[Member]) -> dict[str, list[Member]]:
    """Who goes; of a finished record who signed it, whatever happened since, and who took over after."""
    signed = inspection.recorded_at
    if signed is None:
        return {"team": [one for one in members if one.left_at is None], "took_over": []}
    rows = list(members)
    return {
        "team": [one for one in rows if one.at <= signed and (one.left_at is None or one.left_at > signed)],
        "took_over": [one for one in rows if one.at > signed and one.left_at is None],
    }


def _decisions(amendment: Amendment, reader: Any) -> list[tuple[str, Any, str]]:
    args = [amendment.inspection_id, amendment.pk]
    return [
        (reverse("admin:inspections_inspection_amendment", args=[*args, to]), LABELS[to], TONES[to])
        for to in amending.allowed(amendment, reader)
    ]


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
