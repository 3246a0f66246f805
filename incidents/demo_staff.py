"""Invented reports from staff of invented facilities, in each state that the incident unit meets."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from common.public.keys import source_id
from facilities.models import Facility
from incidents import receiving, talking
from incidents.choices import Side, Status, Utterance
from incidents.transitions import move


@dataclass(frozen=True)
class Report:
    """What was sent: where, what, how bad, by whom; what was said about it since; whether the draft was dropped."""

    place: str
    ward: str
    harm: str
    description: str
    name: str = ""
    ago: float = 2
    talk: tuple[tuple[str, str], ...] = ()
    is_dropped: bool = False
    more: dict[str, Any] = field(default_factory=dict)


REPORTS = (
    Report("DEMO001", "Khoa Nhi", "B", "Chuẩn bị nhầm liều thuốc hạ sốt, phát hiện trước khi cho trẻ uống.", ago=5),
    Report("DEMO001", "Khoa Ngoại", "D", "Người bệnh trượt chân ở hành lang vừa lau, được đỡ kịp.", ago=50,
           talk=((Utterance.QUESTION, "Lúc đó có đặt biển cảnh báo sàn ướt không?"),
                 (Utterance.ANSWER, "Không có biển, ca đó chỉ còn một người lau sàn."))),
    Report("DEMO001", "Khoa Xét nghiệm", "C", "Hai ống máu dán cùng một nhãn, phải lấy máu lại.", ago=90,
           talk=((Utterance.FEEDBACK, "Cảm ơn anh/chị. Từ thứ Hai, nhãn được in tại giường và kiểm tra hai người."),)),
    Report("DEMO001", "Khoa Phẫu thuật", "G", "Bỏng da do bản cực dao điện, để lại sẹo co kéo.", "Phạm Thu An", ago=0.6,
           more={"reporter_role": "REP2", "subject": "SUB1"}),
    Report("DEMO001", "Khoa Phẫu thuật", "E", "Bỏng da vùng đùi do bản cực dao điện trong mổ.", ago=0.6),
    Report("DEMO002", "Khoa Dược", "A", "Hai thuốc tên gần giống nhau để cạnh nhau trên kệ.", ago=30, is_dropped=True,
           talk=((Utterance.FEEDBACK, "Đã tách hai thuốc sang hai kệ và dán nhãn màu; không cần lập báo cáo riêng."),)),
)  # fmt: skip


def load(person_of: Callable[[str], Any]) -> int:
    """Send them and say what was said about them since; returns how many. `person_of` gives a facility's writer."""
    for report in REPORTS:
        _tell(report, person_of(report.place))
    return len(REPORTS)


def _tell(report: Report, writer: Any) -> None:
    noticed = (timezone.now() - timedelta(hours=report.ago)).replace(second=0, microsecond=0)
    said = {"ward": report.ward, "harm": report.harm, "description": report.description, "detected_at": noticed}
    people = {"reporter": {"name": report.name}} if report.name else {}
    secret, place = secrets.token_hex(32), Facility.objects.get(code=report.place)
    incoming = receiving.Incoming(source_id(secret), place, said | report.more, secret, people)
    came = receiving.receive(incoming).report
    for what, text in report.talk:
        if what == Utterance.ANSWER:
            talking.answer(came, text, Side.FACILITY)
        else:
            talking.say(came.incident, what, text, by=writer)
    if report.is_dropped:
        reason = "Đã xử lý tại khoa"
        move(came.incident, Status.DROPPED, by=writer, reason=reason, version=came.incident.version)
