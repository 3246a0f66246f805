"""Invented incidents of invented facilities, each told by the deeds that people would do: one in every state."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from facilities.models import Facility
from incidents import demo_actions, demo_alerts, demo_signals, demo_staff, services
from incidents.choices import AnalysisStatus, Paper, Status, Told
from incidents.classification import Claim
from incidents.demo_analyses import DRUG, GAUZE, analyse
from incidents.demo_returns import load as load_returns
from incidents.models import Incident
from incidents.transitions import move

CHECKER, LEAD = "thao.nghiep-vu-y", "to.truong"
WRITERS = {"DEMO001": "cbql.lam-kieu", "DEMO002": "cbql.truc-van", "DEMO013": "cbql.huong-duong-xanh"}


@dataclass(frozen=True)
class Story:
    """One incident: where, how long ago it was noticed (in hours), what it was, and how far it went."""

    place: str
    ago: float
    harm: str
    ward: str
    description: str
    treatment: str
    status: Status = Status.SUBMITTED
    is_named: bool = True
    extra: dict[str, Any] = field(default_factory=dict)


STORIES = (
    Story("DEMO001", 400, "E", "Khoa Nội tim mạch", "Phát nhầm thuốc hạ áp liều gấp đôi cho người bệnh giường bên.",
          "Theo dõi huyết áp mỗi 15 phút, truyền dịch, người bệnh ổn định sau 6 giờ.", Status.ACCEPTED,
          extra={"types": ["IT03.3", "IT03.8"], "causes": ["CA1.2", "CA4.2"]}),
    Story("DEMO001", 260, "A", "Phòng mổ số 3", "Bảng kiểm trước mổ phát hiện dán nhãn sai bên gối cần phẫu thuật.",
          "Dừng trước khi rạch da, xác nhận lại vị trí với người bệnh và hồ sơ.", Status.ACCEPTED, is_named=False,
          extra={"types": ["IT01.5"], "causes": ["CA4.2"]}),
    Story("DEMO002", 120, "D", "Khoa Ngoại tổng hợp", "Người bệnh té ngã trong nhà vệ sinh, trầy xước khuỷu tay.",
          "Băng ép, chụp X-quang không gãy xương, theo dõi 24 giờ.", extra={"spot": "Nhà vệ sinh buồng 305"}),
    Story("DEMO002", 30, "G", "Khoa Phẫu thuật", "Quên gạc trong ổ bụng, phát hiện khi tái khám sau hai tuần.",
          "Hội chẩn, phẫu thuật lấy gạc, kháng sinh phổ rộng.", extra={"serious_item": 4, "types": ["IT01.6"]}),
    Story("DEMO001", 1.2, "H", "Khoa Hồi sức tích cực", "Sốc phản vệ sau tiêm kháng sinh dù hồ sơ có ghi dị ứng.",
          "Xử trí theo phác đồ phản vệ, đặt nội khí quản, chuyển hồi sức tích cực.", extra={"serious_item": 12}),
    Story("DEMO001", 0.4, "C", "Khoa Nội tổng hợp", "Phát nhầm thuốc giữa hai giường vì lại dùng xe thuốc một ngăn.",
          "Thu hồi thuốc trước khi người bệnh uống, báo trưởng ca.", extra={"types": ["IT03.8"], "causes": ["CA3.1"]}),
    Story("DEMO013", 20, "C", "Phòng khám Nhi", "Gọi nhầm tên hai trẻ cùng họ, khám nhầm hồ sơ trước khi phát hiện.",
          "Khám lại từ đầu đúng hồ sơ, xin lỗi gia đình.", Status.RETURNED, is_named=False),
    Story("DEMO001", 0.5, "I", "Khoa Cấp cứu", "Người bệnh tử vong nghi do nhầm nhóm máu; còn hai người cùng lô máu.",
          "Ngừng truyền, hồi sức tim phổi không hiệu quả, thu hồi lô máu.", Status.DRAFT,
          extra={"deaths": 1, "more_feared": True, "serious_item": 13}),
    Story("DEMO002", 3, "", "Khoa Xét nghiệm", "Trả nhầm kết quả xét nghiệm giữa hai người bệnh.", "",
          Status.DRAFT, is_named=False),
)  # fmt: skip


@transaction.atomic
def load() -> int:
    """Tell the stories; returns how many. Nothing where the invented people are missing."""
    people = {name: User.objects.filter(username=name).first() for name in (CHECKER, LEAD, *WRITERS.values())}
    if None in people.values() or Incident.objects.exists():
        return 0
    for story in STORIES:
        _tell(story, lambda name: User.objects.get(username=name))
    writers = {code: User.objects.get(username=name) for code, name in WRITERS.items()}
    demo_signals.load(writers, judge=people[LEAD])
    load_returns(writers, User.objects.get(username=CHECKER))
    demo_alerts.load(writers, writer=people[CHECKER], second=people[LEAD])
    staff = demo_staff.load(lambda place: writers[place])
    return len(STORIES) + staff


def _tell(story: Story, person: Callable[[str], Any]) -> None:
    writer, checker = person(WRITERS[story.place]), person(CHECKER)
    incident = services.start(Facility.objects.get(code=story.place), by=writer)
    incident = services.edit(incident, _report(story), _people(story), by=writer, version=incident.version)
    if story.status == Status.DRAFT:
        return
    reason = "Báo cáo đã đầy đủ"
    incident = move(incident, Status.SUBMITTED, by=writer, reason=reason, version=incident.version)
    if story.status == Status.RETURNED:
        remarks = "Đề nghị bổ sung: đã thông báo cho gia đình bằng cách nào, ai chịu trách nhiệm gọi tên."
        move(incident, Status.RETURNED, by=checker, reason=remarks, version=incident.version)
    elif story.status == Status.ACCEPTED:
        move(incident, Status.ACCEPTED, by=checker, reason="Báo cáo đạt yêu cầu", version=incident.version)
    if story.harm == "G":
        services.give(
            incident,
            Paper.QUICK,
            given_at=timezone.now(),
            said="Cục Quản lý Khám, chữa bệnh; số 118/BC-SYT",
            by=checker,
        )
        analyse(incident, GAUZE, writer=writer, checker=checker, to=AnalysisStatus.RETURNED)
        demo_actions.act(incident, demo_actions.GAUZE, writer=writer, checker=checker)
        services.add(incident, "Người bệnh ổn định, dự kiến ra viện sau 5 ngày.", by=writer)
    elif story.harm == "E":
        analyse(incident, DRUG, writer=writer, checker=checker, to=AnalysisStatus.ACCEPTED)
        demo_actions.act(incident, demo_actions.DRUG, writer=writer, checker=checker)
    elif story.harm == "H":
        incident.refresh_from_db()
        milder = Claim("F")
        reason = "Người bệnh tự thở sau 4 giờ, không cần hồi sức kéo dài."
        services.reclassify(incident, milder, reason=reason, by=writer, version=incident.version)


def _report(story: Story) -> dict[str, Any]:
    noticed = (timezone.now() - timedelta(hours=story.ago)).replace(second=0, microsecond=0)
    told = dict.fromkeys(("told_physician", "is_in_record", "told_family", "told_patient"), Told.YES)
    known = {"subject": "SUB1", "ward": story.ward, "description": story.description, "treatment": story.treatment}
    moments = {"occurred_at": noticed - timedelta(minutes=20), "detected_at": noticed}
    return {
        **known,
        **moments,
        **(told if story.treatment else {}),
        "harm": story.harm,
        "reporter_role": "REP1",
        **story.extra,
    }


def _people(story: Story) -> dict[str, dict[str, str]]:
    found = {"patient": {"name": "Lê Thị Hoa Sen", "record": "BA-26-004512", "sex": "F"}}
    if story.is_named:
        found["reporter"] = {"name": "Trần Ngọc Mai", "phone": "0900000000"}
    return found
