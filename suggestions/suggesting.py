"""What a text suggests: facility, category, urgency, scope, each with the words it was read from. Nothing is decided.

Costs three queries and some twenty milliseconds; numpy is loaded by the first call, scikit-learn never."""

from dataclasses import dataclass

from facilities.models import Facility
from suggestions import naming
from suggestions.engine import urgency
from suggestions.engine.features import Read
from suggestions.engine.model import OUTSIDE, Guess, Model
from suggestions.versions import in_use

SHORTEST = 12  # characters: fewer say nothing


@dataclass(frozen=True)
class Suggested:
    """What one text suggests."""

    named: naming.Found | None
    categories: tuple[Guess, ...]
    is_emergency: bool
    danger_words: tuple[str, ...]
    is_outside: bool

    @property
    def facility(self) -> Facility | None:
        return self.named.facility if self.named else None


def suggest(body: str, model: Model | None = None) -> Suggested | None:
    """Read a text; None where it is too short to say anything."""
    if len(body.strip()) < SHORTEST:
        return None
    named = naming.named_in(body)
    read = Read.of(body, named.facility.type if named else "")
    return judged(read, named, model or in_use().model)


def judged(read: Read, named: naming.Found | None, model: Model) -> Suggested:
    """The same for a text that was read already. No query."""
    scores = model.scores(read)
    is_emergency = urgency.is_emergency(read)
    is_outside = named is None and not is_emergency and model.is_outside(read, scores)
    guesses = model.categories(read, scores, limit=4)
    others = [guess for guess in guesses if guess.code != OUTSIDE]
    if is_outside:
        outside = next((guess for guess in guesses if guess.code == OUTSIDE), Guess(OUTSIDE, 0.0))
        guesses = [outside, *others]
    elif named is not None:
        guesses = others
    return Suggested(named, tuple(guesses[:3]), is_emergency, urgency.reasons(read) if is_emergency else (), is_outside)
