"""The rows of the addresses of files of cases and of reconciliations; what they are about is planted by
`tests.access.planted_runs`."""

import json
from collections.abc import Callable
from typing import Any

from tests.access import policy
from tests.access.cells import DONE, GONE, LOGIN, NO, OK, REFUSED, UNKNOWN, WRONG_METHOD, Cell, Route, Target

READERS = policy.LEADS
QUERIES = ("?xem=refused", "?xem=x", "?sau=1", "?sau=x", "?q=zq05rn", "?by__username=lead", "?o=1")


def console(methods: str, then: Callable[[Cell], str] = lambda cell: OK) -> Callable[[Cell], str]:
    """A page of those who import and compare."""

    def expect(cell: Cell) -> str:
        if cell.reader in policy.OUTSIDE:
            return LOGIN
        if cell.method not in methods.split():
            return WRONG_METHOD
        return then(cell) if cell.reader in READERS else NO

    return expect


def _list(cell: Cell) -> str:
    if cell.reader in policy.OUTSIDE:
        return LOGIN
    if cell.reader not in READERS:
        return NO
    return REFUSED if cell.target.query or cell.method == "POST" else OK


def _mails(cell: Cell) -> str:
    if cell.reader in policy.OUTSIDE:
        return LOGIN
    if cell.reader not in policy.WATCHERS:
        return NO
    return REFUSED if cell.target.query or cell.method == "POST" else OK


def _one(name: str) -> Callable[[Any], list[Target]]:
    def targets(world: Any) -> list[Target]:
        run = world.case_import if name == "import" else world.reconciliations["uploaded"]
        return [Target({"run_id": run.pk}, query=query, note=query) for query in ("", *QUERIES)]

    return targets


def _plain(name: str) -> Callable[[Any], list[Target]]:
    return lambda world: _one(name)(world)[:1]


def _on_page(post: str) -> Callable[[Cell], str]:
    return console("GET POST", lambda cell: post if cell.method == "POST" else OK)


def _handing_in(cell: Cell) -> str:
    return OK if cell.method == "GET" else REFUSED


def _api(methods: str, then: Callable[[Cell], str]) -> Callable[[Cell], str]:
    def expect(cell: Cell) -> str:
        if cell.method not in (*methods.split(), "OPTIONS"):
            return WRONG_METHOD
        if cell.reader in ("anonymous", "disabled"):
            return UNKNOWN
        if cell.reader != "api_intake":
            return NO
        return OK if cell.method == "OPTIONS" else then(cell)

    return expect


def _lists(world: Any) -> list[Target]:
    """Its own, one that a person uploaded in its name, one that is not there."""
    found = [Target({"number": run.pk}, note=name) for name, run in world.reconciliations.items()]
    return [*found, Target({"number": world.absent}, is_absent=True)]


def _stated(cell: Cell, world: Any) -> str:
    return json.dumps({"since": "2026-01-01", "until": "2026-01-01", "submissions": [{"number": "x"}]})


def _pages(model: str, name: str, post: str) -> dict[str, Route]:
    start = f"admin:feedback_{model}"
    return {
        f"{start}_changelist": Route(lambda world: [Target(query=query) for query in ("", *QUERIES)], _list),
        f"{start}_add": Route(
            lambda world: [Target()], console("GET POST", _handing_in), lambda cell, world: {"x": "1"}
        ),
        f"{start}_template": Route(lambda world: [Target()], console("GET")),
        f"{start}_change": Route(_one(name), _on_page(post)),
        f"{start}_outcome": Route(_plain(name), console("GET")),
    }


RUN_ROUTES: dict[str, Route] = {
    **_pages("caseimport", "import", DONE),
    **_pages("reconciliation", "list", NO),
    "admin:feedback_reconciliation_settle": Route(
        lambda world: [Target({"run_id": world.reconciliations["uploaded"].pk, "difference_id": world.difference.pk})],
        _on_page(DONE),
        lambda cell, world: {"note": "Đã gửi lại.", "version": "1"},
    ),
    "admin:feedback_receivedmail_changelist": Route(
        lambda world: [Target(query=query) for query in ("", "?q=zq05rn", "?case__body__contains=zq", "?o=1")], _mails
    ),
    "api:reconciliations": Route(lambda world: [Target()], _api("POST", lambda cell: DONE), _stated, is_json=True),
    "api:reconciliation": Route(
        _lists, _api("GET HEAD", lambda cell: OK if cell.target.note == "sent" else GONE), is_json=True
    ),
}
