"""What the invented people say: sentences with slots, read once from `data/`, put together per case.

Each piece of text carries its folded syllables, so that a case's search tokens cost no second look at its text."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from re import compile as pattern
from typing import Any
from unicodedata import combining, normalize

from common.text import fold
from feedback.choices import Kind

DATA = Path(__file__).resolve().parent / "data"
LONGEST_TITLE = 200
_SLOT = pattern(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and its folded syllables. Pieces meet at a blank or a mark, never within a word."""

    text: str
    syllables: tuple[str, ...]


@lru_cache(maxsize=100_000)
def piece(text: str) -> Piece:
    """The piece of a text that recurs."""
    return Piece(text, tuple(fold(text).split()))


@lru_cache(maxsize=100_000)
def capital(text: str) -> str:
    """The same words at the beginning of a sentence."""
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=100_000)
def bare(text: str) -> str:
    """As many people type on a telephone: small letters without accents, the marks kept."""
    letters = normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in letters if not combining(letter))


@dataclass(frozen=True)
class Form:
    """A text with slots: its parts in order, each either words or the name of a slot."""

    parts: tuple[tuple[str, bool, bool], ...]  # (words or slot, is it a slot, does it begin a sentence)

    @classmethod
    def of(cls, text: str) -> "Form":
        parts: list[tuple[str, bool, bool]] = []
        for index, part in enumerate(_SLOT.split(text)):
            if part:
                parts.append((part.lower(), True, part[0].isupper()) if index % 2 else (part, False, False))
        return cls(tuple(parts))

    @property
    def slots(self) -> set[str]:
        return {part for part, is_slot, _begins in self.parts if is_slot}

    def filled(self, values: Mapping[str, str], *, without_accents: bool = False) -> list[Piece]:
        """The pieces with the slots filled. A dozen dictionary look-ups."""
        found = []
        for part, is_slot, begins in self.parts:
            text = part
            if is_slot:
                text = capital(values[part]) if begins else values[part]
            found.append(piece(bare(text) if without_accents else text))
        return found


@dataclass(frozen=True)
class Story:
    """One thing that may be reported: where it may happen and how it is told."""

    category: str
    places: frozenset[str]
    kind: str
    urgency: str
    title: Form
    body: Form
    is_call: bool = False  # only a call can be like this

    @property
    def slots(self) -> set[str]:
        return self.title.slots | self.body.slots


@dataclass(frozen=True)
class Findings:
    """What a unit may answer in one field: upheld, not upheld, and what it did."""

    upheld: Sequence[str]
    not_upheld: Sequence[str]
    measures: Sequence[str]


@dataclass(frozen=True)
class Words:
    """Everything that is said in the demonstration."""

    stories: Sequence[Story]
    openings: Sequence[Piece]
    polite_openings: Sequence[Piece]  # with a question or praise
    polite_closings: Sequence[Piece]
    operator_openings: Sequence[Piece]
    closings: Sequence[Piece]
    slots: Mapping[str, Sequence[str]]
    findings: Mapping[str, Findings]
    replies: Mapping[str, Sequence[Form]]
    summaries: Mapping[str, Sequence[Form]]
    reasons: Mapping[str, Sequence[str]]
    questions: Sequence[str]
    notes: Mapping[str, Sequence[str]]
    bodies: Sequence[str]
    names: Mapping[str, Sequence[str]]


@lru_cache(maxsize=1)
def words() -> Words:
    """Read the texts; once per process."""
    told, said = _read("texts.toml"), _read("words.toml")
    return Words(
        stories=[_story(row) for row in told["text"]],
        openings=[piece(text) for text in told["openings"]],
        polite_openings=[piece(text) for text in told["polite_openings"]],
        polite_closings=[piece(text) for text in told["polite_closings"]],
        operator_openings=[piece(text) for text in told["operator_openings"]],
        closings=[piece(text) for text in told["closings"]],
        slots=said["slots"],
        findings={row["root"]: Findings(row["sai"], row["dung"], row["lam"]) for row in said["answer"]},
        replies={key: [Form.of(text) for text in texts] for key, texts in said["replies"].items()},
        summaries={key: [Form.of(text) for text in texts] for key, texts in said["summaries"].items()},
        reasons=said["reasons"],
        questions=said["questions"]["all"],
        notes=said["notes"],
        bodies=said["bodies"]["transferred_to"],
        names=said["names"],
    )


def _read(name: str) -> dict[str, Any]:
    text = (DATA / name).read_text(encoding="utf-8")
    if "\\" in text or "\t" in text:
        raise ValueError(f"{name}: a backslash or a tab would have to be escaped in every row of COPY")
    return tomllib.loads(text)


def _story(row: Mapping[str, Any]) -> Story:
    return Story(
        category=row["category"],
        places=frozenset(row.get("at", ())),
        kind=row.get("kind", Kind.FEEDBACK),
        urgency=row.get("urgency", ""),
        title=Form.of(row["title"]),
        body=Form.of(row["body"]),
        is_call=row.get("by_phone", False),
    )


def text_of(pieces: Sequence[Piece]) -> str:
    """The pieces as one text."""
    return "".join([each.text for each in pieces])


def tokens_of(*texts: Sequence[Piece]) -> set[str]:
    """What `feedback.search.words_of` says of the same texts."""
    tokens: set[str] = set()
    for pieces in texts:
        syllables: list[str] = []
        for each in pieces:
            syllables += each.syllables
        tokens.update(syllables)
        tokens.update([f"_{first}_{second}" for first, second in zip(syllables, syllables[1:], strict=False)])
    return tokens


def choose(random: Random, values: Sequence[Any]) -> Any:
    """One of them; twice as quick as `Random.choice`."""
    return values[int(random.random() * len(values))]
