"""Finding cases by words, without accents, at a million cases.

Every case has the set of its folded syllables and of its pairs of neighbouring syllables (Vietnamese syllables are few
and frequent, pairs are not), and beside them marks: who may find it, and how new it is. A search asks for the pairs
first, for loose syllables only when there are no pairs, and for the newest cases only as far as they are needed.

The words themselves are read by two functions of the database, which answer with ids and yes or no. They find more than
the reader may see: what is shown is decided by the rows that they are asked about (`visible_to`)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import Q, QuerySet

from common.identifiers import check_letter
from common.statements import Part, run
from common.text import fold
from facilities.models import Facility
from facilities.search import ALL_WORDS
from feedback.models import Case
from feedback.models.search import Holds

REFERENCE = re.compile(r"^\s*PA-?\s*(\d{4})-?\s*(\d{1,9})(?:\s*-?\s*([A-Z]))?\s*$", re.IGNORECASE)
MAX_SYLLABLES = 12
FACILITIES = 5  # a question that fits more of them is not about one
NAMED = 2000  # so many of the newest matches are named; older ones are recognised one by one, as a list reaches them
CHUNK, ERA = 14, 17  # bits of a case's number: its neighbours by age, as `feedback_search_newest` asks for them


def words_of(*texts: str) -> list[str]:
    """The tokens of a text: folded syllables and pairs of neighbours, each once. Pairs begin with a mark of their own,
    so that a syllable's beginning never has to pass by all of its pairs."""
    tokens: set[str] = set()
    for text in texts:
        syllables = fold(text).split()
        tokens.update(syllables)
        tokens.update(f"_{first}_{second}" for first, second in zip(syllables, syllables[1:], strict=False))
    return sorted(token[:60] for token in tokens)


def marks_of(case: Case) -> list[str]:
    """What an entry tells beside words: how new the case is (`c:`, `e:`), to which facility it was released (`f:`), in
    which division it lies (`d:`), which people have to do with it (`p:`). No word holds a colon."""
    marks = {f"c:{case.pk >> CHUNK}", f"e:{case.pk >> ERA}"}
    if case.is_released and case.facility_id:
        marks.add(f"f:{case.facility_id}")
    if case.division_id:
        marks.add(f"d:{case.division_id}")
    marks.update(f"p:{person}" for person in (case.assignee_id, case.recorded_by_id) if person)
    return sorted(marks)


def index(case: Case) -> None:
    """Write or renew a case's entry; a confidential case has none. One statement. To be called in the transaction that
    changes the case's words, marks or confidence."""
    entry = entry_of(case)
    if entry is None:
        run("DELETE FROM feedback_searchentry WHERE case_id = %s", [case.pk])
    else:
        run(_RENEW, entry.params)


# no ON CONFLICT: its `excluded.words` would ask for the right to read words, which the application does not have
_RENEW = """
MERGE INTO feedback_searchentry entry
USING (VALUES (%s::bigint, array_to_tsvector(%s::text[]))) AS new(case_id, words) ON entry.case_id = new.case_id
WHEN MATCHED THEN UPDATE SET words = new.words
WHEN NOT MATCHED THEN INSERT (case_id, words) VALUES (new.case_id, new.words)
"""


def entry_of(case: Case) -> Part | None:
    """The entry of a case as a part of a statement that writes more; None for a confidential case."""
    if case.is_confidential:
        return None
    sql = "INSERT INTO feedback_searchentry (case_id, words) VALUES (%s, array_to_tsvector(%s::text[]))"
    tokens = words_of(case.title, case.body, case.facility_said) + marks_of(case)
    return Part(sql, (case.pk, _array(tokens)))


def _array(tokens: list[str]) -> str:
    """An array as PostgreSQL reads it. The driver's own way looks at each token several times; none holds a mark that
    would have to be escaped: folding leaves letters, digits and `_`."""
    return '{"' + '","'.join(tokens) + '"}' if tokens else "{}"


@dataclass(frozen=True)
class Look:
    """What one look into the index found, to be applied to cases. `named` are the newest matches by number; when there
    are more than `NAMED`, older ones are recognised one by one."""

    query: str
    named: list[int]
    facilities: tuple[Facility, ...] = ()  # that answer to these words by any of their names: their cases match too
    is_misread: bool = False  # a reference whose letter does not fit

    def among(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        """Those of `cases` that match: all of them, to be ordered newest first by the caller."""
        matching = Q(pk__among=self.named)
        if len(self.named) > NAMED:
            matching |= self._older
        if self.facilities:
            matching |= Q(facility__in=[facility.pk for facility in self.facilities])
        return cases.filter(matching)

    def parts(self, cases: QuerySet[Case]) -> QuerySet[Case] | list[QuerySet[Case]]:
        """The same for counts that stop at a cap: in parts without a common row, the quick one first, where it can be
        told apart so."""
        if self.facilities:
            return self.among(cases)
        named = cases.filter(pk__among=self.named)
        return [named] if len(self.named) <= NAMED else [named, cases.filter(self._older)]

    @property
    def _older(self) -> Q:
        # in this order: PostgreSQL keeps it, and the second half costs a hundred times the first
        return Q(pk__lt=self.named[-1]) & Q(Holds("pk", self.query))


@dataclass(frozen=True)
class OneReference(Look):
    """The look for a reference: no words at all."""

    def among(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        return cases.filter(reference=self.query)

    def parts(self, cases: QuerySet[Case]) -> list[QuerySet[Case]]:
        return [self.among(cases)]


def look(text: str, *, reader: Any = None) -> Look:
    """Look for what a person typed: for a reference in any spelling, else for words. `reader` is who asks, where only
    what they see is wanted: it spares looking at the rest. At most three statements."""
    if number := REFERENCE.match(text):
        digits = f"{number[1]}{int(number[2]):06d}"
        is_misread = bool(number[3]) and number[3].upper() != check_letter(digits)
        return OneReference("" if is_misread else f"PA-{digits[:4]}-{digits[4:]}", [], is_misread=is_misread)
    query = query_of(text)
    named = _newest(query, reader)
    if not named:
        query = query_of(text, loose=True)
        named = _newest(query, reader)
    return Look(query, named, _facilities(text))


def _facilities(text: str) -> tuple[Facility, ...]:
    """The few facilities that answer to a text by a name, a former name, an alias or a former district; none where it
    fits many. One statement, none for a single word."""
    syllables = len(fold(text).split())
    if not 1 < syllables <= MAX_SYLLABLES:
        return ()
    rows: Any = Facility.objects.matching(text, FACILITIES + 1)
    found = [row for row in rows if row.match_tier <= ALL_WORDS]
    return tuple(found) if len(found) <= FACILITIES else ()


def matching(cases: QuerySet[Case], text: str, *, reader: Any = None) -> QuerySet[Case]:
    """Those of `cases` that hold the words, or have the reference; see `look`."""
    return look(text, reader=reader).among(cases)


def query_of(text: str, *, loose: bool = False) -> str:
    """The tsquery of what a person typed: neighbouring syllables as pairs, a single syllable as it is; when that finds
    nothing, loosely: syllables that stand apart, a single one as a beginning."""
    syllables = fold(text).split()[:MAX_SYLLABLES]
    if not syllables:
        return ""
    if len(syllables) == 1:
        return f"'{syllables[0]}':*" if loose and len(syllables[0]) > 2 else f"'{syllables[0]}'"
    if loose:
        return " & ".join(f"'{syllable}'" for syllable in syllables)
    return " & ".join(f"'_{first}_{second}'" for first, second in zip(syllables, syllables[1:], strict=False))


def _newest(query: str, reader: Any) -> list[int]:
    """The cases with the highest numbers that match, at most `NAMED` + 1, the highest first."""
    if not query:
        return []
    marks = _marks_for(reader)
    narrowed = f"({query}) & ({' | '.join(marks)})" if marks else query
    ((found,),) = run("SELECT feedback_search_newest(%s::tsquery, %s)", [narrowed, NAMED + 1])
    return list(found)


def newest_with_two(tokens: Sequence[str], *, reader: Any, most: int) -> list[int]:
    """The cases with the highest numbers that hold at least two of these tokens (`words_of`), whether or not the reader
    sees them. One statement."""
    marks = _marks_for(reader)
    asked = " | ".join(f"('{one}' & '{two}')" for one, two in combinations(tokens, 2))
    narrowed = f"({asked}) & ({' | '.join(marks)})" if marks else asked
    ((found,),) = run("SELECT feedback_search_newest(%s::tsquery, %s)", [narrowed, most])
    return list(found)


def _marks_for(reader: Any) -> list[str]:
    """Marks of which every case that this person may see has one; none where that is nearly every case.

    No rule of its own: it says less than `feedback.visibility`, for speed, and a test holds it to that."""
    if reader is None or reader.is_superuser or reader.has_perm("feedback.view_every_case"):
        return []
    marks = {f"'p:{reader.pk}'"}
    if reader.has_perm("feedback.view_division_case"):
        marks.update(f"'d:{division}'" for division in reader.scope.divisions)
    if reader.has_perm("feedback.view_facility_case"):
        marks.update(f"'f:{facility}'" for facility in reader.scope.facilities)
    return sorted(marks)
