"""The words in which a model declares who sees its rows. Each word says itself three times: as a Django condition for
one reader, as SQL for whoever the transaction's scope names, and in a sentence for people.

They are joined by `&`, `|` and `~`. What a reader's rights decide alone is decided before the database is asked, so a
query holds only what concerns its reader, and memberships are looked up only where they matter."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Field, Model, Q

from accounts.access.who import Who

Answer = Q | bool


@dataclass(frozen=True)
class Row:
    """A row of a table in a piece of SQL: its model and the name by which the SQL calls it."""

    model: type[Model]
    name: str

    def column(self, name: str) -> str:
        return f'{self.name}."{self.field(name).column}"'

    def field(self, name: str) -> "Field[Any, Any]":
        found: Any = self.model._meta.pk if name == "pk" else self.model._meta.get_field(name)
        return found


class Term:
    """A condition on a row and on who reads it."""

    def q(self, who: Who, prefix: str = "") -> Answer:
        """For one reader: True, False, or what is left to ask the row. `prefix` leads from another row to this one."""
        raise NotImplementedError

    def sql(self, row: Row) -> str:
        """For whoever the scope of the transaction names; unknown counts as no."""
        raise NotImplementedError

    def asked(self) -> str | None:
        """As SQL about the reader alone; None where a row has a say."""
        return None

    def sql_if(self, row: Row, asked: str) -> str | None:
        """`sql` for readers of whom this holds as well, within questions about the reader that are asked anyway; None
        where there is none. A plan holds each question as a plan of its own, which costs more than its answer."""
        return None

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
        alone, others = _apart(self.terms)
        parts = [term.sql(row) for term in others]
        if alone:
            parts = _into_one(others, row, " AND ".join(alone)) or [f"(SELECT {' AND '.join(alone)})", *parts]
        return f"({' AND '.join(parts)})"

    def asked(self) -> str | None:
        alone, others = _apart(self.terms)
        return None if others else f"({' AND '.join(alone)})"

    def sql_if(self, row: Row, asked: str) -> str | None:
        alone, others = _apart(self.terms)
        parts = _into_one(others, row, " AND ".join([asked, *alone]))
        return f"({' AND '.join(parts)})" if parts else None

    def left(self, has: Callable[[str], bool]) -> Term | bool:
        left = [term.left(has) for term in self.terms]
        if False in left:
            return False
        terms = tuple(term for term in left if isinstance(term, Term))
        return terms[0] if len(terms) == 1 else All(terms) if terms else True

    def words(self) -> str:
        return " and ".join(f"({term.words()})" if isinstance(term, Any_) else term.words() for term in self.terms)


def _apart(terms: Iterable[Term]) -> tuple[list[str], list[Term]]:
    """What they ask of the reader alone, and those in which a row has a say."""
    known = [(term, term.asked()) for term in terms]
    return [asked for _term, asked in known if asked is not None], [term for term, asked in known if asked is None]


def _into_one(terms: Sequence[Term], row: Row, asked: str) -> list[str] | None:
    """Each as SQL, with a further question to the reader in the first that can take it; None where none can."""
    for place, term in enumerate(terms):
        taken = term.sql_if(row, asked)
        if taken is not None:
            return [taken if nth == place else other.sql(row) for nth, other in enumerate(terms)]
    return None


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
        alone, others = _apart(self.terms)
        first = [f"(SELECT {' OR '.join(alone)})"] if alone else []
        return f"({' OR '.join([*first, *(term.sql(row) for term in others)])})"

    def asked(self) -> str | None:
        alone, others = _apart(self.terms)
        return None if others else f"({' OR '.join(alone)})"

    def sql_if(self, row: Row, asked: str) -> str | None:
        alone, others = _apart(self.terms)
        parts = [f"(SELECT {asked} AND ({' OR '.join(alone)}))"] if alone else []
        for term in others:
            taken = term.sql_if(row, asked)
            if taken is None:
                return None
            parts.append(taken)
        return f"({' OR '.join(parts)})"

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

    def asked(self) -> str | None:
        asked = self.term.asked()
        return None if asked is None else f"({asked}) IS NOT TRUE"

    def left(self, has: Callable[[str], bool]) -> Term | bool:
        left = self.term.left(has)
        return Not(left) if isinstance(left, Term) else not left

    def words(self) -> str:
        inner = self.term.words()
        return f"not ({inner})" if isinstance(self.term, (All, Any_)) else f"not {inner}"
