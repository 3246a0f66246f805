"""Control charts: does the rate of one series of windows vary more than chance alone would make it? Pure.

Which chart (Benneyan, Lloyd and Plsek, "Statistical process control as a tool for research and healthcare
improvement", Quality and Safety in Health Care 12 (2003) 458–464; Provost and Murray, "The Health Care Data Guide"):

- *u chart*: counts over exposures, where at least `RARE` are expected in a window;
- *u′ chart* (Laney, "Improved control charts for attributes", Quality Engineering 14 (2002) 531–537): the same where
  the windows differ by more than chance (a chi-square test at 5%): limits as wide as the series really varies;
- *t chart* (Nelson, "A control chart for parts-per-million nonconforming items", Journal of Quality Technology 26
  (1994) 239–240): rare events; the exposure between one and the next, which chance makes exponential, is made nearly
  normal by the power 1/3.6.

Limits are three sigma. A long run on one side of the centre is the second sign: longer than log2(n) + 3 (Anhøj, Olesen,
"Run charts revisited", PLoS One 9 (2014) e113825)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2, sqrt
from statistics import mean
from typing import Literal

from incidents.signals.chances import chi_square_quantile

RARE = 1.0  # events a window, below which windows say little and gaps between events more
LEAST_WINDOWS, LEAST_GAPS = 12, 8
_POWER = 1 / 3.6
_MOVING_RANGE = 1.128  # expected range of two normal values, in sigmas
Kind = Literal["u", "laney", "t"]


@dataclass(frozen=True)
class Spot:
    """One value of a chart with its limits; `lower` None where there is none."""

    value: float
    lower: float | None
    upper: float | None

    @property
    def is_outside(self) -> bool:
        return (self.upper is not None and self.value > self.upper) or (
            self.lower is not None and self.value < self.lower
        )


@dataclass(frozen=True)
class Control:
    """A chart: values in order, the centre, and how much more than chance the series varies (1: not at all)."""

    kind: Kind
    centre: float
    spots: list[Spot]
    spread: float
    longest_run: int

    @property
    def run_limit(self) -> int:
        """The longest run on one side that chance gives."""
        return run_limit(len([spot for spot in self.spots if spot.value != self.centre]))

    @property
    def has_long_run(self) -> bool:
        return self.longest_run > self.run_limit


def run_limit(values: int) -> int:
    return round(log2(values) + 3) if values else 0


def chart_of(counts: Sequence[int], exposures: Sequence[float], gaps: Sequence[float]) -> Control | None:
    """The chart that suits a series: `counts` over `exposures`, window by window, and the exposures that lay between
    its events one after the other. None where there is too little to judge."""
    windows = [(count, exposure) for count, exposure in zip(counts, exposures, strict=True) if exposure > 0]
    if len(windows) < LEAST_WINDOWS:
        return None
    if sum(count for count, _exposure in windows) < RARE * len(windows):
        return between_events(gaps) if len(gaps) >= LEAST_GAPS else None
    return over_windows(windows)


def over_windows(windows: Sequence[tuple[int, float]]) -> Control:
    """A u chart, or Laney's where the windows differ by more than chance. Every exposure is positive."""
    centre = sum(count for count, _exposure in windows) / sum(exposure for _count, exposure in windows)
    rates = [count / exposure for count, exposure in windows]
    sigmas = [sqrt(centre / exposure) for _count, exposure in windows]
    scores = [(rate - centre) / sigma for rate, sigma in zip(rates, sigmas, strict=True)]
    dispersed = sum(score**2 for score in scores) > chi_square_quantile(0.95, len(windows) - 1)
    spread = max(1.0, _sigma_of(scores)) if dispersed else 1.0
    spots = [
        Spot(rate, max(0.0, centre - 3 * spread * sigma) or None, centre + 3 * spread * sigma)
        for rate, sigma in zip(rates, sigmas, strict=True)
    ]
    return Control("laney" if spread > 1 else "u", centre, spots, spread, _longest_run(rates, centre))


def between_events(gaps: Sequence[float]) -> Control:
    """A t chart of the exposures between events. A short gap is an early event; a long one a good time."""
    even = [max(gap, 0.0) ** _POWER for gap in gaps]
    centre, sigma = mean(even), _sigma_of(even)
    low, high = centre - 3 * sigma, (centre + 3 * sigma) ** (1 / _POWER)
    lower = low ** (1 / _POWER) if low > 0 else None
    middle = centre ** (1 / _POWER)
    return Control("t", middle, [Spot(gap, lower, high) for gap in gaps], 1.0, _longest_run(gaps, middle))


def _sigma_of(values: Sequence[float]) -> float:
    ranges = [abs(one - other) for one, other in zip(values, values[1:], strict=False)]
    return mean(ranges) / _MOVING_RANGE if ranges else 0.0


def _longest_run(values: Sequence[float], centre: float) -> int:
    longest = run = 0
    side = None
    for value in values:
        if value == centre:
            continue
        run = run + 1 if (value > centre) == side else 1
        side, longest = value > centre, max(longest, run)
    return longest
