"""Writing the audit log."""

from typing import Any

import structlog
from django.db.models import Model

from audit.models import Act, Entry


def record(act: Act, *, by: Any, about: Model | None = None, reason: str = "") -> Entry:
    """Write one entry in the caller's transaction. An act that must not happen unseen writes its entry first."""
    return Entry.objects.create(
        act=act,
        by=by if getattr(by, "pk", None) else None,
        about_type=about._meta.label_lower if about is not None else "",
        about_id=about.pk if about is not None else None,
        reason=reason,
        request_id=str(structlog.contextvars.get_contextvars().get("request_id", "")),
    )
