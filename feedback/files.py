"""Files that people attach to cases, kept under random names; which kinds are taken is said by `common.uploads`."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from common.uploads import ACCEPT, ENDINGS, KINDS, Checked, FileKind, FileRefused, checked, checked_all
from feedback.models import Answer, Attachment, Case

__all__ = ["ACCEPT", "ENDINGS", "KINDS", "Checked", "FileKind", "FileRefused", "checked", "checked_all", "keep"]


def keep(
    uploads: Iterable[Checked],
    *,
    case: Case,
    audience: str,
    by: Any,
    at: datetime,
    answer: Answer | None = None,
) -> list[Attachment]:
    """Store checked files beside a case."""
    return [_keep_one(upload, case=case, answer=answer, audience=audience, by=by, at=at) for upload in uploads]


def _keep_one(upload: Checked, **fields: Any) -> Attachment:
    attachment = Attachment(
        token=secrets.token_hex(16),
        name=upload.name,
        extension=upload.kind.extension,
        content_type=upload.kind.content_type,
        size=upload.upload.size or 0,
        sha256=upload.sha256(),
        **fields,
    )
    attachment.file.save(upload.name, upload.upload, save=False)
    attachment.save()
    return attachment
