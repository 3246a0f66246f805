"""The words in which a model declares who sees its rows. Each word says itself three times: as a Django condition for
one reader, as SQL for whoever the transaction's scope names, and in a sentence for people.

They are joined by `&`, `|` and `~`. What a reader's rights decide alone is decided before the database is asked, so a
query holds only what concerns its reader, and memberships are looked up only where they matter."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Field, Model, Q

from accounts.access.who import Who
from common.scope import ids_of

Answer = Q | bool
Settled = str | bool  # SQL that asks the reader's scope alone, or what holds for everybody


@dataclass(frozen=True)
class Row:
    """A row of a table in a piece of SQL: its model and the name by which the SQL calls it."""

    model: type[Model]
    name: str
    is_alone: bool = False  # asked by itself, in a function; else one of a statement's many rows

    def column(self, name: str) -> str:
        return f'{self.name}."{self.field(name).column}"'

    def field(self, name: str) -> "Field[Any, Any]":
        found: Any = self.model._meta.pk if name == "pk" else self.model._meta.get_field(name)
        return found

    def ids(self, units: str) -> str:
        """The numbers in one of the reader's lists: read once in a statement of many rows, which is a question of its
        own; a function that is asked about a row is quicker without such a question."""
        return ids_of(units) if self.is_alone else f"(SELECT {ids_of(units)})::bigint[]"


class Term:
    """A condition on a row and on who reads it."""

    @property
    def weight(self) -> int:
        """What the database has to look at for it: 0 the reader alone, 1 the row, 2 other rows. The lightest are asked
        first, and often settle it."""
        return 2

    def q(self, who: Who, prefix: str = "") -> Answer:
        """For one reader: True, False, or what is left to ask the row. `prefix` leads from another row to this one."""
        raise NotImplementedError

    def sql(self, row: Row) -> str:
        """For whoever the scope of the transaction names; unknown counts as no."""
        raise NotImplementedError

    def settled(self, row: Row, granted: "frozenset[Term]", *, is_floor: bool) -> Settled:
        """What the reader alone settles: a condition on the scope that is enough for every row on which `granted`
        holds (the floor), or one without which no row is shown (the ceiling). The row is only asked for its columns'
        kinds. A term that cannot say leaves it open: never enough, never in the way."""
        return not is_floor or self in granted

    def words(self) -> str:
        """In a few English words."""
        raise NotImplementedError

    def left(self, has: Callable[[str], bool]) -> "Term | bool":
        """What is left of it for somebody who holds these rights and flags, whoever they are."""
        return self

    def __and__(self, other: "Term") -> "Term":
        return All((*(self.terms if isinstance(self, All) else (self,)), other))

    def __or__(self, other: "Term") -> "Term":
        return Any_((*(self.terms if isinstance(self, Any_) else (self,)), other))

    def __invert__(self) -> "Term":
        return Not(self)


@dataclass(frozen=True)
class All(Term):
    """Every one of them."""

    terms: tuple[Term, ...]

    def q(self, who: Who, prefix: str = "") -> Answer:
        left: Answer = True
        for term in self.terms:
            answer = term.q(who, prefix)
            if answer is False:
                return False
            left = _joined(left, answer)
        return left

    def sql(self, row: Row) -> str:
        return f"({' AND '.join(term.sql(row) for term in lightest_first(self.terms))})"

    @property
    def weight(self) -> int:
        return max(term.weight for term in self.terms)

    def settled(self, row: Row, granted: frozenset[Term], *, is_floor: bool) -> Settled:
        parts = [term.settled(row, granted, is_floor=is_floor) for term in self.terms]
        if False in parts:
            return False
        asked = [part for part in parts if isinstance(part, str)]
        return f"({' AND '.join(asked)})" if asked else True

    def left(self, has: Callable[[str], bool]) -> Term | bool:
        left = [term.left(has) for term in self.terms]
        if False in left:
            return False
        terms = tuple(term for term in left if isinstance(term, Term))
        return terms[0] if len(terms) == 1 else All(terms) if terms else True

    def words(self) -> str:
        return " and ".join(f"({term.words()})" if isinstance(term, Any_) else term.words() for term in self.terms)


def lightest_first(terms: Iterable[Term]) -> list[Term]:
    """As the database is to ask them; otherwise as they were written."""
    return sorted(terms, key=lambda term: term.weight)


def _joined(left: Answer, answer: Answer) -> Answer:
    if isinstance(left, Q) and isinstance(answer, Q):
        return left & answer
    return answer if left is True else left


@dataclass(frozen=True)
class Any_(Term):
    """At least one of them."""

    terms: tuple[Term, ...]

    def q(self, who: Who, prefix: str = "") -> Answer:
        left: Answer = False
        for term in self.terms:
            answer = term.q(who, prefix)
            if answer is True:
                return True
            if isinstance(answer, Q):
                left = left | answer if isinstance(left, Q) else answer
        return left

    def sql(self, row: Row) -> str:
        return f"({' OR '.join(term.sql(row) for term in lightest_first(self.terms))})"

    @property
    def weight(self) -> int:
        return max(term.weight for term in self.terms)

    def settled(self, row: Row, granted: frozenset[Term], *, is_floor: bool) -> Settled:
        parts = [term.settled(row, granted, is_floor=is_floor) for term in self.terms]
        if True in parts:
            return True
        asked = [part for part in parts if isinstance(part, str)]
        return f"({' OR '.join(asked)})" if asked else False

    def left(self, has: Callable[[str], bool]) -> Term | bool:
        left = [term.left(has) for term in self.terms]
        if True in left:
            return True
        terms = tuple(term for term in left if isinstance(term, Term))
        return terms[0] if len(terms) == 1 else Any_(terms) if terms else False

    def words(self) -> str:
        return " or ".join(term.words() for term in self.terms)


@dataclass(frozen=True)
class Not(Term):
    """The contrary; what is unknown becomes yes, as in Django."""

    term: Term

    def q(self, who: Who, prefix: str = "") -> Answer:
        answer = self.term.q(who, prefix)
        return ~answer if isinstance(answer, Q) else not answer

    def sql(self, row: Row) -> str:
        return f"({self.term.sql(row)}) IS NOT TRUE"

    @property
    def weight(self) -> int:
        return self.term.weight

    def settled(self, row: Row, granted: frozenset[Term], *, is_floor: bool) -> Settled:
        other = self.term.settled(row, granted, is_floor=not is_floor)
        return f"({other}) IS NOT TRUE" if isinstance(other, str) else not other

    def left(self, has: Callable[[str], bool]) -> Term | bool:
        left = self.term.left(has)
        return Not(left) if isinstance(left, Term) else not left

    def words(self) -> str:
        inner = self.term.words()
        return f"not ({inner})" if isinstance(self.term, (All, Any_)) else f"not {inner}"
