"""How much of the matrix runs, and the line that says it."""

import pytest


@pytest.fixture(autouse=True)
def how_much(request: pytest.FixtureRequest) -> None:
    """Tell the test class whether all cells are wanted."""
    if request.cls is not None:
        request.cls.is_full = request.config.getoption("--matrix")
