"""Did the rate of a kind of incident rise? A Poisson CUSUM by weeks, with the false alarms it may give. Pure.

The statistic is Page's for a rate that becomes `RATIO` times what it was: each week adds what happened and takes away
what would balance halfway, `(RATIO - 1) / ln RATIO` times what was expected; below nothing it begins anew. (Lucas,
"Counted data CUSUM's", Technometrics 27 (1985) 129–144; with exposures that differ from week to week: Mei, Han and
Tsui, "Early detection of a change in Poisson rate after accounting for population size effects", Statistica Sinica 21
(2011) 597–624.)

**False alarms.** The threshold is the lowest at which a quiet series alarms in at most the wanted share of years once
it has settled, counted as a Markov chain (Brook and Evans, Biometrika 59 (1972) 539–549). That a rate is known only
from its past counts makes false alarms more frequent (Jones, Champ and Rigdon, Technometrics 46 (2004) 101–109): the
chance is averaged over the rates that the past allows. Series of so few incidents that their rate is not known are not
judged.

**How soon.** At 2% of false alarms a doubling is signalled, in the median and in nine of ten cases: at 5 a week within
4 and 8 weeks, at 2 a week within 9 and 17, at 1 a week within 16 and 33 (`tests/incidents/signals`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, log

from incidents.signals.chances import gamma_quantile, poisson

FALSE_ALARMS = 0.02  # of the quiet years of a series, usually; what holds is set (SIGNAL_FALSE_ALARMS_PERCENT)
RATIO = 2.0  # the rise that the rule is made for: a doubling
BASELINE_WEEKS, WATCHED_WEEKS = 104, 52
LEAST_KNOWN = 10  # incidents in the baseline, below which a series is not judged
ALLOWANCE = (RATIO - 1) / log(RATIO)
_RATES = 9  # rates that stand for all those which the past allows, each for as much of the chance
_STEP = 1.2  # expected counts are rounded to steps of this ratio: one threshold for each, computed once
_NEAR = 0.01  # how far the grid's allowance may be from the true one


@dataclass(frozen=True)
class Alarm:
    """The week in which the rule spoke, and the figures it stood on. `week` counts from the first watched one, `since`
    is the week in which the excess began."""

    week: int
    since: int
    observed: int
    expected: float
    statistic: float
    threshold: float

    @property
    def ratio(self) -> float:
        return self.observed / self.expected


def expected_counts(before: int, exposure_before: float, exposures: Sequence[float]) -> list[float] | None:
    """What each week would bring at the baseline's rate; None where that is not known well enough to judge."""
    if before < LEAST_KNOWN or exposure_before <= 0 or not any(exposures):
        return None
    return [before / exposure_before * exposure for exposure in exposures]


def alarm_in(counts: Sequence[int], expected: Sequence[float], false_alarms: float = FALSE_ALARMS) -> Alarm | None:
    """The first alarm in these weeks, None when there is none."""
    threshold = threshold_for(sum(expected) / len(expected), false_alarms)
    statistic, since = 0.0, 0
    for week, (count, mean) in enumerate(zip(counts, expected, strict=True)):
        statistic += count - ALLOWANCE * mean
        if statistic <= 0:
            statistic, since = 0.0, week + 1
        elif statistic >= threshold:
            seen = slice(since, week + 1)
            return Alarm(week, since, sum(counts[seen]), sum(expected[seen]), statistic, threshold)
    return None


def threshold_for(mean: float, false_alarms: float = FALSE_ALARMS) -> float:
    """The threshold for a weekly expectation; remembered, a tenth of a second at first."""
    return _threshold(max(-40, round(log(max(mean, 1e-9)) / log(_STEP))), false_alarms)


@lru_cache(maxsize=1024)
def _threshold(step: int, false_alarms: float) -> float:
    mean = _STEP**step
    grid, allowance = _grid(ALLOWANCE * mean)
    rates = _rates_that_the_past_allows(mean)
    low, high = 0, 9 * grid
    while _alarms(high, allowance, grid, rates) > false_alarms:
        low, high = high, ceil(high * 1.25)
    low = max(low, high // 2)
    while high - low > 1:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _alarms(middle, allowance, grid, rates) > false_alarms else (low, middle)
    return high / grid


def _grid(allowance: float) -> tuple[int, int]:
    """The coarsest grid, as units of one incident, on which a week's allowance is nearly whole, and that allowance."""
    parts = 1
    while True:
        whole = round(1 / allowance * parts), parts
        grid, units = whole if allowance < 1 else (parts, round(allowance * parts))
        if grid and abs(units / grid / allowance - 1) <= _NEAR:
            return grid, units
        parts += 1


def _rates_that_the_past_allows(mean: float) -> list[float]:
    known = max(mean * BASELINE_WEEKS, LEAST_KNOWN)
    spread = [gamma_quantile((each + 0.5) / _RATES, known) / known for each in range(_RATES)]
    return [mean * factor for factor in spread]


def _alarms(threshold: int, allowance: int, grid: int, rates: Sequence[float]) -> float:
    """The share of quiet years with an alarm, over these rates."""
    return sum(_alarms_at(threshold, allowance, grid, rate) for rate in rates) / len(rates)


def _alarms_at(threshold: int, allowance: int, grid: int, mean: float) -> float:
    """The chance of an alarm in the second year, when there was none in the first; in units of the grid.

    Long before that the chance of an alarm next week, none having come, hardly changes any more: then that is it."""
    shifts = [(count * grid - allowance, poisson(count, mean)) for count in range(ceil(mean + 8 * mean**0.5 + 4))]
    standing, before = [1.0] + [0.0] * (threshold - 1), 0.0
    for _week in range(2 * WATCHED_WEEKS):
        following = [0.0] * threshold
        for place, weight in enumerate(standing):
            if weight > 1e-9:
                for shift, chance in shifts:
                    reached = place + shift
                    if reached >= threshold:
                        break
                    following[reached if reached > 0 else 0] += weight * chance
        quiet = sum(following)
        if quiet <= 0:
            return 1.0
        standing = [weight / quiet for weight in following]
        if abs((1 - quiet) - before) <= 1e-3 * before:
            break
        before = 1 - quiet
    return 1 - (1 - before) ** WATCHED_WEEKS
