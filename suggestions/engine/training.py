"""Learning a model with scikit-learn: in a worker or by command, never in a web process."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from suggestions.engine.features import Read, counted, weighed
from suggestions.engine.knowledge import examples
from suggestions.engine.model import OUT_OF_SCOPE, OUTSIDE, Model

AT_LEAST = {"word": 2, "part": 4}  # texts in which a word or a part of one must occur
RIDGE = 0.7


@dataclass(frozen=True)
class Lesson:
    """One text with its category, and how much it counts."""

    read: Read
    code: str
    weight: float = 1.0


@cache
def lessons_by_hand() -> tuple[Lesson, ...]:
    """The examples of the knowledge file, read once."""
    return tuple(Lesson(Read.of(one.text), one.label) for one in examples())


def learn(lessons: Sequence[Lesson], codes: Sequence[str]) -> Model:
    """A model from lessons: ridge regression on one label each, in its dual form (few texts, many words)."""
    import numpy
    from scipy.sparse import csr_matrix
    from sklearn.kernel_ridge import KernelRidge

    idf = _idf(lessons)
    rows: dict[str, int] = {}
    data: list[float] = []
    columns: list[int] = []
    ends = [0]
    for lesson in lessons:
        for name, value in weighed(lesson.read, idf).items():
            columns.append(rows.setdefault(name, len(rows)))
            data.append(value)
        ends.append(len(data))
    texts: Any = csr_matrix((data, columns, ends), shape=(len(lessons), len(rows)))
    labels = _labels(codes)
    wanted = numpy.array([[target(label, lesson.code, labels) for label in labels] for lesson in lessons])
    ridge = KernelRidge(alpha=RIDGE, kernel="linear")
    ridge.fit(texts, wanted, sample_weight=numpy.array([lesson.weight for lesson in lessons]))
    return Model(labels, rows, idf, (texts.T @ ridge.dual_coef_).astype("float16"))


def _labels(codes: Sequence[str]) -> tuple[str, ...]:
    roots = dict.fromkeys(code.partition(".")[0] for code in codes)
    return (*codes, *roots, OUT_OF_SCOPE)


def target(label: str, code: str, labels: tuple[str, ...]) -> float:
    """What a model is to say of a label for a text of this category."""
    if label == OUT_OF_SCOPE:
        return 1.0 if code == OUTSIDE else -1.0
    level = [one for one in labels if ("." in one) == ("." in label) and one != OUT_OF_SCOPE]
    is_it = label in (code, code.partition(".")[0])
    return 1.0 if is_it else -1.0 / (len(level) - 1)


def _idf(lessons: Sequence[Lesson]) -> dict[str, float]:
    seen: dict[str, Counter[str]] = {group: Counter() for group in AT_LEAST}
    for lesson in lessons:
        for group, counts in counted(lesson.read).items():
            seen[group].update(counts.keys())
    return {
        name: math.log((1 + len(lessons)) / (1 + times)) + 1
        for group, counts in seen.items()
        for name, times in counts.items()
        if times >= AT_LEAST[group]
    }
