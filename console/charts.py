"""Pictures of counts, as numbers for templates: shapes in a box of 100 by 100 that stretches to any width. Labels stand
beside the shapes as text, so they stay readable on a telephone and in a screen reader."""

from collections.abc import Sequence
from dataclasses import dataclass

BOX = 100.0
_GAP = 0.28  # of a column's width


@dataclass(frozen=True)
class Point:
    """One value, what it is called, and the page that shows what is behind it. `value` None: nothing to say."""

    label: str
    value: float | None
    href: str = ""
    is_dim: bool = False


@dataclass(frozen=True)
class Column:
    """A point as a column."""

    point: Point
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Columns:
    """Columns beside each other, with the round value at which the box ends."""

    columns: list[Column]
    top: int

    @property
    def middle(self) -> int:
        return self.top // 2


@dataclass(frozen=True)
class Bar:
    """A point as a bar from the left, `share` of the longest."""

    point: Point
    share: str


@dataclass(frozen=True)
class Line:
    """Points joined by a line; `last` and `change` (against the point before) for the figure beside it."""

    points: list[Point]
    path: str
    area: str
    last: float | None
    change: float | None

    @property
    def trend(self) -> str:
        """Where it goes, as the rounded figure shows it: `up`, `down`, or nowhere."""
        change = round(self.change or 0)
        return "up" if change > 0 else "down" if change < 0 else ""

    @property
    def size(self) -> float:
        """How far it went; which way the arrow beside it says."""
        return abs(self.change or 0)


def columns(points: Sequence[Point]) -> Columns:
    """Columns from the floor up."""
    top = round_top(max((point.value or 0 for point in points), default=0))
    step = BOX / max(1, len(points))
    drawn = []
    for place, point in enumerate(points):
        height = BOX * (point.value or 0) / top
        drawn.append(Column(point, _n(step * (place + _GAP / 2)), _n(BOX - height), _n(step * (1 - _GAP)), _n(height)))
    return Columns(drawn, top)


def bars(points: Sequence[Point], limit: int) -> list[Bar]:
    """The `limit` longest bars, longest first; bars without a value are left out."""
    longest = sorted((point for point in points if point.value), key=lambda point: -(point.value or 0))[:limit]
    top = max((point.value or 0 for point in longest), default=1)
    return [Bar(point, _n(BOX * (point.value or 0) / top)) for point in longest]


def line(points: Sequence[Point]) -> Line:
    """A line through percentages; points without a value are passed over."""
    known = [(place, point.value) for place, point in enumerate(points) if point.value is not None]
    step = BOX / max(1, len(points) - 1)
    places = [f"{_n(place * step)},{_n(BOX - value)}" for place, value in known]
    path = " ".join(places)
    area = f"{_n(known[0][0] * step)},{_n(BOX)} {path} {_n(known[-1][0] * step)},{_n(BOX)}" if known else ""
    last = known[-1][1] if known else None
    change = known[-1][1] - known[-2][1] if len(known) > 1 else None
    return Line(list(points), path, area, last, change)


def round_top(highest: float) -> int:
    """The next 2, 4, 6, 8 or 10 times a power of ten: an axis that ends, and is halved, at a number people know."""
    unit = 1
    while unit * 10 < highest:
        unit *= 10
    return next(step * unit for step in (2, 4, 6, 8, 10) if step * unit >= highest)


def _n(number: float) -> str:
    """A number as SVG wants it, whatever the reader's language."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
