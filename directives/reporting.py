"""What a facility writes on an assignment: narrative, figures beside last time's, and the documents that prove it.

Each handing in closes one version of the report; a returned one is written on as the next. A document may serve as many
obligations as it likes; a newer file of it is a new version, and a report stands on the version it named."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from common.exceptions import InvalidInput, MoveRefused, RightMissing, StaleVersion
from common.scope import as_system
from common.text import clean, has_unstorable
from common.uploads import Checked
from directives.choices import WRITABLE
from directives.models import (
    Assignment,
    ComplianceReport,
    Evidence,
    EvidenceFile,
    Indicator,
    IndicatorValue,
    ReportEvidence,
)
from directives.plausibility import Figure, Limits, impossible, surprising

WRITE = "directives.write_report"
LONGEST = 20_000
Given = Mapping[int, tuple[Decimal | None, str]]  # indicator → value, and why it differs


@dataclass(frozen=True)
class Draft:
    """Everything of a report that is being written; values by indicator."""

    report: ComplianceReport | None
    values: dict[int, IndicatorValue]
    files: list[EvidenceFile]

    @property
    def version(self) -> int:
        return self.report.version if self.report else 0


def draft_of(assignment: Assignment, *, by: Any) -> Draft:
    """What the facility has written so far; after a return, what it handed in last. Three queries."""
    reports = ComplianceReport.objects.visible_to(by).filter(assignment=assignment).order_by("-number")
    newest = reports.first()
    if newest is None:
        return Draft(None, {}, [])
    values = {row.indicator_id: row for row in newest.values.all()}
    files = [row.file for row in newest.proofs.select_related("file__evidence")]
    return Draft(newest if newest.handed_in_at is None else None, values, files)


def asked_of(assignment: Assignment) -> list[Indicator]:
    """The indicators that this assignment asks for. One query."""
    rows = Indicator.objects.filter(obligation=assignment.obligation_id, is_asked=True)
    return list(rows.order_by("code"))


def last_time(assignment: Assignment) -> dict[int, Figure]:
    """What the facility handed in for the period before, by indicator. One query; as the system."""
    rows = IndicatorValue.objects.filter(
        report__assignment__obligation=assignment.obligation_id,
        report__facility=assignment.facility_id,
        report__assignment__period__lt=assignment.period,
        report__handed_in_at__isnull=False,
    ).order_by("report__assignment__period", "report__number")
    with as_system():
        return {row.indicator_id: Figure(row.value, row.unit, row.base, row.source) for row in rows}


def limits_of(indicator: Indicator) -> Limits:
    return Limits(indicator.kind, indicator.least, indicator.most, indicator.jump)


def require_writable(assignment: Assignment, by: Any) -> None:
    """Raises `RightMissing`, `MoveRefused`."""
    if not by.has_perm(WRITE) or assignment.facility_id not in by.scope.facilities - by.recused_facilities:
        raise RightMissing
    if assignment.status not in WRITABLE:
        raise MoveRefused(_("This report was handed in: wait for the answer."))


@transaction.atomic
def write(
    assignment: Assignment, narrative: str, values: Given, files: Sequence[EvidenceFile], *, by: Any, version: int
) -> ComplianceReport:
    """Keep what was written so far. It may lack anything; what cannot be is refused field by field.

    The caller has locked the assignment. Raises `RightMissing`, `MoveRefused`, `StaleVersion`, `InvalidInput`."""
    require_writable(assignment, by)
    known = {each.pk: each for each in asked_of(assignment)}
    wrong: dict[str, list[Any]] = {}
    if has_unstorable(narrative) or len(clean(narrative)) > LONGEST:
        wrong["narrative"] = [_("At most %(count)s characters.") % {"count": LONGEST}]
    for pk, (value, _why) in values.items():
        if pk not in known:
            wrong["narrative"] = [_("This indicator is not asked for.")]
        elif value is not None and (words := impossible(value, limits_of(known[pk]))):
            wrong[f"value-{pk}"] = [words]
    if any(file.facility_id != assignment.facility_id for file in files):
        wrong["files"] = [_("Choose documents of this facility.")]
    if wrong:
        raise InvalidInput(wrong)
    with as_system():
        report = _written(assignment, clean(narrative), by, version)
        _keep_values(report, known, values)
        _keep_files(report, files)
    return report


def _written(assignment: Assignment, narrative: str, by: Any, version: int) -> ComplianceReport:
    """The draft with its text, as its next version."""
    now, rows = timezone.now(), ComplianceReport.objects.filter(assignment=assignment)
    report = rows.filter(handed_in_at=None).select_for_update(of=("self",)).first()
    if (report.version if report else 0) != version:
        raise StaleVersion(current_version=report.version if report else 0)
    if report is None:
        number = 1 + (rows.order_by("-number").values_list("number", flat=True).first() or 0)
        report = ComplianceReport(assignment=assignment, facility_id=assignment.facility_id, number=number, version=0)
    report.narrative, report.version, report.written_at, report.written_by = narrative, report.version + 1, now, by
    report.save()
    return report


def _keep_values(report: ComplianceReport, known: Mapping[int, Indicator], values: Given) -> None:
    """A blank figure takes away what was there; each is kept with what it means now."""
    IndicatorValue.objects.filter(report=report).delete()
    IndicatorValue.objects.bulk_create(
        IndicatorValue(
            report=report, indicator=known[pk], value=value, unit=known[pk].unit, base=known[pk].base,
            source=known[pk].source, explained=clean(why)[:2000],
        )
        for pk, (value, why) in values.items()
        if value is not None
    )  # fmt: skip


def _keep_files(report: ComplianceReport, files: Sequence[EvidenceFile]) -> None:
    ReportEvidence.objects.filter(report=report).delete()
    ReportEvidence.objects.bulk_create(ReportEvidence(report=report, file=file) for file in dict.fromkeys(files))


def missing(assignment: Assignment, *, by: Any) -> dict[str, str]:
    """What the report lacks before it can be handed in, by field of the form. Some five queries."""
    draft = draft_of(assignment, by=by)
    if draft.report is None:
        return {"narrative": _("Write what was done.")}
    lacks: dict[str, str] = {}
    if not draft.report.narrative:
        lacks["narrative"] = _("Write what was done.")
    before = last_time(assignment)
    for each in asked_of(assignment):
        value = draft.values.get(each.pk)
        if value is None:
            lacks[f"value-{each.pk}"] = _("Give a value: %(name)s.") % {"name": each.name}
            continue
        now = Figure(value.value, value.unit, value.base)
        if (words := surprising(now, before.get(each.pk), limits_of(each))) and not value.explained:
            lacks[f"why-{each.pk}"] = f"{each.name}: {words}"
    if assignment.obligation.evidence and not draft.files:
        lacks["files"] = _("Add a document: %(wanted)s.") % {"wanted": assignment.obligation.evidence}
    if old := [file.name for file in draft.files if has_expired(file, timezone.localdate())]:
        lacks["files"] = _("No longer valid: %(names)s.") % {"names": ", ".join(old)}
    return lacks


def has_expired(file: EvidenceFile, today: date) -> bool:
    return file.expires_on is not None and file.expires_on < today


def hand_in(assignment: Assignment, *, at: datetime, by: Any) -> None:
    """Close the draft and show it, with its documents, to the department. As the system."""
    report = ComplianceReport.objects.get(assignment=assignment, handed_in_at=None)
    files = list(report.proofs.values_list("file_id", "file__evidence_id"))
    EvidenceFile.objects.filter(pk__in=[file for file, _of in files], handed_in_at=None).update(handed_in_at=at)
    Evidence.objects.filter(pk__in=[of for _file, of in files], handed_in_at=None).update(handed_in_at=at)
    report.handed_in_at, report.written_by = at, by
    report.save(update_fields=["handed_in_at", "written_by"])


# --- documents -------------------------------------------------------------------------------------------------------


def newest_files(facility_id: int, *, by: Any) -> QuerySet[EvidenceFile]:
    """The newest version of each document of a facility that this person sees."""
    rows = EvidenceFile.objects.visible_to(by).filter(facility=facility_id)
    return rows.order_by("evidence_id", "-number").distinct("evidence_id").select_related("evidence")


@transaction.atomic
def keep_file(
    facility_id: int, upload: Checked, *, title: str, by: Any, expires_on: date | None = None,
    evidence: Evidence | None = None, newest: int | None = None,
) -> EvidenceFile:  # fmt: skip
    """Keep a file as a document of the facility, or as the next version of one; `newest` is then the version that was
    looked at. Raises `RightMissing`, `StaleVersion`."""
    if not by.has_perm(WRITE) or facility_id not in by.scope.facilities - by.recused_facilities:
        raise RightMissing
    if evidence is not None and evidence.facility_id != facility_id:
        raise RightMissing
    now = timezone.now()
    with as_system():
        if evidence is None:
            name = clean(title)[:200] or upload.name
            evidence = Evidence.objects.create(facility_id=facility_id, title=name, made_at=now, made_by=by)
        else:
            Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
        last = evidence.files.order_by("-number").values_list("number", flat=True).first() or 0
        if newest is not None and newest != last:
            raise StaleVersion(current_version=last)
        number = last + 1
        kept = EvidenceFile(
            evidence=evidence, facility_id=facility_id, number=number, token=secrets.token_hex(16), name=upload.name,
            content_type=upload.kind.content_type, size=upload.upload.size or 0, sha256=upload.sha256(),
            expires_on=expires_on, at=now, by=by,
        )  # fmt: skip
        kept.file.save(upload.name, upload.upload, save=False)
        kept.save()
    return kept
