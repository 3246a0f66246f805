"""The suite is spread over the cores so that nobody waits at its end."""

from pathlib import Path

import pytest

from config.dev import cli
from tests.conftest import LONGEST, OneModuleOneCore, place_in_the_run

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("start", LONGEST)
def test_what_begins_early_is_there(start: str) -> None:
    assert any(module.startswith(start) for module in MODULES)


def test_crash_runs_and_real_processes_begin() -> None:
    first = sorted(MODULES, key=place_in_the_run)[0]
    assert first.startswith("tests/chaos/")
    assert place_in_the_run("tests/dev/test_processes.py::test_x") < place_in_the_run(
        "tests/api/test_rude.py::T::test_x"
    )


def test_crash_runs_hold_up_no_browser() -> None:
    """They have servers of their own; whatever else drives real processes stays on one core."""
    scope = OneModuleOneCore._split_scope
    parts = {part: scope(None, f"tests/{part}/test_x.py::test_x") for part in ("chaos", "browser", "dev")}  # type: ignore[arg-type]
    assert parts["browser"] == parts["dev"] != parts["chaos"]


@pytest.mark.parametrize(("cores", "spread"), [(1, None), (2, "4"), (4, "6"), (64, "6")])
def test_the_whole_suite_takes_two_processes_more_than_cores(cores, spread, monkeypatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    assert cli._spread([])[1:2] == ([spread] if spread else [])


def test_a_part_of_it_stays_in_one_process(monkeypatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    assert cli._spread(["tests/api"]) == cli._spread(["-x"]) == cli._spread(["-n0"]) == []
