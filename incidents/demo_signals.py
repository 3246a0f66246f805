"""Invented reports of three years, from which the rule for change finds what it is made for: falls that became more
frequent at one facility, while others stay as they were."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from accounts.services import engine
from common.days import midnight
from facilities.models import Facility
from incidents.choices import Verdict
from incidents.demo_past import division_in_charge, keep, past_report
from incidents.models import Incident, Signal
from incidents.signals import finding
from incidents.signals.counting import WEEKS

RISING, FALLS = "DEMO002", "IT07.1"
RISEN_SINCE = 9  # weeks
STEADY = {  # reports a week of each, over three years: type and rate
    "DEMO001": (("IT03.3", 0.35), ("IT07.1", 0.2)),
    RISING: ((FALLS, 0.5), ("IT03.5", 0.15)),
    "DEMO003": (("IT03.8", 0.2),),
    "DEMO004": (("IT07.1", 0.2),),
    "DEMO005": (("IT02.3", 0.15),),
    "DEMO006": (("IT10.5", 0.15),),
}
TOLD = {
    FALLS: ("Khoa Ngoại tổng hợp", "Người bệnh té ngã khi tự đi vệ sinh ban đêm."),
    "IT03.3": ("Khoa Nội tim mạch", "Nhầm hàm lượng thuốc, phát hiện khi đối chiếu."),
    "IT03.5": ("Khoa Nội tổng hợp", "Thực hiện sai y lệnh, đã điều chỉnh."),
    "IT03.8": ("Khoa Nội tổng hợp", "Phát nhầm thuốc giữa hai người bệnh, thu hồi kịp."),
    "IT02.3": ("Khoa Ngoại tổng hợp", "Nhiễm khuẩn vết mổ nông, thay băng và cấy dịch."),
    "IT10.5": ("Khoa Khám bệnh", "Kẹp nhầm kết quả của người bệnh khác vào hồ sơ."),
}


def load(by_code: dict[str, Any], *, judge: Any) -> int:
    """Write the reports and look at them; returns how many signals. `by_code` maps facilities to who reports there."""
    places = {place.code: place for place in Facility.objects.filter(code__in=STEADY)}
    keep(_reports(places, by_code))
    found = finding.look(engine())
    together = Signal.objects.filter(facility=None).first()
    if together is not None:  # one that somebody is looking into, one that waits
        reason = "Đang hỏi các cơ sở: có thể do mở kênh báo cáo mới."
        finding.judge(together, Verdict.LOOKING, reason=reason, by=judge, version=together.version)
    return found


def _reports(places: dict[str, Facility], by_code: dict[str, Any]) -> list[Incident]:
    dice, division, today = Random(43), division_in_charge(), timezone.localdate()
    monday = midnight(today - timedelta(days=today.weekday()))
    found = []
    for code, series in STEADY.items():
        if code not in places:
            continue
        for box, rate in series:
            for ago in range(1, WEEKS + 1):
                is_risen = code == RISING and box == FALLS and ago <= RISEN_SINCE
                for _report in range(_count(dice, 5 * rate if is_risen else rate)):
                    at = _moment(monday - timedelta(weeks=ago), dice)
                    ward, text = TOLD[box]
                    by = by_code.get(code) or next(iter(by_code.values()))
                    said = {"ward": ward, "description": text, "types": [box], "harm": dice.choice("BCCDDE")}
                    found.append(past_report(places[code], division, by, at, **said))
    return sorted(found, key=lambda row: row.opened_at)


def _count(dice: Random, rate: float) -> int:
    """A count of this mean, as regular as the rate allows: the demo shows a rule, not luck."""
    return int(rate) + (dice.random() < rate % 1)


def _moment(monday: datetime, dice: Random) -> datetime:
    return (
        monday + timedelta(days=dice.randrange(7)) + timedelta(hours=dice.randrange(7, 21), minutes=dice.randrange(60))
    )
