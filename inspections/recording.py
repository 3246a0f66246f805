"""The record of a visit: from when to when, who was there, what it comes to; findings, and what is to be corrected."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.exceptions import InvalidInput, MoveRefused
from common.scope import as_system
from inspections.choices import CorrectionStatus
from inspections.models import ChecklistItem, CorrectiveAction, Finding, Inspection
from inspections.rules import CONDUCT, locked, next_reference, refuse_wrong, require, save

RECORD = ("started_at", "ended_at", "present", "summary")
FINDING = ("item", "kind", "severity", "text", "basis", "is_struck")
YEARS = 3  # nobody has longer than this to correct something


def _open(inspection: Inspection, by: Any, version: int | None = None) -> Inspection:
    require(by, CONDUCT)
    found: Inspection = locked(inspection, by, version)
    if not found.is_open:
        raise MoveRefused(_("The record is written while the inspection is open: neither before nor after."))
    return found


@transaction.atomic
def write_record(inspection: Inspection, given: Mapping[str, Any], *, by: Any, version: int) -> Inspection:
    """Write the record; what is missing is asked for when it is finished.

    Raises `Http404`, `StaleVersion`, `RightMissing`, `MoveRefused`, `InvalidInput`."""
    found = _open(inspection, by, version)
    for name in RECORD:
        if name in given:
            setattr(found, name, given[name])
    wrong: dict[str, list[Any]] = {
        name: [_("This moment lies in the future.")]
        for name in ("started_at", "ended_at")
        if getattr(found, name) and getattr(found, name) > timezone.now()
    }
    if found.started_at and found.ended_at and found.ended_at < found.started_at:
        wrong["ended_at"] = [_("It cannot end before it began.")]
    if wrong:
        raise InvalidInput(wrong)
    said = tuple(name for name in ("started_at", "ended_at", "summary") if getattr(found, name) is not None)
    refuse_wrong(found, said)
    with as_system():
        save(found, by=by, reason="")
    return found


@transaction.atomic
def find(
    inspection: Inspection, given: Mapping[str, Any], *, by: Any, finding: Finding | None = None, version: int = 0
) -> Finding:
    """Write a finding down, or change one while the record is being written; one that was wrong is struck out and
    stays. It rests on an item of the checklist or on a clause that is named.

    Raises `Http404`, `StaleVersion`, `RightMissing`, `MoveRefused`, `InvalidInput`."""
    found = _open(inspection, by)
    row: Finding = Finding(inspection=found, facility_id=found.facility_id, at=timezone.now(), by=by)
    if finding is not None:
        row = locked(finding, by, version, "inspection")
    for name in FINDING:
        if name in given:
            setattr(row, name, given[name])
    if row.item_id:
        with as_system():
            item = ChecklistItem.objects.filter(inspection=found, pk=row.item_id).first()
        if item is None:
            raise InvalidInput({"item": [_("Choose one of the offered values.")]})
        row.basis = row.basis.strip() or item.basis or item.text[:300]
    if not row.basis.strip():
        raise InvalidInput({"basis": [_("Name the item of the checklist or the clause on which this rests.")]})
    refuse_wrong(row, FINDING)
    with as_system():
        save(row, by=by, reason="", is_new=finding is None)
    return row


@transaction.atomic
def demand(
    finding: Finding, text: str, due_on: date, *, by: Any, correction: CorrectiveAction | None = None, version: int = 0
) -> CorrectiveAction:
    """Ask for something to be corrected until a day; it is told to the facility, and its clock starts, with the
    finished record. Raises `Http404`, `StaleVersion`, `RightMissing`, `MoveRefused`, `InvalidInput`."""
    found, at = _open(finding.inspection, by), timezone.now()
    held: Finding = locked(finding, by, None, "inspection")
    if held.is_struck:
        raise MoveRefused(_("This finding was struck out."))
    if correction is None:
        row = CorrectiveAction(
            finding=held, inspection=found, facility_id=found.facility_id, made_at=at, made_by=by, since=at
        )
    else:
        row = locked(correction, by, version)
        if row.status != CorrectionStatus.WRITTEN:
            raise MoveRefused(_("This demand was struck out."))
    row.text, row.due_on = text.strip(), due_on
    check_day(due_on)
    refuse_wrong(row, ("text", "due_on"))
    with as_system():
        row.reference = row.reference or next_reference("YC", "inspections_correction_reference")
        save(row, by=by, reason="", is_new=correction is None)
    return row


def check_day(due_on: date) -> None:
    """A day to be done by lies ahead. Raises `InvalidInput`."""
    today = timezone.localdate()
    if not today <= due_on <= today.replace(year=today.year + YEARS, day=1):
        raise InvalidInput({"due_on": [_("Choose a day from today on, within three years.")]})
