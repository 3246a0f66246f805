"""A funnel plot: facilities beside each other, each by what its exposure lets one expect. Pure.

(Spiegelhalter, "Funnel plots for comparing institutional performance", Statistics in Medicine 24 (2005) 1185–1202:
exact Poisson limits at 95% and 99.8%; where facilities differ by more than chance, limits wider by the root of the
dispersion of winsorised scores.) There is no rank in it. More reports than expected may be more harm or a place where
people dare to speak; fewer may be less harm or silence. Small exposures are drawn and not judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt

from incidents.signals.chances import chi_square_quantile, poisson_quantile

LEAST_EXPECTED = 2.0  # below which a facility is not judged
SILENT = 0.01  # chance of no report at all, below which one asks
INNER, OUTER = 0.95, 0.998
_WINSOR = 0.1
_LEAST_FACILITIES = 5


@dataclass(frozen=True)
class Standing:
    """One facility in a funnel. `beyond` says outside which limits it lies: 0 within, 1 outside 95%, 2 outside 99.8%;
    its sign which side. `is_judged` False: too small to say anything."""

    key: int
    observed: int
    expected: float
    exposure: float
    is_judged: bool
    beyond: int

    @property
    def is_silent(self) -> bool:
        """No report where several are expected: a question, never a verdict."""
        return self.observed == 0 and exp(-self.expected) < SILENT


@dataclass(frozen=True)
class Funnel:
    """All facilities with the rate that they share, and how much more than chance they differ (1: not at all)."""

    rate: float
    dispersion: float
    standings: list[Standing]

    def limits_at(self, exposure: float) -> dict[float, tuple[float, float]]:
        """Lowest and highest rate that chance gives at an exposure, for each of the two limits."""
        return {chance: _limits(self.rate * exposure, chance, self.dispersion, exposure) for chance in (INNER, OUTER)}


def funnel_of(counts: Mapping[int, tuple[int, float]]) -> Funnel | None:
    """Facilities by key with their reports and exposure. None where there are too few to compare."""
    known = {key: (count, exposure) for key, (count, exposure) in counts.items() if exposure > 0}
    total, reports = sum(exposure for _count, exposure in known.values()), sum(count for count, _e in known.values())
    if len(known) < _LEAST_FACILITIES or not reports:
        return None
    rate = reports / total
    dispersion = _dispersion([(count, rate * exposure) for count, exposure in known.values()])
    standings = [_standing(key, count, exposure, rate, dispersion) for key, (count, exposure) in known.items()]
    return Funnel(rate, dispersion, standings)


def _standing(key: int, count: int, exposure: float, rate: float, dispersion: float) -> Standing:
    expected, beyond = rate * exposure, 0
    is_judged = expected >= LEAST_EXPECTED
    if is_judged:
        for level, chance in ((1, INNER), (2, OUTER)):
            low, high = _limits(expected, chance, dispersion, 1.0)
            beyond = level if count > high else -level if count < low else beyond
    return Standing(key, count, expected, exposure, is_judged, beyond)


def _limits(expected: float, chance: float, dispersion: float, per: float) -> tuple[float, float]:
    tail = (1 - chance) / 2
    wider = sqrt(dispersion)
    low = expected - (expected - poisson_quantile(tail, expected)) * wider
    high = expected + (poisson_quantile(1 - tail, expected) - expected) * wider
    return max(0.0, low) / per, high / per


def _dispersion(pairs: Sequence[tuple[int, float]]) -> float:
    """Of the scores of facilities that are judged, outermost tenths drawn in; 1 unless a test at 5% says more."""
    scores = sorted((sqrt(count) - sqrt(expected)) * 2 for count, expected in pairs if expected >= LEAST_EXPECTED)
    if len(scores) < _LEAST_FACILITIES:
        return 1.0
    cut = int(len(scores) * _WINSOR)
    low, high = scores[cut], scores[-1 - cut]
    drawn = [min(max(score, low), high) for score in scores]
    total = sum(score**2 for score in drawn)
    return max(1.0, total / len(drawn)) if total > chi_square_quantile(0.95, len(drawn)) else 1.0
