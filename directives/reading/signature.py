"""The end of a letter: "Nơi nhận", who signed, and where annexes begin."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .lines import Line, bare
from .markers import is_title, marker_of

_COPIES = re.compile(r"\s*noi\s+nhan\s*:?\s*(?:$|\s{2,}|-)")
_OFFICE = re.compile(
    r"(?:(?:kt|tm|tl|tuq|q)\s*\.|(?:pho |quyen )?(?:giam doc|chu tich|bo truong|thu truong|cuc truong"
    r"|vien truong|truong phong|chanh van phong|thu tuong)\b)"
)
_ANNEX = re.compile(r"phu luc(?:\s+(?:so )?[ivx\d]+)?\b[\s.:]*")
_DEGREES = re.compile(
    r"^(?:(?:GS|PGS|TS|ThS|THS|Ths|BS|Bs|BSCK|DS|CN|CK)[\w]*\s*[.,]\s*|CK(?:I{1,2}|1|2)\.?\s*|(?:GS"
    r"|PGS|TS|ThS|BS|DS)(?=\s))+"
)
_NAME = re.compile(r"[^\W\d_][^\W\d_]*(?: [^\W\d_]+){1,6}$")
_NO_NAME = re.compile(
    r"\b(?:giam doc|chu tich|bo truong|thu truong|truong phong|uy ban|so y te|bo y te|noi nhan|da ky"
    r"|ky ten|van phong|chanh|cuc)\b"
)
_COLUMNS = re.compile(r"\s{3,}")


@dataclass(frozen=True)
class Ending:
    """Indexes of lines: the body ends at `start`, annexes begin at `annex` (both may be the number of lines)."""

    start: int
    annex: int
    signer: str | None
    has_copies: bool


def read_ending(lines: Sequence[Line], body: int) -> Ending:
    """Where the body ends, and who signed."""
    copies = next((i for i in range(body, len(lines)) if _is_copies(lines, i)), None)
    office = _office(lines, body, copies)
    starts = [index for index in (copies, office) if index is not None]
    start = min(starts) if starts else len(lines)
    annex = next((i for i in range(start, len(lines)) if _is_annex(lines[i])), len(lines))
    if not starts:
        annex = start = next((i for i in range(body, len(lines)) if _is_annex(lines[i])), len(lines))
    return Ending(start, annex, _signer(lines[start:annex]), copies is not None)


def _is_copies(lines: Sequence[Line], index: int) -> bool:
    text = bare(lines[index].text)
    if not _COPIES.match(text):
        return False
    following = next((line.text for line in lines[index + 1 :] if line.text), "-")
    return ":" in text or following.startswith("-")


def _office(lines: Sequence[Line], body: int, copies: int | None) -> int | None:
    """The signer's office in capitals, near the end of the letter or of its body."""
    until = copies if copies is not None else len(lines)
    full = [index for index in range(body, until) if lines[index].text][-8 if copies is not None else -14 :]
    for index in full:
        text = lines[index].text
        if _OFFICE.match(bare(text)) and is_title(text) and len(text) < 60 and ":" not in text and index > body + 1:
            return index
    return None


def _is_annex(line: Line) -> bool:
    return is_title(line.text) and _ANNEX.match(bare(line.text)) is not None


def _signer(lines: Sequence[Line]) -> str | None:
    """The last thing in the closing lines that looks like a person's name."""
    names = [name for line in lines for piece in _COLUMNS.split(line.text) if (name := _name(piece.strip()))]
    mixed = [name for name in names if not is_title(name)]
    if mixed:
        return mixed[-1]
    return " ".join(word.capitalize() for word in names[-1].split()) if names else None


def _name(piece: str) -> str | None:
    piece = " ".join(_DEGREES.sub("", piece).split())
    if marker_of(piece) or not _NAME.match(piece) or _NO_NAME.search(bare(piece)):
        return None
    return piece if all(word[0].isupper() for word in piece.split()) else None
