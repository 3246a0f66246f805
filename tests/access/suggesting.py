"""The rows of what texts suggest: to those who record calls, beside the cases of those who sort them, and how good it
is to leads alone."""

from typing import Any

from tests.access import policy
from tests.access.calls import _of, _once
from tests.access.cells import GONE, LOGIN, NO, OK, REFUSED, WRONG_METHOD, Cell, Route, Target


def _cases(world: Any) -> list[Target]:
    found = [Target({"case_id": case.pk}, case=name) for name, case in world.cases.items()]
    return [*found, Target({"case_id": world.absent}, case="new", is_absent=True)]


def _for_case(cell: Cell) -> str:
    """As a correction: to those who sort cases and see this one; a confidential case has no suggestions."""
    if cell.reader in policy.OUTSIDE:
        return LOGIN
    if cell.method not in ("GET", "POST"):
        return WRONG_METHOD
    if cell.reader not in policy.CORRECTORS:
        return NO
    is_seen = cell.target.case in policy.SEES[cell.reader] - policy.CONFIDENTIAL
    if cell.target.is_absent or not is_seen:
        return GONE
    return OK if cell.method == "GET" else REFUSED  # what is posted is not among what is suggested


SUGGESTING_ROUTES: dict[str, Route] = {
    "admin:suggestions_for_call": Route(
        _once(),
        _of(policy.RECORDERS, "POST", OK),
        lambda cell, world: {"body": "Chờ khám từ sáng tới trưa, nhân viên quát người nhà."},
    ),
    "admin:suggestions_for_case": Route(
        _cases, _for_case, lambda cell, world: {"field": "facility", "value": "KHONGCO", "version": "1"}
    ),
    "admin:suggestions_quality": Route(_once(), _of(policy.LEADS, "GET", OK)),
    "admin:suggestions_choose_model": Route(
        _once(), _of(policy.LEADS, "POST", REFUSED), lambda cell, world: {"model": "0"}
    ),
}
