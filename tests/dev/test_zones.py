"""`dev.py zones`: a test that depends on the machine's time zone is named, others are counted."""

import os
import time
from pathlib import Path

import pytest

from config.dev import zones

REPORT = """<testsuites><testsuite>
<testcase classname="tests.a" name="here"/>
<testcase classname="tests.a" name="day">{day}</testcase>
<testcase classname="tests.a" name="later"><skipped/></testcase>
</testsuite></testsuites>"""


def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fails_in: str) -> tuple[int, list[str], list[str]]:
    said: list[str] = []
    seen: list[str] = []

    def test(arguments: list[str]) -> int:
        report = Path(arguments[-1].removeprefix("--junitxml="))
        seen.append(f"{os.environ['TZ']} {time.localtime(0).tm_hour}")
        fails = os.environ["TZ"] == fails_in
        report.write_text(REPORT.format(day="<failure/>" if fails else ""), encoding="utf-8")
        return int(fails)

    monkeypatch.setattr(zones.state, "RUN", tmp_path)
    monkeypatch.setattr(zones, "say", said.append)
    monkeypatch.setenv("TZ", "UTC")
    code = zones.compared(["tests/a"], test)
    assert os.environ["TZ"] == "UTC"
    return code, said, seen


def test_three_zones_are_tried_and_the_same_outcome_everywhere_is_said(monkeypatch, tmp_path):
    code, said, seen = run(monkeypatch, tmp_path, fails_in="nowhere")
    assert code == 0
    assert [line.split()[0] for line in seen] == list(zones.ZONES)
    assert len({line.split()[1] for line in seen}) == 3, "the process itself was in each of them"
    assert said[-1].endswith("0 came out differently")


def test_a_test_that_fails_in_one_zone_is_named(monkeypatch, tmp_path):
    code, said, _seen = run(monkeypatch, tmp_path, fails_in="Pacific/Kiritimati")
    assert code == 1
    assert any("tests.a::day" in line and "failure" in line for line in said)
    assert said[-1].endswith("1 came out differently")
