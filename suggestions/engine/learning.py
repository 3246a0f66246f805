"""Learning on: the model that comes with the program goes on from confirmed cases, and keeps what it knew.

Ridge regression on what the model still gets wrong (its residuals), so that few cases move it a little and many a lot;
the sentences written by hand are read along, so that many cases of one kind do not make everything look like it.
No word is learnt that fewer than `AT_LEAST` cases hold, and nothing with a digit: names of people, telephones and
addresses of single cases do not get into a model."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from suggestions.engine.features import counted, weighed
from suggestions.engine.model import Model
from suggestions.engine.training import Lesson, lessons_by_hand, target

AT_LEAST = 5
RIDGE = 2.0


def learn_on(base: Model, lessons: Sequence[Lesson]) -> Model:
    """The base after these lessons. Memory grows with the square of their number."""
    if not lessons:
        return base
    import numpy
    from scipy.sparse import csr_matrix
    from sklearn.kernel_ridge import KernelRidge

    idf, labels = base.idf | _new_words(base, lessons), _labels(base, lessons)
    lessons = [*lessons_by_hand(), *lessons]
    rows, data, columns, ends = dict(base.rows), [], [], [0]
    for lesson in lessons:
        for name, value in weighed(lesson.read, idf).items():
            columns.append(rows.setdefault(name, len(rows)))
            data.append(value)
        ends.append(len(data))
    texts: Any = csr_matrix((data, columns, ends), shape=(len(lessons), len(rows)))
    weights = _begun(base, labels, rows)
    wanted = numpy.array([[target(label, lesson.code, labels) for label in labels] for lesson in lessons])
    ridge = KernelRidge(alpha=RIDGE, kernel="linear")
    ridge.fit(texts, wanted - texts @ weights, sample_weight=numpy.array([lesson.weight for lesson in lessons]))
    return Model(labels, rows, idf, (weights + texts.T @ ridge.dual_coef_).astype("float16"))


def _begun(base: Model, labels: Sequence[str], rows: dict[str, int]) -> Any:
    """What the base knows, in a table with room for what is new. A label that it does not know begins as unlikely."""
    import numpy

    weights = numpy.zeros((len(rows), len(labels)))
    known = [labels.index(label) for label in base.labels]
    weights[: len(base.rows), known] = base.weights.astype("float64")
    for at, label in enumerate(labels):
        if label not in base.labels:
            weights[rows["one"], at] = -1.0 / len(labels)
    return weights


def _labels(base: Model, lessons: Sequence[Lesson]) -> tuple[str, ...]:
    codes = {lesson.code for lesson in lessons}
    wanted = dict.fromkeys(sorted(codes | {code.partition(".")[0] for code in codes}))
    return (*base.labels, *(label for label in wanted if label not in base.labels))


def _new_words(base: Model, lessons: Sequence[Lesson]) -> dict[str, float]:
    seen: Counter[str] = Counter()
    for lesson in lessons:
        for counts in counted(lesson.read).values():
            seen.update(counts.keys())
    return {
        name: math.log((1 + len(lessons)) / (1 + times)) + 1
        for name, times in seen.items()
        if times >= AT_LEAST and name not in base.idf and not any(char.isdigit() for char in name)
    }
