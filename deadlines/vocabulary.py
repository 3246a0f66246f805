"""What rules ask of records, in words instead of the codes that they keep."""

from collections.abc import Mapping, Sequence
from typing import Any

from deadlines import registry
from deadlines.rules import WEIGHTS

Choices = Sequence[tuple[str, Any]]


class Vocabulary:
    """The codes that a rule may ask for, with their words in the language that is active.

    Each condition of a kind of record is looked up once, when it is first needed; those that are rows cost a query."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Choices] = {}

    def choices(self, label: str, condition: str) -> Choices:
        """What a rule for these records may ask for by this condition; nothing where their app gives them none."""
        key = label.lower(), condition
        if key not in self._known:
            subject = dict(registry.subjects()).get(label.lower())
            tell = subject.choices.get(condition) if subject else None
            self._known[key] = tell() if tell else ()
        return self._known[key]

    def say(self, label: str, condition: str, code: str) -> str:
        """One code in words; a code without words stands as it is."""
        return str(dict(self.choices(label, condition)).get(code, code))

    def asked(self, label: str, conditions: Mapping[str, str]) -> dict[str, str]:
        """What a rule asks for by condition, the heaviest first."""
        return {name: self.say(label, name, conditions[name]) for name in WEIGHTS if conditions.get(name)}
