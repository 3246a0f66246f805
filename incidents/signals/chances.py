"""The few distributions that charts and rules need, from the standard library alone. Pure."""

from math import exp, lgamma, log, sqrt
from statistics import NormalDist

_NORMAL = NormalDist()


def poisson(count: int, mean: float) -> float:
    """The chance of exactly `count` events where `mean` are expected."""
    if mean <= 0:
        return 1.0 if count == 0 else 0.0
    return exp(count * log(mean) - mean - lgamma(count + 1))


def poisson_at_most(count: int, mean: float) -> float:
    """The chance of `count` events or fewer."""
    return min(1.0, sum(poisson(each, mean) for each in range(count + 1)))


def poisson_quantile(chance: float, mean: float) -> float:
    """Where a Poisson distribution reaches `chance`, between two counts in the proportion of their chances, so that
    limits drawn over the mean are smooth (Spiegelhalter 2005, appendix A.1.1). Never below 0."""
    reached, count = 0.0, 0
    while True:
        here = poisson(count, mean)
        if reached + here >= chance or count > 10 * mean + 100:
            return max(0.0, count - (reached + here - chance) / here) if here else float(count)
        reached, count = reached + here, count + 1


def gamma_quantile(chance: float, shape: float) -> float:
    """Where a gamma distribution of scale 1 reaches `chance`, by Wilson and Hilferty (1931); good to a few in a
    thousand from a shape of 5 upwards."""
    cube = 1 - 1 / (9 * shape) + _NORMAL.inv_cdf(chance) / (3 * sqrt(shape))
    return float(shape * max(0.0, cube) ** 3)


def chi_square_quantile(chance: float, freedom: int) -> float:
    """Where a chi-square distribution reaches `chance`."""
    return 2 * gamma_quantile(chance, freedom / 2)
