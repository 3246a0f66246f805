"""What the case page shows to one reader: put together here, drawn by `templates/console/case/`."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common.merging import Difference
from deadlines.choices import Obligation, State
from deadlines.models import Deadline
from deadlines.words import due_said, explanation, reason_of
from facilities.models import Facility
from feedback import merging, reveals, timeline
from feedback.admin.forms import MoveForm, NoteForm
from feedback.choices import ENDED, IN_PUBLIC, TOLD, WITH_FACILITY, Measure, Outcome, Status
from feedback.due import due_of, until
from feedback.joined import joined_to, with_merges
from feedback.models import Answer, Attachment, Case, Reply, Reporter, RevealRequest, Submission
from feedback.press.listing import shown_of as in_public
from feedback.provisional import mark
from feedback.services import EDITABLE
from feedback.transitions import Move, allowed_moves
from feedback.visibility import sees_as_facility
from links.models import Relation
from links.services import shown as links_shown

MERGE = "feedback.triage_case"
OF_THE_FACILITY = (Obligation.ANSWER, Obligation.PROMPT_REPORT)


@dataclass(frozen=True)
class Step:
    """A button: one step that this person may make now."""

    status: Status
    move: Move
    url: str


@dataclass(frozen=True)
class Clock:
    """One deadline of the case, in words, with how it came about."""

    deadline: Deadline
    verdict: str
    tone: str
    due_said: str
    url: str
    lines: list[str]
    reason: str


def context_of(case: Case, reader: Any) -> dict[str, Any]:
    """The whole page: some twenty queries, whatever the length of the story."""
    as_facility = sees_as_facility(reader)
    now = timezone.now()
    merge = _merge_of(case, reader)
    return {
        "now": now,
        "as_facility": as_facility,
        "has_provisional": mark([case]),
        "due": due_of(case, now),
        "holder": holder_of(case),
        "steps": steps_of(case, reader) if merge.get("may_undo", True) else [],
        "clocks": clocks_of(case, reader),
        "answers": answers_of(case, reader),
        "replies": Reply.objects.visible_parts(reader, case=case).select_related("by"),
        "files": Attachment.objects.visible_parts(reader, case=case).filter(answer=None),
        "submissions": [] if as_facility else Submission.objects.filter(case=case).select_related("channel"),
        "joined": joined_to(case, reader),
        **merge,
        "entries": with_merges(case, timeline.entries(case, reader), reader),
        "links": links_shown(case, reader, leaving_out=(Relation.MERGED_INTO,)),
        "note_form": NoteForm(case=case, writer=reader) if reader.has_perm("feedback.note_case") else None,
        "may_correct": reader.has_perm("feedback.triage_case"),
        "may_recuse": reader.has_perm("feedback.recuse_self") or reader.has_perm("feedback.recuse_others"),
        "may_reveal": reveals.has_right(reader),
        "reveals_to_answer": reveals_to_answer(case, reader),
        "has_reporter": not as_facility and Reporter.objects.filter(submission__case=case).exists(),
        **_conclusion_of(case, as_facility),
        **in_public(case, reader),
    }


def _conclusion_of(case: Case, as_facility: bool) -> dict[str, str]:
    """What the department concluded, published and heard from the reporter. A facility reads it once the reporter or
    everybody knows it, not while the case is checked or looked at again: then it may speak of another facility."""
    is_told = not as_facility or case.status in TOLD
    is_public = not as_facility or case.status in IN_PUBLIC
    return {
        "outcome": str(Outcome(case.outcome).label) if case.outcome and is_told else "",
        "satisfaction": case.get_satisfaction_display() if is_told else "",
        "public_summary": case.public_summary if is_public else "",
    }


def steps_of(case: Case, reader: Any) -> list[Step]:
    """The buttons, those that lead on before those that lead back."""
    found = [Step(status, move, _address(case, status)) for status, move in allowed_moves(case, reader).items()]
    places = {"primary": 0, "plain": 1, "warning": 2, "quiet": 3}
    return sorted(found, key=lambda step: places.get(step.move.tone, 1))


def _address(case: Case, status: Status) -> str:
    """The form of a step; two cases are put side by side before they are merged."""
    if status == Status.MERGED:
        return reverse("admin:feedback_case_merge", args=[case.pk])
    return reverse("admin:feedback_case_step", args=[case.pk, status])


def holder_of(case: Case) -> str:
    """Who has the case in hand now."""
    if case.status in ENDED:
        return ""
    if case.status in WITH_FACILITY:
        return str(case.facility)
    if case.status == Status.WAITING:
        return _("The reporter")
    return str(case.division) if case.division_id else _("The working group")


def clocks_of(case: Case, reader: Any) -> list[Clock]:
    """All deadlines with their verdicts, running ones first. A facility sees those that bind it."""
    found = (
        Deadline.objects.of_shown("feedback.case", case.pk, reader).order_by("due_at", "pk").prefetch_related("pauses")
    )
    if sees_as_facility(reader):
        found = found.filter(obligation__in=OF_THE_FACILITY)
    now = timezone.now()
    clocks = [clock_of(deadline, now) for deadline in found]
    return sorted(clocks, key=lambda clock: (clock.deadline.finished_at is not None, clock.deadline.due_at))


def clock_of(deadline: Deadline, now: Any) -> Clock:
    """One deadline with its verdict in words."""
    verdict, tone = deadline.get_state_display(), "paused" if deadline.state == State.PAUSED else "none"
    if deadline.state == State.DONE:
        verdict, tone = (_("on time"), "good") if deadline.on_time else (_("was late"), "late")
    elif deadline.state == State.RUNNING:
        due = until(deadline.due_at, now)
        verdict, tone = due.words, due.tone
    url = reverse("admin:feedback_case_deadline", args=[deadline.about_id, deadline.pk])
    return Clock(deadline, verdict, tone, due_said(deadline), url, explanation(deadline), reason_of(deadline))


def answers_of(case: Case, reader: Any) -> list[Answer]:
    """The unit's answers, newest first, with their files and measures in words."""
    answers = list(Answer.objects.visible_parts(reader, case=case).select_related("by", "facility").order_by("-at"))
    files: dict[int | None, list[Attachment]] = {}
    for file in Attachment.objects.visible_parts(reader, case=case).filter(answer__isnull=False):
        files.setdefault(file.answer_id, []).append(file)
    measures = dict(Measure.choices)
    for answer in answers:
        answer.files = files.get(answer.pk, [])  # type: ignore[attr-defined]
        answer.measures_said = [measures.get(code, code) for code in answer.measures]  # type: ignore[attr-defined]
    return answers


def _merge_of(case: Case, reader: Any) -> dict[str, Any]:
    """The case this one was merged into, if the reader may see it, and what undoing that would take."""
    if case.merged_into_id is None:
        return {}
    into = Case.objects.visible_to(reader).filter(pk=case.merged_into_id).first()
    is_late = into is not None and merging.is_late(into)
    may_undo = reader.has_perm(MERGE) and (not is_late or reader.has_perm(merging.LEAD))
    return {"joined_to": into, "is_late": is_late, "may_undo": may_undo}


def reveals_to_answer(case: Case, reader: Any) -> list[RevealRequest]:
    """The requests on this case that this person may answer now; no query for who may answer none."""
    if not reader.has_perm("feedback.approve_reveal"):
        return []
    waiting = RevealRequest.objects.visible_to(reader).waiting(timezone.now()).filter(case=case)
    return list(waiting.exclude(asked_by=reader).select_related("asked_by").order_by("id"))


def step_context(case: Case, reader: Any, form: MoveForm) -> dict[str, Any]:
    """What stands beside the form of a step: the case itself, what was answered, and facilities that may be meant."""
    as_facility = sees_as_facility(reader)
    return {
        "now": timezone.now(),
        "as_facility": as_facility,
        "answers": answers_of(case, reader)[:1],
        **_conclusion_of(case, as_facility),
        **_merge_of(case, reader),
        "files": Attachment.objects.visible_parts(reader, case=case).filter(answer=None),
        "offers": _offers(case) if "facility" in form.fields else [],
    }


def _offers(case: Case) -> list[Facility]:
    """Facilities that may be what the reporter said; one query, none when the facility is known."""
    if case.facility_id or not case.facility_said:
        return []
    found = Facility.objects.matching(case.facility_said, 4).select_related("area")
    return [facility for facility in found if facility.is_open]


def conflicts(case: Case, base: Any, wishes: dict[str, Any]) -> list[Difference]:
    """Field by field: what it was, what the other person made of it, what this person wants."""
    rows = []
    for name in EDITABLE:
        about = timeline.column(name)
        has_changed = getattr(base, about.attname) != getattr(case, about.attname)
        if name not in wishes and not has_changed:
            continue
        mine = wishes.get(name, getattr(base, name))
        rows.append(
            Difference(
                name,
                capfirst(str(about.verbose_name)),
                _said(name, getattr(base, name)),
                _said(name, getattr(case, name)),
                _said(name, mine),
                name in wishes,
                name in wishes and has_changed,
            )
        )
    return rows


def _said(name: str, value: Any) -> str:
    return str(value) if hasattr(value, "pk") else timeline.in_words(name, value)
