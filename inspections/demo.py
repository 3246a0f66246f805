"""Invented inspections at invented facilities: a plan of this year, visits in every state, one that is not opened."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.uploads import checked
from facilities.models import Facility
from feedback.models import Case
from incidents.demo_actions import PAGE
from inspections import checklist, correcting, planning, preparing, recording, transitions
from inspections.choices import CorrectionStatus, PlanStatus, Result, Status
from inspections.models import ChecklistItem, CorrectiveAction, Inspection, Plan, PlanLine

INSPECTOR, SECOND = "thao.nghiep-vu-y", "to.truong"
PLACES = {"DEMO001": "cbql.lam-kieu", "DEMO002": "cbql.truc-van", "DEMO013": "cbql.huong-duong-xanh"}
LAW = "Luật Khám bệnh, chữa bệnh năm 2023; Chỉ thị số 06/CT-BYT ngày 24/8/2024; Quyết định của Giám đốc Sở Y tế."
LINES = (
    ("DEMO001", "q1", "Tiếp nhận và xử lý phản ánh theo Chỉ thị 06/CT-BYT"),
    ("DEMO002", "q2", "Quản lý sự cố y khoa theo Thông tư 43/2018/TT-BYT"),
    ("DEMO013", "m11", "Công khai giá dịch vụ và thu viện phí"),
    ("DEMO001", "m12", "Kiểm soát nhiễm khuẩn"),
)
HOTLINE = ("hotline", "serious", "Số đường dây nóng không có người trực từ 22 giờ đến 6 giờ.",
           "Chỉ thị 06/CT-BYT, điểm II.2", "Bố trí người trực đủ ba ca, gửi lịch trực của tháng.")  # fmt: skip
FEES = ("fees", "minor", "Bảng giá tại quầy thu phí số 3 chưa cập nhật.", "Luật Khám bệnh, chữa bệnh 2023, Điều 59",
        "Niêm yết lại bảng giá đang áp dụng tại tất cả các quầy.")  # fmt: skip


@transaction.atomic
def load() -> int:
    """Tell the stories; returns how many visits. Nothing where the people are missing or it was told before."""
    people = {name: User.objects.filter(username=name).first() for name in (INSPECTOR, SECOND, *PLACES.values())}
    places = {code: Facility.objects.filter(code=code).first() for code in PLACES}
    if None in people.values() or None in places.values() or Plan.objects.exists():
        return 0
    by, second = people[INSPECTOR], people[SECOND]
    lines = _plan(by, second, places)
    today = timezone.now()
    first = _visit(by, places["DEMO001"], lines[0], today - timedelta(days=40))
    _record(first, by, [HOTLINE, FEES])
    _correct(first, people["cbql.lam-kieu"], second, to=CorrectionStatus.VERIFIED)
    _step(first, Status.CLOSED, by, "Các yêu cầu đã được kiểm chứng")
    over = _visit(by, places["DEMO013"], None, today - timedelta(days=30), topic="Niêm yết giá dịch vụ kỹ thuật")
    _record(over, by, [FEES])
    _correct(over, people["cbql.huong-duong-xanh"], second, to=CorrectionStatus.VERIFIED)
    _step(over, Status.CLOSED, by, "Các yêu cầu đã được kiểm chứng")
    running = _visit(by, places["DEMO002"], lines[1], today - timedelta(days=10))
    _record(running, by, [HOTLINE, FEES])
    _correct(running, people["cbql.truc-van"], second, to=CorrectionStatus.ANSWERED, most=1)
    opened = _visit(by, places["DEMO013"], lines[2], today)
    _step(opened, Status.OPENED, by, "Đã công bố quyết định tại cơ sở")
    again = _visit(by, places["DEMO001"], None, today - timedelta(days=2), topic="Trực đường dây nóng ban đêm")
    _record(again, by, [HOTLINE])
    hidden = _visit(by, places["DEMO001"], None, today + timedelta(days=5), topic="Kiểm tra đột xuất khoa Khám bệnh")
    _trigger(hidden, by)
    off = _visit(by, places["DEMO002"], None, today + timedelta(days=20), topic="Kiểm tra đột xuất nhà thuốc")
    _step(off, Status.CANCELLED, by, "Đã gộp vào cuộc kiểm tra theo kế hoạch")
    return 7


def _plan(by: Any, second: Any, places: Any) -> list[PlanLine]:
    plan = planning.begin(timezone.localdate().year, LAW, by=by)
    for code, period, topic in LINES:
        plan.refresh_from_db()
        given = {"facility": places[code], "period": period, "topic": topic, "lead": by}
        planning.put_line(plan, given, by=by, version=plan.version)
    for to, who in ((PlanStatus.WAITING, by), (PlanStatus.APPROVED, second)):
        plan.refresh_from_db()
        planning.move(plan, to, by=who, reason="Theo chương trình công tác năm", version=plan.version)
    return list(PlanLine.objects.select_related("plan", "facility", "lead").order_by("pk"))


def _visit(by: Any, place: Any, line: PlanLine | None, at: Any, topic: str = "") -> Inspection:
    given = {"topic": line.topic if line else topic, "legal_basis": LAW, "planned_at": at}
    made = preparing.begin(place, given, by=by, line=line)
    checklist.generate(made, by=by)
    checklist.add_own(made, "Bảng công khai đường dây nóng và giá dịch vụ", "", by=by)
    return made


def _step(visit: Inspection, to: Status, by: Any, reason: str) -> None:
    visit.refresh_from_db()
    transitions.move(visit, to, by=by, reason=reason, version=visit.version)


def _record(visit: Inspection, by: Any, findings: list[tuple[str, str, str, str, str]]) -> None:
    """Open it, judge every item, write findings and demands, and finish the record."""
    _step(visit, Status.OPENED, by, "Đã công bố quyết định tại cơ sở")
    visit.refresh_from_db()
    items = ChecklistItem.objects.filter(inspection=visit)
    judged = {item.pk: {"result": str(Result.CONFORMS), "evidence": "Hồ sơ lưu tại cơ sở"} for item in items}
    checklist.judge(visit, judged, by=by, version=visit.version)
    for kind, severity, text, basis, wanted in findings:
        given = {"kind": kind, "severity": severity, "text": text, "basis": basis}
        found = recording.find(visit, given, by=by)
        recording.demand(found, wanted, timezone.localdate() + timedelta(days=15), by=by)
    visit.refresh_from_db()
    now = timezone.now()
    record = {
        "started_at": now - timedelta(hours=3), "ended_at": now, "present": ["deputy", "quality", "nursing"],
        "summary": "Đoàn đã xem hồ sơ và đi thực tế tại ba khoa. Cơ sở phối hợp đầy đủ.",
    }  # fmt: skip
    recording.write_record(visit, record, by=by, version=visit.version)
    _step(visit, Status.RECORDED, by, "Đã thông qua và ký biên bản")


def _correct(visit: Inspection, writer: Any, second: Any, *, to: str, most: int = 9) -> None:
    for row in CorrectiveAction.objects.filter(inspection=visit).order_by("pk")[:most]:
        file = checked(SimpleUploadedFile("lich-truc.pdf", PAGE))
        text = "Đã thực hiện, gửi kèm tài liệu có xác nhận của lãnh đạo bệnh viện."
        row = correcting.answer(row, text, [file], by=writer, version=row.version)
        if to == CorrectionStatus.VERIFIED:
            correcting.move(row, to, by=second, reason="Đã kiểm chứng tại chỗ", version=row.version)


def _trigger(visit: Inspection, by: Any) -> None:
    """What gave rise to it: a case of the facility, where this person sees one."""
    case = Case.objects.visible_to(by).filter(facility=visit.facility_id).order_by("-received_at").first()
    if case is not None:
        preparing.add_trigger(visit, case, by=by, reason="Nhiều phản ánh về khoa Khám bệnh trong tháng")
