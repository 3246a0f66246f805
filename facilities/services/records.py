"""The rows that deeds leave behind, written for one facility or for thousands with the same few statements.

Nothing here asks for rights or locks: the deeds and the imports that call it have done so."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Model

from facilities.choices import NameKind
from facilities.models import Facility, FacilityName, Management

BATCH = 2000


def update_with_history(rows: Sequence[Model], fields: Sequence[str], *, by: Any, reason: str) -> None:
    """Store these fields of stored rows, with one history entry each; an upsert is ten times faster than CASE."""
    if not rows:
        return
    model: Any = type(rows[0])
    model.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=list(fields)
    )
    model.history.bulk_history_create(
        rows, batch_size=BATCH, update=True, default_user=by, default_change_reason=reason
    )


def create_with_history(rows: Sequence[Model], *, by: Any, reason: str) -> list[Any]:
    """Store new rows, with one history entry each."""
    if not rows:
        return []
    model: Any = type(rows[0])
    stored: list[Any] = model.objects.bulk_create(rows, batch_size=BATCH)
    model.history.bulk_history_create(stored, batch_size=BATCH, default_user=by, default_change_reason=reason)
    return stored


def change_official_names(changes: Iterable[tuple[Facility, str, bool]], *, on: date, by: Any, reason: str) -> None:
    """What was official becomes a former name until `on`; where the third says correction, it is overwritten."""
    wanted = {facility.pk: (facility, name, is_correction) for facility, name, is_correction in changes}
    current = FacilityName.objects.filter(facility__in=wanted, kind=NameKind.OFFICIAL, valid_to=None)
    current_of = {name.facility_id: name for name in current}
    kept, made = [], []
    for key, (facility, name, is_correction) in wanted.items():
        before = current_of.get(key)
        if before is not None and is_correction:
            before.name = name
        else:
            made.append(FacilityName(facility=facility, name=name, kind=NameKind.OFFICIAL, valid_from=on))
            if before is not None:
                before.kind, before.valid_to = NameKind.FORMER, on
        if before is not None:
            kept.append(before)
    for row in (*kept, *made):
        row.fold_names()
    update_with_history(kept, ["name", "kind", "valid_to", "folded", "key", "core"], by=by, reason=reason)
    create_with_history(made, by=by, reason=reason)


def hand_over(facilities: Sequence[Facility], *, on: date, reason: str = "") -> None:
    """Close what was true of the management of these facilities on `on`, and open what they say now."""
    Management.objects.filter(facility__in=facilities, valid_to=None).update(valid_to=on)
    Management.objects.bulk_create([managed(facility, on, reason) for facility in facilities], batch_size=BATCH)


def managed(facility: Facility, since: date | None, reason: str = "") -> Management:
    """The management that a facility states, from a day on."""
    return Management(
        facility=facility,
        managing_body=facility.managing_body,
        supervisor=facility.supervisor,
        parent=facility.parent,
        valid_from=since,
        reason=reason[:250],
    )
