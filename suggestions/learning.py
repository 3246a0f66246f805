"""Learning from confirmed cases: which ones count, what a candidate is compared with, and keeping it.

A candidate is never put to use here: a person chooses it on the page of the quality (`suggestions.versions.choose`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.scope import as_system
from feedback.choices import Kind, Status
from feedback.models import Case
from suggestions import measuring
from suggestions.engine.features import Read
from suggestions.engine.model import OUTSIDE, Model, shipped
from suggestions.engine.training import Lesson
from suggestions.measuring import Labelled
from suggestions.models import LearntModel, ModelSwitch
from suggestions.naming import Found
from suggestions.versions import in_use

MOST = 1500  # of the newest: memory and time grow with the square
FEWEST = 40  # confirmed cases below which nothing is learnt
FEWEST_NEW = 20  # since the last candidate, for another one; and for a comparison that says something
FOLDS = 5
HELD_OUT = 5  # one in so many of the newest is held out


@dataclass(frozen=True)
class Confirmed:
    """The texts of confirmed cases, oldest first, and when each case ended."""

    texts: list[Labelled]
    ended: list[datetime]


def confirmed_cases() -> Any:
    """Cases whose category people have worked with until the end: closed, or out of scope and not ended by one key.
    Never a confidential one, never a denunciation."""
    ended = Case.objects.filter(
        status__in=(Status.CLOSED, Status.OUT_OF_SCOPE),
        is_confidential=False,
        category__isnull=False,
        ended_at__isnull=False,
    )
    return ended.exclude(kind=Kind.DENUNCIATION).exclude(submissions__ended_as__gt="").order_by("-ended_at", "-id")


def confirmed() -> Confirmed:
    """The newest confirmed cases, read. One query, some milliseconds a text."""
    with as_system():
        rows = list(confirmed_cases().select_related("category", "facility")[:MOST])[::-1]
    texts = []
    for case in rows:
        row = {"text": "", "category": case.category.code, "in_scope": case.category.code != OUTSIDE}
        row |= {"urgency": case.urgency, "facility": case.facility.code if case.facility else None}
        named = Found(case.facility, "", 1.0) if case.facility else None
        texts.append(Labelled(row, Read.of(case.body, case.facility.type if case.facility else ""), named))
    return Confirmed(texts, [case.ended_at for case in rows])


def learn() -> LearntModel | None:
    """Learn a candidate from the newest confirmed cases and keep it with its figures.

    None where there are too few cases, or too few that the last candidate had not read. Some minutes at most."""
    last = LearntModel.objects.defer("stored").first()
    found = confirmed()
    if len(found.texts) < FEWEST:
        return None
    if last is not None and sum(one > last.learnt_until for one in found.ended) < FEWEST_NEW:
        return None
    from suggestions.engine.learning import learn_on

    return LearntModel.objects.create(
        learnt_from=len(found.texts),
        learnt_until=found.ended[-1],
        figures=_cross_validated(found.texts),
        compared=_compared(found),
        stored=learn_on(shipped(), _lessons(found.texts)).stored(),
    )


def _lessons(texts: Sequence[Labelled]) -> list[Lesson]:
    return [Lesson(text.read, text.row["category"]) for text in texts]


def _cross_validated(texts: Sequence[Labelled]) -> dict[str, Any]:
    """Every case judged by a model that learnt from the others, near-copies in one fold."""
    from suggestions.engine.learning import learn_on

    fold = measuring.folds(texts, FOLDS)

    def learnt_without(one: int) -> Model:
        return learn_on(shipped(), _lessons([text for text, f in zip(texts, fold, strict=True) if f != one]))

    return in_short(measuring.judged_in_folds(texts, fold, learnt_without))


def _compared(found: Confirmed) -> dict[str, Any]:
    """The candidate beside the model in use on the newest cases that neither has read; nothing where they are too few.

    The candidate that is judged here learnt without those cases and without near-copies of them."""
    from suggestions.engine.learning import learn_on

    used = in_use()
    newest = ModelSwitch.objects.order_by("-id").select_related("model").defer("model__stored").first()
    since = newest.model.learnt_until if newest and newest.model else None
    unread = [at for at, ended in enumerate(found.ended) if since is None or ended > since]
    held = set(unread[-max(len(found.texts) // HELD_OUT, FEWEST_NEW) :])
    if len(held) < FEWEST_NEW or len(found.texts) - len(held) < FEWEST_NEW:
        return {}
    leaders = measuring.leaders(found.texts)
    of_held = {leaders[at] for at in held}
    rest = [text for at, text in enumerate(found.texts) if leaders[at] not in of_held]
    judged = [found.texts[at] for at in sorted(held)]
    candidate = learn_on(shipped(), _lessons(rest))
    return {
        "version": used.version,
        "candidate": in_short(measuring.as_shipped(judged, candidate)),
        "in_use": in_short(measuring.as_shipped(judged, used.model)),
    }


def in_short(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures that confirmed cases can tell: what was suggested for the category, and for the scope."""
    names = ("texts", "category_first_level_top1", "category_second_level_top3", "out_of_scope")
    return {name: figures[name] for name in names}
