"""Writing the audit log."""

from typing import Any

import structlog
from django.db import DatabaseError, transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from audit.models import Act, Entry
from common.exceptions import Refused
from common.scope import as_system
from common.text import clean

log = structlog.get_logger("audit")
LONGEST_REASON = 2000  # whatever a door let through, the log that is never cleared holds no book


class NotRecorded(Refused):
    """An act that may not happen unseen, and the log cannot be written."""

    code = "not_recorded"
    status = 503
    message = _("The audit log cannot be written just now, so nothing is shown. Try again, or tell the administrator.")


def record(act: Act, *, by: Any, about: Model | None = None, reason: str = "", purpose: str = "") -> Entry:
    """Write one entry in the caller's transaction."""
    with as_system():  # everybody's acts are written down, whoever may read the log
        return Entry.objects.create(
            act=act,
            by=by if getattr(by, "pk", None) else None,
            about_type=about._meta.label_lower if about is not None else "",
            about_id=about.pk if about is not None else None,
            purpose=purpose,
            reason=clean(reason)[:LONGEST_REASON],
            request_id=str(structlog.contextvars.get_contextvars().get("request_id", "")),
        )


def record_first(act: Act, *, by: Any, about: Model, reason: str = "", purpose: str = "") -> Entry:
    """Write the entry of an act that must not happen unseen; it stays whatever becomes of the act, unless the caller
    opened a transaction around both. Raises `NotRecorded`."""
    try:
        with transaction.atomic():
            return record(act, by=by, about=about, reason=reason, purpose=purpose)
    except DatabaseError as fault:
        log.error("audit_entry_not_written", act=str(act), about=about._meta.label_lower, fault=type(fault).__name__)
        raise NotRecorded from fault
