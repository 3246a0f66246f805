"""What the page of an action shows to one reader, from the plan to its effect."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common.history import changes_of, occasions_of
from deadlines.services import deadlines_of
from incidents.actions.completeness import lacks
from incidents.actions.services import FIELDS
from incidents.actions.transitions import allowed_moves, answers_for, is_own, may_verify
from incidents.admin.page import Step, clock_of
from incidents.admin.saying import boxes, words_for
from incidents.choices import ActionKind, ActionStatus, Concession
from incidents.models import Action, ConcessionAsked, EffectCheck, Evidence, Incident, Progress
from links.services import shown as links_shown

PLACES = {"primary": 0, "plain": 1, "warning": 2, "quiet": 3}


@dataclass(frozen=True)
class Asked:
    """A request to do less, in words, with the address where it is answered."""

    row: ConcessionAsked
    changes: list[tuple[str, str, str]]
    url: str


def context_of(action: Action, reader: Any) -> dict[str, Any]:
    """The whole page: a constant number of queries."""
    own, now = is_own(action, reader), timezone.now()
    requests = [asked_of(row) for row in _of(ConcessionAsked, action, reader).select_related("asked_by", "decided_by")]
    waits = any(one.row.is_agreed is None for one in requests)
    may_check = may_verify(action, reader) and not answers_for(action, reader)
    return {
        "now": now,
        "is_own": own,
        "facts": [(labelled(name), said(name, getattr(action, name))) for name in FIELDS if name != "title"],
        "incident": _incident(action, reader),
        "lacks": list(lacks(action).values()) if own and action.is_writable else [],
        "steps": [] if waits else steps_of(action, reader),
        "clocks": [clock_of(clock, now) for clock in deadlines_of(action)],
        "progress": _progress(action, reader),
        "checks": _of(EffectCheck, action, reader).select_related("by"),
        "requests": requests,
        "links": links_shown(action, reader),
        "may_edit": own and action.is_writable,
        "may_tell": own and action.status not in (ActionStatus.EFFECTIVE, ActionStatus.WITHDRAWN),
        "may_ask": own and action.is_writable and not waits,
        "may_check": may_check and action.status == ActionStatus.VERIFIED,
        "may_answer": may_check,
        "entries": occasions_of(changes_of(action, hidden=("id", "version", "since"), reader=reader)),
    }


def _incident(action: Action, reader: Any) -> Incident | None:
    """The incident that it follows, where this reader sees it. One query."""
    if action.incident_id is None:
        return None
    found: Incident | None = Incident.objects.visible_to(reader).filter(pk=action.incident_id).first()
    return found


def _of(model: Any, action: Action, reader: Any) -> Any:
    return model.objects.visible_to(reader).filter(action=action)


def _progress(action: Action, reader: Any) -> list[tuple[Progress, list[Evidence]]]:
    """What was said, each with its files. Two queries."""
    files: dict[int, list[Evidence]] = {}
    for file in _of(Evidence, action, reader):
        files.setdefault(file.progress_id, []).append(file)
    return [(row, files.get(row.pk, [])) for row in _of(Progress, action, reader).select_related("by")]


labelled, said = words_for(Action, {"kind": lambda kind: str(ActionKind(kind).label), "types": boxes, "causes": boxes})


def steps_of(action: Action, reader: Any) -> list[Step]:
    """The buttons, those that lead on before the others."""
    found = [
        Step(str(status), move, reverse("admin:incidents_action_step", args=[action.pk, status]))
        for status, move in allowed_moves(action, reader).items()
    ]
    return sorted(found, key=lambda step: PLACES[step.move.tone])


def asked_of(row: ConcessionAsked) -> Asked:
    changes = [(labelled(name), _told(name, row.before[name]), _told(name, value)) for name, value in row.after.items()]
    return Asked(row, changes, reverse("admin:incidents_action_answer", args=[row.action_id, row.pk]))


def _told(name: str, value: Any) -> str:
    return said(name, date.fromisoformat(value) if name == "due_on" else value)


def heading_of(what: str) -> str:
    return _("Ask to withdraw the action") if what == Concession.WITHDRAWAL else _("Ask for a weaker or later action")
