"""Learning how much each sign of one matter weighs. Signs may only count in the direction that their name says: a pair
that is more alike is never less likely one matter, whatever a small set of made-up pairs seems to teach."""

from collections.abc import Mapping, Sequence
from typing import Any

from suggestions.engine.pairs import Judge, Told, likeness

SHRINKING = 0.01
OFFERED_FROM = 0.5


def signs_of(pairs: Sequence[tuple[Told, Told]], rarity: Mapping[str, float]) -> list[dict[str, float]]:
    return [likeness(one, two, rarity) for one, two in pairs]


def learn_judge(signs: Sequence[Mapping[str, float]], same: Sequence[bool]) -> Judge:
    """Logistic regression with bounds on the signs of its weights."""
    import numpy
    from scipy.optimize import minimize

    names = list(signs[0])
    values = numpy.array([[one[name] for name in names] for one in signs])
    wanted = numpy.where(numpy.array(same), 1.0, -1.0)

    def loss(weights: Any) -> Any:
        heights = wanted * (values @ weights[:-1] + weights[-1])
        slope = -wanted / (1 + numpy.exp(heights)) / len(wanted)
        size = SHRINKING * (weights[:-1] ** 2).sum() / 2
        gradient = numpy.append(values.T @ slope + SHRINKING * weights[:-1], slope.sum())
        return numpy.logaddexp(0, -heights).mean() + size, gradient

    bounds = [(None, 0.0) if name.startswith("-") else (0.0, None) for name in names] + [(None, None)]
    found = minimize(loss, numpy.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    weights = {name: round(float(weight), 3) for name, weight in zip(names, found, strict=False)}
    return Judge(weights, round(float(found[-1]), 3), OFFERED_FROM)
