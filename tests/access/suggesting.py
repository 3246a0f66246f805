"""The row of what a text suggests: for those who record calls, by POST alone."""

from tests.access import policy
from tests.access.calls import _of, _once
from tests.access.cells import OK, Route

SUGGESTING_ROUTES: dict[str, Route] = {
    "admin:suggestions_for_call": Route(
        _once(),
        _of(policy.RECORDERS, "POST", OK),
        lambda cell, world: {"body": "Chờ khám từ sáng tới trưa, nhân viên quát người nhà."},
    ),
}
