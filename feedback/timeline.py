"""What happened in a case, told to one reader.

Its sources are the case's history rows (each step and correction, with who and why), the notes, the ledger of
escalations and the longer terms that were asked for. What was said on a step (answer, reply), and the clocks that
another legal kind ended and began, stand with the step.

Who reads what: people of the department read everything of a case they see. A facility reads only what is between it
and the department: the steps that gave it the case or took it further, while it had it; what its own people did; notes
meant for it. Never corrections, reasons between people of the department, escalations, longer terms, or another
facility's time with the case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from deadlines.choices import Event, State
from deadlines.models import Deadline, Escalation, Extension
from deadlines.moments import due_in_words, term_in_words
from deadlines.planning import term_of
from deadlines.services import deadlines_of
from facilities.models import Area, Division, Facility
from feedback.choices import WITH_FACILITY, Audience, Status
from feedback.models import Answer, Case, Category, Note, Reply
from feedback.obligations import ACCEPT
from feedback.transitions import MOVES
from feedback.visibility import sees_as_facility

EMPTY = "—"
FIELDS = (
    "kind",
    "category",
    "urgency",
    "complexity",
    "is_confidential",
    "title",
    "occurred_on",
    "facility",
    "facility_said",
    "area",
    "division",
    "assignee",
    "outcome",
    "transferred_to",
    "merged_into",
    "public_summary",
    "satisfaction",
)
FOR_FACILITY = ("facility",)
_NAMED: dict[str, Any] = {
    "category": Category,
    "facility": Facility,
    "area": Area,
    "division": Division,
    "assignee": User,
    "merged_into": Case,
}
_SAME_ACT = timedelta(seconds=10)  # a step's answer is written in its transaction, a moment before its history row


@dataclass(frozen=True)
class Change:
    """One field, before and after, in words."""

    name: str
    label: str
    old: str
    new: str

    @property
    def is_given(self) -> bool:
        """Somebody has the case who is its first: it was given to them, not changed."""
        return self.name == "assignee" and self.old == EMPTY


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `kind` is `received`, `move`, `edit`, `rating`, `handed`, `accepted`, `note`,
    `escalation` or `extension`; `audience` is the widest that reads it beside the department, and whoever wrote it
    reads it anyway."""

    at: datetime
    by: str
    kind: str
    what: str
    changes: Sequence[Change] = ()
    reason: str = ""
    text: str = ""
    audience: str = ""
    status: str = ""
    version: int = 0


@dataclass
class _Step:
    """A history row beside the one before it."""

    old: Any
    new: Any
    fields: list[str] = field(default_factory=list)

    @property
    def is_move(self) -> bool:
        return self.old is not None and self.old.status != self.new.status

    @property
    def came_or_went(self) -> bool:
        """Did it give a facility the case, or take it further from there?"""
        return self.is_move and (self.new.status in WITH_FACILITY or self.old.status in WITH_FACILITY)


def entries(case: Case, reader: Any) -> list[Entry]:
    """Everything that this reader may know, newest first. At most thirteen queries, however long the story."""
    steps = _steps(case)
    told = _told(case, steps, reader)
    if not sees_as_facility(reader):
        told = _with_clocks(case, told)
        told += [*_escalations(case), *_extensions(case)]
    told += _notes(case, reader)
    return sorted(told, key=lambda entry: (entry.at, entry.version), reverse=True)


def since(case: Case, version: int, reader: Any) -> list[Entry]:
    """What others did after somebody read version `version`, oldest first."""
    steps = [step for step in _steps(case) if step.new.version > version]
    return sorted(_told(case, steps, reader), key=lambda entry: entry.version)


def as_of(case: Case, version: int) -> Any | None:
    """The history row of one version, or None when nobody ever read such a version."""
    return case.history.filter(version=version).order_by("-history_id").first()  # type: ignore[attr-defined]


def _steps(case: Case) -> list[_Step]:
    rows = list(case.history.select_related("history_user").order_by("history_id"))  # type: ignore[attr-defined]
    steps = [_Step(None, rows[0])] if rows and rows[0].history_type == "+" else []
    steps += [_Step(old, new) for old, new in pairwise(rows)]
    for step in steps:
        if step.old is not None:
            step.fields = [name for name in FIELDS if _raw(step.old, name) != _raw(step.new, name)]
    return steps


def _told(case: Case, steps: list[_Step], reader: Any) -> list[Entry]:
    as_facility = sees_as_facility(reader)
    shown = [step for step in steps if not as_facility or _is_between(step, reader)]
    names = _names(shown, reader)
    said = _said(case, reader) if any(step.is_move for step in shown) else []
    readable = FOR_FACILITY if as_facility else FIELDS
    told = [_with_words(_entry(step, names, readable), step, said) for step in shown]
    return [replace(entry, audience=_audience(step, case)) for entry, step in zip(told, shown, strict=True)]


def _is_between(step: _Step, reader: Any) -> bool:
    """Is this step one between the reader's facility and the department, or the reader's own?"""
    if step.new.facility_id not in reader.scope.facilities or not step.new.is_released:
        return False
    return step.came_or_went or step.new.history_user_id == reader.pk


def _audience(step: _Step, case: Case) -> Audience:
    """Who else than the department reads a step: the facility that has the case what lies between the two, the
    reporter what was said to them."""
    if step.is_move and step.new.status in (Status.REPLIED, Status.PUBLISHED):
        return Audience.CITIZEN
    is_theirs = step.new.facility_id == case.facility_id and step.new.is_released and case.is_released
    if is_theirs and not case.is_confidential and step.came_or_went:
        return Audience.FACILITY
    return Audience.DEPARTMENT


def _entry(step: _Step, names: dict[tuple[str, Any], str], readable: Iterable[str]) -> Entry:
    row = step.new
    kind, what = _what(step)
    return Entry(
        at=row.history_date,
        by=str(row.history_user) if row.history_user else "",
        kind=kind,
        what=what,
        changes=[
            Change(name, _label(name), _shown(step.old, name, names), _shown(row, name, names))
            for name in step.fields
            if name in readable
        ],
        reason=row.history_change_reason or "",
        status=row.status,
        version=row.version,
    )


def _what(step: _Step) -> tuple[str, str]:
    if step.old is None:
        return "received", _("Received")
    if step.is_move:
        move = MOVES.get((Status(step.old.status), Status(step.new.status)))
        return "move", str(move.label if move else Status(step.new.status).label)
    if step.fields == ["satisfaction"]:
        return "rating", _("The reporter rated the answer")
    if step.fields == ["assignee"]:  # no step of the workflow: a recusal, or a colleague who left
        return "handed", _("Handed over") if step.new.assignee_id else _("Back in the queue")
    return "edit", _("Corrected")


def _said(case: Case, reader: Any) -> list[tuple[datetime, int | None, str]]:
    """Answers and replies that the reader may read: when, by whom, what."""
    answers = Answer.objects.visible_parts(reader, case=case).values_list("at", "by", "findings")
    replies = Reply.objects.visible_parts(reader, case=case).values_list("at", "by", "text")
    return [*answers, *replies]


def _with_words(entry: Entry, step: _Step, said: list[tuple[datetime, int | None, str]]) -> Entry:
    if entry.kind != "move" or entry.status not in (Status.ANSWERED, Status.REPLIED):
        return entry
    own = [
        (entry.at - at, words)
        for at, by, words in said
        if by == step.new.history_user_id and timedelta() <= entry.at - at <= _SAME_ACT
    ]
    return replace(entry, text=min(own)[1]) if own else entry


def _notes(case: Case, reader: Any) -> list[Entry]:
    notes = Note.objects.visible_parts(reader, case=case).select_related("by")
    return [
        Entry(
            at=note.at,
            by=str(note.by) if note.by else "",
            kind="note",
            what=_("Note") if note.by else _("Added by the reporter"),
            text=note.text,
            audience=note.audience,
        )
        for note in notes
    ]


def _escalations(case: Case) -> list[Entry]:
    taken = Escalation.objects.filter(deadline__in=deadlines_of(case), level__gte=1).select_related("deadline")
    return [
        Entry(
            at=escalation.fired_at,
            by=_("the system"),
            kind="escalation",
            what=_("Escalated: %(level)s") % {"level": escalation.get_level_display()},
            text=escalation.deadline.get_obligation_display(),
            audience=Audience.DEPARTMENT,
        )
        for escalation in taken
    ]


def _extensions(case: Case) -> list[Entry]:
    """Each longer term as it was asked for, and as it was answered."""
    found = Extension.objects.filter(deadline__in=deadlines_of(case))
    return [
        entry
        for asked in found.select_related("deadline", "asked_by", "decided_by")
        for entry in _asked_and_answered(asked)
    ]


def _asked_and_answered(asked: Extension) -> Iterable[Entry]:
    clock = asked.deadline
    about = {
        "obligation": clock.get_obligation_display(),
        "term": term_in_words(replace(term_of(clock.derivation), amount=asked.amount)),
    }
    yield Entry(
        at=asked.asked_at,
        by=str(asked.asked_by),
        kind="extension",
        what=_("Asked for a longer term"),
        text=_("%(obligation)s: %(term)s in all, due before %(due)s")
        % {**about, "due": due_in_words(asked.due_before)},
        reason=asked.reason,
        audience=Audience.DEPARTMENT,
    )
    if asked.decided_at is None:
        return
    due = due_in_words(asked.due_after or asked.due_before)
    yield Entry(
        at=asked.decided_at,
        by=str(asked.decided_by),
        kind="extension",
        what=_("Granted a longer term") if asked.is_granted else _("Refused a longer term"),
        text=_("%(obligation)s: due %(due)s") % {**about, "due": due},
        reason=asked.answer,
        audience=Audience.DEPARTMENT,
    )


# --- clocks that a step of the story began or ended --------------------------------------------------------------


def _with_clocks(case: Case, told: list[Entry]) -> list[Entry]:
    """Another legal kind, and taking up the matter, with the clocks that they ended and began. One query, none where
    the story has neither. The entries are those of the steps, oldest first."""
    if not any(entry.kind == "edit" for entry in told):
        return told
    clocks = list(deadlines_of(case).select_related("ended_by"))
    return [told[0], *(_with_clock(entry, before.at, clocks) for before, entry in pairwise(told))]


def _with_clock(entry: Entry, before: datetime, clocks: list[Deadline]) -> Entry:
    if entry.kind != "edit":
        return entry
    begun = [clock for clock in clocks if before < clock.starts_at <= entry.at]
    if not entry.changes:
        for clock in clocks:
            if _was_posted(clock, before, entry.at):
                due = {"due": due_in_words(clock.due_at)}
                what, text = _("Conclusion posted"), _("The publication counts from then: due %(due)s.") % due
                return replace(entry, kind="posted", what=what, text=text)
        ended = [clock.finished_at for clock in clocks if clock.obligation == ACCEPT and clock.finished_at]
        is_taken_up = any(before < moment <= entry.at for moment in ended)
        return replace(entry, kind="accepted", what=_("Taken up"), text=_begun(begun)) if is_taken_up else entry
    if "kind" not in {change.name for change in entry.changes}:
        return entry
    kept = [
        _("The clock “%(obligation)s” ended without a verdict and is kept; it was due %(due)s.")
        % {"obligation": clock.get_obligation_display(), "due": due_in_words(clock.due_at)}
        for clock in clocks
        if (clock.state, clock.reason, str(clock.ended_by)) == (State.CANCELLED, entry.reason, entry.by)
    ]
    return replace(entry, text="\n".join([*kept, *filter(None, [_begun(begun)])]))


def _was_posted(clock: Deadline, before: datetime, at: datetime) -> bool:
    """Did this clock begin to count from the posting in this step?"""
    if clock.derivation.get("event") != Event.POSTED:
        return False
    since = [datetime.fromisoformat(each["at"]) for each in clock.derivation.get("earlier", [])]
    return any(before < moment <= at for moment in since)


def _begun(clocks: list[Deadline]) -> str:
    return "\n".join(
        _("New clock “%(obligation)s” by rule %(rule)s: due %(due)s.")
        % {
            "obligation": clock.get_obligation_display(),
            "rule": clock.derivation["rule"],
            "due": due_in_words(clock.due_at),
        }
        for clock in clocks
    )


# --- fields in words --------------------------------------------------------------------------------------------


def _raw(row: Any, name: str) -> Any:
    return getattr(row, f"{name}_id" if name in _NAMED else name)


def column(name: str) -> Any:
    """The case's field of that name."""
    return Case._meta.get_field(name)


def _label(name: str) -> str:
    return capfirst(str(column(name).verbose_name))


def _names(steps: list[_Step], reader: Any) -> dict[tuple[str, Any], str]:
    """What linked records are called: one query for each kind that changed. A case one may not see has no name."""
    wanted: dict[str, set[Any]] = {}
    for step in steps:
        for name in set(step.fields) & set(_NAMED):
            wanted.setdefault(name, set()).update({_raw(step.old, name), _raw(step.new, name)} - {None})
    found: dict[tuple[str, Any], str] = {}
    for name, keys in wanted.items():
        records = Case.objects.visible_to(reader) if name == "merged_into" else _NAMED[name].objects
        for key, record in records.in_bulk(keys).items():
            found[name, key] = str(record)
    return found


def _shown(row: Any, name: str, names: dict[tuple[str, Any], str]) -> str:
    value = _raw(row, name)
    if name in _NAMED:
        return names.get((name, value), EMPTY)
    return in_words(name, value)


def in_words(name: str, value: Any) -> str:
    """A field's value as people read it."""
    if value in (None, ""):
        return EMPTY
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    about = column(name)
    if about.choices:
        return str(dict(about.flatchoices).get(value, value))
    return f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)
