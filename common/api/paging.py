"""Pages by key: a page begins after a row, never after a number of rows, and nothing is ever counted.

A cursor is opaque to the client. It names its order, so that one of another list is refused, and holds the place of
the last row, so that rows which arrive meanwhile move nothing."""

import base64
import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, CharField, DateTimeField, F, Func, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from common.api.rows import JsonText
from common.exceptions import InvalidInput
from common.statements import Slot, statement
from common.text import has_unstorable, number_in

DEFAULT_SIZE, LARGEST_SIZE = 100, 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ID_LIMIT = 2**63
_FIELDS: dict[type, Any] = {datetime: DateTimeField, int: BigIntegerField, str: CharField}
Place = tuple[Any, int]


class Microseconds(Func):
    template = "(extract(epoch FROM %(expressions)s) * 1000000)::bigint"
    output_field = BigIntegerField()


class _Place(Slot):
    """Where a page begins, kept from the planner: near the end of a list it would count few rows left and think a plan
    of its own for each page worth more than the one it keeps, and planning costs as much as reading."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        place, params = super().as_sql(compiler, connection)
        return f"(SELECT {place})", params


class BadCursor(ValueError):
    """A cursor that this list did not give out."""


@dataclass(frozen=True)
class Order:
    """One order of a list: a field, then the id, both in one direction. `name` stands in the cursor; `of` is the type
    of the field's values: `datetime`, `int` or `str`."""

    name: str
    field: str
    is_descending: bool = False
    of: type = datetime

    def names(self, *, backwards: bool = False) -> tuple[str, str]:
        """What to give `order_by`."""
        sign = "-" if self.is_descending != backwards else ""
        return f"{sign}{self.field}", f"{sign}id"

    def after(self, *, backwards: bool = False) -> Q:
        """The rows that follow a place, given as the slots `place_value` and `place_id`. The first half is a range of
        the index, the second tells equals apart."""
        way = "lt" if self.is_descending != backwards else "gt"
        value, number = _Place("place_value", _FIELDS[self.of]()), _Place("place_id", _FIELDS[int]())
        return Q(**{f"{self.field}__{way}e": value}) & (
            Q(**{f"{self.field}__{way}": value}) | Q(**{f"id__{way}": number})
        )

    def key(self) -> Any:
        """What a row's place is told by: moments as microseconds, which cost less to read than dates."""
        return Microseconds(self.field) if self.of is datetime else F(self.field)

    def cursor(self, place: Place, *, backwards: bool = False) -> str:
        """A place as a word for an address."""
        value, number = place
        text = json.dumps([self.name, int(backwards), value, number], separators=(",", ":"), ensure_ascii=False)
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def place(self, cursor: str) -> tuple[Place, bool]:
        """The place that a cursor names, and whether it looks back. Raises `BadCursor`."""
        try:
            text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            name, backwards, value, number = json.loads(text)
        except (ValueError, TypeError, RecursionError):
            raise BadCursor from None
        if name != self.name or backwards not in (0, 1) or not _is_number(number):
            raise BadCursor
        if not (isinstance(value, str) and not has_unstorable(value) if self.of is str else _is_number(value)):
            raise BadCursor
        return (value, number), bool(backwards)

    def value(self, told: Any) -> Any:
        """The field's value at a place. Raises `BadCursor`."""
        if self.of is not datetime or told is None:
            return told
        try:
            return _EPOCH + timedelta(microseconds=told)
        except OverflowError:
            raise BadCursor from None


def _is_number(value: Any) -> bool:
    return type(value) is int and -_ID_LIMIT <= value < _ID_LIMIT


def told_of(moment: datetime) -> int:
    """A moment as cursors hold it."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True)
class Page:
    """The texts of one page and the cursors of the pages beside it (empty where there is none)."""

    texts: list[str]
    before: str
    after: str


@dataclass(frozen=True)
class Source:
    """Where a list comes from: rows as this caller may see them, filtered, and what one row says.

    `key` names all that they depend on, so that the statement is written once; None when that is not known."""

    rows: Callable[[], QuerySet[Any]]
    document: Callable[[], JsonText]
    key: Hashable = None


def page_of(source: Source, order: Order, *, size: int, cursor: str = "") -> Page:
    """One page as JSON texts: one query. Raises `BadCursor`."""
    place, is_backwards = order.place(cursor) if cursor else (None, False)
    found = _found(source, order, size + 1, place, backwards=is_backwards)
    has_more = len(found) > size
    found = found[:size]
    if is_backwards:
        found.reverse()
    has_before, has_after = (has_more, True) if is_backwards else (place is not None, has_more)
    return Page(
        texts=[text for text, _value, _number in found],
        before=order.cursor(found[0][1:], backwards=True) if found and has_before else "",
        after=order.cursor(found[-1][1:]) if found and has_after else "",
    )


def feed_of(source: Source, order: Order, *, size: int, cursor: str, start: Place, **slots: Any) -> Page:
    """One page of a list that grows at its end: there is always a next cursor, from which to ask again later."""
    place, is_backwards = order.place(cursor) if cursor else (start, False)
    if is_backwards:
        raise BadCursor
    found = _found(source, order, size, place, **slots)
    return Page(
        texts=[text for text, _value, _number in found],
        before="",
        after=order.cursor(found[-1][1:] if found else place),
    )


def _found(
    source: Source, order: Order, count: int, place: Place | None, *, backwards: bool = False, **slots: Any
) -> list[Any]:
    def build() -> QuerySet[Any]:
        rows = source.rows()
        if place is not None:
            rows = rows.filter(order.after(backwards=backwards))
        rows = rows.order_by(*order.names(backwards=backwards))
        return rows.values_list(source.document(), order.key(), "id")[:count]

    key = None if source.key is None else (source.key, order.name, count, place is None, backwards)
    value, number = place or (None, None)
    return statement(key, build).rows(place_value=order.value(value), place_id=number, **slots)


def size_from(given: QueryDict) -> int:
    """The page size that was asked for. Raises `InvalidInput`."""
    text = given.get("page_size", "")
    if not text:
        return DEFAULT_SIZE
    size = number_in(text, 5) or 0
    if not 1 <= size <= LARGEST_SIZE:
        raise InvalidInput({"page_size": [_("Give a number from 1 to %(most)s.") % {"most": LARGEST_SIZE}]})
    return size


def link_to(request: HttpRequest, cursor: str) -> str | None:
    """The address of this list at a cursor."""
    if not cursor:
        return None
    given = request.GET.copy()
    given["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{given.urlencode()}")


def body_of(request: HttpRequest, page: Page) -> bytes:
    """The answer: links, then the rows as they came from the database."""
    links = json.dumps({"next": link_to(request, page.after), "previous": link_to(request, page.before)})
    return f'{links[:-1]}, "results": [{",".join(page.texts)}]}}'.encode()
