"""The parts of a unit's score, from counts of its own duties. Pure.

Each part is a share, so that a station with three duties and a hospital with ninety compare; a part that has nothing to
count is left out, and the points of the others stand for the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from directives.choices import ScorePart
from directives.tallies import Tally

CENT = Decimal("0.01")
WHOLE = Decimal(100)


@dataclass(frozen=True)
class Weight:
    """How many points a part gives at most, and who says so."""

    part: str
    points: int
    source: str

    def as_row(self) -> dict[str, Any]:
        return {"part": self.part, "points": self.points, "source": self.source}


@dataclass(frozen=True)
class Scored:
    """A unit's points of 100 and how they came about; None when nothing of it was due."""

    points: Decimal | None
    parts: Sequence[dict[str, Any]]


def counted(tally: Tally) -> dict[str, tuple[int, int]]:
    """Of each part how many, of how many."""
    return {
        ScorePart.ON_TIME: (tally.on_time, tally.due),
        ScorePart.FIRST_TIME: (tally.handed_in - min(tally.returned, tally.handed_in), tally.handed_in),
        ScorePart.EVIDENCE: (tally.proven, tally.due),
        ScorePart.NOT_OVERDUE: (tally.due - min(tally.overdue, tally.due), tally.due),
    }


def scored(tally: Tally, weights: Sequence[Weight]) -> Scored:
    """The score by these weights."""
    counts, rows = counted(tally), []
    reached, most = Decimal(0), 0
    for weight in weights:
        count, of = counts[weight.part]
        points = (Decimal(weight.points) * count / of).quantize(CENT, ROUND_HALF_UP) if of else None
        rows.append({"part": weight.part, "most": weight.points, "count": count, "of": of, "points": _plain(points)})
        if points is not None:
            reached += Decimal(weight.points) * count / of
            most += weight.points
    whole = (reached * WHOLE / most).quantize(CENT, ROUND_HALF_UP) if most else None
    return Scored(whole, rows)


def _plain(points: Decimal | None) -> str | None:
    return None if points is None else str(points)


def weights_from(rows: Sequence[Mapping[str, Any]]) -> list[Weight]:
    """Weights as a round keeps them."""
    return [Weight(row["part"], row["points"], row["source"]) for row in rows]
