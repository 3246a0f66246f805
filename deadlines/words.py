"""Why is it due then? A deadline's derivation in sentences, in the language that is active."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from deadlines import calendar as dates
from deadlines import reasons, registry, standing
from deadlines.calendar import Term
from deadlines.choices import IN_DAYS, Authority, Event, Nature, State
from deadlines.editions import calendar_of
from deadlines.models import Deadline
from deadlines.moments import due_in_words, moment_in_words, term_in_words
from deadlines.planning import term_of
from deadlines.reasons import Stretch, Why
from deadlines.vocabulary import Vocabulary


@dataclass(frozen=True)
class Line:
    """One stretch of time in words; `total` is what counted up to its end."""

    why: Why
    when: str
    said: str
    total: str

    @property
    def counts(self) -> bool:
        return self.why == Why.COUNTS

    def __str__(self) -> str:
        return _("%(when)s: %(why)s") % {"when": self.when, "why": self.said}


@dataclass(frozen=True)
class Explanation:
    """The rule in one sentence, where it comes from, each stretch of time in words, and what else must be said."""

    rule: str
    source: str
    lines: list[Line]
    notes: list[str]

    @property
    def total(self) -> str:
        """What counted in all: the whole term."""
        return self.lines[-1].total if self.lines else ""

    def sentences(self) -> list[str]:
        return [self.rule, self.source, *map(str, self.lines), *self.notes]


def due_said(deadline: Deadline) -> str:
    """When it is due, marked where days off are not announced that far."""
    said = due_in_words(deadline.due_at)
    return _("%(due)s (provisional)") % {"due": said} if deadline.is_provisional else said


def explanation(deadline: Deadline, vocabulary: Vocabulary | None = None) -> list[str]:
    """The sentences for the case page, top to bottom. One query for the pauses, one per new calendar edition, and one
    for a condition whose words are rows; several deadlines share them through one vocabulary."""
    return explain(deadline, stretches_of(deadline), vocabulary).sentences()


def reason_of(deadline: Deadline) -> str:
    """Why it is due then, in one line: how long, and by what. No query."""
    kept = deadline.derivation
    return f"{capfirst(term_in_words(term_of(kept)))}. {_source_of(kept)}"


def stretches_of(deadline: Deadline) -> list[Stretch]:
    """Every stretch from start to due moment, by the calendar the deadline was computed with, not today's."""
    pauses = [(each.starts_at, each.ends_at) for each in deadline.pauses.all() if each.ends_at]
    calendar = calendar_of(deadline.calendar_version, deadline.derivation)
    return reasons.explain(calendar, term_of(deadline.derivation), deadline.starts_at, pauses)


def explain(deadline: Deadline, stretches: Sequence[Stretch], vocabulary: Vocabulary | None = None) -> Explanation:
    """Why it is due then, in its parts and in the language that is active."""
    kept, term = deadline.derivation, term_of(deadline.derivation)
    return Explanation(
        rule=_rule_said(deadline, term),
        source=_source_of(kept),
        lines=lines_of(stretches, term),
        notes=[_choice_of(deadline, vocabulary or Vocabulary()), *_notes_of(deadline, kept)],
    )


def _rule_said(deadline: Deadline, term: Term) -> str:
    """The rule in one sentence: how long, from when, until when."""
    kept = deadline.derivation
    parts = {
        "rule": _name_of(kept),
        "term": term_in_words(term),
        "start": moment_in_words(term.at or deadline.starts_at),
        "due": due_said(deadline),
    }
    if not term.at:
        return _("%(rule)s: %(term)s, from %(start)s to %(due)s.") % parts
    parts["event"] = str(Event(kept["event"]).label)
    if term.is_back:
        return _("%(rule)s: %(term)s before the moment when %(event)s (%(start)s): by %(due)s.") % parts
    return _("%(rule)s: %(term)s from the moment when %(event)s (%(start)s): by %(due)s.") % parts


def _name_of(kept: dict[str, Any]) -> str:
    is_english = (get_language() or "").startswith("en")
    return str((is_english and kept.get("name_en")) or kept["name"])


def _source_of(kept: dict[str, Any]) -> str:
    if kept["nature"] == Nature.LEGAL:
        return _("By law or regulation: %(source)s (rule %(code)s).") % {"source": kept["source"], "code": kept["rule"]}
    return _("By department policy: %(source)s (rule %(code)s).") % {"source": kept["source"], "code": kept["rule"]}


def _choice_of(deadline: Deadline, vocabulary: Vocabulary) -> str:
    """Why this rule and no other: what it asks for, and what makes it the most specific one."""
    names = {
        "kind": _("kind of case"),
        "urgency": _("urgency"),
        "complexity": _("complexity"),
        "category": _("category"),
        "category_root": _("field"),
        "facility_type": _("facility type"),
        "channel": _("channel"),
    }
    conditions = deadline.derivation["conditions"]
    if not conditions:
        return _("No more specific rule fits: this one is for all.")
    asked = vocabulary.asked(registry.label_of_type(deadline.about_type_id), conditions)
    said = "; ".join(
        _("%(condition)s: %(word)s") % {"condition": names[condition], "word": word}
        for condition, word in asked.items()
    )
    return _("The most specific rule that fits, chosen by %(conditions)s.") % {"conditions": said}


def _notes_of(deadline: Deadline, kept: dict[str, Any]) -> list[str]:
    notes = []
    if kept.get("replaces"):
        notes.append(
            _("The more specific policy %(code)s would end later; the law ends earlier, so the law applies.")
            % {"code": kept["replaces"]}
        )
    if kept.get("within"):
        notes.append(_("This is within the legal limit %(code)s, which ends later.") % {"code": kept["within"]})
    if kept.get("authority"):
        notes.append(_("Counted by the calendar of this authority: %(name)s.") % {"name": _whose(kept)})
    notes += map(_earlier_said, kept.get("earlier", []))
    if deadline.is_provisional:
        notes.append(_("The days off are not announced that far yet: the due moment is provisional."))
    if limit := standing.in_words(kept):
        notes.append(limit)
    if deadline.state == State.PAUSED and deadline.paused_at:
        notes.append(_stop_said(deadline) % {"at": moment_in_words(deadline.paused_at)})
        if deadline.stands_until:
            notes.append(
                _("At the latest on %(at)s it runs on by itself.") % {"at": moment_in_words(deadline.stands_until)}
            )
    return notes


def _earlier_said(earlier: dict[str, Any]) -> str:
    """The due moment that it had before, and why it has another now."""
    due = due_in_words(datetime.fromisoformat(earlier["due_at"]))
    if "calendar" in earlier:
        return _("Before a change of the calendar it was due on %(due)s.") % {"due": due}
    if "extended_from" in earlier:
        return _("Extended with a second person's consent; before, it was due on %(due)s.") % {"due": due}
    return _("Before a correction it was due on %(due)s (rule %(code)s).") % {"due": due, "code": earlier["rule"]}


def _whose(kept: dict[str, Any]) -> str:
    """Whose calendar a deadline follows; the code, where the list does not know it any more."""
    return str(dict(Authority.choices).get(kept["authority"], kept["authority"]))


def _stop_said(deadline: Deadline) -> str:
    if term_of(deadline.derivation).is_fixed:
        return _("The clock is stopped since %(at)s; the due moment stays, since no pause moves it.")
    return _("The clock is stopped since %(at)s; the due moment will move.")


# --- stretches -------------------------------------------------------------------------------------------------------


def lines_of(stretches: Sequence[Stretch], term: Term) -> list[Line]:
    """Each stretch of a term: when, why it counts or not, and how much counted so far."""
    in_days = term.clock in IN_DAYS
    lines, days, length = [], 0, timedelta()
    for stretch in stretches:
        if stretch.counts:
            days += stretch.days
            length += stretch.ends - stretch.starts
        when = _days_in_words(stretch) if in_days else _times_in_words(stretch)
        total = days_in_words(days) if in_days else length_in_words(length)
        lines.append(Line(stretch.why, when, _why_in_words(stretch, term), total))
    return lines


def _why_in_words(stretch: Stretch, term: Term) -> str:
    if stretch.why == Why.COUNTS:
        length = (
            days_in_words(stretch.days) if term.clock in IN_DAYS else length_in_words(stretch.ends - stretch.starts)
        )
        return _("counts, %(length)s") % {"length": length}
    if stretch.why == Why.DAY_OFF and stretch.note:
        return _("does not count, day off (%(occasion)s)") % {"occasion": stretch.note}
    if term.is_back and stretch.why in (Why.FIRST_DAY, Why.MOVED):
        return {
            Why.FIRST_DAY: _("does not count, the day of the event is left out"),
            Why.MOVED: _("the last day was a day of rest, so the term ends on the working day before"),
        }[stretch.why]
    return {
        Why.FIRST_DAY: _("does not count, the first day is left out"),
        Why.REST_DAY: _("does not count, weekend"),
        Why.DAY_OFF: _("does not count, day off"),
        Why.CLOSED: _("does not count, outside working hours"),
        Why.PAUSED: _("does not count, the clock was stopped"),
        Why.MOVED: _("the last day was a day of rest, so the term ends on the next working day"),
    }[stretch.why]


def days_in_words(days: int) -> str:
    """“3 days”."""
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def length_in_words(length: timedelta) -> str:
    """“3 h 30 min”."""
    minutes = round(length / timedelta(minutes=1))
    return _("%(hours)d h %(minutes)02d min") % {"hours": minutes // 60, "minutes": minutes % 60}


def _days_in_words(stretch: Stretch) -> str:
    first, last = stretch.starts.date(), dates.last_day_of(stretch.ends)
    if first == last:
        return date_format(first, "SHORT_DATE_FORMAT")
    return f"{date_format(first, 'SHORT_DATE_FORMAT')}–{date_format(last, 'SHORT_DATE_FORMAT')}"


def _times_in_words(stretch: Stretch) -> str:
    return f"{moment_in_words(stretch.starts)}–{moment_in_words(stretch.ends)}"
