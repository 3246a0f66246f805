"""Pages by key: a page begins after a row, never after a number of rows, and nothing is ever counted.

A cursor is opaque to the client. It names its order, so that one of another list is refused, and holds the place of
the last row, so that rows which arrive meanwhile move nothing."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from common.api.rows import JsonText
from common.exceptions import InvalidInput
from common.text import has_unstorable

DEFAULT_SIZE, LARGEST_SIZE = 100, 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ID_LIMIT = 2**63


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

    def after(self, place: tuple[Any, int], *, backwards: bool = False) -> Q:
        """The rows that follow a place. The first half is a range of the index, the second tells equals apart."""
        value, number = place
        way = "lt" if self.is_descending != backwards else "gt"
        return Q(**{f"{self.field}__{way}e": value}) & (
            Q(**{f"{self.field}__{way}": value}) | Q(**{f"id__{way}": number})
        )

    def cursor(self, place: tuple[Any, int], *, backwards: bool = False) -> str:
        """A place as a word for an address."""
        value, number = place
        if isinstance(value, datetime):
            value = (value - _EPOCH) // timedelta(microseconds=1)
        text = json.dumps([self.name, int(backwards), value, number], separators=(",", ":"), ensure_ascii=False)
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def place(self, cursor: str) -> tuple[tuple[Any, int], bool]:
        """The place that a cursor names, and whether it looks back. Raises `BadCursor`."""
        try:
            text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            name, backwards, value, number = json.loads(text)
        except (ValueError, TypeError, RecursionError):
            raise BadCursor from None
        if name != self.name or backwards not in (0, 1) or not _is_number(number):
            raise BadCursor
        return (_read(value, self.of), number), bool(backwards)


def _is_number(value: Any) -> bool:
    return type(value) is int and -_ID_LIMIT <= value < _ID_LIMIT


def _read(value: Any, of: type) -> Any:
    if of is str:
        if not isinstance(value, str) or has_unstorable(value):
            raise BadCursor
        return value
    if not _is_number(value):
        raise BadCursor
    if of is int:
        return value
    try:
        return _EPOCH + timedelta(microseconds=value)
    except OverflowError:
        raise BadCursor from None


@dataclass(frozen=True)
class Page:
    """The texts of one page and the cursors of the pages beside it (empty where there is none)."""

    texts: list[str]
    before: str
    after: str


def page_of(rows: QuerySet[Any], document: JsonText, order: Order, *, size: int, cursor: str = "") -> Page:
    """One page of `rows` as JSON texts: one query. Raises `BadCursor`."""
    place, is_backwards = order.place(cursor) if cursor else (None, False)
    if place is not None:
        rows = rows.filter(order.after(place, backwards=is_backwards))
    found = _found(rows.order_by(*order.names(backwards=is_backwards)), document, order, size + 1)
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


def feed_of(
    rows: QuerySet[Any], document: JsonText, order: Order, *, size: int, cursor: str, start: tuple[Any, int]
) -> Page:
    """One page of a list that grows at its end: there is always a next cursor, from which to ask again later."""
    place, is_backwards = order.place(cursor) if cursor else (start, False)
    if is_backwards:
        raise BadCursor
    found = _found(rows.filter(order.after(place)).order_by(*order.names()), document, order, size)
    return Page(
        texts=[text for text, _value, _number in found],
        before="",
        after=order.cursor(found[-1][1:] if found else place),
    )


def _found(rows: QuerySet[Any], document: JsonText, order: Order, count: int) -> list[Any]:
    return list(rows.values_list(document, order.field, "id")[:count])


def size_from(given: QueryDict) -> int:
    """The page size that was asked for. Raises `InvalidInput`."""
    text = given.get("page_size", "")
    if not text:
        return DEFAULT_SIZE
    size = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
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
