"""Terms that lead to other rows: what a column points to, and what the reader sees there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, Q

from accounts.access.columns import Right
from accounts.access.terms import All, Answer, Any_, Not, Row, Settled, Term
from accounts.access.who import Who


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

    def settled(self, row: Row, granted: frozenset[Term], *, is_floor: bool) -> Settled:
        return _settled_there(self, row, granted, is_floor=is_floor)

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
        return f"{prefix}{self.field}" in who.known or self.term.q(who, f"{prefix}{self.field}__")

    def sql(self, row: Row) -> str:
        model: Any = row.field(self.field).related_model
        return f"{sees(model)}({row.column(self.field)})"

    def settled(self, row: Row, granted: frozenset[Term], *, is_floor: bool) -> Settled:
        return _settled_there(self, row, granted, is_floor=is_floor)

    def left(self, has: Callable[[str], bool]) -> Term | bool:
        left = self.term.left(has)
        return self if isinstance(left, Term) else left

    def words(self) -> str:
        return f"its {self.field} is visible"


@dataclass(frozen=True)
class Of(Term):
    """The row of another model whose key a column holds, without being a foreign key, is one that the reader sees:
    history and what it is the history of."""

    field: str
    label: str

    def q(self, who: Who, prefix: str = "") -> Answer:
        seen: Any = self._model()._default_manager
        return Q(**{f"{prefix}{self.field}__in": seen.visible_to(who.user).order_by().values("pk")})

    def sql(self, row: Row) -> str:
        return f"{sees(self._model())}({row.column(self.field)})"

    def words(self) -> str:
        return f"its {self._model()._meta.verbose_name} is visible"

    def _model(self) -> type[Model]:
        return apps.get_model(self.label)


def _settled_there(term: Via | Through, row: Row, granted: frozenset[Term], *, is_floor: bool) -> Settled:
    """What the reader alone settles about a row that a column points to. What is granted is said of this row, not of
    that one; and a column that may point nowhere is never enough."""
    field: Any = row.field(term.field)
    if term in granted:
        return True
    if is_floor and field.null:
        return False
    return term.term.settled(Row(field.related_model, row.name), frozenset(), is_floor=is_floor)


def sees(model: type[Model]) -> str:
    """The name of the function that asks a row's own policy, by its key.

    A function and not a subselect: a plan holds each policy as often as it names its table, and the policies of what
    hangs on a case would bring the case's own, some twenty questions about the scope, dozens of times into one page."""
    return f"access_sees_{model._meta.db_table}"


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
