"""Invented analyses of the invented incidents: one that was accepted, one that came back with remarks."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from incidents import analysing
from incidents.choices import AnalysisStatus, Part, Told
from incidents.models import Incident

GROUP = (("Bác sĩ Trần Đình Sâm", "Phó giám đốc, trưởng nhóm"), ("Dược sĩ Lâm Thị Hồi", "Trưởng khoa Dược"))
DRUG = {
    "causes": ["CA1.2", "CA3.1", "CA4.2"],
    "factors": {
        "CA1.2": "Không đối chiếu tên người bệnh trước khi phát thuốc.",
        "CA3.1": "Xe thuốc không có ngăn riêng cho từng giường.",
        "CA4.2": "Bỏ bước kiểm tra chéo trong giờ cao điểm.",
    },
    "whys": [
        "Điều dưỡng đưa thuốc của giường 12 cho giường 11.",
        "Hai khay thuốc đặt cạnh nhau, không ghi tên.",
        "Xe thuốc chỉ có một ngăn chung cho cả buồng.",
        "Khoa chưa được trang bị xe thuốc có ngăn theo giường.",
    ],
    "root_cause": "Xe thuốc không có ngăn theo giường và không có bước kiểm tra chéo bắt buộc.",
    "corrective": "Trang bị xe thuốc có ngăn; dán tên từng khay; hai người ký khi phát thuốc tim mạch.",
    "advice": "Áp dụng xe thuốc có ngăn theo giường cho mọi khoa nội trú trong quý tới.",
    "findings": "Quy trình phát thuốc có bước kiểm tra chéo nhưng không ai ghi nhận đã thực hiện.",
    "guidance": "Hướng dẫn 5 đúng khi dùng thuốc của cơ sở.",
    "impacts": ["OI2"],
}
GAUZE = {
    "causes": ["CA4.1", "CA4.4"],
    "factors": {
        "CA4.1": "Bảng kiểm an toàn phẫu thuật chưa có mục đếm gạc lần ba.",
        "CA4.4": "Đổi kíp giữa ca mổ, không bàn giao số gạc.",
    },
    "whys": ["Gạc còn trong ổ bụng sau khi đóng da.", "Lần đếm cuối do người mới vào ca thực hiện một mình."],
    "root_cause": "Đổi kíp giữa ca mổ không có bước bàn giao số gạc.",
    "corrective": "Đếm gạc hai người khi đổi kíp, ghi vào bảng kiểm.",
    "advice": "Không đổi dụng cụ viên trong khi mổ, trừ trường hợp cấp cứu.",
    "findings": "Bảng kiểm được ký đủ nhưng số gạc ghi sau khi đóng da.",
    "guidance": "Bảng kiểm an toàn phẫu thuật.",
    "impacts": ["OI2", "OI4"],
}


def analyse(incident: Incident, told: dict[str, Any], *, writer: Any, checker: Any, to: AnalysisStatus) -> None:
    """Write an analysis by the deeds that people would do, and answer it."""
    begun = analysing.open_analysis(incident, by=writer)
    written = analysing.write(begun, _whole(incident, told), by=writer, version=begun.version)
    sent = analysing.move(
        written, AnalysisStatus.SUBMITTED, by=writer, reason="Phân tích đã đầy đủ", version=written.version
    )
    remarks: dict[str, str] = {
        Part.CAUSES: "Hỏi tiếp: vì sao kíp mổ đổi giữa ca, ai cho phép?",
        Part.CORRECTIVE: "Nêu người phụ trách và hạn hoàn thành từng việc.",
    }
    analysing.move(
        sent,
        to,
        by=checker,
        reason="Đạt yêu cầu" if to == AnalysisStatus.ACCEPTED else "Cần làm rõ nguyên nhân gốc",
        version=sent.version,
        remarks=remarks if to == AnalysisStatus.RETURNED else None,
    )


def _whole(incident: Incident, told: dict[str, Any]) -> dict[str, Any]:
    noticed = timezone.localtime(incident.detected_at)
    moments = (
        (20, "Bắt đầu thực hiện."),
        (8, "Có dấu hiệu bất thường, chưa ai báo."),
        (0, "Phát hiện, báo trưởng ca."),
    )
    today = timezone.localdate().isoformat()
    return told | {
        "types": incident.types,
        "timeline": [
            {"at": (noticed - timedelta(minutes=minutes)).isoformat(), "text": text} for minutes, text in moments
        ],
        "discussed": Told.YES,
        "conforms": Told.YES,
        "experts": [
            {"name": name, "post": post, "is_head": number == 0, "signed_on": today}
            for number, (name, post) in enumerate(GROUP)
        ],
    }
