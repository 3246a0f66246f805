"""Give the callers of cases from before the marks theirs."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from common.sealing import CannotOpen
from feedback.models import Case, Reporter
from feedback.models.identity import MARKS

BATCH = 500


class Command(BaseCommand):
    help = (
        "Writes the marks by which a caller is known again for reporters that have none, 500 rows per transaction."
        " Cases that are or ever were confidential stay without. May be killed and started again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        last = seen = marked = 0
        while True:
            with transaction.atomic():
                rows = _unmarked().filter(pk__gt=last).order_by("pk")
                batch = list(rows.select_for_update(of=("self",))[:BATCH])
                if not batch:
                    break
                known = [row for row in batch if _is_marked(row)]
                Reporter.objects.bulk_update(known, list(MARKS))
            last, seen, marked = batch[-1].pk, seen + len(batch), marked + len(known)
            self.stdout.write(f"{seen} seen, {marked} marked")
        self.stdout.write(f"{marked} reporters marked.")


def _unmarked() -> QuerySet[Reporter]:
    history: Any = Case.history.model  # type: ignore[attr-defined]
    ever = history.objects.filter(id=OuterRef("submission__case_id"), is_confidential=True)
    return Reporter.objects.filter(~Exists(ever), number_mark=None, submission__case__is_confidential=False)


def _is_marked(row: Reporter) -> bool:
    try:
        marks = Reporter.marks(row.open().phone)
    except CannotOpen:
        return False
    for column, mark in marks.items():
        setattr(row, column, mark)
    return row.number_mark is not None
