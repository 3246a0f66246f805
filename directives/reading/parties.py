"""Whom a text obliges: a class of units by its code, or the words of the letter."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .lines import bare, joined
from .markers import is_title
from .verbs import ACCENTED, DUTY_VERBS

ALL, HOSP, CDC, TTYT, TYT, SYT = "ALL", "HOSP", "CDC", "TTYT", "TYT", "SYT"
CLASSES = {HOSP, CDC, TTYT, TYT}
MOST_WORDS = 30  # of a heading that names parties

_ASKED = re.compile(
    r"(?:(?:kinh )?(?:de nghi|yeu cau|giao nhiem vu cho|giao nhiem vu|giao cho|giao"
    r"|phan cong nhiem vu cho|phan cong|doi voi|rieng doi voi"
    r"|rieng|trach nhiem cua|nhiem vu cua|nhiem vu doi voi|ve phia|kinh gui|gui)\s*:?\s+)+"
)
_HEADS = re.compile(
    r"(?:(?:dong chi|cac ong|cac dong chi|ong|ba|pho giam doc|giam doc|thu truong|lanh dao"
    r"|nguoi dung dau|chu tich|pho chu tich|chanh"
    r"|truong(?= phong| tram| khoa| ban| cac| don vi| trung tam)|cuc truong|vu truong|chi cuc truong"
    r"|bo truong|hieu truong|bi thu|vien truong)(?:\s*\(ba\))?\s+)+"
)
_MANY = re.compile(r"(?:(?:tat ca|toan bo|toan the|cac|nhung|tung)\s+)+")
_KINDS: tuple[tuple[str, str], ...] = (
    (CDC, r"trung tam\s+k?iem soat benh tat|cdc\b"),
    (
        HOSP,
        r"trung tam(?: y te)?(?: khu vuc)? co giuong(?: benh)?|(?:cac )?co so (?:y te "
        r"|kham benh,? )?(?:dieu tri )?(?:noi tru|co giuong(?: benh)?)",
    ),
    (HOSP, r"benh vien\b|bvdk\b"),
    (TTYT, r"trung tam y te\b|ttyt\b"),
    (TYT, r"tram y te\b|tyt\b"),
    (
        SYT,
        r"so y te\b|van phong so\b|thanh tra so\b|phong (?:chuc nang|chuyen mon|thuoc so|cua so)"
        r"|phong thuoc\b|to cong tac",
    ),
    ("division", r"phong(?!,| kham| chay| chong| ngua| tiem| dich| benh| mo| bao| ve)\b|van phong\b"),
    (ALL, r"don vi\b|co quan, don vi\b|co so y te\b|co quan\b|dia phuong\b|cac cap, cac nganh"),
    (
        "words",
        r"uy ban nhan dan\b|ubnd\b|uy ban\b|phong kham\b|nha ho sinh\b|nha thuoc\b|quay thuoc\b"
        r"|co so\b(?! vat chat| ha tang| du lieu)"
        r"|chi cuc\b|lien doan\b|truong (?=dai hoc|cao dang|trung cap)|trung tam\b|y te (?:cac )?(?:bo"
        r"|nganh)|cong an\b|bao hiem xa hoi\b"
        r"|doanh nghiep\b|cong ty\b|mat tran\b|ban quan ly\b|ban chi dao\b|nguoi hanh nghe\b"
        r"|nguoi phu trach\b|khoa, phong|khoa (?=lam sang|can lam sang)",
    ),
    ("office", r"(?:so|bo|cuc|vu|hoi|ban|doi|vien|khoa|tram)(?= [a-z])"),
)
_CORE = re.compile("|".join(f"(?P<k{index}>{pattern})" for index, (_kind, pattern) in enumerate(_KINDS)))
_OFFICES = {
    "so": "sở",
    "bo": "bộ",
    "cuc": "cục",
    "vu": "vụ",
    "hoi": "hội",
    "ban": "ban",
    "doi": "đội",
    "vien": "viện",
    "khoa": "khoa",
    "tram": "trạm",
}
_VERB = re.compile(rf"\b(?:{DUTY_VERBS})\b")
_DESCRIBED = re.compile(rf"\b(?:chua|da) duoc (?:{DUTY_VERBS})\b")  # "các cơ sở chưa được kiểm tra"
_WITHIN_NAMES = re.compile(
    r"kiem soat benh tat|kham,? (?:benh,? )?chua benh|cong lap|quan ly (?:kham|chat luong|duoc|khu)"
    r"|dieu tri noi tru|phuc hoi chuc nang"
)
_BETWEEN = re.compile(r"\s*(?:[,;]|\bva\b|\bcung\b|,? va\b)\s*")
_NAMED = re.compile(r"\s+(?:[A-ZĐÀ-Ỹ]|đa khoa (?:tỉnh|thành phố)|tỉnh\b)")
_AREA = re.compile(r"\s+(?:cac|tren|tinh|thanh pho|khu vuc|co|cong|tu|ngoai|thuoc)\b")


@dataclass(frozen=True)
class Names:
    """Who is named, by code or in words, and how far into the text the naming goes."""

    parties: tuple[str, ...]
    end: int
    is_whole: bool = False  # the text names parties and says nothing else


@dataclass(frozen=True)
class _Unit:
    kind: str
    start: int
    end: int


def combined(parties: Iterable[str]) -> str:
    """Several parties as one word: ALL swallows the rest, and so do all four classes together."""
    unique = list(dict.fromkeys(parties))
    if ALL in unique or not unique or set(unique) >= CLASSES:
        return ALL
    return ";".join(unique)


def small(text: str) -> str:
    """A heading in capitals as it would stand in a sentence; words that are names keep their capital."""
    if not is_title(text):
        return text
    lowered = text.lower()
    lowered = re.sub(r"\bủy ban nhân dân\b", "Ủy ban nhân dân", lowered)
    lowered = re.sub(r"\b(sở|bộ|chi cục|cục) (\w)", lambda m: f"{m[1].capitalize()} {m[2]}", lowered)
    lowered = re.sub(r"\b(phòng) (nghiệp|kế|kiểm|tổ|tài|quản)", lambda m: f"{m[1]} {m[2].capitalize()}", lowered)
    lowered = lowered.replace("ubnd", "UBND")
    return re.sub(r"\b(?:y|Y) tế (khu vực)", r"Y tế \1", lowered)


def names_at_start(text: str, *, of_department: bool = True) -> Names | None:
    """The parties with which a text begins, as heading ("2. Các bệnh viện:") or as subject of its sentence."""
    text = small(text)
    plain = bare(text)
    asked = _ASKED.match(plain)
    start = asked.end() if asked else 0
    if _unit_at(text, plain, start) is None:
        return None
    end, is_whole = _end_of_names(text, plain, start)
    found = named_in(text[start:end], of_department=of_department)
    return Names(found, end, is_whole) if found else None


def _unit_at(text: str, plain: str, start: int) -> _Unit | None:
    """The unit named right here, after titles and "các"."""
    place = start
    for pattern in (_MANY, _HEADS, _MANY):
        if prefix := pattern.match(plain, place):
            place = prefix.end()
    found = _CORE.match(plain, place)
    if found is None:
        return None
    kind = _KINDS[int((found.lastgroup or "k0")[1:])][0]
    if kind == "office":  # "Bộ Tài chính" is one, "bố trí" and "bộ công cụ" are none
        if bare(text[place : found.end()]) not in _OFFICES or not _is_office(text, place, found.end()):
            return None
        kind = "words"
    return _Unit(kind, start, found.end())


def _is_office(text: str, start: int, end: int) -> bool:
    printed = text[start:end].lower()
    return printed == _OFFICES[bare(printed)] and text[end + 1 : end + 2].isupper()


def _end_of_names(text: str, plain: str, start: int) -> tuple[int, bool]:
    """Where the naming stops: a colon, a bracket, or a verb in small letters."""
    # "Trung tâm Kiểm soát bệnh tật", "cơ sở khám bệnh, chữa bệnh": the first unit's own words hold verbs
    unit = _unit_at(text, plain, start)
    place = unit.end if unit else start
    while place < len(plain):
        colon = re.search(r"[:.(]", plain[place:])
        verb = next((m for m in _VERB.finditer(plain, place) if _is_verb(text, m)), None)
        stop = place + colon.start() if colon else len(plain)
        if verb and verb.start() < stop:
            if described := _DESCRIBED.match(plain, verb.start()):
                place = described.end()
                continue
            return verb.start(), False
        if colon and plain[stop] == "(":
            closing = plain.find(")", stop)
            place = closing + 1 if closing > 0 else len(plain)
            continue
        rest = plain[stop:].strip(" :./")
        return stop, not rest and len(plain[start:stop].split()) <= MOST_WORDS
    return len(plain), len(plain[start:].split()) <= MOST_WORDS


def _is_verb(text: str, verb: re.Match[str]) -> bool:
    """Not a capital, not another word without its accents ("chữa"), not part of a unit's name."""
    printed = text[verb.start() : verb.end()]
    accented = ACCENTED.get(verb[0])
    if not printed[0].islower() or (accented and printed not in accented and printed != verb[0]):
        return False
    return not any(name.start() <= verb.start() < name.end() for name in _WITHIN_NAMES.finditer(verb.string))


def named_in(phrase: str, *, of_department: bool = True) -> tuple[str, ...]:
    """The parties of a phrase that names nothing else."""
    phrase = small(" ".join(phrase.split()))
    units = _units_of(phrase)
    parties: list[str] = []
    for unit, following in zip(units, [*units[1:], None], strict=False):
        words = phrase[unit.start : following.start if following else len(phrase)]
        party = _party(unit, phrase, words, of_department)
        if party == ALL and parties and re.search(r"lien quan|khac|truc thuoc", bare(words)):
            continue  # "và các đơn vị liên quan" widens no duty
        parties.append(party)
    return tuple(dict.fromkeys(parties))


def _units_of(phrase: str) -> list[_Unit]:
    """The units of a phrase: the first, and each that begins after a comma, a semicolon or "và"."""
    plain = bare(phrase)
    units: list[_Unit] = []
    starts = [0, *(joint.end() for joint in _BETWEEN.finditer(plain))]
    for start in starts:
        unit = _unit_at(phrase, plain, start)
        if unit and (not units or start >= units[-1].end) and not _is_tail(plain, units, start):
            units.append(unit)
    return units


def _is_tail(plain: str, units: Sequence[_Unit], start: int) -> bool:
    """ "Phòng Nghiệp vụ Y, Sở Y tế" is one unit, and so is "các cơ quan, đơn vị, địa phương"."""
    if not units:
        return False
    after = plain[start:]
    return units[-1].kind in ("division", SYT) and re.match(r"so y te\s*(?:$|[,;:(])", after) is not None


def _party(unit: _Unit, phrase: str, words: str, of_department: bool) -> str:
    plural = re.search(r"\b(?:cac|toan bo|tat ca|moi|nhung|tung)\b", bare(phrase[unit.start : unit.end]))
    kind = unit.kind
    if kind == "division":
        kind = SYT if of_department or re.search(r"\bso\b", bare(words)) else "words"
    if (
        kind in (HOSP, TTYT, TYT)
        and not plural
        and _NAMED.match(phrase, unit.end)
        and not _AREA.match(bare(phrase), unit.end)
    ):
        kind = "words"  # one hospital is not the class
    return _words(words) if kind == "words" else kind


def _words(words: str) -> str:
    """The words of the letter without what asks and without the office of whoever heads the unit."""
    plain = bare(words)
    head = _HEADS.match(plain)
    kept = words[head.end() :] if head else words
    kept = re.sub(r"\s*(?:[,;]|\bvà)\s*$", "", joined([kept]).strip(" ,;:.-"))
    kept = kept.strip(" ,;:.-")
    return kept[:1].upper() + kept[1:]
