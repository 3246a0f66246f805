"""Keep an uploaded file with what it would do, and do it once somebody has confirmed that."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.exceptions import Refused, RightMissing
from common.text import clean
from facilities import services
from facilities.choices import NameKind
from facilities.imports.plan import CHANGED, CREATED, DETAILS, REFUSED, UNCHANGED, Plan, PlannedRow, is_same_name, plan
from facilities.imports.reading import read_sheet
from facilities.models import Facility, FacilityImport, FacilityName, Hotline
from facilities.services.records import change_official_names, create_with_history, hand_over, update_with_history

NAMES_OF = {"aliases": NameKind.ALIAS, "former_names": NameKind.FORMER}


def may_import(user: Any) -> bool:
    """Files add and change facilities: whoever may do both by hand may do it by file."""
    return bool(user.is_engine or (user.has_perm(services.MAY_ADD) and user.has_perm(services.MAY_CHANGE)))


def prepare(content: bytes, file_name: str, *, by: Any) -> FacilityImport:
    """Keep a file and the outcome each row would have. Nothing of the register changes. Raises `UnreadableFile`."""
    if not may_import(by):
        raise RightMissing
    kept = FacilityImport(file_name=clean(file_name)[-200:] or "?", content=content, uploaded_by=by)
    _keep(kept, plan(read_sheet(content)))
    kept.save()
    return kept


@transaction.atomic
def confirm(kept: FacilityImport, *, by: Any, is_leaving_out_refused: bool = False) -> bool:
    """Do what was shown, all of it in one transaction. False when the register changed meanwhile and the rows would
    now do something else: the new outcome is kept to be looked at, and nothing else was done."""
    if not may_import(by):
        raise RightMissing
    kept = FacilityImport.objects.select_for_update(of=("self",)).get(pk=kept.pk)
    if kept.applied_at is not None:
        raise Refused(_("This file was stored already."))
    fresh = plan(read_sheet(bytes(kept.content)), is_locking=True)
    if fresh.outcomes() != kept.outcomes:
        _keep(kept, fresh)
        kept.save()
        return False
    if kept.refused and not is_leaving_out_refused:
        raise Refused(_("Some rows are refused. Confirm that they are left out, or correct the file."))
    if not kept.created + kept.changed:
        raise Refused(_("There is nothing to store."))
    _store(fresh.rows, by=by, reason=_("File: %s") % kept.file_name)
    kept.applied_at, kept.applied_by = timezone.now(), by
    kept.save(update_fields=["applied_at", "applied_by"])
    return True


def load_facility_file(file: Path, *, by: Any) -> FacilityImport:
    """Read and store a file in one go, for scripts. Raises `Refused`, and stores nothing, when a row is refused."""
    kept = prepare(file.read_bytes(), file.name, by=by)
    if kept.created + kept.changed:
        confirm(kept, by=by)
    return kept


def _keep(kept: FacilityImport, planned: Plan) -> None:
    counts = planned.counts()
    kept.outcomes, kept.notices = planned.outcomes(), planned.notices
    kept.created, kept.changed = counts[CREATED], counts[CHANGED]
    kept.unchanged, kept.refused = counts[UNCHANGED], counts[REFUSED]


def _store(rows: Iterable[PlannedRow], *, by: Any, reason: str) -> None:
    new = [row for row in rows if row.outcome == CREATED]
    changed = [row for row in rows if row.outcome == CHANGED]
    made = services.register_many(
        [
            Facility(**_details(row), code=row.values["code"], name=row.values["name"], **_management(row))
            for row in new
        ],
        {row.values["code"]: _names(row) for row in new},
        by=by,
        reason=reason,
    )
    for row, facility in zip(new, made, strict=True):
        row.facility = facility
    _store_changes(changed, by=by, reason=reason)
    _store_lists(new, changed, by=by, reason=reason)
    services.refresh_words(row.facility.pk for row in [*new, *changed] if row.facility)


def _details(row: PlannedRow) -> dict[str, Any]:
    return {name: row.values[name] for name in DETAILS if name in row.values}


def _management(row: PlannedRow) -> dict[str, Any]:
    return {name: row.values[name] for name in ("managing_body", "supervisor") if name in row.values}


def _names(row: PlannedRow) -> list[FacilityName]:
    today = timezone.localdate()
    return [
        FacilityName(name=name, kind=kind, valid_to=today if kind == NameKind.FORMER else None)
        for column, kind in NAMES_OF.items()
        for name in row.added.get(column, ())
        if name != row.values.get("name")
    ]


def _store_changes(rows: Iterable[PlannedRow], *, by: Any, reason: str) -> None:
    """The same deeds as by hand, for all rows at once: details, name and manager make one entry of the history."""
    today = timezone.localdate()
    facilities, renamed, managed_anew = [], [], []
    for row in rows:
        facility, values = row.facility, {**_details(row), **_management(row)}
        if facility is None:
            continue
        if row.is_renamed:
            name = row.values["name"]
            renamed.append((facility, name, is_same_name(name, facility.name)))
            values["name"] = name
        elif all(getattr(facility, name) == value for name, value in values.items()):
            continue  # only lists grow
        for name, value in values.items():
            setattr(facility, name, value)
        facility.fold_names()
        facility.version += 1
        facilities.append(facility)
        if row.is_managed_anew:
            managed_anew.append(facility)
    fields = [*DETAILS, "managing_body", "supervisor", "name", "folded", "version"]
    update_with_history(facilities, fields, by=by, reason=reason)
    change_official_names(renamed, on=today, by=by, reason=reason)
    hand_over(managed_anew, on=today, reason=reason)


def _store_lists(new: list[PlannedRow], changed: list[PlannedRow], *, by: Any, reason: str) -> None:
    """Further names of facilities that were there already, and everybody's hotlines."""
    names = []
    for facility, row in [(row.facility, row) for row in changed if row.facility is not None]:
        for name in _names(row):
            name.facility = facility
            name.fold_names()
            names.append(name)
    hotlines = [
        Hotline(facility=row.facility, number=number, source=reason[:250])
        for row in [*new, *changed]
        for number in row.added.get("hotlines", ())
    ]
    for parts in (names, hotlines):
        create_with_history(parts, by=by, reason=reason)
