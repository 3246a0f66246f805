"""Chance that comes out the same every time."""

from math import exp
from random import Random


def drawn(dice: Random, mean: float) -> int:
    """A Poisson count, by Knuth's way."""
    limit, count, product = exp(-mean), 0, dice.random()
    while product > limit:
        count, product = count + 1, product * dice.random()
    return count
