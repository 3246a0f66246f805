"""Vietnamese text: one form for storing, one accent-free form for finding."""

import re
import unicodedata

# C0 and C1 controls but tab, line feed, carriage return; lone surrogates; noncharacters.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_NOT_WORD = re.compile(r"[\W_]+", re.UNICODE)


def clean(text: str) -> str:
    """The form in which text is stored: composed (NFC), no control characters, no blank ends, LF line ends."""
    text = unicodedata.normalize("NFC", text)
    return _UNSTORABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def has_unstorable(text: str) -> bool:
    """Does the text carry characters that no person types (NUL, lone surrogates, controls)?"""
    return _UNSTORABLE.search(text) is not None


def number_in(text: str, digits: int = 18) -> int | None:
    """The number that a text is: plain digits, at most as many as a key of the database has; else nothing."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def version_in(text: str) -> int:
    """The version of a record that a form was written on; 0, which none ever had, for what is no number."""
    return number_in(text, 9) or 0


def fold(text: str) -> str:
    """The accent-free form in which text is compared: lower case, đ = d, no tone marks, words apart by one space.

    Old and new tone placement (hoà, hòa) fold to the same word, and so do composed and decomposed input.
    """
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _NOT_WORD.sub(" ", bare).strip()


def short(text: str, length: int) -> str:
    """The beginning of a text, at most `length` characters, cut at a word, with an ellipsis when cut."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    head, space, _tail = cut.rpartition(" ")
    return (head if space and len(head) > length // 2 else cut) + "…"
