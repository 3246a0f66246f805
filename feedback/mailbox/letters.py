"""Reading a letter: who wrote it, what it says, what is attached, and whether a machine sent it. Nothing here fails on
what somebody sent: what cannot be read is left out."""

import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import strip_tags

from common.text import clean
from feedback import files

LONGEST_BODY = 20_000
MOST_PARTS = 200  # of a letter that is folded into itself
OWN_MARK = "X-Lang-Nghe"  # on what we send: when it comes back, it is a loop
ROBOTS = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|root)([+._-].*)?$", re.IGNORECASE)
BULK = ("bulk", "junk", "list", "auto_reply")
_BLOCKS = re.compile(r"(?is)<(script|style|head)\b.*?</\1\s*>|<!--.*?-->")
_BREAKS = re.compile(r"(?i)<(br|/p|/div|/tr|/li|/h[1-6])\b[^>]*>")
_ID = re.compile(r"<[^<>\s]{1,500}>")


@dataclass(frozen=True)
class Letter:
    """What a letter says, as far as it is of use. Its `repr` tells nobody who wrote it."""

    mark: str
    message_id: str = field(repr=False)
    name: str = field(repr=False)
    address: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    answers_to: tuple[str, ...] = field(repr=False)
    uploads: tuple[Any, ...] = field(default=(), repr=False)
    left_out: int = 0
    is_automatic: bool = False


def read(content: bytes) -> Letter:
    """Read a letter from its bytes."""
    message: Any = message_from_bytes(content, policy=policy.default)
    name, address = _sender(message)
    named = _ID.search(_header(message, "Message-ID"))
    own = named[0] if named else ""
    uploads, left_out = _attached(message)
    return Letter(
        mark=hashlib.sha256(own.encode() if own else content).hexdigest(),
        message_id=own,
        name=clean(name)[:120],
        address=address,
        subject=_one_line(_header(message, "Subject")),
        text=_text(message),
        answers_to=tuple(_ID.findall(f"{_header(message, 'In-Reply-To')} {_header(message, 'References')}")[-20:]),
        uploads=uploads,
        left_out=left_out,
        is_automatic=_is_automatic(message, address),
    )


def _header(message: Any, name: str) -> str:
    """A header as text; of a broken one what can be read. (The library raises many things for what it cannot.)"""
    try:
        return _storable(str(message.get(name, "")))
    except Exception:
        raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
        return _storable(str(raw))


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _one_line(text: str) -> str:
    return clean(" ".join(text.split()))[:200].strip()


def _sender(message: Any) -> tuple[str, str]:
    name, address = parseaddr(_header(message, "Reply-To") or _header(message, "From"))
    is_plain = address.count("@") == 1 and address.isascii() and address.isprintable() and " " not in address
    return name, address if is_plain and 3 < len(address) <= 200 else ""


def _is_automatic(message: Any, address: str) -> bool:
    """Did a machine send it? An answer to such a letter may be answered again, without end (RFC 3834)."""
    submitted = _header(message, "Auto-Submitted").split(";")[0].strip().lower()
    signs = (
        submitted not in ("", "no"),
        _header(message, "Precedence").strip().lower() in BULK,
        bool(_header(message, "List-Id") or _header(message, OWN_MARK) or _header(message, "X-Autoreply")),
        _header(message, "Return-Path").strip() == "<>",
        str(message.get_content_type()) in ("multipart/report", "message/delivery-status"),
        bool(ROBOTS.match(address.partition("@")[0])),
        address.lower() == settings.MAILBOX_ADDRESS.lower(),
        not address,
    )
    return any(signs)


def _parts(message: Any) -> Iterator[EmailMessage]:
    for count, part in enumerate(message.walk()):
        if count == MOST_PARTS:
            return
        if not part.is_multipart():
            yield part


def _is_file(part: Any) -> bool:
    try:
        return bool(part.get_content_disposition() == "attachment" or part.get_filename())
    except Exception:
        return False


def _text(message: Any) -> str:
    """The words of a letter: the plain ones where there are some, else those of the page without its drawing."""
    plain: list[str] = []
    drawn: list[str] = []
    for part in _parts(message):
        if _is_file(part) or part.get_content_maintype() != "text":
            continue
        (drawn if part.get_content_subtype() == "html" else plain).append(_decoded(part))
    text = "\n\n".join(plain).strip() or "\n\n".join(_without_tags(page) for page in drawn)
    text = clean(_storable(text))
    return text if len(text) <= LONGEST_BODY else f"{text[: LONGEST_BODY - 2].rstrip()} …"


def _decoded(part: Any) -> str:
    content = part.get_payload(decode=True) or b""
    charset = part.get_content_charset("utf-8")
    for encoding in (charset, "utf-8", "cp1258"):
        try:
            return str(content.decode(encoding))
        except (LookupError, UnicodeError):
            continue
    return str(content.decode("utf-8", "replace"))


def _without_tags(page: str) -> str:
    page = _BREAKS.sub("\n", _BLOCKS.sub(" ", page))
    lines = (" ".join(line.split()) for line in html.unescape(strip_tags(page)).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _attached(message: Any) -> tuple[tuple[Any, ...], int]:
    """The files that are taken, and how many are not: too many, too large, or of a kind that is never taken."""
    taken: list[Any] = []
    left_out = 0
    for part in _parts(message):
        if not _is_file(part):
            continue
        upload = _upload(part)
        if upload is None or len(taken) >= settings.ATTACHMENT_MAX_COUNT:
            left_out += 1
        else:
            taken.append(upload)
    return tuple(taken), left_out


def _upload(part: Any) -> Any:
    try:
        content = part.get_payload(decode=True) or b""
        upload = SimpleUploadedFile(_storable(part.get_filename() or "tep"), content)
        files.checked(upload)
    except files.FileRefused:
        return None
    except Exception:
        return None
    return upload
