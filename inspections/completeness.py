"""What an inspection lacks before a step: each missing element by its field."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from common.scope import as_system
from inspections.choices import SETTLED, CorrectionStatus, Result, Severity, Status, TeamRole
from inspections.models import ChecklistItem, CorrectiveAction, Finding, Inspection, Member
from inspections.people import conflict_of


def lacks(inspection: Inspection, to: str) -> dict[str, str]:
    """Everything that keeps the inspection from this step, in the order of the page. A few queries."""
    asked = ASKED.get((Status(inspection.status), Status(to)))
    if asked is None:
        return {}
    with as_system():
        return asked(inspection)


def _to_open(inspection: Inspection) -> dict[str, str]:
    found: dict[str, str] = {}
    team = list(Member.objects.filter(inspection=inspection, left_at=None).select_related("user"))
    if not any(one.role == TeamRole.LEAD for one in team):
        found["team"] = _("Somebody who leads the team")
    today = timezone.localdate()
    if any(conflict_of(one.user, inspection.facility_id, today) for one in team):
        found["conflict"] = _("A team without anybody who is kept from the facility or belongs to it")
    if not ChecklistItem.objects.filter(inspection=inspection).exists():
        found["checklist"] = _("A checklist: what is looked at")
    return found


def _to_record(inspection: Inspection) -> dict[str, str]:
    found: dict[str, str] = {}
    if inspection.started_at is None or inspection.ended_at is None:
        found["ended_at"] = _("When the visit began and ended")
    if not inspection.present:
        found["present"] = _("Who was present for the facility, by function")
    if not inspection.summary:
        found["summary"] = _("A summary of the record")
    items = ChecklistItem.objects.filter(inspection=inspection)
    if count := items.filter(result="").count():
        found["checklist"] = _("The result of %(count)s items of the checklist") % {"count": count}
    findings = Finding.objects.filter(inspection=inspection, is_struck=False)
    failed = items.filter(result=Result.FAILS).exclude(pk__in=findings.filter(item__isnull=False).values("item"))
    if count := failed.count():
        found["findings"] = _("A finding for %(count)s items that do not conform") % {"count": count}
    demanded = CorrectiveAction.objects.filter(inspection=inspection, status=CorrectionStatus.WRITTEN)
    grave = findings.exclude(severity=Severity.MINOR).exclude(pk__in=demanded.values("finding"))
    if count := grave.count():
        found["corrections"] = _("What is to be corrected after %(count)s serious findings") % {"count": count}
    return found


def _to_close(inspection: Inspection) -> dict[str, str]:
    left = CorrectiveAction.objects.filter(inspection=inspection).exclude(status__in=SETTLED).count()
    return {"corrections": _("%(count)s demands are not verified yet") % {"count": left}} if left else {}


ASKED: dict[tuple[Status, Status], Callable[[Any], dict[str, str]]] = {
    (Status.PREPARED, Status.OPENED): _to_open,
    (Status.OPENED, Status.RECORDED): _to_record,
    (Status.RECORDED, Status.CLOSED): _to_close,
}
