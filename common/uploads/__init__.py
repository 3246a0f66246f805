"""Files that people attach: a short list of kinds, recognised by content; kept as a clean copy, served as downloads.

Whatever the door, `checked` stands before anything is stored: it asks the scanner, and makes the clean copy in a child
process (`copies`). What was sent itself is not kept. What the scanner could not be asked about is kept closed until it
answers (`storage`)."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files import File
from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from common.uploads.copies import clean_copy
from common.uploads.kinds import ACCEPT, KINDS, FileKind, kind_of, told_name
from common.uploads.refusing import FileRefused
from common.uploads.scanning import Verdict, scan
from common.uploads.storage import FileHeld, State

__all__ = [
    "ACCEPT",
    "KINDS",
    "Checked",
    "FileHeld",
    "FileKind",
    "FileRefused",
    "checked",
    "checked_all",
    "described",
    "served",
]


@dataclass(frozen=True)
class Checked:
    """A file that passed. `upload` is the clean copy, not what was sent; with `is_held` nobody opens it yet."""

    upload: File
    kind: FileKind
    name: str

    def sha256(self) -> str:
        """The digest of what is kept."""
        digest = hashlib.sha256()
        for chunk in self.upload.chunks():
            digest.update(chunk)
        self.upload.seek(0)
        return digest.hexdigest()


def checked(upload: "File | Checked") -> Checked:
    """Recognise a file by its content, ask the scanner, make the clean copy. What was checked before stays as it is.
    Raises `FileRefused` for what is empty, too large, of another kind, unclean or infected."""
    if isinstance(upload, Checked):
        return upload
    name, limit = told_name(upload.name or ""), settings.ATTACHMENT_MAX_BYTES
    if (upload.size or 0) > limit:
        raise FileRefused(_("%(name)s is larger than %(limit)s MB.") % {"name": name, "limit": limit // 1024**2})
    if not upload.size:
        raise FileRefused(_("%(name)s is empty.") % {"name": name})
    upload.seek(0)
    kind = kind_of(upload.read(16))
    upload.seek(0)
    if kind is None:
        raise FileRefused(_("%(name)s is not a picture, PDF, recording, Word or Excel file.") % {"name": name})
    verdict = scan(upload)
    if verdict is Verdict.INFECTED:
        raise FileRefused(_("%(name)s holds a virus and was not kept.") % {"name": name})
    kind, copy = clean_copy(upload, kind, name)
    copy.is_held = verdict in (Verdict.UNKNOWN, Verdict.SILENT)  # type: ignore[attr-defined]
    return Checked(copy, kind, told_name(upload.name or "", kind))


def checked_all(uploads: "Iterable[File | Checked]") -> list[Checked]:
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


def served(stored: Any) -> FileResponse | HttpResponse:
    """A stored file, always as a download: nothing that somebody sent is opened in the console. While it is held, a
    sentence instead (423). Raises `Http404`."""
    response: FileResponse | HttpResponse
    try:
        content = stored.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    except FileHeld as held:
        response = HttpResponse(str(SAID[held.state]), status=423, content_type="text/plain; charset=utf-8")
    else:
        response = FileResponse(content, as_attachment=True, filename=stored.name, content_type=stored.content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


SAID = {
    State.HELD: _("This file is still being checked for viruses. It can be opened once that is done."),
    State.BLOCKED: _("This file was blocked: the scanner found a virus in it."),
}
