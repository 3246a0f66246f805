"""The kinds of files that we take, recognised by how their content begins; a name proves nothing."""

from dataclasses import dataclass
from pathlib import PurePath

from common.text import clean

NAME_LENGTH = 120


@dataclass(frozen=True)
class FileKind:
    """A kind of file we take: its ending, its type, and how its content begins."""

    extension: str
    content_type: str
    beginnings: tuple[bytes, ...]
    cleaner: str  # the word for `common.cleaning`


JPEG = FileKind(".jpg", "image/jpeg", (b"\xff\xd8\xff",), "jpeg")
PNG = FileKind(".png", "image/png", (b"\x89PNG\r\n\x1a\n",), "png")
WEBP = FileKind(".webp", "image/webp", (b"RIFF",), "webp")
PDF = FileKind(".pdf", "application/pdf", (b"%PDF-",), "pdf")
MP3 = FileKind(
    ".mp3", "audio/mpeg", (b"ID3", b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xe3", b"\xff\xe2"), "mp3"
)
WORD = FileKind(
    ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",), "office"
)
EXCEL = FileKind(
    ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",), "office"
)  # which of the two it is, is found while it is cleaned
KINDS = (JPEG, PNG, WEBP, PDF, MP3, WORD, EXCEL)
ACCEPT = ",".join(sorted([".jpeg", *(kind.extension for kind in KINDS)]))


def kind_of(head: bytes) -> FileKind | None:
    """The kind whose content begins like this."""
    found = next((kind for kind in KINDS if head.startswith(kind.beginnings)), None)
    return None if found is WEBP and head[8:12] != b"WEBP" else found


def told_name(raw: str, kind: FileKind | None = None) -> str:
    """What a file is called, as it may be shown and saved: without folders and unprintable signs, and with the ending
    of what is in it."""
    name = clean(PurePath(raw.replace("\\", "/")).name)
    name = "".join(char for char in name if char.isprintable()).strip(". ")
    if kind is None:
        return name[-NAME_LENGTH:]
    stem = PurePath(name).stem if PurePath(name).suffix.lower() in _ENDINGS[kind.extension] else name
    return (stem.strip(". ")[: NAME_LENGTH - 5] or "tep") + kind.extension


_ENDINGS = {kind.extension: {kind.extension} for kind in KINDS} | {".jpg": {".jpg", ".jpeg"}}
