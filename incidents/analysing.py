"""The analysis of an incident (Annex IV): opening and writing it, sending it through its gate, and the department's
answer, part by part. The workflow is one table, and only `move` assigns a status."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from common.exceptions import InvalidInput, MoveRefused, RightMissing, StaleVersion
from common.scope import as_system
from common.text import clean
from incidents import messages
from incidents.actions import recurrence
from incidents.analysis_completeness import lacks
from incidents.analysis_shapes import in_order, misshapen, unstorable
from incidents.choices import SENT, AnalysisStatus, Part
from incidents.models import Analysis, Incident, Remark
from incidents.transitions import CHECK, WRITE, Move, checked_reason, is_own, locked, may, save

S = AnalysisStatus
_send = Move(
    WRITE,
    pgettext_lazy("move", "Send the analysis"),
    "primary",
    is_gate=True,
    reason=gettext_lazy("Analysis is complete"),
)
MOVES: dict[tuple[AnalysisStatus, AnalysisStatus], Move] = {
    (S.DRAFT, S.SUBMITTED): _send,
    (S.SUBMITTED, S.ACCEPTED): Move(
        CHECK,
        pgettext_lazy("move", "Accept the analysis"),
        "primary",
        reason=gettext_lazy("Analysis is sufficient"),
    ),
    (S.SUBMITTED, S.RETURNED): Move(CHECK, pgettext_lazy("move", "Return the analysis with remarks"), "warning"),
    (S.RETURNED, S.SUBMITTED): _send,
}
FIELDS = (
    "details", "timeline", "types", "treatment", "causes", "factors", "whys", "root_cause", "corrective", "advice",
    "findings", "discussed", "conforms", "guidance", "impacts", "impact_other", "experts",
)  # fmt: skip
MOST_REMARK = 2000


def analysis_of(incident: Incident, user: Any) -> Analysis | None:
    """The analysis as this person may see it. One query."""
    found: Analysis | None = Analysis.objects.visible_to(user).filter(incident=incident).first()
    return found


def may_open(incident: Incident, user: Any) -> bool:
    """Does this person begin the analysis? Whether there is one already is not asked."""
    return is_own(incident, user) and incident.status in SENT


def allowed_moves(analysis: Analysis, incident: Incident, user: Any) -> dict[AnalysisStatus, Move]:
    """The moves that this person may make now, in the table's order. No query beyond rights and memberships."""
    return {
        target: step
        for (source, target), step in MOVES.items()
        if source == analysis.status and may(incident, step.right, user)
    }


@transaction.atomic
def open_analysis(incident: Incident, *, by: Any) -> Analysis:
    """Begin the analysis with what the report says already; the one that is there when there is one.

    Raises `Http404`, `RightMissing`, `MoveRefused`."""
    found = locked(incident, by)
    if not is_own(found, by):
        raise RightMissing
    if found.status not in SENT:
        raise MoveRefused(_("The report comes first: send it, then analyse the incident."))
    with as_system():
        known = Analysis.objects.filter(incident=found).first()
        if known is not None:
            return known
        analysis = Analysis(
            incident=found, details=found.description, treatment=found.treatment, types=found.types,
            causes=found.causes, opened_by=by, opened_at=timezone.now(),
        )  # fmt: skip
        _write(analysis, by=by, reason="")
    return analysis


def _locked(analysis: Analysis, by: Any, version: int) -> tuple[Analysis, Incident]:
    """Incident and analysis as they stand, nobody else writing them. Raises `Http404`, `StaleVersion`."""
    incident = locked(analysis.incident, by)
    rows = Analysis.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=analysis.pk)
    found: Analysis | None = rows.first()
    if found is None:
        raise Http404
    if found.version != version:
        raise StaleVersion(current_version=found.version)
    found.incident = incident
    return found, incident


@transaction.atomic
def write(analysis: Analysis, changes: Mapping[str, Any], *, by: Any, version: int) -> Analysis:
    """Write an analysis that is being written or was returned; what it lacks is asked for when it is sent.

    `changes` maps `FIELDS` to values in the shapes that `Analysis` describes; a time line may come in any order.
    Raises `Http404`, `StaleVersion`, `RightMissing`, `MoveRefused`, `InvalidInput`."""
    found, incident = _locked(analysis, by, version)
    if not is_own(incident, by):
        raise RightMissing
    if not found.is_writable:
        raise MoveRefused(_("This analysis was sent: the department has it."))
    if unknown := [name for name in changes if name not in FIELDS]:
        raise InvalidInput({name: [_("This cannot be changed here.")] for name in unknown})
    for name, value in changes.items():
        setattr(found, name, value)
    _check(found)
    with as_system():
        _write(found, by=by, reason="")
    return found


def _check(analysis: Analysis) -> None:
    """Refuse what no column, no list and no shape can hold; put the time line in order."""
    try:
        analysis.clean_fields(exclude=["incident", "opened_by"])
    except ValidationError as refusal:
        told: dict[str, list[Any]] = {name: list(words) for name, words in refusal.message_dict.items()}
        raise InvalidInput(told) from refusal
    if wrong := {name: [words] for name, words in misshapen(analysis).items()}:
        raise InvalidInput(wrong)
    analysis.timeline = in_order(analysis.timeline)


@transaction.atomic
def move(
    analysis: Analysis, to: str, *, by: Any, reason: str, version: int, remarks: Mapping[str, str] | None = None
) -> Analysis:
    """Move an analysis on, keeping who and why. `remarks` maps parts of the form (`Part`) to what is asked there; a
    return takes at least one. Sending it ends the clock of the sixty days.

    Raises `Http404`, `StaleVersion`, `MoveRefused`, `RightMissing`, `ReasonRequired`, and `InvalidInput` with every
    missing element named."""
    found, incident = _locked(analysis, by, version)
    step = MOVES.get((S(found.status), S(to))) if to in S.values else None
    if step is None:
        raise MoveRefused(allowed=[str(target) for target in allowed_moves(found, incident, by)])
    if not may(incident, step.right, by):
        raise RightMissing
    why, at = checked_reason(reason), timezone.now()
    if step.is_gate and (missing := lacks(found, incident.detected_at, at)):
        raise InvalidInput({name: [words] for name, words in missing.items()}, _("The analysis is not complete yet."))
    asked = _remarks(remarks or {}) if to == S.RETURNED else {}
    with as_system():
        Remark.objects.bulk_create(
            Remark(analysis=found, part=part, text=text, version=found.version, at=at, by=by)
            for part, text in asked.items()
        )
        found.status = S(to)
        if to == S.SUBMITTED:
            found.submitted_at = found.submitted_at or at
        _write(found, by=by, reason=why)
        save(incident, by=by, at=at, reason=f"{step.label}: {why}")
        messages.tell_of_analysis(incident, S(to), by=by)
        if to == S.SUBMITTED:
            recurrence.reopen(incident, found.causes, found.types, at=at)
    return found


def _remarks(given: Mapping[str, str]) -> dict[str, str]:
    """What is asked, by part, in the order of the form. Raises `InvalidInput`."""
    if unknown := [part for part in given if part not in Part.values]:
        raise InvalidInput({part: [_("Choose one of the offered values.")] for part in unknown})
    told = {part: clean(given.get(part, "")) for part in Part.values}
    if wrong := {part: [words] for part, text in told.items() if (words := unstorable(text, MOST_REMARK))}:
        raise InvalidInput(wrong)
    asked = {part: text for part, text in told.items() if text}
    if not asked:
        raise InvalidInput({"reason": [_("Say at one part of the form at least what is missing there.")]})
    return asked


def _write(analysis: Analysis, *, by: Any, reason: str) -> None:
    """Write a changed analysis as its next version. As the system."""
    if analysis.pk:
        analysis.version += 1
    analysis._history_user, analysis._change_reason = by, reason  # type: ignore[attr-defined]
    analysis.save()
