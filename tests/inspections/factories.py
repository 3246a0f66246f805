"""People, plans and visits for tests: fixed and invented."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

import feedback.reference
from common.uploads import checked
from facilities.models import Facility
from inspections import checklist, correcting, planning, preparing, recording, transitions
from inspections.choices import CorrectionStatus, PlanStatus, Result, Status
from inspections.models import ChecklistItem, CorrectiveAction, Finding, Inspection, Plan, PlanLine
from tests.directives import factories as duties
from tests.feedback import factories as make
from tests.feedback.factories import fresh
from tests.files import PDF

REASON = "theo quyết định của Giám đốc Sở"


class Team(duties.Team):
    """Two facilities and their people, the department's people, and two who inspect."""

    def __init__(self) -> None:
        super().__init__()
        feedback.reference.load()
        self.inspector = make.person("division_officer", division=self.division)
        self.auditor = make.person("auditor")


def plan(team: Team, year: int | None = None) -> Plan:
    return planning.begin(year or timezone.localdate().year, "Luật Khám bệnh, chữa bệnh 2023", by=fresh(team.inspector))


def line(team: Team, of: Plan, facility: Facility | None = None, **given: Any) -> PlanLine:
    of.refresh_from_db()
    wishes = {
        "facility": facility or team.hospital, "period": "q4", "topic": "Thực hiện Chỉ thị 06/CT-BYT",
        "lead": team.inspector,
    } | given  # fmt: skip
    return planning.put_line(of, wishes, by=fresh(team.inspector), version=of.version)


def step_plan(of: Plan, to: str, by: Any) -> Plan:
    of.refresh_from_db()
    return planning.move(of, to, by=fresh(by), reason=REASON, version=of.version)


def approved(team: Team) -> PlanLine:
    """A line of an approved plan."""
    made = plan(team)
    row = line(team, made)
    step_plan(made, PlanStatus.WAITING, team.inspector)
    step_plan(made, PlanStatus.APPROVED, team.director)
    return PlanLine.objects.select_related("plan", "facility", "lead").get(pk=row.pk)


def visit(by: Any, facility: Facility, *, of: PlanLine | None = None, **given: Any) -> Inspection:
    """A visit that is being prepared."""
    wishes = {
        "topic": "Tiếp nhận và xử lý phản ánh", "legal_basis": "Quyết định 120/QĐ-SYT",
        "planned_at": timezone.now() + timedelta(days=3),
    } | given  # fmt: skip
    return preparing.begin(facility, wishes, by=fresh(by), line=of)


def step(inspection: Inspection, to: str, by: Any, reason: str = REASON) -> Inspection:
    inspection.refresh_from_db()
    return transitions.move(inspection, to, by=fresh(by), reason=reason, version=inspection.version)


def opened(by: Any, facility: Facility, **given: Any) -> Inspection:
    """A visit at the facility's door, with one item to look at."""
    made = visit(by, facility, **given)
    checklist.add_own(made, "Bảng công khai đường dây nóng", "Chỉ thị 06/CT-BYT, điểm II.2", by=fresh(by))
    return step(made, Status.OPENED, by)


def found(inspection: Inspection, by: Any, *, kind: str = "hotline", days: int = 20, **given: Any) -> Finding:
    """A serious finding with what is to be corrected."""
    wishes = {
        "kind": kind, "severity": "serious", "text": "Số đường dây nóng không có người trực ban đêm.",
        "basis": "Chỉ thị 06/CT-BYT, điểm II.2",
    } | given  # fmt: skip
    made = recording.find(inspection, wishes, by=fresh(by))
    recording.demand(made, "Bố trí người trực đủ ba ca.", timezone.localdate() + timedelta(days=days), by=fresh(by))
    return made


def write_record(inspection: Inspection, by: Any, summary: str = "Đoàn đã kiểm tra 5 nội dung.") -> Inspection:
    inspection.refresh_from_db()
    items = ChecklistItem.objects.filter(inspection=inspection)
    judged = {item.pk: {"result": str(Result.CONFORMS)} for item in items}
    inspection = checklist.judge(inspection, judged, by=fresh(by), version=inspection.version)
    now = timezone.now()
    given = {"started_at": now - timedelta(hours=2), "ended_at": now, "present": ["director"], "summary": summary}
    return recording.write_record(inspection, given, by=fresh(by), version=inspection.version)


def recorded(by: Any, facility: Facility, *, kind: str = "hotline", **given: Any) -> Inspection:
    """A visit whose record is finished, with one finding and one demand."""
    made = opened(by, facility, **given)
    found(made, by, kind=kind)
    write_record(made, by)
    return step(made, Status.RECORDED, by)


def demand_of(inspection: Inspection) -> CorrectiveAction:
    return CorrectiveAction.objects.filter(inspection=inspection).order_by("pk")[0]


def evidence(name: str = "bien-ban.pdf") -> Any:
    return checked(SimpleUploadedFile(name, PDF))


def answered(correction: CorrectiveAction, by: Any, text: str = "Đã phân công trực ba ca.") -> CorrectiveAction:
    correction.refresh_from_db()
    return correcting.answer(correction, text, [evidence()], by=fresh(by), version=correction.version)


def judge(correction: CorrectiveAction, to: str, by: Any, **given: Any) -> CorrectiveAction:
    correction.refresh_from_db()
    return correcting.move(correction, to, by=fresh(by), reason=REASON, version=correction.version, **given)


def verified(correction: CorrectiveAction, writer: Any, by: Any) -> CorrectiveAction:
    return judge(answered(correction, writer), CorrectionStatus.VERIFIED, by)
