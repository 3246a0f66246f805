"""How good suggestions are on labelled texts: the same measures for the commands, the tests and the documentation."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from suggestions import naming
from suggestions.engine.features import Read
from suggestions.engine.model import Model, shipped
from suggestions.engine.pairs import Judge, Told, shipped_judge
from suggestions.engine.urgency import EMERGENCY
from suggestions.suggesting import Suggested, judged

FOLDS = 10


@dataclass(frozen=True)
class Labelled:
    """One text with what people said of it, read once."""

    row: dict[str, Any]
    read: Read
    named: naming.Found | None


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSONL file; blank lines are passed by."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def labelled(path: Path) -> list[Labelled]:
    """The texts of a file with the facilities found in them. Two queries a text."""
    found = []
    for row in rows_of(path):
        named = naming.named_in(row["text"])
        found.append(Labelled(row, Read.of(row["text"], named.facility.type if named else ""), named))
    return found


def leaders(texts: Sequence[Labelled]) -> list[int]:
    """For each text, the first one that it is a near-copy of, or itself."""
    leader: list[int] = []
    words = [set(text.read.text.folded) for text in texts]
    for at, mine in enumerate(words):
        twin = next((before for before in range(at) if _is_copy(mine, words[before])), at)
        leader.append(leader[twin] if twin < at else at)
    return leader


def _is_copy(one: set[str], two: set[str]) -> bool:
    if 2 * min(len(one), len(two)) <= max(len(one), len(two)):
        return False  # spares most of the work
    return len(one & two) * 2 > len(one | two)


def folds(texts: Sequence[Labelled], count: int = FOLDS) -> list[int]:
    """Which fold each text is in: near-copies are in one, so that none is judged by a model that read its twin."""
    return [one % count for one in leaders(texts)]


def cross_validated(texts: Sequence[Labelled], codes: Sequence[str]) -> dict[str, Any]:
    """Every text judged by a model that learnt from the other folds and the examples written by hand."""
    from suggestions.engine.training import Lesson, learn, lessons_by_hand

    fold, by_hand = folds(texts), lessons_by_hand()

    def learnt_without(one: int) -> Model:
        others = [Lesson(t.read, t.row["category"], 2.0) for t, f in zip(texts, fold, strict=True) if f != one]
        return learn([*by_hand, *others], codes)

    return judged_in_folds(texts, fold, learnt_without)


def judged_in_folds(
    texts: Sequence[Labelled], fold: Sequence[int], learnt_without: Callable[[int], Model]
) -> dict[str, Any]:
    """Every text judged by the model that learnt without its fold."""
    said: list[Suggested | None] = [None] * len(texts)
    for one in sorted(set(fold)):
        model = learnt_without(one)
        for at, text in enumerate(texts):
            if fold[at] == one:
                said[at] = judged(text.read, text.named, model)
    return measured(texts, [one for one in said if one is not None])


def as_shipped(texts: Sequence[Labelled], model: Model | None = None) -> dict[str, Any]:
    """Every text judged by the model in use."""
    return measured(texts, [judged(text.read, text.named, model or shipped()) for text in texts])


def measured(texts: Sequence[Labelled], said: Sequence[Suggested]) -> dict[str, Any]:
    """Shares of right suggestions; None where there was nothing to be right about."""
    pairs = list(zip([text.row for text in texts], said, strict=True))
    named = [(row, one) for row, one in pairs if row.get("facility")]
    unnamed = [one for row, one in pairs if not row.get("facility")]
    outside = [(not row["in_scope"], one.is_outside) for row, one in pairs]
    urgent = [(row["urgency"] == EMERGENCY, one.is_emergency) for row, one in pairs]
    return {
        "texts": len(pairs),
        "category_first_level_top1": _share(_root(row["category"]) == _root(_first(one)) for row, one in pairs),
        "category_second_level_top1": _share(row["category"] == _first(one) for row, one in pairs),
        "category_second_level_top3": _share(row["category"] in [g.code for g in one.categories] for row, one in pairs),
        "facility_found_when_named": _share(
            o.facility is not None and o.facility.code == r["facility"] for r, o in named
        ),
        "facility_invented_when_none": _share(one.facility is not None for one in unnamed),
        "emergency": _precision_and_recall(urgent),
        "out_of_scope": _precision_and_recall(outside),
    }


def pairs_of(path: Path) -> tuple[list[tuple[Told, Told]], list[bool]]:
    """The pairs of a file, read, and which are of one matter."""
    pairs, same = [], []
    for row in rows_of(path):
        pairs.append((_told(row["a"], row["a_meta"]), _told(row["b"], row["b_meta"])))
        same.append(bool(row["same"]))
    return pairs, same


def duplicates(path: Path, judge: Judge | None = None) -> dict[str, Any]:
    """How well pairs of one matter are told from others, at the limit in use and at every other."""
    pairs, same = pairs_of(path)
    judge, rarity = judge or shipped_judge(), shipped().idf
    likely = [judge.probability(one, two, rarity) for one, two in pairs]
    return told_apart(likely, same, judge.offered_from)


def told_apart(likely: Sequence[float], same: Sequence[bool], limit: float) -> dict[str, Any]:
    """Precision and recall at a limit, and the best precision that keeps a recall of four fifths."""
    at_limit = _precision_and_recall([(is_same, one >= limit) for one, is_same in zip(likely, same, strict=True)])
    curve = [
        _precision_and_recall([(is_same, one >= height) for one, is_same in zip(likely, same, strict=True)])
        for height in sorted(set(likely))
    ]
    ample = [point["precision"] for point in curve if (point["recall"] or 0) >= 0.8]
    return {"pairs": len(same), "limit": limit, **at_limit, "precision_at_recall_0.8": max(ample, default=None)}


def _told(body: str, meta: dict[str, Any]) -> Told:
    return Told.of(body, meta.get("facility"), datetime.fromisoformat(meta["received_at"]))


def _root(code: str) -> str:
    return code.partition(".")[0]


def _first(one: Suggested) -> str:
    return one.categories[0].code


def _share(hits: Iterable[bool]) -> float | None:
    counted = list(hits)
    return round(sum(counted) / len(counted), 3) if counted else None


def _precision_and_recall(pairs: Sequence[tuple[bool, bool]]) -> dict[str, Any]:
    right = sum(is_so and said for is_so, said in pairs)
    said, so = sum(said for _is_so, said in pairs), sum(is_so for is_so, _said in pairs)
    return {
        "precision": round(right / said, 3) if said else None,
        "recall": round(right / so, 3) if so else None,
        "f1": round(2 * right / (said + so), 3) if said + so else None,
        "of": so,
    }
