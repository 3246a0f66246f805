"""What the model reads of a text: words and parts of words, what is known of categories, cues, the kind of facility.

Pure, and without numpy: the same numbers come out while a model learns and while it is asked."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from suggestions.engine.knowledge import categories, cues
from suggestions.engine.words import Text

Weights = dict[str, float]


@dataclass(frozen=True)
class Read:
    """A text as it was read once: its syllables, and what speaks for each category and cue, with the words for it."""

    text: Text
    facility_type: str = ""
    known: dict[str, tuple[float, list[str]]] = field(default_factory=dict)
    cues: dict[str, tuple[float, list[str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, body: str, facility_type: str = "") -> "Read":
        text = Text.of(body[:8000])
        return cls(text, facility_type, categories().weigh(text), cues().weigh(text))

    def cue(self, name: str) -> float:
        """How much the text says of danger, of being held, of now; 0 for nothing."""
        return self.cues[name][0] if name in self.cues else 0.0


def counted(read: Read) -> dict[str, Counter[str]]:
    """How often each word, pair and part of a word occurs, by group; a group is brought to length one."""
    return {"word": Counter(_words(read.text)), "part": Counter(_parts(read.text))}


def known(read: Read) -> Weights:
    """What knowledge, cues and the facility's kind say, as numbers in the order of one."""
    found: Weights = {"one": 1.0, f"type:{read.facility_type or 'none'}": 0.8}
    for code, (weight, _words) in read.known.items():
        found[f"lex:{code}"] = weight * 0.7
        root = f"lex:{code.partition('.')[0]}"
        found[root] = max(found.get(root, 0.0), weight * 0.7)
    found |= {f"cue:{name}": weight * 0.5 for name, (weight, _words) in read.cues.items()}
    if not read.cue("health"):
        found["cue:no-health"] = 0.8
    return found


def weighed(read: Read, idf: dict[str, float]) -> Weights:
    """All features of a text that a model knows."""
    found = known(read)
    for group, counts in counted(read).items():
        heights = {one: (1 + math.log(n)) * idf[one] for one, n in counts.items() if one in idf}
        length = math.sqrt(sum(height * height for height in heights.values())) or 1.0
        scale = (1.0 if group == "word" else 0.6) / length
        found |= {one: height * scale for one, height in heights.items()}
    return found


def _words(text: Text) -> Iterator[str]:
    for mark, syllables in (("f", text.folded), ("s", text.spelt)):
        yield from (f"{mark}:{one}" for one in syllables)
        yield from (f"{mark}:{one} {two}" for one, two in zip(syllables, syllables[1:], strict=False))


def _parts(text: Text) -> Iterator[str]:
    line = f" {' '.join(text.folded)} "
    for length in (4, 5, 6):  # across syllables: Vietnamese words are mostly two
        yield from (f"p:{line[at : at + length]}" for at in range(len(line) - length + 1))
