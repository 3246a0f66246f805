"""Comparing the two sides, and following up what differs. A second run changes nothing."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.services import engine
from common.days import midnight
from common.exceptions import InvalidInput, RightMissing, StaleVersion
from common.text import clean, has_unstorable
from feedback.models import Difference, Reconciliation, Submission
from feedback.models.runs import DifferenceKind, RunState
from feedback.reconciling.stating import RIGHT
from feedback.runs import finish, take

TOLERANCE = timedelta(days=1)  # what was sent before midnight arrives after it
BATCH = 1000
LONGEST = 500


def compare_next() -> Reconciliation | None:
    """Compare the one that has waited longest. A few queries for each thousand numbers."""
    run = take(Reconciliation)
    if run is not None:
        compare(run)
    return run


def compare(run: Reconciliation) -> None:
    """Find every difference. What a worker that died had found already is not found twice."""
    found = [*_of_stated(run), *_not_stated(run)]
    with transaction.atomic():
        Difference.objects.bulk_create(found, ignore_conflicts=True, batch_size=BATCH)
        stated = sum(1 for one in found if one.kind != DifferenceKind.MISSING_THERE)
        finish(run, RunState.DONE, done=run.total, agreed=run.total - stated)


def _of_stated(run: Reconciliation) -> list[Difference]:
    """What the source says it sent and what became of it here."""
    found: list[Difference] = []
    for first in range(0, len(run.stated), BATCH):
        part = run.stated[first : first + BATCH]
        held = _held(run.source, [number for number, _day, _reference in part])
        found += [one for row in part if (one := _judged(run, row, held.get(row[0])))]
        run.done = min(first + BATCH, run.total)
        run.touched_at = timezone.now()
        run.save(update_fields=["done", "touched_at"])
    return found


def _held(source: str, numbers: list[str]) -> dict[str, tuple[date, str]]:
    rows = Submission.objects.filter(source=source, source_id__in=numbers)
    told = rows.values_list("source_id", "received_at", "case__reference")
    return {number: (timezone.localdate(at), reference) for number, at, reference in told}


def _judged(run: Reconciliation, row: list[str], held: tuple[date, str] | None) -> Difference | None:
    number, day, reference = row
    if held is None:
        return Difference(about=run, kind=DifferenceKind.MISSING_HERE, number=number, stated=day)
    theirs, ours = [], []
    if day and abs(date.fromisoformat(day) - held[0]) > TOLERANCE:
        theirs.append(day)
        ours.append(held[0].isoformat())
    if reference and reference != held[1]:
        theirs.append(reference)
        ours.append(held[1])
    if not theirs:
        return None
    said = {"stated": " · ".join(theirs), "held": " · ".join(ours)}
    return Difference(about=run, kind=DifferenceKind.DIFFERING, number=number, **said)


def _not_stated(run: Reconciliation) -> list[Difference]:
    """What came from the source within those days and does not stand in its list. One query."""
    stated = {number for number, _day, _reference in run.stated}
    first, last = midnight(run.since), midnight(run.until + timedelta(days=1))
    rows = Submission.objects.filter(source=run.source, received_at__gte=first, received_at__lt=last)
    return [
        Difference(about=run, kind=DifferenceKind.MISSING_THERE, number=number, held=timezone.localdate(at).isoformat())
        for number, at in rows.values_list("source_id", "received_at").iterator(BATCH)
        if number not in stated
    ]


def settle(difference: Difference, note: str, *, by: Any, version: int) -> Difference:
    """Say what became of a difference. Raises `RightMissing`, `StaleVersion`, `InvalidInput`."""
    if not by.has_perm(RIGHT):
        raise RightMissing
    note = clean(note)
    if not note or len(note) > LONGEST or has_unstorable(note):
        sentence = _("Say what became of it, in at most %(count)s characters.") % {"count": LONGEST}
        raise InvalidInput({"note": [sentence]})
    with transaction.atomic():
        locked = Difference.objects.visible_to(by).select_for_update(of=("self",)).get(pk=difference.pk)
        if locked.version != version or locked.settled_at is not None:
            raise StaleVersion
        return _settled(locked, note, by)


def settle_what_arrived() -> int:
    """Differences that ended by themselves: what was missing here has arrived since. Returns how many. A look every
    day, one query for each hundred that is open, and one for each that ends."""
    open_ones = Difference.objects.filter(settled_at=None, kind=DifferenceKind.MISSING_HERE).select_related("about")
    count = 0
    with override("vi"):  # it is stored, for people of the department
        note = _("Arrived here since.")
    for one in open_ones.iterator(BATCH):
        if Submission.objects.filter(source=one.about.source, source_id=one.number).exists():
            _settled(one, note, engine())
            count += 1
    return count


def _settled(one: Difference, note: str, by: Any) -> Difference:
    one.note, one.settled_by, one.settled_at, one.version = note, by, timezone.now(), one.version + 1
    one.save(update_fields=["note", "settled_by", "settled_at", "version"])
    return one
