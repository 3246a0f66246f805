"""Invented reports of invented facilities on the founding obligations, each told by the deeds that people would do:
some in every state, some late."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.uploads import checked
from directives import demo_yearly, expansion, reporting, transitions
from directives.choices import Status
from directives.models import Assignment, ComplianceReport, Obligation
from facilities.models import Facility

CHECKER, SECOND = "thao.nghiep-vu-y", "to.truong"
WRITERS = {"DEMO001": "cbql.lam-kieu", "DEMO002": "cbql.truc-van", "DEMO013": "cbql.huong-duong-xanh"}
ASKED_BEFORE = {"HN30-2": 60, "HT25-9": 75}  # days: these were asked for long enough to be late here and there
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)


@dataclass(frozen=True)
class Story:
    """One report: whose, on what, what it says, and how far it went."""

    place: str
    duty: str
    text: str
    value: str = "1"
    to: Status = Status.SUBMITTED


STORIES = (
    Story("DEMO001", "HN30-2", "Đã tự kiểm tra 24 khoa, phòng; hai khoa được nhắc nhở.", to=Status.ACCEPTED),
    Story("DEMO002", "HN30-2", "Đã kiểm tra, đánh giá theo kế hoạch năm; báo cáo kèm biên bản.", to=Status.RETURNED),
    Story("DEMO001", "HT25-9", "Quý này có 11 rủi ro cao, 9 đã xử lý trong 30 ngày.", "81.8", to=Status.ACCEPTED),
    Story("DEMO002", "HT25-9", "Lập bản đồ rủi ro 18 khoa; rủi ro cao tập trung ở khoa Cấp cứu và phòng mổ.", "62.5"),
    Story("DEMO001", "CT06-6", "Bảng công khai đặt tại ba lối vào; đường dây nóng có người trực cả đêm.", "3"),
    Story("DEMO001", "HT25-8", "Tổng hợp sáu tháng: 42 báo cáo, 31 tự nguyện.", "74", to=Status.CHECKED),
    Story("DEMO013", "HT25-6", "Sổ tay văn hóa phục vụ đã ban hành, phát đến từng khoa.", to=Status.ACCEPTED),
    Story("DEMO013", "CT06-1", "Đang thu bản cam kết của khoa Khám bệnh.", "60", to=Status.OPEN),
)  # fmt: skip


@transaction.atomic
def load() -> int:
    """Assign the founding obligations and tell the stories; returns how many. Nothing where the people are missing."""
    people = {name: User.objects.filter(username=name).first() for name in (CHECKER, SECOND, *WRITERS.values())}
    if None in people.values() or ComplianceReport.objects.exists() or not Obligation.objects.exists():
        return 0
    today = timezone.localdate()
    for code, days in ASKED_BEFORE.items():
        Obligation.objects.filter(code=code).update(starts_on=today - timedelta(days=days))
    expansion.expand(is_forced=True)
    told = sum(_tell(story, today) for story in STORIES)
    demo_yearly.load()
    return told


def _tell(story: Story, today: date) -> int:
    """Nothing where the calendar has no such period now."""
    facility = Facility.objects.filter(code=story.place).first()
    rows = Assignment.objects.filter(facility=facility, obligation__code=story.duty, status=Status.OPEN)
    assignment = rows.select_related("obligation").order_by("period").first()
    if facility is None or assignment is None:
        return 0
    writer = User.objects.get(username=WRITERS[story.place])
    upload = checked(SimpleUploadedFile(f"{story.duty.lower()}.pdf", PDF))
    file = reporting.keep_file(
        facility.pk, upload, title=(assignment.obligation.evidence or "Báo cáo").capitalize(), by=writer,
        expires_on=today + timedelta(days=400),
    )  # fmt: skip
    values = {each.pk: (_value(each, story.value), "") for each in reporting.asked_of(assignment)}
    reporting.write(assignment, story.text, values, [file], by=writer, version=0)
    if story.to != Status.OPEN:
        _move_to(assignment, story, writer)
    return 1


def _value(indicator: Any, told: str) -> Decimal:
    """The story's value where it fits, else the nearest that may be."""
    value = Decimal("1") if indicator.kind == "yes_no" else Decimal(told)
    if indicator.most is not None:
        value = min(value, indicator.most)
    return max(value, indicator.least) if indicator.least is not None else value


def _move_to(assignment: Assignment, story: Story, writer: Any) -> None:
    checker = User.objects.get(username=CHECKER)
    way = {
        Status.ACCEPTED: [(Status.ACCEPTED, checker, "Báo cáo đạt yêu cầu")],
        Status.RETURNED: [(Status.RETURNED, checker, "Đề nghị bổ sung số liệu của khoa Khám bệnh.")],
        Status.CHECKED: [(Status.CHECKED, checker, "Báo cáo đạt yêu cầu")],
    }.get(story.to, [])
    for to, by, reason in [(Status.SUBMITTED, writer, "Báo cáo đã đầy đủ"), *way]:
        assignment = transitions.move(assignment, to, by=by, reason=reason, version=assignment.version)
