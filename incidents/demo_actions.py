"""Invented corrective actions of the invented incidents: one in every state, told by the deeds that people would do."""

from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from common.uploads import checked
from incidents.actions import services, transitions
from incidents.choices import ActionStatus, Concession, Effect
from incidents.models import Action, Incident

PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)
DRUG = (
    ("Trang bị xe thuốc có ngăn riêng cho từng giường", "S2", ["CA3.1"], "effective",
     "Mua 6 xe có ngăn theo giường cho Khoa Nội tim mạch; bỏ xe một ngăn.",
     "Số lần phát nhầm thuốc theo sổ của khoa, mỗi tháng."),
    ("Bảng kiểm hai người ký khi phát thuốc tim mạch", "M4", ["CA1.2", "CA4.2"], "verified",
     "Soạn bảng kiểm một trang; hai người ký trước khi phát; điều dưỡng trưởng xem lại cuối ca.",
     "Tỷ lệ phiếu có đủ hai chữ ký, lấy mẫu 30 phiếu mỗi tháng."),
    ("Tập huấn năm đúng khi dùng thuốc cho điều dưỡng mới", "W4", ["CA1.2"], "withdrawn",
     "Một buổi cho mỗi nhóm mới nhận việc.", "Điểm kiểm tra trước và sau."),
)  # fmt: skip
GAUZE = (
    ("Đếm gạc hai người khi đổi kíp, ghi vào bảng kiểm", "M6", ["CA4.4"], "done",
     "Kíp cũ và kíp mới cùng đếm, đọc lại số, ký vào bảng kiểm.",
     "Tỷ lệ ca đổi kíp có đủ hai chữ ký."),
    ("Gạc có sợi cản quang và máy quét trước khi đóng da", "S3", ["CA4.1"], "open",
     "Mua gạc có sợi cản quang; thử máy quét tại một phòng mổ trong một tháng.",
     "Số ca thiếu gạc phát hiện trước khi đóng da."),
)  # fmt: skip


def act(incident: Incident, plans: Any, *, writer: Any, checker: Any) -> None:
    """Plan the actions of an incident and bring each as far as its story goes."""
    for title, kind, causes, to, details, measure in plans:
        today = timezone.localdate()
        given = {
            "title": title, "kind": kind, "causes": causes, "details": details, "measure": measure, "owner": writer,
            "due_on": today + timedelta(days=10), "check_on": today + timedelta(days=100),
        }  # fmt: skip
        _lead(services.plan(incident.facility, given, by=writer, incident=incident), to, writer, checker, today)


def _lead(action: Action, to: str, writer: Any, checker: Any, today: date) -> None:
    if to == "open":
        services.report_progress(action, "Đã có ba báo giá, đang trình phê duyệt.", by=writer)
        return
    if to == "withdrawn":
        reason = "Đã gộp vào bảng kiểm hai người ký, mạnh hơn một buổi tập huấn."
        asked = services.ask(action, Concession.WITHDRAWAL, reason=reason, by=writer, version=action.version)
        services.answer(asked, agrees=True, answer="Đồng ý: hành động kia mạnh hơn.", by=checker)
        return
    file = checked(SimpleUploadedFile("bien-ban-nghiem-thu.pdf", PAGE))
    services.report_progress(action, "Đã thực hiện tại khoa, có biên bản kèm theo.", [file], by=writer)
    action = transitions.move(action, ActionStatus.DONE, by=writer, reason="Đã thực hiện xong", version=action.version)
    if to == "done":
        return
    action = transitions.move(
        action, ActionStatus.VERIFIED, by=checker, reason="Đã xem tại chỗ và xác nhận", version=action.version
    )
    said = {"checked_on": today, "by": checker, "version": action.version}
    if to == "verified":
        early = "Mới có số liệu hai tuần, chưa đủ để kết luận."
        next_on = today + timedelta(days=45)
        transitions.check_effect(action, result=Effect.TOO_EARLY, found=early, next_on=next_on, **said)
    else:
        found = "Ba tháng không ghi nhận lần phát nhầm nào, trước đó mỗi tháng hai lần."
        transitions.check_effect(action, result=Effect.EFFECTIVE, found=found, next_on=None, **said)
