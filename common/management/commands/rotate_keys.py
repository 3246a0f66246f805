"""Seal everything anew under the first key of FIELD_KEYS."""

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Count

from common.models import Sealed
from common.rotation import ELSEWHERE
from common.sealing import CannotOpen, keyring

BATCH = 500


class Command(BaseCommand):
    help = (
        "Seals everything anew under the first key of FIELD_KEYS, 500 rows per transaction. May be killed and started"
        " again: each row says under which key it lies. With --check it only counts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Only say how many rows lie under which key.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        unread = 0
        for model in sealed_models():
            if not check:
                unread += self._rotate(model)
            counts = model._default_manager.order_by().values_list("key_id").annotate(Count("pk"))
            self._count(model._meta.label, dict(counts))
        for each in ELSEWHERE:
            unread += 0 if check else each.rotate()
            self._count(each.label, each.count())
        if unread:
            raise CommandError(f"{unread} rows do not open and stay as they are; the log names them.")

    def _rotate(self, model: type[Sealed]) -> int:
        """Seal one model's rows anew; returns how many do not open."""
        label, writing = model._meta.label, keyring().writing
        total, done, unread = model._default_manager.exclude(key_id=writing).count(), 0, 0
        for count, bad in batches(model):
            done, unread = done + count, unread + bad
            self.stdout.write(f"{label}: {done} of {total} seen, {done - unread} sealed anew under {writing}")
        return unread

    def _count(self, label: str, counts: Mapping[str, int]) -> None:
        keys = keyring()
        for key_id in [*keys.ids, *sorted(set(counts) - set(keys.ids))]:
            what = "seals" if key_id == keys.writing else "only opens" if key_id in keys.ids else "is not in FIELD_KEYS"
            self.stdout.write(f"{label}: {counts.get(key_id, 0)} under {key_id} ({what})")


def sealed_models() -> list[type[Sealed]]:
    """Every model that keeps something under seal."""
    return [model for model in apps.get_models() if issubclass(model, Sealed)]


def batches(model: type[Sealed]) -> Iterator[tuple[int, int]]:
    """Seal a model's rows anew, one transaction at a time; after each tells how many rows it saw and how many of them
    do not open. Rows that do not open are passed by, once per run."""
    rows = model._default_manager.exclude(key_id=keyring().writing).order_by("pk")
    last = 0
    while True:
        with transaction.atomic():
            batch = list(rows.filter(pk__gt=last).select_for_update(of=("self",))[:BATCH])
            if not batch:
                return
            opened = [row for row in batch if _is_sealed_again(row)]
            model._default_manager.bulk_update(opened, model.of_key)
        last = batch[-1].pk
        yield len(batch), len(batch) - len(opened)


def _is_sealed_again(row: Sealed) -> bool:
    try:
        row.seal_again()
    except CannotOpen:
        return False
    return True
