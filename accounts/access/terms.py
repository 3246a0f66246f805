"""The words in which a model declares who sees its rows. Each word says itself three times: as a Django condition for
one reader, as SQL for whoever the transaction's scope names, and in a sentence for people.

They are joined by `&`, `|` and `~`. What a reader's rights decide alone is decided before the database is asked, so a
query holds only what concerns its reader, and memberships are looked up only where they matter."""

from collections.abc import Callable, Iterable
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

    def words(self) -> str:
        """In a few English words."""
        raise NotImplementedError

    def left(self, has: Callable[[str], bool]) -> "Term | bool":
        """What is left of it for somebody who holds these rights and flags, whoever they are."""
        return self

    def __and__(self, other: "Term") -> "Term":
        return All((self, other))

    def __or__(self, other: "Term") -> "Term":
        return Any_((self, other))

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
        return f"({' AND '.join(term.sql(row) for term in self.terms)})"

    def left(self, has: Callable[[str], bool]) -> Term | bool:
        left = [term.left(has) for term in self.terms]
        if False in left:
            return False
        terms = tuple(term for term in left if isinstance(term, Term))
        return terms[0] if len(terms) == 1 else All(terms) if terms else True

    def words(self) -> str:
        return " and ".join(f"({term.words()})" if isinstance(term, Any_) else term.words() for term in self.terms)


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
        return f"({' OR '.join(term.sql(row) for term in self.terms)})"

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

    def left(self, has: Callable[[str], bool]) -> Term | bool:
        left = self.term.left(has)
        return Not(left) if isinstance(left, Term) else not left

    def words(self) -> str:
        inner = self.term.words()
        return f"not ({inner})" if isinstance(self.term, (All, Any_)) else f"not {inner}"


@dataclass(frozen=True)
class Right(Term):
    """The reader holds a permission (`app_label.codename`)."""

    permission: str

    def q(self, who: Who, prefix: str = "") -> Answer:
        return who.has(self.permission)

    def sql(self, row: Row) -> str:
        return f"(SELECT access_has('{self.permission}'))"

    def left(self, has: Callable[[str], bool]) -> Term | bool:
        return has(self.permission)

    def words(self) -> str:
        return f"`{self.permission.partition('.')[2]}`"


@dataclass(frozen=True)
class Flag(Term):
    """Something about the reader that is no permission: `is_client`, `is_limited` (`accounts.access.who`)."""

    name: str
    meaning: str

    def q(self, who: Who, prefix: str = "") -> Answer:
        return who.flag(self.name)

    def sql(self, row: Row) -> str:
        return f"(SELECT access_has('{self.name}'))"

    def left(self, has: Callable[[str], bool]) -> Term | bool:
        return has(self.name)

    def words(self) -> str:
        return self.meaning


@dataclass(frozen=True)
class Is(Term):
    """A yes/no column says this."""

    field: str
    value: bool

    def q(self, who: Who, prefix: str = "") -> Answer:
        return Q(**{f"{prefix}{self.field}": self.value})

    def sql(self, row: Row) -> str:
        return f"{row.column(self.field)} IS {str(self.value).upper()}"

    def words(self) -> str:
        return f"{'' if self.value else 'not '}{self.field.removeprefix('is_')}"


@dataclass(frozen=True)
class OneOf(Term):
    """A column holds one of these codes, which are our own constants."""

    field: str
    codes: tuple[str, ...]

    def q(self, who: Who, prefix: str = "") -> Answer:
        return Q(**{f"{prefix}{self.field}__in": self.codes})

    def sql(self, row: Row) -> str:
        codes = ", ".join(f"'{code}'" for code in self.codes)
        return f"{row.column(self.field)} IN ({codes})"

    def words(self) -> str:
        return f"{self.field} is {' or '.join(str(code) for code in self.codes)}"


@dataclass(frozen=True)
class Absent(Term):
    """A column that points nowhere."""

    field: str

    def q(self, who: Who, prefix: str = "") -> Answer:
        return Q(**{f"{prefix}{self.field}__isnull": True})

    def sql(self, row: Row) -> str:
        return f"{row.column(self.field)} IS NULL"

    def words(self) -> str:
        return f"no {self.field}"


@dataclass(frozen=True)
class Own(Term):
    """A column points to the reader."""

    field: str

    def q(self, who: Who, prefix: str = "") -> Answer:
        return Q(**{f"{prefix}{self.field}": who.id}) if who.id else False

    def sql(self, row: Row) -> str:
        return f"{row.column(self.field)} = (SELECT access_user())"

    def words(self) -> str:
        return f"own as {self.field}"


@dataclass(frozen=True)
class In(Term):
    """A column points to one of the reader's units, or of what the reader is kept from (`Who.ids`)."""

    field: str
    units: str

    def q(self, who: Who, prefix: str = "") -> Answer:
        ids = who.ids(self.units)
        return Q(**{f"{prefix}{self.field}__in": ids}) if ids else False

    def sql(self, row: Row) -> str:
        return f"{row.column(self.field)} = ANY ((SELECT access_list('{self.units}'))::bigint[])"

    def words(self) -> str:
        return f"{'this row' if self.field == 'pk' else self.field} among {self.units.replace('_', ' ')}"


@dataclass(frozen=True)
class Via(Term):
    """The row that a column points to meets a condition."""

    field: str
    term: Term

    def q(self, who: Who, prefix: str = "") -> Answer:
        return self.term.q(who, f"{prefix}{self.field}__")

    def sql(self, row: Row) -> str:
        model: Any = row.field(self.field).related_model
        there = Row(model, f"{row.name}_{self.field}")
        return (
            f'EXISTS (SELECT 1 FROM "{model._meta.db_table}" {there.name}'
            f" WHERE {there.column('pk')} = {row.column(self.field)} AND {self.term.sql(there)})"
        )

    def left(self, has: Callable[[str], bool]) -> Term | bool:
        left = self.term.left(has)
        return Via(self.field, left) if isinstance(left, Term) else left

    def words(self) -> str:
        return f"its {self.field}: {self.term.words()}"


@dataclass(frozen=True)
class Through(Term):
    """The row that a column points to is one that the reader sees, by the declaration of its own model. In the
    database that row's own policy is asked: the rule is not written twice."""

    field: str
    term: Term

    def q(self, who: Who, prefix: str = "") -> Answer:
        return self.term.q(who, f"{prefix}{self.field}__")

    def sql(self, row: Row) -> str:
        model: Any = row.field(self.field).related_model
        there = Row(model, f"{row.name}_{self.field}")
        table = model._meta.db_table
        return f'EXISTS (SELECT 1 FROM "{table}" {there.name} WHERE {there.column("pk")} = {row.column(self.field)})'

    def left(self, has: Callable[[str], bool]) -> Term | bool:
        left = self.term.left(has)
        return self if isinstance(left, Term) else left

    def words(self) -> str:
        return f"its {self.field} is visible"


def rights_in(terms: Iterable[Term]) -> set[str]:
    """Every permission and flag that these terms ask for."""
    found: set[str] = set()
    for term in terms:
        if isinstance(term, Right):
            found.add(term.permission)
        elif isinstance(term, (All, Any_)):
            found |= rights_in(term.terms)
        elif isinstance(term, (Not, Via, Through)):
            found |= rights_in([term.term])
    return found
