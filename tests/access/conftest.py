"""How much of the matrix runs: a sample, or all of it where `--matrix` asks for that."""

import pytest

from tests.conftest import WHOLE_MATRIX


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the parts of the whole, or tell them which share of it is wanted."""
    asked: str = config.getoption("--matrix")
    part, _slash, parts = (asked or "1/1").partition("/")
    share = (int(part) - 1, int(parts or 1))
    left_out = []
    for item in items:
        case = getattr(item, "cls", None)
        if case is None or not case.__module__.startswith(__package__):
            continue
        case.is_full, case.share = bool(asked), share
        if not case.__name__.startswith(WHOLE_MATRIX):
            continue
        if not asked:
            left_out.append(item)
    items[:] = [item for item in items if item not in left_out]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
