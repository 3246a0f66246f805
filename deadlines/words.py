"""Why is it due then? A deadline's derivation in sentences, in the language that is active."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from deadlines import calendar as dates
from deadlines.calendar import Stretch, Term, Why
from deadlines.choices import Clock, Nature, State
from deadlines.editions import calendar_of
from deadlines.models import Deadline
from deadlines.moments import due_in_words, moment_in_words, term_in_words
from deadlines.planning import term_of


@dataclass(frozen=True)
class Explanation:
    """The rule in one sentence, where it comes from, each stretch of time in words, and what else must be said."""

    rule: str
    source: str
    stretches: list[str]
    notes: list[str]

    def lines(self) -> list[str]:
        return [self.rule, self.source, *self.stretches, *self.notes]


def explanation(deadline: Deadline) -> list[str]:
    """The sentences for the case page, top to bottom. One query for the pauses, one per new calendar edition."""
    return explain(deadline).lines()


def explain(deadline: Deadline) -> Explanation:
    """The same in its parts. The calendar is the one the deadline was computed with, not today's."""
    kept, term = deadline.derivation, term_of(deadline.derivation)
    pauses = [(each.starts_at, each.ends_at) for each in deadline.pauses.all() if each.ends_at]
    stretches = dates.explain(calendar_of(deadline.calendar_version), term, deadline.starts_at, pauses)
    return Explanation(
        rule=_("%(rule)s: %(term)s, from %(start)s to %(due)s.")
        % {
            "rule": _name_of(kept),
            "term": term_in_words(term),
            "start": moment_in_words(deadline.starts_at),
            "due": due_in_words(deadline.due_at),
        },
        source=_source_of(kept),
        stretches=[_stretch_in_words(stretch, term) for stretch in stretches],
        notes=_notes_of(deadline, kept),
    )


def _name_of(kept: dict[str, Any]) -> str:
    is_english = (get_language() or "").startswith("en")
    return str((is_english and kept.get("name_en")) or kept["name"])


def _source_of(kept: dict[str, Any]) -> str:
    if kept["nature"] == Nature.LEGAL:
        return _("By law or regulation: %(source)s (rule %(code)s).") % {"source": kept["source"], "code": kept["rule"]}
    return _("By department policy: %(source)s (rule %(code)s).") % {"source": kept["source"], "code": kept["rule"]}


def _notes_of(deadline: Deadline, kept: dict[str, Any]) -> list[str]:
    notes = []
    if kept.get("replaces"):
        notes.append(
            _("The more specific policy %(code)s would end later; the law ends earlier, so the law applies.")
            % {"code": kept["replaces"]}
        )
    if kept.get("within"):
        notes.append(_("This is within the legal limit %(code)s, which ends later.") % {"code": kept["within"]})
    for earlier in kept.get("earlier", []):
        notes.append(
            _("Before a correction it was due on %(due)s (rule %(code)s).")
            % {"due": due_in_words(datetime.fromisoformat(earlier["due_at"])), "code": earlier["rule"]}
        )
    if deadline.is_provisional:
        notes.append(_("The days off are not announced that far yet: the due moment is provisional."))
    if deadline.state == State.PAUSED and deadline.paused_at:
        notes.append(
            _("The clock is stopped since %(at)s; the due moment will move.")
            % {"at": moment_in_words(deadline.paused_at)}
        )
    return notes


# --- stretches -------------------------------------------------------------------------------------------------------


def _stretch_in_words(stretch: Stretch, term: Term) -> str:
    in_days = term.clock in (Clock.DAYS, Clock.WORKING_DAYS, Clock.MONTHS)
    when = _days_in_words(stretch) if in_days else _times_in_words(stretch)
    return _("%(when)s: %(why)s") % {"when": when, "why": _why_in_words(stretch, in_days)}


def _why_in_words(stretch: Stretch, in_days: bool) -> str:
    if stretch.why == Why.COUNTS:
        return _("counts, %(length)s") % {"length": _length_in_words(stretch, in_days)}
    if stretch.why == Why.DAY_OFF and stretch.note:
        return _("does not count, day off (%(occasion)s)") % {"occasion": stretch.note}
    return {
        Why.FIRST_DAY: _("does not count, the first day is left out"),
        Why.REST_DAY: _("does not count, weekend"),
        Why.DAY_OFF: _("does not count, day off"),
        Why.CLOSED: _("does not count, outside working hours"),
        Why.PAUSED: _("does not count, the clock was stopped"),
        Why.MOVED: _("the last day was a day of rest, so the term ends on the next working day"),
    }[stretch.why]


def _length_in_words(stretch: Stretch, in_days: bool) -> str:
    if in_days:
        return ngettext("%(count)d day", "%(count)d days", stretch.days) % {"count": stretch.days}
    minutes = round((stretch.ends - stretch.starts) / timedelta(minutes=1))
    return _("%(hours)d h %(minutes)02d min") % {"hours": minutes // 60, "minutes": minutes % 60}


def _days_in_words(stretch: Stretch) -> str:
    first, last = stretch.starts.date(), dates.last_day_of(stretch.ends)
    if first == last:
        return date_format(first, "SHORT_DATE_FORMAT")
    return f"{date_format(first, 'SHORT_DATE_FORMAT')}–{date_format(last, 'SHORT_DATE_FORMAT')}"


def _times_in_words(stretch: Stretch) -> str:
    return f"{moment_in_words(stretch.starts)}–{moment_in_words(stretch.ends)}"


def lines_of(deadlines: Sequence[Deadline]) -> dict[int, list[str]]:
    """Explanations of several deadlines; give them with `prefetch_related("pauses")` to keep it at one query."""
    return {deadline.pk: explanation(deadline) for deadline in deadlines}
