"""What a facility does with an alert: it reads it, applies it, or says why it does not apply there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from common.exceptions import InvalidInput, MoveRefused, RightMissing, StaleVersion
from common.scope import as_system
from common.text import clean, has_unstorable
from common.uploads import Checked, described
from deadlines import services as deadlines
from incidents.alerts.sending import APPLY, READ
from incidents.choices import ReceiptState
from incidents.models import AlertEdition, AlertReceipt, ReceiptFile
from incidents.transitions import WRITE

LONGEST = 5000
S = ReceiptState
ANSWERS = (S.APPLIED, S.NOT_APPLICABLE)


@dataclass(frozen=True)
class Reading:
    """One alert as a facility reads it: the published words, and nothing of who wrote them or where it happened."""

    receipt: AlertReceipt
    newest: AlertEdition
    is_withdrawn: bool
    needs_reading: bool


def may_answer(receipt: AlertReceipt, user: Any) -> bool:
    """Does this person answer for the facility?"""
    return user.has_perm(WRITE) and receipt.facility_id in user.scope.facilities - user.recused_facilities


def reading_of(receipt_id: int, reader: Any) -> Reading:
    """The published words behind a receipt that the reader sees. Raises `Http404`. Three queries."""
    receipt = AlertReceipt.objects.visible_to(reader).select_related("facility").filter(pk=receipt_id).first()
    if receipt is None:
        raise Http404
    with as_system():
        newest = AlertEdition.objects.filter(alert=receipt.alert_id).select_related("alert").latest("number")
    receipt.alert = newest.alert
    is_withdrawn = not newest.alert.is_out
    return Reading(receipt, newest, is_withdrawn, not is_withdrawn and receipt.edition_read < newest.number)


@transaction.atomic
def answer(
    receipt: AlertReceipt, state: str, *, text: str = "", uploads: Iterable[Checked] = (), by: Any, version: int
) -> AlertReceipt:
    """Say that the newest edition was read, applied, or does not apply; the clocks follow. Files show what was done,
    and go with the word that it was.

    Raises `Http404`, `StaleVersion`, `RightMissing`, `MoveRefused`, `InvalidInput`."""
    found: AlertReceipt | None = (
        AlertReceipt.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=receipt.pk).first()
    )
    if found is None:
        raise Http404
    if not may_answer(found, by):
        raise RightMissing
    if found.version != version:
        raise StaleVersion(current_version=found.version)
    with as_system():
        alert = found.alert
    if not alert.is_out:
        raise MoveRefused(_("This was withdrawn: there is nothing to do any more."))
    if state not in (S.READ, *ANSWERS):
        raise MoveRefused
    said, at, shown = clean(text), timezone.now(), list(uploads)
    _check(said, state, has_files=bool(shown))
    if state in ANSWERS:
        found.state, found.answer, found.answered_at, found.answered_by = state, said, at, by
    elif found.state == S.UNREAD:
        found.state = state
    elif found.edition_read == alert.edition:
        raise MoveRefused(_("This was read already."))
    found.edition_read, found.read_at = alert.edition, found.read_at or at
    with as_system():
        ended = [READ, APPLY] if state in ANSWERS else [READ]
        deadlines.finish(found, ended, at=at, by=by)
        found.due_at = deadlines.next_due(found)
        found.version += 1
        found._history_user, found._change_reason = by, said  # type: ignore[attr-defined]
        found.save()
        _keep(shown, found, at=at, by=by)
    return found


def _keep(uploads: Iterable[Checked], receipt: AlertReceipt, *, at: datetime, by: Any) -> None:
    for upload in uploads:
        evidence = ReceiptFile(receipt=receipt, at=at, by=by, **described(upload))
        evidence.file.save(upload.name, upload.upload, save=False)
        evidence.save()


def files_of(receipts: Iterable[AlertReceipt], reader: Any) -> dict[int, list[ReceiptFile]]:
    """What these receipts show, by receipt. One query."""
    found: dict[int, list[ReceiptFile]] = {}
    for file in ReceiptFile.objects.visible_to(reader).filter(receipt__in=[receipt.pk for receipt in receipts]):
        found.setdefault(file.receipt_id, []).append(file)
    return found


def _check(said: str, state: str, *, has_files: bool) -> None:
    if has_files and state != S.APPLIED:
        raise InvalidInput({"files": [_("Files show that it was applied: say so, or take them out.")]})
    if state not in ANSWERS:
        return
    if has_unstorable(said) or len(said) > LONGEST:
        raise InvalidInput({"text": [_("At most %(count)s characters.") % {"count": LONGEST}]})
    if not said:
        ask = (
            _("Say what was done, and where it can be seen.") if state == S.APPLIED else _("Say why it does not apply.")
        )
        raise InvalidInput({"text": [ask]})
