"""How much of the matrix runs, and the line that says it."""

import pytest


@pytest.fixture(autouse=True)
def how_much(request: pytest.FixtureRequest) -> None:
    """Tell the test class whether all cells are wanted, or every how manieth of them."""
    if request.cls is not None:
        asked: str = request.config.getoption("--matrix")
        part, _slash, parts = (asked or "1/1").partition("/")
        request.cls.is_full, request.cls.share = bool(asked), slice(int(part) - 1, None, int(parts or 1))
