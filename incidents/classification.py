"""What follows from a harm letter and an item of the serious list (Annexes I and II of the circular). Pure.

The letter is asked; level, severity and the duty to report follow from it and are never asked for. What contradicts
itself is refused with the article that says so."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents.taxonomy import lists

LETTERS = "ABCDEFGHI"
DEATH = "I"
SEVERE = "NC3"


@dataclass(frozen=True)
class Judged:
    """An incident's place on the scale. `is_serious`: an item of Annex II applies and no exception takes it out."""

    letter: str
    level: str
    is_mandatory: bool
    is_serious: bool


@dataclass(frozen=True)
class Claim:
    """What somebody says of an incident: the letter, the item of Annex II, why an exception of that item applies, and
    how many patients died."""

    letter: str
    item: int | None = None
    exception: str = ""
    deaths: int = 0


def judge(claim: Claim) -> Judged:
    """What the claim makes of the incident; ask `faults` first."""
    harm = lists().harms[claim.letter]
    is_serious = claim.item is not None and not claim.exception and harm.level == SEVERE
    return Judged(claim.letter, harm.level, harm.is_mandatory, is_serious)


def faults(claim: Claim) -> dict[str, Promise]:
    """What in a claim contradicts itself, by field; empty when it holds together."""
    found: dict[str, Promise] = {}
    item = lists().serious.get(claim.item) if claim.item is not None else None
    if item is not None and lists().harms[claim.letter].level != SEVERE:
        found["serious_item"] = _(
            "The serious list holds for NC3 (letters G, H, I) only: Circular 43/2018, Article 7 and Annex II."
        )
    elif item is not None and item.is_death and claim.letter != DEATH:
        found["serious_item"] = _("This item speaks of a death, which is letter I: Circular 43/2018, Annexes I and II.")
    if claim.exception and (item is None or not item.has_exception):
        found["exception"] = _("The serious list names no exception for this item: Circular 43/2018, Annex II.")
    if claim.deaths and claim.letter != DEATH:
        found["deaths"] = _("Where a patient died the letter is I: Circular 43/2018, Annex I, number 9.")
    elif not claim.deaths and claim.letter == DEATH:
        found["deaths"] = _("Letter I means that a patient died: say how many (Circular 43/2018, Annex I, number 9).")
    return found


def is_lower(before: Claim, after: Claim) -> bool:
    """Does the change make less of the incident than was said before? Then a second person has to agree."""
    is_taken_off = judge(before).is_serious and not judge(after).is_serious
    return after.letter < before.letter or is_taken_off or after.deaths < before.deaths


def must_be_phoned(deaths: int, more_feared: bool) -> bool:
    """Very serious (Article 5): one patient died and more deaths are feared, or two or more died of the same. Then
    department and ministry are called within the hour, before any document."""
    return deaths > 1 or (deaths == 1 and more_feared)


def unknown_boxes(types: Iterable[str], causes: Iterable[str]) -> set[str]:
    """Codes that Annex IV does not print."""
    return (set(types) - lists().type_codes()) | (set(causes) - lists().cause_codes())
