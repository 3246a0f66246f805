"""How names of facilities and places are compared: abbreviations spelt out, numbers joined to their district,
words that tell facilities apart without those that every second one bears. Pure functions, no ORM."""

import re

from common.text import fold

ABBREVIATIONS = {
    "bv": "benh vien",
    "bvdk": "benh vien da khoa",
    "bvck": "benh vien chuyen khoa",
    "bvyhct": "benh vien y hoc co truyen",
    "bvrhm": "benh vien rang ham mat",
    "cdc": "trung tam kiem soat benh tat",
    "cdha": "chan doan hinh anh",
    "ck": "chuyen khoa",
    "ctch": "chan thuong chinh hinh",
    "dk": "da khoa",
    "hcm": "ho chi minh",
    "hcmc": "thanh pho ho chi minh",
    "kv": "khu vuc",
    "pk": "phong kham",
    "pkck": "phong kham chuyen khoa",
    "pkdk": "phong kham da khoa",
    "pkyhct": "phong kham y hoc co truyen",
    "qt": "quoc te",
    "rhm": "rang ham mat",
    "tmh": "tai mui hong",
    "tmv": "tham my vien",
    "tp": "thanh pho",
    "tphcm": "thanh pho ho chi minh",
    "ttyt": "trung tam y te",
    "tw": "trung uong",
    "tyt": "tram y te",
    "tx": "thi xa",
    "xn": "xet nghiem",
    "yhct": "y hoc co truyen",
    "q": "quan",
    "p": "phuong",
}
# What each kind of facility is called in Vietnamese, folded: the first is its name, imports read all of them.
# Not taken from the catalogue: a translator's better wording must not break a file that worked.
KINDS = {
    "BVDK": ("benh vien da khoa",),
    "BVCK": ("benh vien chuyen khoa",),
    "BVYHCT": ("benh vien y hoc co truyen",),
    "BVRHM": ("benh vien rang ham mat",),
    "BX": ("benh xa",),
    "NHS": ("nha ho sinh",),
    "PKDK": ("phong kham da khoa",),
    "PKCK": ("phong kham chuyen khoa",),
    "PKLCK": ("phong kham lien chuyen khoa",),
    "PKBSYK": ("phong kham bac sy y khoa", "phong kham bac si y khoa"),
    "PKYS": ("phong kham y sy da khoa", "phong kham y si da khoa"),
    "PKYHCT": ("phong kham y hoc co truyen",),
    "PKRHM": ("phong kham rang ham mat", "phong kham nha khoa", "nha khoa"),
    "PKDD": ("phong kham dinh duong",),
    "PCT": ("phong chan tri y hoc co truyen", "phong chan tri"),
    "TYT": ("tram y te",),
    "CC115": ("co so cap cuu ngoai vien", "tram cap cuu ve tinh", "cap cuu ngoai vien"),
    "BSGD": (
        "co so y hoc gia dinh",
        "phong kham bac sy gia dinh",
        "co so kham benh chua benh y hoc gia dinh",
    ),
    "CLS": ("co so dich vu can lam sang", "xet nghiem", "chan doan hinh anh", "can lam sang"),
    "DV": ("co so dich vu y te", "dich vu dieu duong", "kinh thuoc", "phuc hinh rang"),
    "TTYT": ("trung tam y te", "trung tam y te khu vuc"),
    "CDC": ("trung tam kiem soat benh tat",),
    "KN": ("trung tam kiem nghiem",),
    "GDYK": ("trung tam giam dinh y khoa",),
    "PY": ("trung tam phap y",),
    "TTCC": ("trung tam cap cuu 115",),
    "NT": ("nha thuoc", "quay thuoc"),
    "MP": ("co so my pham",),
    "TBYT": ("co so trang thiet bi y te", "trang thiet bi y te"),
    "TM_KHONGPHEP": ("co so tham my khong phep", "co so khong phep", "spa", "tham my vien"),
}
FORMER_AREAS = {"binh_duong": "binh duong", "ba_ria_vung_tau": "ba ria vung tau"}
# Q.1, quận 1, q1 are one word: otherwise "1" would find every house number
_NUMBERED = re.compile(r"\b(?:(quan|q)|(phuong|p|f)) ?0?(\d{1,2})\b")
_ABBREVIATED = re.compile(r"\b(" + "|".join(sorted(ABBREVIATIONS, key=len, reverse=True)) + r")(?=\b|quan\d)")

# Words that say what kind of place it is, longest first, and words that only join those of a question.
_GENERIC = (
    "trung tam y te khu vuc", "trung tam y te", "thanh pho ho chi minh", "lien chuyen khoa", "chuyen khoa",
    "phong kham", "benh vien", "nha ho sinh", "tram y te", "nha thuoc", "trung tam", "benh xa", "quoc te",
    "khu vuc", "da khoa", "co so", "tram", "y te",
)  # fmt: skip
_GENERIC_WORDS = re.compile(r"\b(?:" + "|".join(_GENERIC) + r")\b")
# "ở", "tại", "trên địa bàn", and "cũ" where it can only mean the district that was ("Củ Chi" keeps its word)
_JOINING_WORDS = re.compile(r"\b(?:o|tai|cua|tren dia ban|dia ban|truoc day)\b|(?<=\d) cu\b|\bcu$")


def _numbered(match: re.Match[str]) -> str:
    return f"{'quan' if match[1] else 'phuong'}{match[3]}"


def key_of(text: str) -> str:
    """The form in which two spellings of one name are the same: folded, spelt out, "quan1" one word."""
    joined = _NUMBERED.sub(_numbered, fold(text))
    spelt = _ABBREVIATED.sub(lambda match: ABBREVIATIONS[match[1]] + " ", joined)
    return " ".join(spelt.split())


def core_of(key: str) -> str:
    """What is left of a key without the words for kinds of places; the whole key when nothing is left."""
    return " ".join(_GENERIC_WORDS.sub(" ", key).split()) or key


def asked_words(key: str) -> list[str]:
    """The words of a question that must occur, without those that only join them ("o quan1 cu": "quan1")."""
    words = _JOINING_WORDS.sub(" ", key).split()
    return words or key.split()
