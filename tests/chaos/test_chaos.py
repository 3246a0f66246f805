"""`dev.py chaos` for minutes: whatever is killed, no step is missed, doubled or early, and no submission lost."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import LINES

ROOT = Path(__file__).resolve().parents[2]


def run(*words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=600,
    )
    LINES.extend(f"crash run: {line}" for line in done.stdout.splitlines() if ":" in line)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]


@pytest.mark.slow
def test_two_minutes_of_kills_miss_double_and_hurry_nothing() -> None:
    run("--minutes", "2")


@pytest.mark.slow
def test_a_gateway_that_never_answers_delays_no_step() -> None:
    run("--minutes", "0.5", "--calm")


@pytest.mark.slow
def test_kills_during_intake_lose_no_submission_and_double_none() -> None:
    run("--intake", "--minutes", "0.4")
