"""Cases that may be about the matter of a text: among those that the reader sees, and never a confidential one.

Looked at are the newest cases of the same facility in a window, by index; and, since many a report names no facility,
the newest that share rare words with the text, by the search index. Of those only the likeliest are compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Q

from common.text import fold
from facilities.models import Facility
from feedback.models import Case
from feedback.search import newest_with_two
from suggestions.engine.model import shipped
from suggestions.engine.pairs import STOP, Told, alike_in, shipped_judge

WINDOW = timedelta(days=30)
COMPARED = 60  # of a facility's cases
LOOKED_AT, OF_WORDS = 400, 25  # cases that share rare words: so many are weighed by words, so many compared
TELLING_WORDS = 7  # pairs of neighbouring words, and as many single words
SHOWN = 3


@dataclass(frozen=True)
class Twin:
    """A case that may be about the same matter, how likely it is, and the words that both share."""

    case: Case
    probability: float
    words: tuple[str, ...] = ()


def twins_of(body: str, facility: Facility | None, at: datetime, *, reader: Any, but: int | None = None) -> list[Twin]:
    """The likeliest cases of one matter, at most three. Three queries, two without a facility."""
    cases = Case.objects.visible_to(reader).filter(
        is_confidential=False, received_at__gte=at - WINDOW, received_at__lte=at + WINDOW, merged_into=None
    )
    others = (cases if but is None else cases.exclude(pk=but)).order_by("-received_at", "-id")
    found = others.only("reference", "body", "received_at", "status", "facility").select_related("facility")
    judge, rarity = shipped_judge(), shipped().idf
    told = Told.of(body, facility.code if facility else None, at)
    near = list(found.filter(facility=facility)[:COMPARED]) if facility else []
    twins = []
    for case in (*near, *_of_like_words(body, found, facility, reader)):
        other = Told.of(case.body, case.facility.code if case.facility else None, case.received_at)
        twins.append(Twin(case, judge.probability(told, other, rarity), alike_in(told, other, rarity)))
    likely = [twin for twin in twins if twin.probability >= judge.offered_from]
    return sorted(likely, key=lambda twin: -twin.probability)[:SHOWN]


def _of_like_words(body: str, cases: Any, facility: Facility | None, reader: Any) -> list[Case]:
    """Those that share the most telling words with a text: where its facility is known, only reports that name none."""
    tokens = _telling(body)
    if len(tokens) < 2:
        return []
    numbers = newest_with_two(sorted(tokens), reader=reader, most=LOOKED_AT)
    rows = cases.filter(Q(facility=None) if facility else Q(), pk__among=numbers)
    weighed = [(sum(tokens.get(one, 0.0) for one in _tokens(case.body)), case) for case in rows]
    weighed.sort(key=lambda pair: -pair[0])
    return [case for _weight, case in weighed[:OF_WORDS]]


def _tokens(body: str) -> Iterable[str]:
    """The words of a text and its pairs of neighbours, as the search index holds them."""
    syllables = fold(body[:4000]).split()
    return {*syllables, *(f"_{one}_{two}" for one, two in pairwise(syllables) if not {one, two} <= STOP)}


def _telling(body: str) -> dict[str, float]:
    """The rarest words and pairs of a text, as far as other texts hold them at all, with their weights."""
    rarity, weights = shipped().idf, {}
    for token in _tokens(body):
        name = f"f:{token.strip('_').replace('_', ' ')}"
        if token not in STOP and name in rarity and len(token) > 1:
            weights[token] = rarity[name]
    rarest = sorted(weights, key=lambda token: (-weights[token], token))
    pairs = [token for token in rarest if token.startswith("_")][:TELLING_WORDS]
    return {token: weights[token] for token in (*pairs, *[t for t in rarest if not t.startswith("_")][:TELLING_WORDS])}
