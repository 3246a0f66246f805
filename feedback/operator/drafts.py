"""The draft of a call: kept on the server while the operator types, gone with the case that it becomes.

Each operator has one and reaches no other: the row's own declaration says so, in queries and in the database."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from accounts.models import User
from common.scope import as_system
from feedback.models import Draft, Submission
from feedback.operator.recording import SOURCE, source_id


def keep(values: Mapping[str, str], *, form_key: str, by: User) -> datetime | None:
    """Keep what was typed in place of what was kept before, and say when; None where this form is a case already, whose
    last words were still on their way. Three statements."""
    if _is_recorded(form_key, by):
        return None
    at = timezone.now()
    row = {"form_key": form_key, "saved_at": at, **Draft.under_seal(by.pk, values)}
    Draft.objects.update_or_create(owner=by, defaults=row)
    return at


def of(by: User) -> Draft | None:
    """This operator's draft, unless it is too old or became a case meanwhile. One query, two where there is one."""
    found = Draft.objects.visible_to(by).filter(owner=by).first()
    if found is None or found.is_over(timezone.now()) or _is_recorded(found.form_key, by):
        return None
    return found


def drop(*, by: User, form_key: str = "") -> None:
    """Throw this operator's draft away: whichever it is, or the one of this form. One query."""
    kept = Draft.objects.filter(owner=by)
    (kept.filter(form_key=form_key) if form_key else kept).delete()


def drop_old() -> int:
    """Throw away what is older than a shift; returns how many there were."""
    count, _by_model = Draft.objects.over(timezone.now()).delete()
    return count


def _is_recorded(form_key: str, by: User) -> bool:
    with as_system():  # whoever records a call may be kept from its case
        return Submission.objects.filter(source=SOURCE, source_id=source_id(by, form_key)).exists()
