"""A ladder in words and in order, to be looked at: what it will do, and what it did for one deadline."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from deadlines import editions
from deadlines.choices import GIVING, Action, Level, Role, Side, StepUnit
from deadlines.ladders import Rung
from deadlines.models import Deadline, Duty, Escalation
from deadlines.moments import moment_in_words

A_WORKING_DAY = 24 * 60  # for the order of steps only: one that is counted in days comes after one within the day


@dataclass(frozen=True)
class StepLine:
    """One step in words. `tone` is how high it goes: it colours the picture."""

    position: int
    side: str
    when: str
    who: str
    action: str
    notes: list[str]
    tone: int


@dataclass(frozen=True)
class Happening:
    """A step of one deadline: `at` is when it was taken, or when it will be."""

    line: StepLine
    at: str
    is_taken: bool
    told: str = ""
    duty: Duty | None = None


def lines_of(rungs: Iterable[Rung]) -> list[StepLine]:
    """The steps from the first reminder to the highest report."""
    return [line_of(rung) for rung in sorted(rungs, key=_place)]


def _place(rung: Rung) -> tuple[int, int, int]:
    """Before the due moment the farther comes first; a share of the term is taken for the farthest."""
    distance = rung.amount * (A_WORKING_DAY if rung.unit == StepUnit.WORKING_DAYS else 1)
    if rung.side == Side.AFTER:
        return (1, distance, rung.position)
    if rung.unit == StepUnit.PERCENT:
        return (0, -rung.amount * 1_000_000, rung.position)
    return (0, -distance, rung.position)


def line_of(rung: Rung) -> StepLine:
    """One step in words."""
    return StepLine(
        position=rung.position,
        side=str(rung.side),
        when=when_in_words(rung),
        who=", ".join(str(Role(role).label) for role in rung.roles),
        action=_action_in_words(rung),
        notes=_notes_of(rung),
        tone=rung.level,
    )


def when_in_words(rung: Rung) -> str:
    """“1 working day before”, “half of the term is over”, “when it is due”."""
    if rung.unit == StepUnit.PERCENT:
        if rung.side == Side.AFTER:
            return _("after due, by %(percent)d%% of the term") % {"percent": rung.amount}
        return _("when %(percent)d%% of the term has counted") % {"percent": 100 - rung.amount}
    if not rung.amount:
        return _("when it is due")
    length = _length(rung)
    return (_("%(length)s before") if rung.side == Side.BEFORE else _("%(length)s after")) % {"length": length}


def _length(rung: Rung) -> str:
    if rung.unit == StepUnit.WORKING_DAYS:
        return ngettext("%(count)d working day", "%(count)d working days", rung.amount) % {"count": rung.amount}
    if rung.amount % 60 == 0:
        hours = rung.amount // 60
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d minute", "%(count)d minutes", rung.amount) % {"count": rung.amount}


def _action_in_words(rung: Rung) -> str:
    if rung.action in GIVING:
        words = _("task for: %(who)s") if rung.action == Action.TASK else _("record goes to: %(who)s")
        return words % {"who": Role(rung.given_to).label}
    return str(Action.ACKNOWLEDGE.label) if rung.action == Action.ACKNOWLEDGE else ""


def _notes_of(rung: Rung) -> list[str]:
    notes = []
    if rung.is_urgent or not rung.keeps_quiet:
        notes.append(pgettext("step", "day and night"))
    if rung.stops_when_acknowledged:
        notes.append(pgettext("step", "not once acknowledged"))
    return notes


Place = tuple[int, int]  # a ladder and a step of it


def story_of(deadline: Deadline, duties: Mapping[Place, Duty]) -> list[Happening]:
    """What was done about one deadline, by each ladder it had, and what is still to come. One query, and the newest
    rules."""
    ladders = editions.current().book.ladders
    rungs = ladders.get(deadline.ladder_id, {})
    taken = [
        _taken(row, ladders.get(row.ladder_id, {}), duties)
        for row in deadline.escalations.order_by("fired_at", "due_at", "step")
    ]
    ahead = zip(deadline.moments[deadline.step :], deadline.positions[deadline.step :], strict=True)
    coming = [_coming(rungs, position, moment) for moment, position in ahead] if deadline.next_at else []
    return taken + coming


def _taken(row: Escalation, rungs: Mapping[int, Rung], duties: Mapping[Place, Duty]) -> Happening:
    line = line_of(rungs[row.step]) if row.step in rungs else _lost(row.step, row.level)
    return Happening(line, moment_in_words(row.fired_at), True, _told(row), duties.get((row.ladder_id, row.step)))


def _coming(rungs: Mapping[int, Rung], position: int, moment: datetime) -> Happening:
    line = line_of(rungs[position]) if position in rungs else _lost(position, Level.NONE)
    return Happening(line, moment_in_words(moment), False)


def _lost(position: int, level: int) -> StepLine:
    """A step that the ladder does not have any more."""
    return StepLine(position, str(Side.AFTER), _("step %(nth)d of before") % {"nth": position}, "", "", [], level)


def _told(row: Escalation) -> str:
    if not row.recipients or row.told_at is None:
        return _("told with a higher step")
    people = ngettext("%(count)d person told", "%(count)d people told", row.recipients) % {"count": row.recipients}
    if row.told_at <= row.fired_at:
        return people
    return _("%(people)s after the quiet hours, %(at)s") % {"people": people, "at": moment_in_words(row.told_at)}
