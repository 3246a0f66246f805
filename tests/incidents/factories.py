"""Facilities, people and incident reports for tests: fixed and invented."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from facilities.models import Facility
from incidents import services
from incidents.choices import Status, Told
from incidents.models import Incident
from incidents.transitions import move
from tests.feedback import factories as make

LONG_REASON = "gọi lại để xác minh nội dung báo cáo"


def seed() -> None:
    import deadlines.reference
    from accounts.services import engine, seed_roles

    seed_roles()
    engine()
    deadlines.reference.load()


class Team:
    """Two facilities, the division in charge, lead and director, and people of each."""

    def __init__(self) -> None:
        seed()
        self.hospital = make.facility()
        self.other = make.facility("T02", "Bệnh viện Đa khoa Trúc Vân")
        self.division = make.division("NVY", "Phòng Nghiệp vụ Y")
        self.writer = make.person("facility_officer", facility=self.hospital)
        self.colleague = make.person("facility_officer", facility=self.hospital)
        self.head = make.person("facility_director", facility=self.hospital, is_head=True)
        self.stranger = make.person("facility_officer", facility=self.other)
        self.checker = make.person("division_officer", division=self.division)
        self.second = make.person("division_officer", division=self.division)
        self.elsewhere = make.person("division_officer", division=make.division("KTPC"))
        self.officer = make.person("officer")
        self.lead = make.person("lead")
        self.director = make.person("director")
        self.auditor = make.person("auditor")


def report(noticed: datetime | None = None, **changes: Any) -> dict[str, Any]:
    """Everything that a voluntary report asks for."""
    noticed = (noticed or timezone.now() - timedelta(minutes=30)).replace(second=0, microsecond=0)  # as forms do
    told = dict.fromkeys(("told_physician", "is_in_record", "told_family", "told_patient"), Told.YES)
    return {
        "subject": "SUB1",
        "ward": "Khoa Nội",
        "occurred_at": noticed - timedelta(minutes=10),
        "detected_at": noticed,
        "description": "Phát nhầm thuốc.",
        "treatment": "Theo dõi 24 giờ.",
        "harm": "D",
        "reporter_role": "REP1",
        **told,
        **changes,
    }


PEOPLE = {"patient": {"name": "Lê Thị Hoa Sen", "record": "BA-77"}, "reporter": {"name": "Trần Ngọc Mai"}}
SEVERE = {"harm": "G", "serious_item": 4}


def draft(by: Any, facility: Facility, people: Any = None, **changes: Any) -> Incident:
    by = make.fresh(by)
    incident = services.start(facility, by=by)
    return services.edit(incident, report(**changes), PEOPLE if people is None else people, by=by, version=1)


def sent(by: Any, facility: Facility, **changes: Any) -> Incident:
    return step(draft(by, facility, **changes), Status.SUBMITTED, by)


def step(incident: Incident, to: Status, by: Any, reason: str = "theo quy trình") -> Incident:
    incident.refresh_from_db()
    return move(incident, to, by=make.fresh(by), reason=reason, version=incident.version)
