"""The lists of Circular 43/2018/TT-BYT as its annexes print them: harm levels, serious incidents, types, causes.

They stand in a data file and not in a table: people apply them and cannot change them. Another circular is another
file, and each incident keeps the edition that it was judged by."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

DATA = Path(__file__).parent / "data" / "circular_43_2018.json"


@dataclass(frozen=True)
class Entry:
    """One coded line of an annex, with its name in both languages and where it is printed."""

    code: str
    name_vi: str
    name_en: str
    source: str

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name_vi

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Entry":
        return cls(row["code"], row["name_vi"], row["name_en"], row["source"])


@dataclass(frozen=True)
class Harm:
    """A letter of Annex I: what follows from it is never asked for."""

    entry: Entry
    level: str
    is_mandatory: bool


@dataclass(frozen=True)
class Serious:
    """An item of Annex II; `note` is what it includes and what it leaves out."""

    entry: Entry
    item: int
    group: str
    note: str

    @property
    def has_exception(self) -> bool:
        return "ngoại trừ" in self.note.lower()

    @property
    def is_death(self) -> bool:
        """Does the item speak of death alone, not of lasting harm as well?"""
        name = self.entry.name_vi.lower()
        return "tử vong" in name and "di chứng" not in name and "thương tích" not in name


@dataclass(frozen=True)
class Group:
    """A heading of Annex II or IV with the boxes under it."""

    entry: Entry
    boxes: tuple[Entry, ...]


@dataclass(frozen=True)
class Lists:
    """One edition of the lists; every code is unique within it."""

    edition: str
    levels: dict[str, Entry]
    harms: dict[str, Harm]
    serious_groups: dict[str, Entry]
    serious: dict[int, Serious]
    types: tuple[Group, ...]
    causes: tuple[Group, ...]
    subjects: dict[str, Entry]
    roles: dict[str, Entry]
    exclusions: dict[str, Entry]
    impacts: dict[str, Entry]

    def named(self, code: str) -> Entry | None:
        """The box of Annex IV with this code."""
        return _boxes(self.types).get(code) or _boxes(self.causes).get(code)

    def type_codes(self) -> frozenset[str]:
        return frozenset(_boxes(self.types))

    def cause_codes(self) -> frozenset[str]:
        return frozenset(_boxes(self.causes))


def _boxes(groups: Iterable[Group]) -> dict[str, Entry]:
    return {box.code: box for group in groups for box in group.boxes}


def _entries(rows: list[dict[str, Any]]) -> dict[str, Entry]:
    return {row["code"]: Entry.of(row) for row in rows}


def _groups(rows: list[dict[str, Any]]) -> tuple[Group, ...]:
    return tuple(Group(Entry.of(row), tuple(map(Entry.of, row["items"]))) for row in rows)


@cache
def lists() -> Lists:
    """The lists in force. Read once per process."""
    book = json.loads(DATA.read_text(encoding="utf-8"))
    return Lists(
        edition=book["meta"]["edition"],
        levels=_entries(book["nc_levels"]),
        harms={row["code"]: Harm(Entry.of(row), row["nc"], row["mandatory"]) for row in book["harm_levels"]},
        serious_groups=_entries(book["serious_incident_groups"]),
        serious={
            row["item"]: Serious(Entry.of(row), row["item"], row["group"], row["note_vi"])
            for row in book["serious_incidents"]
        },
        types=_groups(book["incident_types"]),
        causes=_groups(book["cause_groups"]),
        subjects=_entries(book["incident_subjects"]),
        roles=_entries(book["incident_reporter_roles"]),
        exclusions=_entries(book["incident_exclusions"]),
        impacts=_entries(book["organisation_impacts"]),
    )
