"""Files that people attach: a short list of kinds, recognised by content, with limits; served as downloads only.

The clean copy (re-encoding in a child process) and the virus scanner are not here yet."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.text import clean


@dataclass(frozen=True)
class FileKind:
    """A kind of file we take: its ending, its type, and how its content begins."""

    extension: str
    content_type: str
    beginnings: tuple[bytes, ...]


KINDS = (
    FileKind(".jpg", "image/jpeg", (b"\xff\xd8\xff",)),
    FileKind(".png", "image/png", (b"\x89PNG\r\n\x1a\n",)),
    FileKind(".webp", "image/webp", (b"RIFF",)),
    FileKind(".pdf", "application/pdf", (b"%PDF-",)),
    FileKind(".mp3", "audio/mpeg", (b"ID3", b"\xff\xfb", b"\xff\xf3")),
    FileKind(".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    FileKind(".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
)
ENDINGS = {kind.extension: kind for kind in KINDS} | {".jpeg": KINDS[0]}
ACCEPT = ",".join(sorted(ENDINGS))


class FileRefused(Exception):
    """A file that is not taken, with a sentence for the sender."""

    def __init__(self, sentence: Promise | str) -> None:
        self.sentence = sentence


@dataclass(frozen=True)
class Checked:
    """A file that passed: its content is of the kind its ending says."""

    upload: UploadedFile
    kind: FileKind
    name: str

    def sha256(self) -> str:
        """The digest of its content."""
        digest = hashlib.sha256()
        for chunk in self.upload.chunks():
            digest.update(chunk)
        return digest.hexdigest()


def checked(upload: UploadedFile) -> Checked:
    """Recognise a file by its content. Raises `FileRefused` for a wrong kind, an empty or a too large one."""
    name = clean(PurePath(upload.name or "").name)[-120:]
    limit = settings.ATTACHMENT_MAX_BYTES
    if (upload.size or 0) > limit:
        raise FileRefused(_("%(name)s is larger than %(limit)s MB.") % {"name": name, "limit": limit // 1024**2})
    if not upload.size:
        raise FileRefused(_("%(name)s is empty.") % {"name": name})
    kind = ENDINGS.get(PurePath(name).suffix.lower())
    upload.seek(0)
    head = upload.read(16)
    upload.seek(0)
    if kind is None or not head.startswith(kind.beginnings) or (kind.extension == ".webp" and head[8:12] != b"WEBP"):
        raise FileRefused(
            _("%(name)s is not a picture, PDF, recording, Word or Excel file, or its content does not fit its name.")
            % {"name": name}
        )
    return Checked(upload, kind, name)


def checked_all(uploads: Iterable[UploadedFile]) -> list[Checked]:
    """Check every file of one form, and that there are not too many. Raises `FileRefused`."""
    uploads = list(uploads)
    if len(uploads) > settings.ATTACHMENT_MAX_COUNT:
        raise FileRefused(_("At most %(count)s files at a time.") % {"count": settings.ATTACHMENT_MAX_COUNT})
    return [checked(upload) for upload in uploads]


def described(upload: Checked) -> dict[str, Any]:
    """The columns of a stored file: under which random name it lies, what it is called and what is in it."""
    return {
        "token": secrets.token_hex(16),
        "name": upload.name,
        "extension": upload.kind.extension,
        "content_type": upload.kind.content_type,
        "size": upload.upload.size or 0,
        "sha256": upload.sha256(),
    }


def served(stored: Any) -> FileResponse:
    """A stored file, always as a download: nothing that somebody sent is opened in the console. Raises `Http404`."""
    try:
        content = stored.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=stored.name, content_type=stored.content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
