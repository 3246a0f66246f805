"""A file of cases on its way: kept, looked through by a worker, confirmed by a person, stored by a worker.

Each row is a submission of its own: it goes through the one entrance under its number at the source, so that a row, a
file or a worker that comes twice makes no second case, and a bad row stops only itself."""

import secrets
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.exceptions import InvalidInput, KeyReused, Refused, RightMissing
from common.text import clean, has_unstorable
from facilities.imports.reading import read_sheet
from feedback.imports.columns import incoming_of, label_of, places_of, said_in
from feedback.intake import examine, receive
from feedback.models import CaseImport, Channel, ImportedRow
from feedback.models.runs import RowOutcome, RunState
from feedback.runs import Paused, finish, sources, take, teller

RIGHT = "feedback.import_case"
BATCH = 500
KEPT_FOR = timedelta(days=7)  # without a word from anybody


@transaction.atomic
def keep(content: bytes, name: str, *, source: str, channel: Channel, by: Any) -> CaseImport:
    """Keep a file; nothing becomes a case. Raises `UnreadableFile`, `InvalidInput`, `RightMissing`."""
    if not by.has_perm(RIGHT):
        raise RightMissing
    if source not in sources():
        raise InvalidInput({"source": [_("Choose one of the offered values.")]})
    sheet = read_sheet(content)
    places, notices = places_of(sheet.headings)
    at = timezone.now()
    made = CaseImport.objects.create(
        source=source,
        channel=channel,
        file_name=clean(name)[-200:] or "?",
        notices=notices,
        total=len(sheet.rows),
        by=by,
        at=at,
        touched_at=at,
    )
    mark = secrets.token_hex(12)
    rows = []
    for number, cells in sheet.rows:
        said, place = said_in(cells, places), f"{mark}-{number}"
        shown = said.get("source_id", "")[:100]
        rows.append(
            ImportedRow(
                about=made,
                place=place,
                number=number,
                source_id="" if has_unstorable(shown) else shown,
                **ImportedRow.under_seal(place, said),
            )
        )
    ImportedRow.objects.bulk_create(rows, batch_size=BATCH)
    return made


def confirm(run: CaseImport, *, by: Any) -> None:
    """Let a worker store the rows that were found to be new. Raises `RightMissing`, `Refused`."""
    if not by.has_perm(RIGHT):
        raise RightMissing
    with transaction.atomic():
        locked = CaseImport.objects.visible_to(by).select_for_update(of=("self",)).get(pk=run.pk)
        if locked.state != RunState.CHECKED or locked.is_confirmed:
            raise Refused(_("This file was confirmed already, or is still being looked through."))
        if not locked.rows.filter(outcome=RowOutcome.NEW).exists():
            raise Refused(_("There is nothing to store in this file."))
        locked.is_confirmed, locked.confirmed_by = True, by
        locked.state, locked.done, locked.touched_at = RunState.WAITING, 0, timezone.now()
        locked.save(update_fields=["is_confirmed", "confirmed_by", "state", "done", "touched_at"])


def work_next() -> CaseImport | None:
    """Take the next step of the file that has waited longest: look it through, or store it."""
    run = take(CaseImport)
    if run is not None:
        with override(run.by.language), suppress(Paused):
            _store(run) if run.is_confirmed else _look_through(run)
    return run


def _look_through(run: CaseImport) -> None:
    """The trial run: what each row would become. Writes no case, and goes on where a worker stopped."""
    tell, unread = teller(run), run.rows.filter(outcome=RowOutcome.UNREAD)
    read = run.total - unread.count()
    for count, row in enumerate(list(unread.order_by("number")), start=read + 1):
        row.outcome, row.remarks = _judged(row, run)
        row.save(update_fields=["outcome", "remarks"])
        tell(count)
    _refuse_repeated(run)
    finish(run, RunState.CHECKED)


def _judged(row: ImportedRow, run: CaseImport) -> tuple[str, list[str]]:
    try:
        is_new = examine(incoming_of(row.opened(), source=run.source, channel=run.channel.code))
    except (Refused, ValueError) as refusal:
        return RowOutcome.REFUSED, _sentences(refusal)
    return (RowOutcome.NEW, []) if is_new else (RowOutcome.KNOWN, [_("Held already under this number.")])


def _sentences(refusal: Exception) -> list[str]:
    if isinstance(refusal, KeyReused):
        return [_("Another content is held under this number. It stays as it is.")]
    if isinstance(refusal, InvalidInput):
        return [f"{label_of(name)}: {said}" for name, told in refusal.fields.items() for said in told]
    return [str(refusal)]


def _refuse_repeated(run: CaseImport) -> None:
    """Of several rows under one number only the first one is stored. One query."""
    first: dict[str, int] = {}
    for row in run.rows.filter(outcome=RowOutcome.NEW).order_by("number").only("number", "source_id"):
        if first.setdefault(row.source_id, row.number) != row.number:
            remark = _("The same number stands in row %d already.") % first[row.source_id]
            ImportedRow.objects.filter(pk=row.pk).update(outcome=RowOutcome.REFUSED, remarks=[remark])


def _store(run: CaseImport) -> None:
    """Make cases of the rows that are new, one by one, and forget what they said: from then on the case has it."""
    tell, new = teller(run), run.rows.filter(outcome=RowOutcome.NEW)
    done = run.total - new.count()
    for count, row in enumerate(list(new.order_by("number")), start=done + 1):
        _store_one(row, run)
        tell(count)
    forget(run)
    finish(run, RunState.DONE)


def _store_one(row: ImportedRow, run: CaseImport) -> None:
    try:
        with transaction.atomic():
            incoming = incoming_of(row.opened(), source=run.source, channel=run.channel.code)
            received = receive(incoming, by=run.confirmed_by)
            row.outcome = RowOutcome.STORED if received.is_new else RowOutcome.KNOWN
            row.remarks = [] if received.is_new else [_("Held already under this number.")]
            row.save(update_fields=["outcome", "remarks"])
    except (Refused, ValueError) as refusal:  # the registry changed since the trial run
        row.outcome, row.remarks = RowOutcome.REFUSED, _sentences(refusal)
        row.save(update_fields=["outcome", "remarks"])


def forget(run: CaseImport) -> None:
    """Empty what lay under seal: nobody needs it any more."""
    for row in run.rows.iterator(BATCH):
        for name, value in ImportedRow.under_seal(row.place, {}).items():
            setattr(row, name, value)
        row.save(update_fields=["sealed", "key_id"])


def drop_unconfirmed() -> int:
    """Empty files that nobody confirmed within a week: they hold what people told of themselves. Returns how many."""
    over = CaseImport.objects.filter(state=RunState.CHECKED, at__lt=timezone.now() - KEPT_FOR)
    for run in over:
        with transaction.atomic():
            forget(run)
            finish(run, RunState.DROPPED)
    return len(over)
