"""How long and how often a clock may stand, in its rule's numbers and in words. Pure.

Each deadline froze what its rule said (`derivation["standing"]`): days in all, times, and whether a law or the
department says so. 0 means that it never stands: it runs on while the others wait."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.exceptions import MoveRefused
from deadlines.choices import Nature
from deadlines.models import Deadline, Pause

Limit = Mapping[str, Any]


def limit_of(derivation: Mapping[str, Any]) -> Limit:
    """What the rule of a deadline said; empty where it said nothing."""
    limit: Limit = derivation.get("standing", {})
    return limit


def never_stands(derivation: Mapping[str, Any]) -> bool:
    limit = limit_of(derivation)
    return limit.get("days") == 0 or limit.get("times") == 0


def latest_end(derivation: Mapping[str, Any], begins: datetime, stood: timedelta | None) -> datetime | None:
    """When a pause that begins now must end, after the clock has `stood` for so long; None where nothing limits it."""
    if never_stands(derivation):
        return begins
    days = limit_of(derivation).get("days")
    return None if days is None else begins + max(timedelta(days=days) - (stood or timedelta()), timedelta())


def check(row: Deadline, pauses: Sequence[Pause]) -> None:
    """Raise `MoveRefused`, with the limit in words, when a clock has stood as often or as long as it may."""
    limit = limit_of(row.derivation)
    times, days = limit.get("times"), limit.get("days")
    is_used_up = times is not None and len(pauses) >= times
    if is_used_up or (days is not None and (row.paused_total or timedelta()) >= timedelta(days=days)):
        words = {"obligation": row.get_obligation_display(), "limit": in_words(row.derivation)}
        raise MoveRefused(_("The clock “%(obligation)s” cannot stand again. %(limit)s") % words)


def in_words(derivation: Mapping[str, Any]) -> str:
    """What limits standing, and who says so; empty where nothing is said."""
    limit = limit_of(derivation)
    if not limit:
        return ""
    is_law = limit["nature"] == Nature.LEGAL
    by = _("law or regulation: %(source)s") if is_law else _("department policy: %(source)s")
    return _("%(limit)s (%(by)s).") % {"limit": _limit_in_words(derivation), "by": by % {"source": limit["source"]}}


def _limit_in_words(derivation: Mapping[str, Any]) -> str:
    limit = limit_of(derivation)
    if never_stands(derivation):
        return _("This clock never stands")
    parts = []
    if limit["times"] is not None:
        parts.append(ngettext("%(count)d time", "%(count)d times", limit["times"]) % {"count": limit["times"]})
    if (days := limit["days"]) is not None:
        parts.append(ngettext("%(count)d day in all", "%(count)d days in all", days) % {"count": days})
    if not parts:
        return _("This clock may stand without a limit in days")
    return _("This clock may stand at most %(parts)s") % {"parts": ", ".join(parts)}
