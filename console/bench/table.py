"""The rows of the benchmark's table: who measures them, and how they are shown."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
HEAD = ("#", "Work", "Figure", "Raw SQL", "Ratio", "Target", "Met", "Remarks")


@dataclass(frozen=True)
class Row:
    """One line: the figure, the raw figure of the same run, their ratio, the target and whether it is met."""

    number: str
    work: str
    figure: str
    target: str = ""
    raw: str = ""
    ratio: float | None = None
    is_met: bool | None = None
    remarks: str = ""

    def cells(self) -> list[str]:
        """As shown; nothing is rounded into a success."""
        met = {True: "yes", False: "**no**", None: ""}[self.is_met]
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return [self.number, self.work, self.figure, self.raw, ratio, self.target, met, self.remarks]


Measure = Callable[[Any], Iterable[Row]]
MEASURES: dict[str, Measure] = {}  # by name, in the order of the table


def measures(name: str) -> Callable[[Measure], Measure]:
    """Register a function that measures `name` on a `console.bench.stage.Stage` and gives its rows."""

    def register(function: Measure) -> Measure:
        MEASURES[name] = function
        return function

    return register


def p50(seconds: Sequence[float]) -> float:
    return median(seconds)


def p95(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]


def ms(seconds: float) -> str:
    """A time as people read it."""
    return f"{seconds * 1000:.1f} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"


def times(seconds: Sequence[float]) -> str:
    return f"p50 {ms(p50(seconds))}, p95 {ms(p95(seconds))}"


def as_text(rows: Sequence[Row]) -> str:
    """For a terminal."""
    cells = [list(HEAD), *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells
    )


def as_markdown(rows: Sequence[Row]) -> str:
    """For the documentation."""
    lines = [list(HEAD), ["---"] * len(HEAD), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write_json(rows: Sequence[Row], about: dict[str, Any], path: Path) -> None:
    """For programs."""
    path.write_text(
        json.dumps({**about, "rows": [asdict(row) for row in rows]}, ensure_ascii=False, indent=1), encoding="utf-8"
    )


def write_into(path: Path, text: str) -> None:
    """Put the table between the marks of a page; the words around it stay."""
    page = path.read_text(encoding="utf-8") if path.exists() else f"{BEGIN}\n{END}\n"
    before, _begin, rest = page.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
