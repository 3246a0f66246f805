"""How the records that entries are about are called, and where they are. Apps further up fill this in when they are
ready, so that the log reads well without knowing them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import ResolverMatch


@dataclass(frozen=True)
class Subject:
    """One kind of record. `names(ids)` is one query; `address(id)` a path of the console; `find(words)` an id, or
    None, for what people call the record."""

    names: Callable[[Iterable[int]], Mapping[int, str]]
    address: Callable[[int], str]
    find: Callable[[str], int | None]


@dataclass(frozen=True)
class Asked:
    """What an address asks for: a kind of record and its number; `words` where the address holds no number."""

    label: str = ""
    number: int | None = None
    words: str = ""


SUBJECTS: dict[str, Subject] = {}
_rules: list[Callable[[Any], Q]] = []
_readers: list[Callable[[ResolverMatch], Asked]] = []


def read_by(rule: Callable[[Any], Q]) -> None:
    """Say which entries a person reads: whoever knows people declares it."""
    _rules.append(rule)


def readable_by(person: Any) -> Q:
    """The entries that this person reads, as a condition."""
    return Q(*(rule(person) for rule in _rules))


def read_addresses_with(reader: Callable[[ResolverMatch], Asked]) -> None:
    """Say how the record is found that an address asks for."""
    _readers.append(reader)


def asked_by(match: ResolverMatch) -> Asked:
    """The record that an address asks for. No query."""
    for reader in _readers:
        asked = reader(match)
        if asked.label:
            return asked
    return Asked()


def names_of(records: Iterable[tuple[str, int | None]]) -> dict[tuple[str, int], str]:
    """The names of many records of many kinds; one query per kind."""
    wanted: dict[str, set[int]] = {}
    for label, number in records:
        if label in SUBJECTS and number is not None:
            wanted.setdefault(label, set()).add(number)
    return {
        (label, number): name
        for label, numbers in wanted.items()
        for number, name in SUBJECTS[label].names(numbers).items()
    }


def address_of(label: str, number: Any) -> str:
    """The record's page; empty for a kind that has none."""
    return SUBJECTS[label].address(number) if label in SUBJECTS and number is not None else ""
