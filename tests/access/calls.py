"""The rows of the addresses about callers, saved filters and hotlines; `tests.access.planted_calls` plants them."""

from collections.abc import Callable
from typing import Any

from tests.access import policy
from tests.access.cells import AWAY, DONE, GONE, LOGIN, METHODS, NO, OK, REFUSED, WRONG_METHOD, Cell, Route, Target

Expect = Callable[[Cell], str]


def _of(readers: frozenset[str], methods: str, then: Expect | str) -> Expect:
    def expect(cell: Cell) -> str:
        if cell.reader in policy.OUTSIDE:
            return LOGIN
        if cell.method not in methods.split():
            return WRONG_METHOD
        if cell.reader not in readers:
            return NO
        return then(cell) if callable(then) else then

    return expect


def _once(*queries: str) -> Callable[[Any], list[Target]]:
    return lambda world: [Target(query=query, note=query) for query in ("", *queries)]


def _filters(world: Any) -> list[Target]:
    found = [Target(case=name, note=str(row.pk)) for name, row in world.filters.items()]
    return [*found, Target(case="filter_private", note="987654321", is_absent=True)]


def _put_away(cell: Cell) -> str:
    if cell.target.is_absent or not policy.sees(cell.reader, cell.target.case):
        return GONE
    is_own = (cell.reader, cell.target.case) == ("officer_2", "filter_private")
    return DONE if is_own or cell.reader in policy.LEADS else REFUSED


def _hotlines(world: Any) -> list[Target]:
    found = Target({"hotline_id": world.hotline.pk})
    return [found, Target({"hotline_id": world.absent}, is_absent=True, note="absent")]


def _call(cell: Cell) -> str:
    if cell.target.is_absent:
        return GONE
    return DONE if cell.method == "POST" else OK


def _by_number(cell: Cell) -> str:
    return AWAY if cell.method == "GET" else OK


CALL_ROUTES: dict[str, Route] = {
    "admin:feedback_case_record_caller": Route(
        _once(), _of(policy.RECORDERS, "POST", OK), lambda cell, world: {"phone": "0912 302 456"}
    ),
    "admin:feedback_case_by_number": Route(
        _once(),
        _of(policy.REVEALERS, "GET POST", _by_number),
        lambda cell, world: {"phone": "0912 302 456"},
    ),
    "admin:feedback_case_saved": Route(
        _once("?urgency=S1&queue=all"),
        _of(policy.CASE_READERS, "POST", lambda cell: DONE if cell.target.query else REFUSED),
        lambda cell, world: {"name": "Của tôi"},
    ),
    "admin:feedback_case_saved_put_away": Route(
        _filters, _of(policy.CASE_READERS, "POST", _put_away), lambda cell, world: {"filter": cell.target.note}
    ),
    "admin:feedback_case_saved_counts": Route(_once(), _of(policy.CASE_READERS, "GET", OK)),
    "admin:facilities_hotline_verify": Route(
        _once("?queue=failing", "?queue=x&p=-1", "?queue=all&p=9", "?result__contains=zq"),
        _of(policy.RECORDERS, "GET", OK),
    ),
    "admin:facilities_hotline_verify_page": Route(_once(), _of(policy.RECORDERS, " ".join(METHODS), AWAY)),
    "admin:facilities_hotline_call": Route(
        _hotlines, _of(policy.RECORDERS, "GET POST", _call), lambda cell, world: {"result": "unanswered", "note": "x"}
    ),
    "public:register": Route(
        _once("?q=lam+kieu", "?q=0283", "?trang=9", "?q=zq12bo", "?facility__name=x"),
        lambda cell: OK if cell.method in ("GET",) else WRONG_METHOD,
    ),
}
