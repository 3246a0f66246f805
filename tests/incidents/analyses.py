"""Analyses of incidents for tests: complete, written by their facility."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from incidents import analysing
from incidents.choices import AnalysisStatus, Told
from incidents.models import Analysis, Incident
from tests.feedback import factories as make


def complete(incident: Incident, **changes: Any) -> dict[str, Any]:
    """Everything that Annex IV asks for."""
    noticed = timezone.localtime(incident.detected_at)
    today = timezone.localdate().isoformat()
    return {
        "details": "Điều dưỡng lấy nhầm hộp thuốc ở ngăn bên cạnh.",
        "timeline": [
            {"at": (noticed - timedelta(minutes=5)).isoformat(), "text": "Lấy thuốc từ tủ trực."},
            {"at": noticed.isoformat(), "text": "Phát hiện nhầm thuốc."},
        ],
        "types": ["IT03.7"],
        "treatment": "Theo dõi sát 24 giờ.",
        "causes": ["CA1.2", "CA4.1"],
        "factors": {"CA1.2": "Không đối chiếu tên thuốc.", "CA4.1": "Chưa có quy trình kiểm tra chéo."},
        "whys": ["Hai hộp thuốc giống nhau.", "Tủ thuốc không phân ngăn theo tên."],
        "root_cause": "Tủ thuốc trực xếp thuốc nhìn giống nhau cạnh nhau.",
        "corrective": "Xếp lại tủ thuốc, dán nhãn cảnh báo.",
        "advice": "Kiểm tra chéo khi phát thuốc nguy cơ cao.",
        "findings": "Sắp xếp tủ thuốc không theo quy định.",
        "discussed": Told.YES,
        "conforms": Told.YES,
        "guidance": "Khuyến cáo về thuốc nhìn giống nhau, đọc giống nhau.",
        "impacts": ["OI2"],
        "experts": [
            {"name": "Nguyễn Văn Bách", "post": "Trưởng phòng QLCL", "is_head": True, "signed_on": today},
            {"name": "Phạm Thị Cúc", "post": "Điều dưỡng trưởng", "is_head": False, "signed_on": today},
        ],
        **changes,
    }


def written(incident: Incident, by: Any, **changes: Any) -> Analysis:
    by = make.fresh(by)
    begun = analysing.open_analysis(incident, by=by)
    return analysing.write(begun, complete(incident, **changes), by=by, version=begun.version)


def step(analysis: Analysis, to: AnalysisStatus, by: Any, reason: str = "theo quy trình", **more: Any) -> Analysis:
    return analysing.move(analysis, to, by=make.fresh(by), reason=reason, version=analysis.version, **more)
