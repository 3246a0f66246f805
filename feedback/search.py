"""Finding cases by words, without accents, at a million cases.

Every case has the set of its folded syllables and of its pairs of neighbouring syllables (Vietnamese syllables are few
and frequent, pairs are not). A search asks for the pairs first, newest cases first, and for loose syllables only when
the pairs find too little. Nothing is counted beyond a cap."""

import re
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from common.statements import Part, run
from common.text import fold
from feedback.models import Case

REFERENCE = re.compile(r"^\s*PA-?\s*(\d{4})-?\s*(\d{1,9})\s*$", re.IGNORECASE)
COUNT_CAP = 1000
MAX_SYLLABLES = 12
_COMMON = 2000  # from this many matches on, walking the newest entries beats sorting the matches


def words_of(*texts: str) -> list[str]:
    """The tokens of a case: folded syllables and pairs of neighbours, each once."""
    tokens: set[str] = set()
    for text in texts:
        syllables = fold(text).split()
        tokens.update(syllables)
        tokens.update(f"{first}_{second}" for first, second in zip(syllables, syllables[1:], strict=False))
    return sorted(token[:60] for token in tokens)


def index(case: Case) -> None:
    """Write or renew a case's entry; a confidential case has none. One statement."""
    entry = entry_of(case)
    if entry is None:
        run("DELETE FROM feedback_searchentry WHERE case_id = %s", [case.pk])
    else:
        run(f"{entry.sql} ON CONFLICT (case_id) DO UPDATE SET words = excluded.words", entry.params)


def entry_of(case: Case) -> Part | None:
    """The entry of a case as a part of a statement that writes more; None for a confidential case."""
    if case.is_confidential:
        return None
    sql = "INSERT INTO feedback_searchentry (case_id, received_at, words) VALUES (%s, %s, array_to_tsvector(%s))"
    return Part(sql, (case.pk, case.received_at, words_of(case.title, case.body, case.facility_said)))


def matching(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    """Those of `cases` that hold the words, to be ordered newest first by the caller; a reference finds its case.

    Costs one capped look at the index to learn how frequent the words are (at most `_COMMON` rows)."""
    number = REFERENCE.match(text)
    if number:
        return cases.filter(reference=f"PA-{number[1]}-{int(number[2]):06d}")
    query = query_of(text)
    if not query:
        return cases.none()
    rare = _rare_matches(query)
    if rare == [] and " " in fold(text):
        query = query_of(text, loose=True)
        rare = _rare_matches(query)
    if rare is not None:
        return cases.filter(pk__in=rare)
    return cases.filter(search_entry__words__has=query)


def query_of(text: str, *, loose: bool = False) -> str:
    """The tsquery of what a person typed: neighbouring syllables as pairs, a single syllable as a beginning."""
    syllables = fold(text).split()[:MAX_SYLLABLES]
    if not syllables:
        return ""
    if len(syllables) == 1:
        return f"'{syllables[0]}':*" if len(syllables[0]) > 2 else f"'{syllables[0]}'"
    if loose:
        return " & ".join(f"'{syllable}'" for syllable in syllables)
    return " & ".join(f"'{first}_{second}'" for first, second in zip(syllables, syllables[1:], strict=False))


def _rare_matches(query: str) -> list[int] | None:
    """The cases that match, or None when they are too many to be named."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_id FROM feedback_searchentry WHERE words @@ %s::tsquery LIMIT %s",
            [query, _COMMON + 1],
        )
        found = [row[0] for row in cursor.fetchall()]
    return found if len(found) <= _COMMON else None


def capped_count(cases: QuerySet[Any]) -> int:
    """How many rows there are, counted no further than `COUNT_CAP` + 1."""
    return int(cases.order_by().values("pk")[: COUNT_CAP + 1].count())
