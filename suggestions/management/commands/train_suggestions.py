"""Learn: a candidate from confirmed cases, or, with labelled files, the model that comes with the program."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from suggestions import learning, measuring
from suggestions.engine.knowledge import DATA, categories


class Command(BaseCommand):
    help = (
        "Learns a candidate from confirmed cases, as the weekly task does, or with a file the model that comes with the"
        " program, and prints, as JSON, what cross-validation says of the result."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="labelled texts, JSONL")
        parser.add_argument("--pairs", type=Path, help="labelled pairs, JSONL")
        parser.add_argument("--write", action="store_true", help="replace the model that comes with the program")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"] is None:
            return self._from_cases()
        from suggestions.engine.training import Lesson, learn, lessons_by_hand

        texts, codes = measuring.labelled(options["file"]), sorted(categories().spelt)
        told: dict[str, Any] = {"cross_validated": measuring.cross_validated(texts, codes)}
        model = learn([*lessons_by_hand(), *(Lesson(t.read, t.row["category"], 2.0) for t in texts)], codes)
        if options["write"]:
            (DATA / "model.npz").write_bytes(model.stored())
        if options["pairs"]:
            told["pairs_cross_validated"] = self._pairs(options["pairs"], model.idf, is_kept=options["write"])
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))

    def _from_cases(self) -> None:
        learnt = learning.learn()
        if learnt is None:
            self.stdout.write("Nothing learnt: too few confirmed cases, or too few since the last candidate.")
            return
        told: dict[str, Any] = {"version": learnt.version, "confirmed_cases": learnt.learnt_from}
        told |= {
            "cross_validated": learnt.figures,
            "beside_the_model_in_use": learnt.compared,
            "is_worse": learnt.is_worse,
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))

    def _pairs(self, path: Path, rarity: dict[str, float], *, is_kept: bool) -> dict[str, Any]:
        from suggestions.engine.training_pairs import OFFERED_FROM, learn_judge, signs_of

        pairs, same = measuring.pairs_of(path)
        signs, likely = signs_of(pairs, rarity), [0.0] * len(pairs)
        for fold in range(measuring.FOLDS):
            rest = [at for at in range(len(pairs)) if at % measuring.FOLDS != fold]
            judge = learn_judge([signs[at] for at in rest], [same[at] for at in rest])
            for at in range(fold, len(pairs), measuring.FOLDS):
                likely[at] = judge.probability(*pairs[at], rarity)
        if is_kept:
            judge = learn_judge(signs, same)
            kept = {"weights": judge.weights, "bias": judge.bias, "offered_from": judge.offered_from}
            (DATA / "pairs.json").write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
        return measuring.told_apart(likely, same, OFFERED_FROM)
