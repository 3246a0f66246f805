"""Terms about what stands in a row's own columns, and about the reader alone."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from accounts.access.terms import Answer, Row, Settled, Term
from accounts.access.who import Who
from common.scope import PERSON, has_any, holds


@dataclass(frozen=True)
class Right(Term):
    """The reader holds a permission (`app_label.codename`)."""

    weight = 0
    permission: str

    def q(self, who: Who, prefix: str = "") -> Answer:
        return who.has(self.permission)

    def sql(self, row: Row) -> str:
        return holds(self.permission)

    def settled(self, row: Row, granted: frozenset[Term], *, is_floor: bool) -> Settled:
        return holds(self.permission)

    def left(self, has: Callable[[str], bool]) -> Term | bool:
        return has(self.permission)

    def words(self) -> str:
        return f"`{self.permission.partition('.')[2]}`"


@dataclass(frozen=True)
class Flag(Term):
    """Something about the reader that is no permission: `is_client`, `is_limited` (`accounts.access.who`)."""

    weight = 0
    name: str
    meaning: str

    def q(self, who: Who, prefix: str = "") -> Answer:
        return who.flag(self.name)

    def sql(self, row: Row) -> str:
        return holds(self.name)

    def settled(self, row: Row, granted: frozenset[Term], *, is_floor: bool) -> Settled:
        return holds(self.name)

    def left(self, has: Callable[[str], bool]) -> Term | bool:
        return has(self.name)

    def words(self) -> str:
        return self.meaning


@dataclass(frozen=True)
class Nobody(Term):
    """No reader sees these rows: they are read by deeds, as the system."""

    weight = 0
    meaning: str

    def q(self, who: Who, prefix: str = "") -> Answer:
        return False

    def sql(self, row: Row) -> str:
        return "false"

    def settled(self, row: Row, granted: frozenset[Term], *, is_floor: bool) -> Settled:
        return False

    def left(self, has: Callable[[str], bool]) -> Term | bool:
        return False

    def words(self) -> str:
        return self.meaning


@dataclass(frozen=True)
class Is(Term):
    """A yes/no column says this."""

    weight = 1
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

    weight = 1
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

    weight = 1
    field: str

    def q(self, who: Who, prefix: str = "") -> Answer:
        return Q(**{f"{prefix}{self.field}__isnull": True})

    def sql(self, row: Row) -> str:
        return f"{row.column(self.field)} IS NULL"

    def words(self) -> str:
        return f"no {self.field}"


class Own(Term):
    """One of these columns points to the reader."""

    weight = 1

    def __init__(self, *fields: str) -> None:
        self.fields = fields

    def q(self, who: Who, prefix: str = "") -> Answer:
        return Q(*((f"{prefix}{field}", who.id) for field in self.fields), _connector=Q.OR) if who.id else False

    def sql(self, row: Row) -> str:
        return f"{PERSON} IN ({', '.join(row.column(field) for field in self.fields)})"

    def words(self) -> str:
        return f"own as {' or '.join(self.fields)}"


@dataclass(frozen=True)
class In(Term):
    """A column points to one of the reader's units, or of what the reader is kept from (`Who.ids`)."""

    weight = 1
    field: str
    units: str

    def q(self, who: Who, prefix: str = "") -> Answer:
        ids = who.ids(self.units)
        return Q(**{f"{prefix}{self.field}__in": ids}) if ids else False

    def sql(self, row: Row) -> str:
        return f"{row.column(self.field)} = ANY ({row.ids(self.units)})"

    def settled(self, row: Row, granted: frozenset[Term], *, is_floor: bool) -> Settled:
        if self in granted:
            return True
        return False if is_floor else has_any(self.units)

    def words(self) -> str:
        return f"{'this row' if self.field == 'pk' else self.field} among {self.units.replace('_', ' ')}"
