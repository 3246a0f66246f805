"""Control charts and funnels as shapes in a box of 100 by 100 for templates; the numbers stand in a table beside them.
Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from incidents.signals.control import Control
from incidents.signals.funnel import INNER, OUTER, Funnel

BOX = 100.0


@dataclass(frozen=True)
class Dot:
    """A value as a dot; `is_out` outside its limits, `is_faint` too small to judge."""

    x: str
    y: str
    label: str
    is_out: bool = False
    is_faint: bool = False


@dataclass(frozen=True)
class Drawing:
    """Lines (each a list of places) and dots, with the highest value of the axis."""

    lines: list[tuple[str, str]]  # what it is (value, centre, upper, lower, inner), and its places
    dots: list[Dot]
    top: float


def of_control(chart: Control, labels: Sequence[str]) -> Drawing:
    """Values over time with centre and limits."""
    highest = max(max(spot.value, spot.upper or 0) for spot in chart.spots) * 1.08 or 1.0
    step = BOX / max(1, len(chart.spots) - 1)

    def places(values: Sequence[float | None]) -> str:
        return " ".join(f"{_n(n * step)},{_y(value, highest)}" for n, value in enumerate(values) if value is not None)

    lines = [
        ("upper", places([spot.upper for spot in chart.spots])),
        ("lower", places([spot.lower for spot in chart.spots])),
        ("centre", places([chart.centre] * len(chart.spots))),
        ("value", places([spot.value for spot in chart.spots])),
    ]
    dots = [
        Dot(_n(n * step), _y(spot.value, highest), f"{label}: {spot.value:.2f}", spot.is_outside)
        for n, (spot, label) in enumerate(zip(chart.spots, labels, strict=True))
    ]
    return Drawing([(name, line) for name, line in lines if line], dots, highest)


def of_funnel(funnel: Funnel, names: dict[int, str]) -> Drawing:
    """Rates over exposure between both limits."""
    widest = max(standing.exposure for standing in funnel.standings)
    rates = {standing.key: standing.observed / standing.exposure for standing in funnel.standings}
    highest = max(*rates.values(), funnel.rate * 3) * 1.08
    steps = [widest * n / 40 for n in range(1, 41)]
    limits = [funnel.limits_at(exposure) for exposure in steps]
    lines = [("centre", f"0,{_y(funnel.rate, highest)} 100,{_y(funnel.rate, highest)}")]
    for name, chance in (("inner", INNER), ("outer", OUTER)):
        for side in (0, 1):
            places = [(exposure, found[chance][side]) for exposure, found in zip(steps, limits, strict=True)]
            line = " ".join(f"{_n(BOX * x / widest)},{_y(min(y, highest), highest)}" for x, y in places)
            lines.append((name, line))
    dots = [
        Dot(
            _n(BOX * standing.exposure / widest), _y(rates[standing.key], highest), names.get(standing.key, ""),
            abs(standing.beyond) == 2, not standing.is_judged,
        )
        for standing in funnel.standings
    ]  # fmt: skip
    return Drawing(lines, dots, highest)


def _y(value: float, highest: float) -> str:
    return _n(BOX - BOX * value / highest)


def _n(number: float) -> str:
    """A number as SVG wants it, whatever the reader's language."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
