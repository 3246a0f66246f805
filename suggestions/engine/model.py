"""A learnt model: a table of weights, asked without scikit-learn and read without unpickling."""

import io
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from suggestions.engine.features import Read, weighed
from suggestions.engine.knowledge import DATA

OUT_OF_SCOPE = "scope:out"
OUTSIDE = "KHAC.02"
OUT_FROM = -0.3  # the score from which a text without a facility is called out of scope; by cross-validation
ROOT_SHARE = 0.5


@dataclass(frozen=True)
class Guess:
    """One possible category with its score and the words that speak for it."""

    code: str
    score: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Model:
    """Weights per feature and label. `idf` says how rare a word is; what has none is not looked at."""

    labels: tuple[str, ...]
    rows: dict[str, int]
    idf: dict[str, float]
    weights: Any  # numpy, one row per feature, one column per label

    def scores(self, read: Read) -> dict[str, float]:
        """Per label, how much speaks for it: about 1 for surely, -1 for surely not."""
        import numpy

        found = [(self.rows[name], value) for name, value in weighed(read, self.idf).items() if name in self.rows]
        at = [row for row, _value in found]
        values = numpy.array([value for _row, value in found], dtype="float32")
        return dict(zip(self.labels, (values @ self.weights[at].astype("float32")).tolist(), strict=True))

    def categories(self, read: Read, scores: dict[str, float], limit: int = 3) -> list[Guess]:
        """The likeliest second-level categories, the likeliest first."""
        ranked = sorted(
            (label for label in scores if "." in label),
            key=lambda code: -(scores[code] + ROOT_SHARE * scores[code.partition(".")[0]]),
        )
        return [Guess(code, scores[code], tuple(read.known.get(code, (0.0, []))[1][:4])) for code in ranked[:limit]]

    def is_outside(self, read: Read, scores: dict[str, float]) -> bool:
        """Is the text about something that the health sector does not decide?"""
        return scores[OUT_OF_SCOPE] > OUT_FROM

    def stored(self) -> bytes:
        """The model as a file: a compressed numpy archive with a list of names in JSON."""
        import numpy

        names = sorted(self.rows, key=self.rows.__getitem__)
        told = json.dumps(
            {"labels": self.labels, "names": names, "idf": [round(self.idf.get(name, 0.0), 3) for name in names]},
            ensure_ascii=False,
        )
        kept = io.BytesIO()
        numpy.savez_compressed(kept, told=numpy.frombuffer(told.encode(), "uint8"), weights=self.weights)
        return kept.getvalue()

    @classmethod
    def read(cls, stored: bytes) -> "Model":
        """The model of a file. Never unpickles: a file from elsewhere is numbers and names, no code."""
        import numpy

        with numpy.load(io.BytesIO(stored), allow_pickle=False) as kept:
            told, weights = json.loads(kept["told"].tobytes()), kept["weights"]
        idf = {name: rare for name, rare in zip(told["names"], told["idf"], strict=True) if rare}
        return cls(tuple(told["labels"]), {name: row for row, name in enumerate(told["names"])}, idf, weights)


@cache
def shipped() -> Model:
    """The model that comes with the program."""
    return Model.read((DATA / "model.npz").read_bytes())
