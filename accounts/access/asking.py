"""How a policy is asked: what the reader alone settles once a statement, a row only where that leaves it open.

Written out in full, a declaration costs up to two microseconds a row, on pages that pass over ten thousand rows, and a
tenth of a millisecond wherever a plan names the table, on pages that name dozens. So a policy is short: a number, which
a function tells once, and a function that is asked about the rows which the number leaves open."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model

from accounts.access.terms import All, Row, Term
from common.scope import SYSTEM

HOW_MUCH, WHETHER = "access_tells", "access_shows"


def condition_of(model: type[Model], term: Term) -> tuple[str, str]:
    """The functions that a policy needs, as statements, and the policy itself, as a condition.

    A model may name `shortcuts`: conditions on its rows, the widest first, each of which is all that has to be asked
    of a row for many readers. For whom that is so follows from the declaration; a shortcut can make nothing visible
    that the declaration does not, and rows without it are asked in full."""
    row = Row(model, model._meta.db_table)
    if not term.weight:  # PostgreSQL asks conditions without a row once by itself
        return "", f"{SYSTEM} OR {term.sql(row)}"
    function, rest = _asked_alone(model, term)
    enough = dict(_enough(model, term, row))
    if not enough:
        return function, _hiding_little(f"{SYSTEM} OR {rest}")
    tells = f"{HOW_MUCH}_{model._meta.db_table}"
    for_whom = " ".join(f"WHEN {settled} THEN {number}" for number, (settled, _shown) in enough.items())
    shown = " ".join(f"WHEN {number} THEN {condition}" for number, (_settled, condition) in enough.items())
    return (
        f"{_function(tells, (), 'integer', f'CASE WHEN {SYSTEM} THEN 0 {for_whom} END')} {function}",
        _hiding_little(f"CASE (SELECT {tells}()) WHEN 0 THEN true {shown} ELSE false END OR {rest}"),
    )


def _enough(model: type[Model], term: Term, row: Row) -> Iterator[tuple[int, tuple[str, str]]]:
    """What is enough for whom: by number, a condition on the reader and, where that holds, the one on a row."""
    shortcuts: Sequence[Term] = getattr(model, "shortcuts", ())
    for number, shortcut in enumerate((None, *shortcuts), 1):
        settled = term.settled(row, _granted_by(shortcut), is_floor=True)
        if settled is not False:
            yield number, ("true" if settled is True else settled, shortcut.sql(row) if shortcut else "true")


def _granted_by(shortcut: Term | None) -> frozenset[Term]:
    """The conditions that hold where a shortcut does."""
    return frozenset(shortcut.terms if isinstance(shortcut, All) else [shortcut] if shortcut else [])


def _hiding_little(condition: str) -> str:
    """The same, in words of which PostgreSQL assumes that nearly every row meets them. So it is: what a query asks for
    was narrowed by `visible_to`, which says the same. Of the condition as it stands it would assume that every third
    or second row goes, and sort whole lists of which a page is wanted."""
    return f"(CASE WHEN {condition} THEN true END) IS NOT NULL"


def _asked_alone(model: type[Model], term: Term) -> tuple[str, str]:
    """The function that holds the declaration for one row, and its call; without one where the condition looks at
    other rows, which PostgreSQL plans better in place, or asks nothing of the reader."""
    name = f"{WHETHER}_{model._meta.db_table}"
    rule = term.sql(Row(model, name, is_alone=True))
    if "SELECT" in rule or "current_setting" not in rule:
        return "", term.sql(Row(model, model._meta.db_table))
    columns = list(dict.fromkeys(re.findall(rf'{name}\."(\w+)"', rule)))
    types: dict[str, Any] = {str(field.column): field.db_type(connection) for field in model._meta.concrete_fields}
    parameters = [f'"{column}" {_as_parameter(types[column])}' for column in columns]
    values = ", ".join(f'{model._meta.db_table}."{column}"' for column in columns)
    return _function(name, parameters, "boolean", rule), f"{name}({values})"


def _as_parameter(kind: str) -> str:
    """The type of a column as that of a parameter, which has no length."""
    return kind.partition("(")[0]


def _function(name: str, parameters: Iterable[str], kind: str, value: str) -> str:
    """It works in the caller's role, for whom the scope is set. Its cost is told as that of one comparison: it is
    seldom asked, and PostgreSQL would choose poor plans to ask it seldom."""
    return (
        f"CREATE OR REPLACE FUNCTION {name}({', '.join(parameters)}) RETURNS {kind}"
        f" LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 AS $$ BEGIN RETURN {value}; END $$;"
    )
