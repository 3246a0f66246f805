"""The addresses of Open311: what is published is everybody's, what a system sent is its own, and nobody's session
counts."""

from collections.abc import Callable
from typing import Any

from tests.access.cells import DONE, GONE, NO, OK, WRONG_METHOD, Cell, Route, Target

READ = ("GET", "HEAD", "OPTIONS")
PUBLISHED = frozenset({"closed_a"})
SENT_BY = {"api_intake": frozenset({"sent"})}  # what it sent in confidence does not come back
QUERIES = (
    "?status=open", "?service_code=QUYTRINH.01", "?q=zq05rn", "?reporter__name__contains=zq", "?is_confidential=1",
    "?page_size=1",
)  # fmt: skip


def read_only(then: Callable[[Cell], str] = lambda cell: OK) -> Callable[[Cell], str]:
    """An address that everybody may ask and nobody may write to."""

    def expect(cell: Cell) -> str:
        if cell.method not in READ:
            return WRONG_METHOD
        return OK if cell.method == "OPTIONS" else then(cell)

    return expect


def once(*queries: str) -> Callable[[Any], list[Target]]:
    return lambda world: [Target(query=query, note=query) for query in ("", *queries)]


def _lists(world: Any) -> list[Target]:
    by_number = [Target(query=f"?service_request_id={case.reference}") for case in world.cases.values()]
    return [*once(*QUERIES)(world), *by_number]


def _numbers(world: Any) -> list[Target]:
    found = [Target({"number": case.reference, "form": "xml"}, case=name) for name, case in world.cases.items()]
    return [*found, Target({"number": "PA-2026-987654", "form": "xml"}, case="new", is_absent=True)]


def _readable(cell: Cell) -> frozenset[str]:
    return PUBLISHED | SENT_BY.get(cell.reader, frozenset())


def _shown(cell: Cell) -> list[tuple[str, str]]:
    return [(name, "reference") for name in _readable(cell)]


def _list(cell: Cell) -> str:
    if cell.method == "POST":
        return DONE if cell.reader == "api_intake" else NO
    return read_only()(cell)


def _one(cell: Cell) -> str:
    return OK if not cell.target.is_absent and cell.target.case in _readable(cell) else GONE


def _form(cell: Cell, world: Any) -> dict[str, str]:
    return {"service_code": "QUYTRINH.01", "address_string": "Cổng chính", "description": "Chờ lâu."}


def _tokens(world: Any) -> list[Target]:
    """The key under which each case came, which its own sender knows."""
    known = [(name, number) for name, number in world.numbers.items() if name in world.cases]
    found = [Target({"token": f"so-zq{number:02d}su", "form": "xml"}, case=name) for name, number in known]
    return [*found, Target({"token": "so-khong-co", "form": "xml"}, case="new", is_absent=True)]


def _token(cell: Cell) -> str:
    is_own = cell.reader == "api_intake" and cell.target.case in ("sent", "sent_confidential")
    return OK if is_own and not cell.target.is_absent else GONE


def _in_both(**args: str) -> Route:
    targets = [Target({"form": form} | args, note=form) for form in ("xml", "json")]
    return Route(lambda world: targets, read_only())


OPEN311_ROUTES: dict[str, Route] = {
    "open311:discovery": _in_both(),
    "open311:discovery_v2": _in_both(),
    "open311:services": _in_both(),
    "open311:service": _in_both(code="QUYTRINH.01"),
    "open311:requests": Route(
        lambda world: [
            Target({"form": "json"} | target.args, query=target.query, note=target.note) for target in _lists(world)
        ],
        _list,
        _form,
        _shown,
    ),
    "open311:request": Route(_numbers, read_only(_one), shows=_shown),
    "open311:token": Route(
        _tokens,
        read_only(_token),
        shows=lambda cell: (
            [(name, "reference") for name in ("sent", "sent_confidential")] if cell.reader == "api_intake" else []
        ),
    ),
}
