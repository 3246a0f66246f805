"""A finding that comes back: of the same kind at the same facility after what was demanded the last time had been
verified. It names the earlier one, and what was verified is open again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import override, pgettext

from accounts.services import engine
from inspections import clocks, messages
from inspections.choices import CorrectionStatus, FindingKind
from inspections.models import CorrectiveAction, Finding, Inspection
from inspections.rules import save
from links.models import Relation
from links.services import link


def mark(inspection: Inspection, *, at: datetime, reopen: Callable[..., None]) -> list[Finding]:
    """Mark what of a finished record was found before and verified, and open that again. As the system, the inspection
    locked; one query for each finding. `reopen` takes an inspection up again that was closed."""
    found = []
    for finding in Finding.objects.filter(inspection=inspection, is_struck=False).order_by("pk"):
        verified = list(
            verified_before(finding).select_for_update(of=("self",)).select_related("finding", "facility", "inspection")
        )
        if verified:
            _repeat(finding, verified, inspection, at=at, reopen=reopen)
            found.append(finding)
    return found


def verified_before(finding: Finding) -> Any:
    """The demands that were verified after an earlier finding of the same kind, the newest first. What is of no kind is
    the same only where both rest on the same obligation."""
    rows = CorrectiveAction.objects.filter(
        facility=finding.facility_id, finding__kind=finding.kind, status=CorrectionStatus.VERIFIED
    ).exclude(inspection=finding.inspection_id)
    if finding.kind == FindingKind.OTHER:
        obligation = finding.item.obligation_id if finding.item else None
        rows = rows.filter(finding__item__obligation=obligation) if obligation else rows.none()
    return rows.order_by("-verified_at", "-pk")


def _repeat(
    finding: Finding, verified: list[CorrectiveAction], inspection: Inspection, *, at: datetime,
    reopen: Callable[..., None],
) -> None:  # fmt: skip
    by: Any = engine()
    with override(settings.LANGUAGE_CODE):
        label = pgettext("move", "The same finding came back")
        reason = f"{inspection.reference}: {FindingKind(finding.kind).label}"
    finding.repeats = verified[0].finding
    save(finding, by=by, reason=f"{label}: {verified[0].inspection.reference}")
    for row in verified:
        row.status, row.since = CorrectionStatus.REOPENED, at
        clocks.follow(row, by=by, at=at, reason=reason, is_met=False)
        save(row, by=by, reason=f"{label}: {reason}")
        link(row, Relation.RECURRED, inspection, by=by, reason=reason)
        messages.tell_of_correction(row, by=by)
    earlier = Inspection.objects.filter(pk__in={row.inspection_id for row in verified}).order_by("pk")
    for one in earlier.select_for_update(no_key=True):
        reopen(one, reason=reason)
