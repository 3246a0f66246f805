"""Does a test run come out the same whatever time zone the machine is in?"""

import os
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from . import state
from .terminal import say

ZONES = ("UTC", "America/St_Johns", "Pacific/Kiritimati")  # half an hour off and a summer time; the earliest day of all
SHOWN = 20
RAN = {0, 1}  # passed, failed
Outcomes = dict[str, str]


def compared(arguments: Sequence[str], test: Callable[[Sequence[str]], int]) -> int:
    """Run pytest in each zone; 0 when all passed and every test came out the same."""
    outcomes: dict[str, Outcomes] = {}
    codes = set()
    for zone in ZONES:
        say(f"== TZ={zone}")
        report = state.RUN / "zone.xml"
        report.unlink(missing_ok=True)
        with _in(zone):
            code = test([*arguments, f"--junitxml={report}"])
        if code not in RAN:
            return code
        codes.add(code)
        outcomes[zone] = outcomes_of(report)
    different = differences(outcomes)
    for line in different[:SHOWN]:
        say(line)
    counts = ", ".join(f"{zone} {len(found)}" for zone, found in outcomes.items())
    say(f"tests by zone: {counts}; {len(different)} came out differently")
    return int(bool(different) or max(codes))


@contextmanager
def _in(zone: str) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        del os.environ["TZ"]
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()


def outcomes_of(report: Path) -> Outcomes:
    """How each test of a pytest report ended: passed, failure, error or skipped."""
    found: Outcomes = {}
    for case in ET.parse(report).iter("testcase"):
        kinds = sorted({part.tag for part in case if part.tag in ("failure", "error", "skipped")})
        found[f"{case.get('classname')}::{case.get('name')}"] = ",".join(kinds) or "passed"
    return found


def differences(outcomes: Mapping[str, Outcomes]) -> list[str]:
    """The tests that did not end the same way in every zone."""
    names = sorted({name for found in outcomes.values() for name in found})
    ends = {name: {zone: found.get(name, "not run") for zone, found in outcomes.items()} for name in names}
    return [f"{name}: {by_zone}" for name, by_zone in ends.items() if len(set(by_zone.values())) > 1]
