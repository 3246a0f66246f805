"""Finding the facility that a whole text is about, by the words facilities are searched by (`facilities.search`).

One query asks the index of words for every facility of which two neighbouring words occur in the text; the rest is
compared here, in the text's own spelling: "vì ăn" is not "Vị An", while "vi an" may be."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.contrib.postgres.search import SearchQuery

from common.text import fold
from facilities.models import Facility
from facilities.words import ABBREVIATIONS, KINDS, key_of
from suggestions.engine.words import Text

CANDIDATES = 200
LONGEST = 400  # syllables that are looked at
# what a name begins with and every second facility bears: kinds, then specialties; accent-free, longest first
_LEADING = sorted(
    {
        *(kind for kinds in KINDS.values() for kind in kinds), "benh vien", "phong kham", "nha thuoc", "quay thuoc",
        "tram", "tram y te", "trung tam", "vien tham my", "tham my vien", "spa", "co so", "khoa", "quan", "huyen",
        "thi xa", "thanh pho", "y hoc co truyen", "rang ham mat", "nha khoa", "da khoa", "chuyen khoa", "nhi",
        "phu san", "mat", "tim mach", "ung buou", "da lieu", "chan thuong chinh hinh", "tai mui hong", "noi tiet",
        "san phu khoa",
        "tham my", "than kinh", "tam than kinh", "tam than", "co xuong khop", "tieu hoa", "xet nghiem",
        "chan doan hinh anh", "khu vuc", "y te", "san nhi", "tu nhan", "quoc te",
    },
    key=len,
    reverse=True,
)  # fmt: skip
_SPECIALTIES = frozenset(
    (  # noqa: SIM905 - a list of words, read as one
        "nhi phu san mat tim mach ung buou lieu chan thuong chinh hinh tai mui hong noi tiet kinh xuong khop tieu"
    ).split()
)
_CUES = frozenset(
    (  # noqa: SIM905 - a list of words, read as one
        "vien bv pk tram tyt kham thuoc spa khoa nha rhm nhi cdc my san mat mach buou lieu hong tiet khop "
        "truyen tat khu tang lau bien cong tiem quay"
    ).split()
)
_BEFORE = frozenset(
    (  # noqa: SIM905 - a list of words, read as one
        "o tai ben cua vo vao den toi tu ve cho qua duoi tren cai bac ra goi goc khu moi"
    ).split()
)
_PLACE_TYPES = {"TYT": {"tram", "tyt"}, "CC115": {"tram", "115", "xe", "ve"}, "CDC": {"cdc", "tat"}}
_COMMON = frozenset(
    (  # noqa: SIM905 - a list of words, read as one
        "benh vien|phong kham|y te|da khoa|nha thuoc|tram y|trung tam|co so|chuyen khoa|thanh pho|ho chi|"
        "chi minh|khu vuc|xet nghiem|tham my|nha khoa|kham da|vien da|bac si"
    ).split("|")
)


@dataclass(frozen=True)
class Found:
    """A facility, the words that named it, and how surely (1: its whole name)."""

    facility: Facility
    words: str
    score: float


def named_in(body: str) -> Found | None:
    """The facility that a text names, if it names one. Two queries."""
    spelt = _spelt_out(body)
    if len(spelt) < 2:
        return None
    text = Text(tuple(spelt))
    found = [hit for facility in _candidates(text.folded) if (hit := _best(facility, text))]
    if not found:
        return _misspelt(body)
    top = max(hit.score for hit, _at in found)
    best = [(at, hit) for hit, at in found if hit.score == top]
    best.sort(key=lambda pair: pair[0])
    if top < 0.6 and len({hit.facility.pk for _at, hit in best}) > 1:
        return None  # an area and a kind that fit several
    return best[0][1]


# as they are heard: ch and tr, s and x, final c and t, n and ng are one sound to many
_HEARD = ((r"tr", "ch"), (r"^x", "s"), (r"^gi|^r", "d"), (r"iu$", "ieu"), (r"[ct]$", "t"), (r"ng$", "n"), (r"y", "i"))
_PROPER = re.compile(r"(?:[^\W\d_a-zà-ỹ]\w*[ ]){1,3}[^\W\d_a-zà-ỹ]\w*")
NAMES_TRIED = 4


def heard(syllable: str) -> str:
    """A syllable as it sounds, for names written by ear ("Lam Kìu")."""
    bare = fold(syllable)
    for written, sound in _HEARD:
        bare = re.sub(written, sound, bare)
    return bare


def _misspelt(body: str) -> Found | None:
    """A facility whose name was written by ear, in capital letters: the search by likeness finds it, its sound proves
    it. One query a name, at most four."""
    for match in list(_PROPER.finditer(body[:6000]))[:NAMES_TRIED]:
        said = [heard(one) for one in Text.of(match[0]).spelt]
        rows: Any = Facility.objects.matching(match[0], 4).prefetch_related("names")
        for facility in rows:
            for name in facility.names.all():
                wanted = [heard(one) for one in telling(name.name)]
                if (
                    len(wanted) > 1
                    and _holds(tuple(said), wanted)
                    and facility.type not in _PLACE_TYPES
                    and facility.is_open
                ):
                    return Found(facility, match[0], 0.8)
    return None


def _spelt_out(body: str) -> list[str]:
    """Syllables with abbreviations of facilities spelt out, accents kept."""
    out: list[str] = []
    for syllable in Text.of(body[:6000]).spelt[:LONGEST]:
        longer = ABBREVIATIONS.get(syllable) if len(syllable) > 1 else None
        out.extend(longer.split() if longer else [syllable])
    return out


def _candidates(folded: tuple[str, ...]) -> Iterable[Any]:
    pairs = dict.fromkeys(
        f"({one} & {two})"
        for one, two in pairwise(folded)
        if f"{one} {two}" not in _COMMON and one.isalnum() and two.isalnum()
    )
    if not pairs:
        return []
    query = SearchQuery(" | ".join(pairs), config="simple", search_type="raw")
    rows = Facility.objects.filter(found_by__vector=query).select_related("area").prefetch_related("names")
    return [row for row in rows.order_by("pk")[:CANDIDATES] if row.is_open]


def _best(facility: Any, text: Text) -> tuple[Found, int] | None:
    hits = [hit for name in facility.names.all() if (hit := _by_name(facility, name.name, text))]
    if not hits and (hit := _by_place(facility, text)):
        hits = [hit]
    if not hits:
        return None
    score, at, words = max(hits, key=lambda hit: (hit[0], -hit[1]))
    return Found(facility, words, score), at


def telling(name: str) -> list[str]:
    """The syllables of a name that tell it apart, without the words for its kind and specialty before them."""
    spelt = list(Text.of(name).spelt)
    folded = list(Text.of(name).folded)
    line = " ".join(folded)
    while start := next(
        (lead for lead in _LEADING if line.startswith(f"{lead} ") and line.count(" ") > lead.count(" ") + 1), ""
    ):
        line = line[len(start) + 1 :]
    return spelt[len(spelt) - len(line.split()) :]


def _by_name(facility: Any, name: str, text: Text) -> tuple[float, int, str] | None:
    wanted = telling(name)
    if len(wanted) < 2:
        return None
    bare = Text(tuple(wanted)).folded
    for length, score in ((len(wanted), 1.0), *(((2, 0.7),) if len(wanted) == 3 else ())):
        for at in range(len(text.spelt) - length + 1):
            if text.folded[at : at + length] != bare[:length]:
                continue
            is_same = all(_same(*pair) for pair in zip(text.spelt[at : at + length], wanted, strict=False))
            if _is_meant(facility, text, at, length, is_same, is_whole=score == 1.0):
                return score if is_same else score - 0.1, at, " ".join(text.spelt[at : at + length])
    return None


def _same(said: str, name: str) -> bool:
    """The same syllable, or one typed without accents."""
    return said == name or said.isascii()


def _is_meant(facility: Any, text: Text, at: int, length: int, is_same: bool, *, is_whole: bool) -> bool:
    """Do the words before say that a facility is meant, where the name alone may be other words or a place?"""
    before = text.folded[max(0, at - 4) : at]
    cues = _PLACE_TYPES.get(facility.type)
    if cues is not None:
        return any(word in cues or word in ("y", "te") for word in before)
    if text.is_accented and not is_same:
        return False
    has_cue = any(word in _CUES for word in before)
    if text.is_accented and is_same and any(not one.isascii() for one in text.spelt[at : at + length]):
        return is_whole or has_cue
    if length >= 3 and is_whole:
        return True
    return has_cue or (is_same and (at == 0 or text.folded[at - 1] in _BEFORE))


def _by_place(facility: Any, text: Text) -> tuple[float, int, str] | None:
    """By its ward and what kind of place it is: "phòng khám sản bên Bàn Cờ"."""
    if facility.area is None:
        return None
    ward = key_of(facility.area.name).split()
    ward = ward[1:] if ward[0] in ("phuong", "xa") else ward
    special = _special_words(facility)
    for at in range(len(text.folded) - len(ward) + 1):
        if list(text.folded[at : at + len(ward)]) == ward and len(ward) > 1:
            around = text.folded[max(0, at - 12) : at + len(ward) + 6]
            kinds = [kind.split() for kind in KINDS.get(facility.type, ())]
            says_kind = any(_holds(around, kind[:2]) for kind in kinds)
            if says_kind and (not special or any(word in around for word in special)):
                return 0.5, at, " ".join(text.spelt[at : at + len(ward)])
    return None


def _special_words(facility: Any) -> set[str]:
    folded = Text.of(facility.name).folded
    return {word for word in folded[: len(folded) - 2] if word in _SPECIALTIES} - {"da"}


def _holds(words: tuple[str, ...], phrase: list[str]) -> bool:
    return any(list(words[at : at + len(phrase)]) == phrase for at in range(len(words)))
