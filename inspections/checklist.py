"""The checklist of a visit: the facility's obligations that are open on the day, the team's own items, and what was
found on each."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from common.exceptions import InvalidInput, MoveRefused
from common.scope import as_system
from common.text import has_unstorable
from deadlines.calendar import end_of
from directives.choices import UNDER_WAY
from directives.choices import Status as Duty
from directives.models import Assignment
from inspections.choices import Result, Status
from inspections.models import ChecklistItem, Inspection
from inspections.rules import CONDUCT, LONGEST, locked, refuse_wrong, require, save

WRITABLE = (Status.PREPARED, Status.OPENED)
JUDGED = ("result", "remark", "evidence")
MOST_ITEMS = 300


def open_on(facility_id: int, day: date) -> Any:
    """The assignments of a facility that are open on a day: given by then, not withdrawn, and not accepted before."""
    end = end_of(day)
    is_open = Q(status__in=UNDER_WAY) | Q(status=Duty.ACCEPTED, accepted_at__gt=end)
    rows = Assignment.objects.filter(is_open, facility=facility_id, made_at__lte=end)
    return rows.select_related("obligation__clause", "directive").order_by(
        "obligation__code", F("due_at").asc(nulls_last=True), "pk"
    )


def day_of(inspection: Inspection) -> date:
    """The day of the visit: on which it was opened, else for which it is planned, or today where that has passed."""
    if inspection.opened_at is not None:
        return timezone.localdate(inspection.opened_at)
    return max(timezone.localdate(inspection.planned_at), timezone.localdate())


def _held(inspection: Inspection, by: Any, version: int | None) -> Inspection:
    require(by, CONDUCT)
    found: Inspection = locked(inspection, by, version)
    if found.status not in WRITABLE:
        raise MoveRefused(_("The record is finished: its checklist stands as it is."))
    return found


@transaction.atomic
def generate(inspection: Inspection, *, by: Any) -> int:
    """Put every obligation that is open on the day of the visit on the list, once each, with the assignment that is due
    first; what stands there stays. Returns how many are new. Raises `Http404`, `RightMissing`, `MoveRefused`."""
    found = _held(inspection, by, None)
    with as_system():
        here = list(ChecklistItem.objects.filter(inspection=found).values_list("obligation_id", flat=True))
        known, last, made = set(here), len(here), 0
        for assignment in open_on(found.facility_id, day_of(found)):
            if assignment.obligation_id in known or last + made >= MOST_ITEMS:
                continue
            known.add(assignment.obligation_id)
            made += 1
            item = ChecklistItem(
                inspection=found, position=last + made, obligation=assignment.obligation, assignment=assignment,
                text=assignment.obligation.title, basis=basis_of(assignment),
            )  # fmt: skip
            save(item, by=by, reason="", is_new=True)
    return made


def basis_of(assignment: Assignment) -> str:
    """The directive and the clause, as a record cites them."""
    part = assignment.obligation.clause.part
    return _("%(directive)s, part %(part)s") % {"directive": str(assignment.directive), "part": part}


@transaction.atomic
def add_own(inspection: Inspection, text: str, basis: str, *, by: Any) -> ChecklistItem:
    """Put an item of the team's own on the list. Raises `Http404`, `RightMissing`, `MoveRefused`, `InvalidInput`."""
    found = _held(inspection, by, None)
    with as_system():
        position = ChecklistItem.objects.filter(inspection=found).count() + 1
    if position > MOST_ITEMS:
        raise InvalidInput({"text": [_("At most %(count)s items.") % {"count": MOST_ITEMS}]})
    item = ChecklistItem(inspection=found, position=position, text=text.strip(), basis=basis.strip())
    refuse_wrong(item, ("text", "basis"))
    with as_system():
        save(item, by=by, reason="", is_new=True)
    return item


@transaction.atomic
def judge(inspection: Inspection, given: Mapping[int, Mapping[str, str]], *, by: Any, version: int) -> Inspection:
    """Write what was found on items, by their keys: result, remark, evidence. Only once the inspection is open.

    Raises `Http404`, `StaleVersion`, `RightMissing`, `MoveRefused`, `InvalidInput`."""
    found = _held(inspection, by, version)
    if not found.is_open:
        raise MoveRefused(_("Items are judged at the visit: open the inspection first."))
    with as_system():
        items = {item.pk: item for item in ChecklistItem.objects.filter(inspection=found)}
    before = {pk: _said(item) for pk, item in items.items()}
    wrong: dict[str, list[Any]] = {}
    for pk in given.keys() & items.keys():
        for name in JUDGED:
            setattr(items[pk], name, given[pk].get(name, "").strip())
        wrong |= _wrong(items[pk])
    if wrong:
        raise InvalidInput(wrong)
    changed = [item for pk, item in sorted(items.items()) if before[pk] != _said(item)]
    with as_system():
        for item in changed:
            save(item, by=by, reason="")
        if changed:
            save(found, by=by, reason="")
    return found


def _said(item: ChecklistItem) -> list[str]:
    return [getattr(item, name) for name in JUDGED]


def _wrong(item: ChecklistItem) -> dict[str, list[Any]]:
    if item.result and item.result not in Result.values:
        return {f"result-{item.pk}": [_("Choose one of the offered values.")]}
    if item.result == Result.FAILS and not item.remark:
        return {f"remark-{item.pk}": [_("Say what does not conform.")]}
    if any(has_unstorable(words) or len(words) > LONGEST for words in _said(item)):
        return {f"remark-{item.pk}": [_("At most %(count)s characters.") % {"count": LONGEST}]}
    return {}
