"""Invented periodic returns: voluntary reports of the half-year that ended last, of which one facility has signed its
synthesis and corrected it, one is late, and the department's letter is being written."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from common.papers.layout import digest_of
from facilities.models import Facility
from incidents.choices import ReturnKind
from incidents.demo_past import division_in_charge, keep, past_report
from incidents.returns import deeds
from incidents.returns.content import drawn_up
from incidents.returns.periods import last_ended

# letter, department, types, causes, who reported
TOLD: tuple[tuple[str, str, list[str], list[str], str], ...] = (
    ("A", "Phòng mổ số 3", ["IT01.5"], ["CA4.2"], "REP2"),
    ("B", "Khoa Dược", ["IT03.1"], ["CA1.2"], "REP1"),
    ("C", "Khoa Nội tim mạch", ["IT03.3", "IT03.5"], ["CA1.2", "CA4.1"], "REP1"),
    ("D", "Khoa Ngoại tổng hợp", ["IT07.1"], ["CA3.1"], "REP1"),
    ("C", "Khoa Nội tim mạch", ["IT03.8"], ["CA1.4"], "REP1"),
    ("E", "Khoa Hồi sức tích cực", ["IT02.2"], ["CA4.2"], "REP2"),
    ("A", "Khoa Xét nghiệm", ["IT10.5"], ["CA1.2"], "REP5"),
    ("D", "Khoa Sản", ["IT04.1"], [], "REP1"),
    ("B", "Khoa Nhi", [], [], "REP1"),
    ("F", "Khoa Ngoại tổng hợp", ["IT02.3"], ["CA4.2", "CA1.2"], "REP2"),
    ("C", "", ["IT08.1"], ["CA3.1"], "REP4"),
    ("D", "Khoa Nội tim mạch", ["IT07.1"], ["CA2.6"], "REP1"),
)
FINDINGS = (
    "Phần lớn sự cố về thuốc do không đối chiếu tên thuốc và liều tại thời điểm phát; té ngã tập trung ở buồng có nhà "
    "vệ sinh xa giường."
)
SOLUTIONS = (
    "1. Kiểm tra chéo hai người khi phát thuốc nguy cơ cao: đã thực hiện tại 5 khoa.\n"
    "2. Bố trí lại buồng cho người bệnh nguy cơ té ngã: đang thực hiện, hoàn thành trong quý tới."
)


def load(writers: dict[str, Any], checker: Any) -> int:
    """Returns and the reports that they count; how many returns. As the people of the demo."""
    period = last_ended(ReturnKind.SYNTHESIS, timezone.now())
    quarter = last_ended(ReturnKind.LETTER, timezone.now())
    codes = list(writers)[:2]
    for place, code in enumerate(codes):
        _reports(code, writers[code], period.starts + timedelta(days=9 + place), 13)
    first, late = (
        deeds.begin(Facility.objects.get(code=code), period, by=writers[code])
        for code in codes
    )  # fmt: skip
    _signed(first, writers[codes[0]])
    first.refresh_from_db()
    reason = "Bổ sung kết quả thực hiện giải pháp thứ hai."
    deeds.correct(first, reason=reason, by=writers[codes[0]], version=first.version)
    _signed(first, writers[codes[0]], SOLUTIONS.replace("đang thực hiện, hoàn thành trong quý tới", "đã hoàn thành"))
    deeds.write(late, {"findings": FINDINGS, "solutions": ""}, by=writers[codes[1]], version=late.version)
    deeds.begin(None, quarter, by=checker)
    return 3


def _signed(found: Any, by: Any, solutions: str = SOLUTIONS) -> None:
    found.refresh_from_db()
    texts = {"findings": FINDINGS, "solutions": solutions}
    found, as_of = deeds.write(found, texts, by=by, version=found.version), timezone.now()
    digest = digest_of(drawn_up(found, as_of, texts))
    deeds.sign(found, as_of=as_of, digest=digest, by=by, version=found.version)


def _reports(code: str, by: Any, first: datetime, days: int) -> None:
    facility, division = Facility.objects.get(code=code), division_in_charge()
    keep(
        past_report(
            facility, division, by, first + timedelta(days=nth * days, hours=3),
            harm=harm, ward=ward, types=types, causes=causes, reporter_role=role,
        )
        for nth, (harm, ward, types, causes, role) in enumerate(TOLD)
    )  # fmt: skip
