"""What the page of an incident shows to one reader, in the order of the forms."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.history import changes_of, occasions_of
from common.spans import in_words
from deadlines.choices import Nature, Obligation, State
from deadlines.models import Deadline
from deadlines.services import deadlines_of
from deadlines.words import due_said, explanation
from incidents import assigning, duplicates, naming, services
from incidents.admin.forms import SECTIONS
from incidents.admin.saying import boxes, words_for
from incidents.analysing import analysis_of, may_open
from incidents.choices import SENT, Paper
from incidents.classification import Claim, must_be_phoned
from incidents.completeness import missing
from incidents.exporting.files import RIGHT as EXPORT
from incidents.exporting.files import Form
from incidents.models import Action, Addendum, Incident, NamedRequest, PaperGiven, Reclassification
from incidents.obligations import OF_THE_DEPARTMENT
from incidents.services import CLAIM, TEXT
from incidents.taxonomy import lists
from incidents.transitions import CHECK, Move, allowed_moves, is_own
from links.services import shown as links_shown


@dataclass(frozen=True)
class Step:
    """A button: one step that this person may make now."""

    status: str
    move: Move
    url: str


@dataclass(frozen=True)
class Clock:
    """One deadline in words, with whether law or department set it, and how it came about."""

    deadline: Deadline
    verdict: str
    tone: str
    due_said: str
    is_legal: bool
    lines: list[str]
    binds_department: bool


@dataclass(frozen=True)
class Change:
    """A change of classification, in words."""

    row: Reclassification
    before: str
    after: str
    url: str


def context_of(incident: Incident, reader: Any) -> dict[str, Any]:
    """The whole page: some fifteen queries, whatever the length of the story."""
    now, own = timezone.now(), is_own(incident, reader)
    is_sent = incident.status in SENT
    changes = [_change(row) for row in _of(Reclassification, incident, reader).select_related("asked_by", "decided_by")]
    papers = list(_of(PaperGiven, incident, reader).select_related("by"))
    analysis = analysis_of(incident, reader)
    clocks = [clock_of(clock, now) for clock in deadlines_of(incident)]
    for clock in clocks:
        clock.lines.extend(_other_reading(clock.deadline, analysis))
    return {
        "now": now,
        "is_own": own,
        "judged": incident.judged,
        "severity": severity_of(incident),
        "sections": sections_of(incident),
        "lacks": list(missing(incident, now).values()) if own and incident.is_writable else [],
        "steps": steps_of(incident, reader),
        "clocks": clocks,
        "due": _next_of(clocks, incident, own),
        "addenda": _of(Addendum, incident, reader).select_related("by"),
        "papers": papers,
        "to_give": _to_give(incident, reader, {paper.what for paper in papers}),
        "must_be_phoned": must_be_phoned(incident.deaths, incident.more_feared),
        "changes": changes,
        "may_edit": own and incident.is_writable,
        "may_add": own and is_sent,
        "may_reclassify": is_sent
        and (own or reader.has_perm(CHECK))
        and all(one.row.is_agreed is not None for one in changes),
        "may_assign": assigning.may_assign(incident, reader),
        "may_agree": reader.has_perm(services.AGREE),
        "analysis": analysis,
        "may_analyse": may_open(incident, reader),
        "may_edit_analysis": own and analysis is not None and analysis.is_writable,
        "export_forms": Form.choices if is_sent and reader.has_perm(EXPORT) else [],
        "actions": _of(Action, incident, reader).select_related("owner").order_by("opened_at", "id"),
        "may_act": own and is_sent,
        "links": links_shown(incident, reader),
        "twins": duplicates.candidates(incident, reader) if duplicates.may_link(incident, reader) else [],
        "named_requests": _named_requests(incident, reader, now),
        "may_reveal": bool(services.shown_to(incident, reader)),
        "entries": occasions_of(changes_of(incident, hidden=("id", "version"), reader=reader)),
    }


def _named_requests(incident: Incident, reader: Any, now: Any) -> Any:
    """Requests to see who reported that this person is to answer. One query, where the person may answer at all."""
    if not naming.may_answer(incident, reader):
        return []
    waiting = NamedRequest.objects.visible_to(reader).waiting(now).filter(incident=incident)
    return waiting.exclude(asked_by=reader).select_related("asked_by")


def _of(model: Any, incident: Incident, reader: Any) -> Any:
    return model.objects.visible_to(reader).filter(incident=incident)


def severity_of(incident: Incident) -> str:
    """The level and its word, with whether the report is mandatory; empty without a letter."""
    judged = incident.judged
    if judged is None:
        return ""
    duty = _("mandatory") if judged.is_mandatory else _("voluntary")
    return f"{judged.level} – {lists().levels[judged.level]}, {duty}"


def sections_of(incident: Incident) -> list[tuple[Any, list[tuple[str, str]]]]:
    """What the report says, under the headings of the form. Nothing of the people named."""
    known = (*TEXT, *CLAIM)
    found = [
        (title, [(labelled(name), said(name, getattr(incident, name))) for name in names if name in known])
        for title, names in SECTIONS
    ]
    return [(title, rows) for title, rows in found if rows]


labelled, said = words_for(
    Incident,
    {
        "harm": lambda letter: f"{letter} – {lists().harms[letter].entry}",
        "serious_item": lambda item: f"{item}. {lists().serious[item].entry}",
        "types": boxes,
        "causes": boxes,
    },
)


def steps_of(incident: Incident, reader: Any) -> list[Step]:
    """The buttons, those that lead on before the others."""
    found = [
        Step(str(status), move, reverse("admin:incidents_incident_step", args=[incident.pk, status]))
        for status, move in allowed_moves(incident, reader).items()
    ]
    places = {"primary": 0, "plain": 1, "warning": 2, "quiet": 3}
    return sorted(found, key=lambda step: places[step.move.tone])


def clock_of(deadline: Deadline, now: Any) -> Clock:
    """One deadline with its verdict."""
    verdict, tone = str(deadline.get_state_display()), "none"
    if deadline.state == State.DONE:
        verdict, tone = (_("on time"), "good") if deadline.on_time else (_("was late"), "late")
    elif deadline.state == State.RUNNING and deadline.due_at <= now:
        verdict, tone = _("%(span)s late") % {"span": in_words(now - deadline.due_at)}, "late"
    elif deadline.state == State.RUNNING:
        verdict, tone = _("%(span)s left") % {"span": in_words(deadline.due_at - now)}, "fine"
    is_legal = deadline.derivation.get("nature") == Nature.LEGAL
    return Clock(deadline, verdict, tone, due_said(deadline), is_legal, explanation(deadline), _binds(deadline))


def _binds(deadline: Deadline) -> bool:
    """Is it the department that has to keep it, not the facility?"""
    return deadline.obligation in OF_THE_DEPARTMENT


def _other_reading(deadline: Deadline, analysis: Any) -> list[str]:
    """Article 8 can be read so that the sixty days count from the receipt of the analysis. The clock takes the earlier
    reading; what the other one comes to is said beside it."""
    if deadline.obligation != Obligation.ANALYSE:
        return []
    if analysis is None or analysis.submitted_at is None:
        return [_("Counted from the receipt of the report, the earlier of the two readings of Article 8.")]
    received, days = timezone.localdate(analysis.submitted_at), timedelta(days=deadline.derivation["amount"])
    return [
        _("Read the other way, from the receipt of the analysis on %(day)s, it would run until %(end)s.")
        % {"day": date_format(received, "DATE_FORMAT"), "end": date_format(received + days, "DATE_FORMAT")}
    ]


def _next_of(clocks: list[Clock], incident: Incident, own: bool) -> Any:
    """What is due next: for the facility itself not what the department has to do."""
    if not own:
        return incident
    running = [each.deadline for each in clocks if each.deadline.state == State.RUNNING and not each.binds_department]
    return min(running, key=lambda each: each.due_at, default=None)


def _to_give(incident: Incident, reader: Any, given: set[str]) -> list[tuple[str, str]]:
    """What this person may record as given elsewhere, with its address."""
    judged = incident.judged
    if judged is None or not judged.is_mandatory:
        return []
    wanted = {Paper.PHONE: must_be_phoned(incident.deaths, incident.more_feared)}
    return [
        (str(paper.label), reverse("admin:incidents_incident_paper", args=[incident.pk, paper]))
        for paper in Paper
        if paper not in given
        and wanted.get(paper, incident.status in SENT)
        and services.may_give(incident, paper, reader)
    ]


def _change(row: Reclassification) -> Change:
    before, after = row.claims
    url = reverse("admin:incidents_incident_lowering", args=[row.incident_id, row.pk])
    return Change(row, claim_said(before), claim_said(after), url)


def claim_said(claim: Claim) -> str:
    """A claim in one line."""
    parts = [f"{claim.letter} ({lists().harms[claim.letter].level})"]
    if claim.item:
        parts.append(_("item %(item)s of the serious list") % {"item": claim.item})
    if claim.exception:
        parts.append(_("exception claimed"))
    if claim.deaths:
        parts.append(_("%(count)s died") % {"count": claim.deaths})
    return ", ".join(parts)
