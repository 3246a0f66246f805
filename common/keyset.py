"""Lists paged by key: the next page begins after a row, not after a number of rows, so page 10,000 costs what page 1
costs, and a row that arrives meanwhile moves nothing. And counts that stop at a cap, many in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Model, Q, QuerySet, Value
from django.db.models.fields.related_lookups import RelatedExact, RelatedIn
from django.db.models.sql.where import OR, WhereNode

from common.statements import run
from common.text import number_in

COUNT_CAP = 1000
ASIDE_CAP = 99  # for numbers beside what one looks at: that it is much is all that they must say
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = "x"


@dataclass(frozen=True)
class Order:
    """By a moment, then by id, both in one direction. An ascending list may have rows without a moment: they come
    last, as PostgreSQL puts them."""

    moment: str
    is_descending: bool = False
    has_gaps: bool = False

    def names(self, *, backwards: bool = False) -> list[str]:
        """What to give `order_by`."""
        sign = "-" if self.is_descending != backwards else ""
        return [f"{sign}{self.moment}", f"{sign}id"]

    def cursor_of(self, row: Model) -> str:
        """Where a row stands, as a word for an address."""
        moment = getattr(row, self.moment)
        place = _NEVER if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)
        return f"{place}.{row.pk}"


NEWEST_FIRST = Order("received_at", is_descending=True)


@dataclass(frozen=True)
class Cut:
    """One page of a list, and the cursors of the pages beside it (empty where there is none)."""

    rows: list[Any]
    before: str
    after: str


def cut(rows: QuerySet[Any], order: Order, *, size: int, after: str = "", before: str = "") -> Cut:
    """The page of `rows` after or before a cursor; a cursor that nobody gave out means the first page. One query."""
    is_backwards = bool(before) and _read(before) is not None
    cursor = _read(before if is_backwards else after)
    found = list(_beyond(rows, order, cursor, size + 1, backwards=is_backwards))
    has_more = len(found) > size
    found = found[:size]
    if is_backwards:
        found.reverse()
    has_before, has_after = (has_more, True) if is_backwards else (cursor is not None, has_more)
    return Cut(
        found,
        before=order.cursor_of(found[0]) if found and has_before else "",
        after=order.cursor_of(found[-1]) if found and has_after else "",
    )


def _read(cursor: str) -> tuple[datetime | None, int] | None:
    place, _dot, key = cursor.partition(".")
    if (number := number_in(key)) is None:
        return None
    if place == _NEVER:
        return None, number
    try:
        return _EPOCH + timedelta(microseconds=int(place)), number
    except (ValueError, OverflowError):
        return None


def _beyond(
    rows: QuerySet[Any], order: Order, cursor: tuple[datetime | None, int] | None, size: int, *, backwards: bool
) -> QuerySet[Any]:
    """The `size` rows that follow a cursor, in the direction of reading."""
    names = order.names(backwards=backwards)
    if not order.has_gaps:
        follows = Q() if cursor is None else _after(order, cursor, backwards)
        parts = [part.filter(follows) for part in alternatives(rows)]
    elif cursor is None:
        parts = [rows]
    else:
        # rows with and without a moment are two stretches of one index; neither is walked over
        parts = [
            rows.filter(condition, **{f"{order.moment}__isnull": is_gap})
            for is_gap, condition in _stretches(order, cursor, backwards)
        ]
    if len(parts) == 1:
        return parts[0].order_by(*names)[:size]
    keys = [part.order_by(*names).values("pk")[:size] for part in parts]  # each is cut by itself
    return rows.filter(pk__in=keys[0].union(*keys[1:], all=True)).order_by(*names)[:size]


def alternatives(rows: QuerySet[Any]) -> list[QuerySet[Any]]:
    """The same rows in parts (a row may be in several) where their condition is an OR between units or people, such as
    “of my division, assigned to me or typed in by me”: there is an index for each, and none for all together, so that
    PostgreSQL would walk over everybody's rows until it has met a page of them."""
    where = rows.query.where
    for nth, node in enumerate(where.children):
        if isinstance(node, WhereNode) and node.connector == OR and all(map(_names_a_record, node.children)):
            return [_with(rows, nth, each) for each in _flat(node)]
    return [rows]


def _names_a_record(node: Any) -> bool:
    """Does a condition hold only for rows that point to certain records?"""
    if isinstance(node, WhereNode):
        if node.negated:
            return False
        return (all if node.connector == OR else any)(map(_names_a_record, node.children))
    if getattr(node, "names_records", False):
        return True
    return isinstance(node, (RelatedExact, RelatedIn)) and node.rhs_is_direct_value()


def _flat(node: Any) -> list[Any]:
    """What an OR of ORs is between."""
    if not isinstance(node, WhereNode) or node.connector != OR:
        return [node]
    return [each for child in node.children for each in _flat(child)]


def _with(rows: QuerySet[Any], nth: int, condition: Any) -> QuerySet[Any]:
    part = rows.all()
    part.query.where = part.query.where.clone()
    part.query.where.children[nth] = condition
    return part


def _stretches(order: Order, cursor: tuple[datetime | None, int], backwards: bool) -> list[tuple[bool, Q]]:
    moment, _number = cursor
    here = [(moment is None, _after(order, cursor, backwards))]
    if (moment is None) == backwards:
        here.append((not backwards, Q()))
    return here


def _after(order: Order, cursor: tuple[datetime | None, int], backwards: bool) -> Q:
    moment, number = cursor
    way = "lt" if order.is_descending != backwards else "gt"
    if moment is None:
        return Q(**{f"id__{way}": number})
    # the first half is a range of the index; the second only tells rows of one moment apart
    return Q(**{f"{order.moment}__{way}e": moment}) & (
        Q(**{f"{order.moment}__{way}": moment}) | Q(**{f"id__{way}": number})
    )


class Count(int):
    """How many rows there are, as far as they were counted: one more than `cap` means that there are more."""

    cap: int

    def __new__(cls, value: int, cap: int) -> "Count":
        made = super().__new__(cls, value)
        made.cap = cap
        return made


def capped_counts(
    lists: Mapping[str, QuerySet[Any] | Sequence[QuerySet[Any]]],
    cap: int = COUNT_CAP,
    caps: Mapping[str, int] | None = None,
) -> dict[str, Count]:
    """How many rows each list has, none counted further than `cap` + 1, or its own of `caps`. One statement, however
    many lists. A list may be given in parts without a common row; a later part is looked at only when the earlier ones
    stay below the cap."""
    if not lists:
        return {}
    counts: list[str] = []
    values: list[Any] = []
    limits = [(caps or {}).get(name, cap) for name in lists]
    for given, limit in zip(lists.values(), limits, strict=True):
        groups = [alternatives(given)] if isinstance(given, QuerySet) else [[rows] for rows in given]
        known = [part for group in groups if (part := _ones(group, limit)) is not None]
        if not known:
            counts.append("0")
            continue
        union = " UNION ALL ".join(f"SELECT 1 FROM ({sql}) AS part" for sql, _params in known)
        counts.append(f"(SELECT count(*) FROM ({union} LIMIT {limit + 1}) AS counted)")
        values.extend(value for _sql, params in known for value in params)
    (found,) = run(f"SELECT {', '.join(counts)}", values)  # under policies, planning costs more than counting
    return {name: Count(number, limit) for name, number, limit in zip(lists, found, limits, strict=True)}


def _ones(parts: Sequence[QuerySet[Any]], cap: int) -> tuple[str, tuple[Any, ...]] | None:
    """A statement that gives a row for each row up to the cap, once where several parts hold it; None where Django
    knows without asking that there is none."""
    found = []
    for rows in parts:
        try:
            one = rows.order_by().values_list(Value(1) if len(parts) == 1 else "pk")
            found.append(one[: cap + 1].query.sql_with_params())
        except EmptyResultSet:
            continue
    if len(found) < 2:
        return found[0] if found else None
    return " UNION ".join(f"({sql})" for sql, _params in found), tuple(value for _sql, each in found for value in each)
