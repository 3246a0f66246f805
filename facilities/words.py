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
# Q.1, quận 1, q1 are one word: otherwise "1" would find every house number
_NUMBERED = re.compile(r"\b(?:(quan|q)|(phuong|p|f)) ?0?(\d{1,2})\b")
_ABBREVIATED = re.compile(r"\b(" + "|".join(sorted(ABBREVIATIONS, key=len, reverse=True)) + r")(?=\b|quan\d)")

# Words that say what kind of place it is, longest first, and words that only join those of a question.
_GENERIC = (
    "trung tam y te khu vuc", "trung tam y te", "thanh pho ho chi minh", "lien chuyen khoa", "chuyen khoa",
    "phong kham", "benh vien", "nha ho sinh", "tram y te", "nha thuoc", "trung tam", "benh xa", "quoc te",
    "khu vuc", "da khoa", "co so", "tram", "y te",
)  # fmt: skip
_JOINING = ("o", "tai", "cu", "thuoc", "gan", "ben", "cua", "tren", "dia ban", "truoc day", "duong")
_GENERIC_WORDS = re.compile(r"\b(?:" + "|".join(_GENERIC) + r")\b")
_JOINING_WORDS = re.compile(r"\b(?:" + "|".join(_JOINING) + r")\b")


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
