"""Which rule applies? Pure: rules, facts and moments are arguments.

The most specific rule wins: conditions weigh as in `WEIGHTS`, each more than all below it together. A policy never
lengthens what the law allows: when a legal rule that fits as well ends earlier, the legal one applies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from deadlines.calendar import Term
from deadlines.calendars import DEFAULT_AUTHORITY
from deadlines.choices import Clock, Nature

# The legal kind says most about a record, then what people judged about it, then what it is about, then its door.
WEIGHTS = {
    "kind": 64,
    "urgency": 32,
    "complexity": 16,
    "category": 8,
    "category_root": 4,
    "facility_type": 2,
    "channel": 1,
}


class FactUnknown(ValueError):
    """A fact that no rule can ask for: a misspelt key."""


@dataclass(frozen=True)
class Rule:
    """A row of `DeadlineRule` as the engine needs it. `conditions` holds only those that are not blank."""

    pk: int
    code: str
    name: str
    name_en: str
    subject: str
    obligation: str
    term: Term
    nature: Nature
    source: str
    ladder_id: int
    longest: int | None = None
    standing: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, str] = field(default_factory=dict)
    valid_from: date | None = None
    valid_to: date | None = None
    event: str = ""
    authority: str = ""  # whose calendar counts; empty: the department's

    @property
    def specificity(self) -> int:
        return sum(WEIGHTS[name] for name in self.conditions)

    def fits(self, facts: Mapping[str, str], day: date) -> bool:
        """Is the rule in force on `day`, and does it fit these facts?"""
        if (self.valid_from and day < self.valid_from) or (self.valid_to and day >= self.valid_to):
            return False
        return self.conditions.items() <= facts.items()

    def counted_from(self, moments: Mapping[str, datetime]) -> "Rule":
        """The same rule, its term counted from the event that it names."""
        return replace(self, term=replace(self.term, at=moments[self.event])) if self.event else self

    def rank(self) -> tuple[int, bool, date, str]:
        """The more specific first; among equals the law, then the newer, then by code, so that there is one answer."""
        return (self.specificity, self.nature == Nature.LEGAL, self.valid_from or date.min, self.code)


def fitting(
    rules: Iterable[Rule], facts: Mapping[str, str], day: date, moments: Mapping[str, datetime] | None = None
) -> list[Rule]:
    """All rules that fit, the winner first. One that counts from an event fits once its moment is given."""
    if unknown := set(facts) - set(WEIGHTS):
        raise FactUnknown(f"No rule asks for {', '.join(sorted(unknown))}; facts are {', '.join(WEIGHTS)}.")
    given = moments or {}
    fit = [rule for rule in rules if (not rule.event or rule.event in given) and rule.fits(facts, day)]
    return [rule.counted_from(given) for rule in sorted(fit, key=Rule.rank, reverse=True)]


def legal_limit(fit: list[Rule]) -> Rule | None:
    """The legal rule that limits the winner, when the winner is a policy and some law fits as well."""
    if not fit or fit[0].nature == Nature.LEGAL:
        return None
    return next((rule for rule in fit if rule.nature == Nature.LEGAL), None)


def frozen(rule: Rule, *, limits: Rule | None = None, replaces: Rule | None = None) -> dict[str, Any]:
    """What a deadline keeps of its rule, so that it stays explainable after the rule has changed.

    `replaces` is the more specific policy that gave way to this law, `limits` the law that ends later."""
    kept: dict[str, Any] = {
        "rule": rule.code,
        "name": rule.name,
        "name_en": rule.name_en,
        "nature": str(rule.nature),
        "source": rule.source,
        "clock": str(rule.term.clock),
        "amount": rule.term.amount,
        "ends_at": str(rule.term.ends_at),
        "conditions": dict(rule.conditions),
    }
    if rule.term.clock == Clock.YEARLY:
        kept |= {"month": rule.term.month, "day": rule.term.day}
    if rule.term.at:
        kept |= {"event": rule.event, "event_at": rule.term.at.isoformat(), "is_back": rule.term.is_back}
    if rule.authority not in ("", DEFAULT_AUTHORITY):
        kept["authority"] = rule.authority
    if rule.longest:
        kept["longest"] = rule.longest
    if rule.standing:
        kept["standing"] = dict(rule.standing)
    if limits:
        kept["within"] = limits.code
    if replaces:
        kept["replaces"] = replaces.code
    return kept


def authority_of(derivation: Mapping[str, Any]) -> str:
    """Whose calendar a deadline follows, by what it froze of its rule."""
    return str(derivation.get("authority") or DEFAULT_AUTHORITY)
