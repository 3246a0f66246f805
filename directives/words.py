"""Recurrences, parties and days as people read them."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from directives import periods
from directives.choices import ONCE, Party
from directives.models import Obligation

LONGEST_LIST = 4


def parties_said(parties: Iterable[str]) -> str:
    """The classes in words, one after the other."""
    known = {str(party): str(party.label) for party in Party}
    return "; ".join(known.get(party, party) for party in parties)


def recurrence_said(recurrence: str, due_on: object = None, days_after: int = 0) -> str:
    """A recurrence in words: never the rule itself, unless it says more than these words can."""
    if not recurrence:
        return pgettext("recurrence", "standing")
    if recurrence == ONCE:
        return _("once, until %(day)s") % {"day": f"{due_on:%d/%m/%Y}"} if due_on else _("once")
    try:
        said = "; ".join(_rule_said(rule) for rule in periods.rules_of(recurrence))
    except periods.RuleUnreadable:
        return recurrence
    if days_after:
        said = _("%(rule)s, within %(count)s working days after") % {"rule": said, "count": days_after}
    return said


def _rule_said(rule: dict[str, str]) -> str:
    often = _often(rule["FREQ"], int(rule.get("INTERVAL", "1")))
    days = _days_said(rule)
    return f"{often}, {days}" if days else often


def _often(frequency: str, interval: int) -> str:
    known = {
        ("DAILY", 1): _("every day"),
        ("WEEKLY", 1): _("every week"),
        ("MONTHLY", 1): _("every month"),
        ("MONTHLY", 3): _("every quarter"),
        ("MONTHLY", 6): _("every half-year"),
        ("YEARLY", 1): _("every year"),
    }
    units = {"DAILY": _("days"), "WEEKLY": _("weeks"), "MONTHLY": _("months"), "YEARLY": _("years")}
    return known.get((frequency, interval)) or _("every %(count)s %(unit)s") % {
        "count": interval,
        "unit": units[frequency],
    }


def _days_said(rule: dict[str, str]) -> str:
    numbers, listed = rule.get("BYMONTHDAY", ""), rule.get("BYMONTH", "")
    if numbers and listed and "-" not in numbers:
        days = [f"{number}/{month}" for month in listed.split(",") for number in numbers.split(",")]
        return ", ".join(days[:LONGEST_LIST]) + ("…" if len(days) > LONGEST_LIST else "")
    if numbers == "-1":
        return _("on the last day")
    if numbers:
        return _("on day %(days)s") % {"days": numbers.replace(",", ", ")}
    if rule.get("BYDAY"):
        names = {
            "MO": _("Monday"), "TU": _("Tuesday"), "WE": _("Wednesday"), "TH": _("Thursday"), "FR": _("Friday"),
            "SA": _("Saturday"), "SU": _("Sunday"),
        }  # fmt: skip
        return ", ".join(names.get(day, day) for day in rule["BYDAY"].split(","))
    return _("month %(months)s") % {"months": listed.replace(",", ", ")} if listed else ""


def obligation_rule(obligation: Obligation) -> str:
    return recurrence_said(obligation.recurrence, obligation.due_on, obligation.days_after)
