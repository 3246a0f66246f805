"""Facilities, people and directives for tests: fixed and invented."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from directives import register
from directives.models import Assignment, Directive, Obligation, PartyRule
from directives.register import Duty
from facilities.models import Facility
from tests.feedback import factories as make
from tests.feedback.factories import fresh
from tests.incidents.factories import seed

LONG_REASON = "thực hiện theo công văn mới của Bộ"


class Team:
    """Two facilities and people of each, the department's people."""

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
        self.officer = make.person("officer")
        self.lead = make.person("lead")
        self.director = make.person("director")
        PartyRule.objects.create(party="HOSP", type="BVDK")


def directive(by: Any, number: str = "12/CT-SYT", **facts: Any) -> Directive:
    given = {"issuer": "Sở Y tế Lam Giang", "subject": "Tăng cường tiếp nhận phản ánh", "issued_on": date(2026, 3, 2)}
    return register.enter(given | {"number": number} | facts, by=fresh(by), text=facts.pop("text", "Toàn văn"))


def duty(**changes: Any) -> Duty:
    given: dict[str, Any] = {
        "part": "1.a", "text": "Tập huấn giao tiếp cho nhân viên.", "title": "Tập huấn giao tiếp", "parties": ["HOSP"],
        "recurrence": "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=10",
    }  # fmt: skip
    return Duty(**(given | changes))


def obligation(by: Any, of: Directive | None = None, **changes: Any) -> Obligation:
    return register.oblige(of or directive(by), [duty(**changes)], by=fresh(by))[0]


def assigned(obligation: Obligation, facility: Facility, due: date | None = None) -> Assignment:
    """An assignment as the expansion would make it."""
    due = due or timezone.localdate() + timedelta(days=30)
    return Assignment.objects.create(
        obligation=obligation, directive_id=obligation.directive_id, facility=facility, period=due, due_on=due,
        due_at=register.periods.due_moment(due), made_at=timezone.now(),
    )  # fmt: skip
