"""What is known of each category beforehand: phrases and example sentences, from `data/knowledge.toml`."""

import math
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from suggestions.engine.words import Text

DATA = Path(__file__).resolve().parent.parent / "data"
WINDOW = 14  # syllables within which the parts of one sign stand
LONGEST_PHRASE = 8
SURE, SIGN = 3.0, 1.0


@dataclass(frozen=True)
class Sign:
    """One thing people say: each part is said in one of several ways, all within a window."""

    parts: tuple[tuple[str, ...], ...]
    weight: float

    def found(self, places: Mapping[str, list[int]]) -> str:
        """The words by which the text says it; nothing where it does not."""
        first = [(at, phrase) for phrase in self.parts[0] for at in places.get(phrase, ())]
        for at, phrase in first:
            words = [phrase]
            for part in self.parts[1:]:
                near = next((o for o in part if any(abs(p - at) <= WINDOW for p in places.get(o, ()))), None)
                if near is None:
                    break
                words.append(near)
            else:
                return " … ".join(words)
        return ""


class Phrasebook:
    """Signs per label, looked for in one pass over a text."""

    def __init__(self, signs: Mapping[str, Iterable[tuple[str, float]]]) -> None:
        self.spelt: dict[str, list[Sign]] = {}
        self.folded: dict[str, list[Sign]] = {}
        self.shown: dict[str, str] = {}
        for label, pairs in signs.items():
            self.spelt[label], self.folded[label] = [], []
            for pattern, weight in pairs:
                parts = [[one.strip() for one in part.split("|")] for part in pattern.split(" + ")]
                alone = [((one,),) for one in parts[0]]  # every way of saying it counts by itself
                ways = alone if len(parts) == 1 else [tuple(tuple(part) for part in parts)]
                for way in ways:
                    self._add(label, way, weight)
        self._known = {True: self._phrases(self.spelt), False: self._phrases(self.folded)}

    def _add(self, label: str, way: tuple[tuple[str, ...], ...], weight: float) -> None:
        texts = [[Text.of(one) for one in part] for part in way]
        self.spelt[label].append(Sign(tuple(tuple(" ".join(t.spelt) for t in part) for part in texts), weight))
        self.folded[label].append(Sign(tuple(tuple(" ".join(t.folded) for t in part) for part in texts), weight))
        for part, written in zip(texts, way, strict=True):
            for text, one in zip(part, written, strict=True):
                self.shown.setdefault(" ".join(text.spelt), one)
                self.shown.setdefault(" ".join(text.folded), one)

    @staticmethod
    def _phrases(signs: Mapping[str, list[Sign]]) -> frozenset[str]:
        return frozenset(one for many in signs.values() for sign in many for part in sign.parts for one in part)

    def places(self, text: Text) -> dict[str, list[int]]:
        """Where each known phrase begins."""
        known, syllables = self._known[text.is_accented], text.syllables
        places: dict[str, list[int]] = defaultdict(list)
        for start in range(len(syllables)):
            for end in range(start + 1, min(start + LONGEST_PHRASE, len(syllables)) + 1):
                phrase = " ".join(syllables[start:end])
                if phrase in known:
                    places[phrase].append(start)
        return places

    def _as_written(self, words: str) -> str:
        return " … ".join(self.shown.get(phrase, phrase) for phrase in words.split(" … "))

    def weigh(self, text: Text) -> dict[str, tuple[float, list[str]]]:
        """Per label: how much speaks for it (grows slowly with more of the same), and in which words."""
        places = self.places(text)
        weighed = {}
        for label, signs in (self.spelt if text.is_accented else self.folded).items():
            found = {words: sign.weight * _telling(words) for sign in signs if (words := sign.found(places))}
            if found:
                strongest = sorted(found, key=lambda one: -found[one])
                weighed[label] = (math.log1p(sum(found.values())), [self._as_written(one) for one in strongest])
        return weighed


def _telling(words: str) -> float:
    """A longer phrase is said by chance less often."""
    return min(0.5 * len(words.split()), 1.5)


@dataclass(frozen=True)
class Example:
    text: str
    label: str


@cache
def categories() -> Phrasebook:
    """The phrasebook of the second-level categories."""
    return Phrasebook(
        {
            code: [(one, SURE) for one in known["sure"]] + [(one, SIGN) for one in known["signs"]]
            for code, known in _read("knowledge.toml").items()
        }
    )


@cache
def cues() -> Phrasebook:
    """The phrasebook of cues: danger, being held, now, past, health, asking."""
    return Phrasebook(
        {
            name: [(one, SURE) for one in said["sure"]] + [(one, SIGN) for one in said["signs"]]
            for name, said in _read("cues.toml").items()
        }
    )


def examples() -> list[Example]:
    """Whole sentences of every category, written by hand."""
    return [Example(text, code) for code, known in _read("knowledge.toml").items() for text in known["examples"]]


def _read(name: str) -> dict[str, dict[str, list[str]]]:
    with (DATA / name).open("rb") as file:
        return tomllib.load(file)
