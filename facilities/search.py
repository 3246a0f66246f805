"""Finding facilities by whatever people call them: one query, whatever the spelling."""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.search import SearchQuery, TrigramDistance, TrigramSimilarity
from django.db.models import Case, CharField, IntegerField, Max, Min, Q, QuerySet, When

from common.text import clean
from facilities.choices import FacilityStatus
from facilities.words import asked_words, core_of, key_of

LONGEST = 200  # characters: a question, not a letter
ALIKE = 40  # misspelt names considered
AMPLE = 10  # times as many compared as asked for
EXACT, SAME_WORDS, BEGINS, ALL_WORDS, SIMILAR = range(5)
_NUMBERED_PLACE = re.compile(r"\b(?:quan|phuong)\d+\b")


@dataclass(frozen=True)
class Question:
    """What was asked, in the forms in which it is compared."""

    text: str
    key: str
    core: str
    words: str  # a tsquery: every word, the last one as the beginning of a word

    @classmethod
    def of(cls, text: str) -> "Question":
        text = clean(text[:LONGEST])
        key = key_of(text)
        asked = asked_words(key)
        core = core_of(" ".join(asked))
        core = " ".join(_NUMBERED_PLACE.sub(" ", core).split()) or core
        words = [*asked[:-1], *(f"{word}:*" for word in asked[-1:])]
        return cls(text=text, key=key, core=core, words=" & ".join(words))


class First(ArrayAgg):
    """The first value of a group in the given order."""

    template = "(%(function)s(%(distinct)s%(expressions)s %(order_by)s))[1]"

    @property
    def output_field(self) -> CharField:  # type: ignore[override]
        return CharField()


def rank(facilities: QuerySet[Any], text: str, enough: int | None) -> Any:
    """The facilities that answer to `text`, best first, with `matched_name`, `match_tier` and `similarity`.

    `enough` bounds how many are compared where a vague question ("phòng khám") fits thousands."""
    asked = Question.of(text)
    if not asked.key:
        return facilities.none()
    in_words = SearchQuery(asked.words, config="simple", search_type="raw")
    tier = Case(
        When(Q(names__name__iexact=asked.text) | Q(code__iexact=asked.text), then=EXACT),
        When(names__key=asked.key, then=SAME_WORDS),
        When(names__key__startswith=asked.key, then=BEGINS),
        When(found_by__vector=in_words, names__core__startswith=asked.core, then=BEGINS),
        When(found_by__vector=in_words, then=ALL_WORDS),
        default=SIMILAR,
        output_field=IntegerField(),
    )
    accents = Case(When(names__name__icontains=asked.text, then=0), default=1, output_field=IntegerField())
    closeness = TrigramSimilarity("names__core", asked.core)
    return (
        facilities.filter(pk__in=_candidates(facilities, asked, in_words, enough))
        .alias(accents=Min(accents), ended=Case(When(status=FacilityStatus.ENDED, then=1), default=0))
        .annotate(
            match_tier=Min(tier),
            similarity=Max(closeness),
            matched_name=First("names__name", order_by=[tier, accents, closeness.desc(), "names__id"]),
        )
        .order_by("match_tier", "ended", "accents", "-similarity", "folded", "pk")
    )


def _candidates(facilities: QuerySet[Any], asked: Question, in_words: SearchQuery, enough: int | None) -> QuerySet[Any]:
    """Those with all words, and those whose telling words look most alike (found by nearness in the index)."""
    words = facilities.model._meta.get_field("found_by").related_model._base_manager
    names = facilities.model._meta.get_field("names").related_model._base_manager
    with_words = words.filter(vector=in_words)
    alike = names.filter(core__trigram_similar=asked.core).order_by(TrigramDistance("core", asked.core))
    if facilities.query.where:  # count among those that a filter left
        left = facilities.order_by().values("pk")
        with_words, alike = with_words.filter(facility__in=left), alike.filter(facility__in=left)
    return with_words.values("facility")[:enough].union(alike.values("facility")[:ALIKE])
