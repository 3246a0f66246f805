"""Files beside a case: checked by `common.uploads`, kept under random names."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from common.uploads import ACCEPT, Checked, FileRefused, checked, checked_all, described
from feedback.models import Answer, Attachment, Case

__all__ = ["ACCEPT", "Checked", "FileRefused", "checked", "checked_all", "keep"]


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
    attachment = Attachment(**described(upload), **fields)
    attachment.file.save(upload.name, upload.upload, save=False)
    attachment.save()
    return attachment
