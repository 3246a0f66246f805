"""What can be stored of an analysis at all: texts, codes of the lists, and the shapes of its lines (pure)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.days import untimely
from common.text import has_unstorable
from incidents.classification import unknown_boxes
from incidents.models import Analysis
from incidents.taxonomy import lists

TEXTS = (
    "details", "treatment", "corrective", "advice", "root_cause", "findings", "guidance", "impact_other"
)  # fmt: skip
LONGEST, LONGEST_LINE, MOST_LINES = 20_000, 1000, 100
_CHOOSE = _("Choose one of the offered values.")
Words = Promise | str


def misshapen(analysis: Analysis) -> dict[str, Words]:
    """Everything that cannot be stored, by field. No query."""
    found: dict[str, Words] = {}
    try:
        in_order(analysis.timeline)
    except (KeyError, TypeError, ValueError):
        found["timeline"] = _("Give day and hour of each moment.")
    if not all(map(_is_expert, analysis.experts)):
        found["experts"] = _("Give name, post and the day of each signature.")
    return found or _unlisted(analysis) | _too_much(analysis)


def in_order(timeline: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """The moments by time. Raises `KeyError`, `TypeError`, `ValueError` for what is no moment."""
    return sorted(timeline, key=lambda row: (_moment(row["at"]), row["text"]))


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or untimely(found):
        raise ValueError(text)
    return found


def _is_expert(row: Any) -> bool:
    try:
        date.fromisoformat(row["signed_on"] or str(date.min))
        return all(isinstance(row[part], str) for part in ("name", "post")) and isinstance(row["is_head"], bool)
    except (KeyError, TypeError, ValueError):
        return False


def _unlisted(analysis: Analysis) -> dict[str, Words]:
    """Codes that the annexes do not print."""
    found: dict[str, Words] = {}
    if unknown_boxes(analysis.types, []):
        found["types"] = _CHOOSE
    if unknown_boxes([], [*analysis.causes, *analysis.factors]):
        found["causes"] = _CHOOSE
    if not set(analysis.impacts) <= set(lists().impacts):
        found["impacts"] = _CHOOSE
    return found


def _too_much(analysis: Analysis) -> dict[str, Words]:
    found = {name: words for name in TEXTS if (words := unstorable(getattr(analysis, name), LONGEST))}
    lines = {
        "timeline": [moment["text"] for moment in analysis.timeline],
        "whys": analysis.whys,
        "factors": list(analysis.factors.values()),
        "experts": [one[part] for one in analysis.experts for part in ("name", "post")],
    }
    for name, texts in lines.items():
        if len(texts) > MOST_LINES:
            found[name] = _("At most %(count)s lines.") % {"count": MOST_LINES}
        elif wrong := [words for text in texts if (words := unstorable(text, LONGEST_LINE))]:
            found[name] = wrong[0]
    return found


def unstorable(text: str, longest: int) -> Words | None:
    """Why a text cannot be stored; None when it can."""
    if has_unstorable(text):
        return _("This text holds characters that cannot be stored. Type it again.")
    return _("At most %(count)s characters.") % {"count": longest} if len(text) > longest else None
