"""One planted world: cases in every relation to every reader, with a canary in each field that somebody may not read.

A canary is `zq`, the number of its case and two letters for its field (`zq05bo`: the text of case 5), so that one look
over a page names every case and field that it shows. People, units and words are invented."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import AccountChange, ApiClient, Membership, Recusal, RoleGrant, User
from accounts.roles import ROLE_BY_CODE
from accounts.services import engine, issue_token, open_client
from audit.models import Act
from audit.services import record
from common.papers.layout import digest_of
from deadlines.models import (
    CalendarDay,
    ClockHold,
    Deadline,
    DeadlineRule,
    Duty,
    Escalation,
    Extension,
    Ladder,
    Pause,
    WorkingPeriod,
)
from directives.models import Assignment, Directive
from facilities.choices import FacilityStatus
from facilities.models import Area, Facility, FacilityImport, FacilityName, Hotline, LicenceEvent
from feedback import daycounts, receipts, services
from feedback.choices import Audience, Status
from feedback.models import Attachment, Case, CaseRecusal, Category, Channel, Draft, RevealRequest
from feedback.transitions import move
from incidents import naming, weekly
from incidents import services as incident_deeds
from incidents.actions import services as action_deeds
from incidents.alerts import receiving
from incidents.choices import ActionStatus, AlertStatus, AnalysisStatus, Concession, ReceiptState, Verdict
from incidents.choices import Status as IncidentStatus
from incidents.classification import Claim
from incidents.models import (
    Action,
    Alert,
    AlertReceipt,
    Analysis,
    Incident,
    Reclassification,
    Return,
    Signal,
    StaffReceipt,
    StaffReport,
    Talk,
    WeeklySummary,
)
from incidents.returns import deeds as return_deeds
from incidents.returns.content import drawn_up
from incidents.returns.periods import last_ended
from incidents.signals import finding
from inspections.models import CorrectiveAction, Inspection
from links.models import Relation
from links.services import link
from notifications.models import InboxItem, Outbox
from tests.access import (
    planted_calls,
    planted_duties,
    planted_incidents,
    planted_runs,
    planted_visits,
    planted_yearly,
)
from tests.feedback import factories as make
from tests.files import recording
from tests.incidents import actions as action
from tests.incidents import analyses as analysis
from tests.incidents import factories as incident
from tests.incidents.alerts import making as alerting

CANARY = re.compile(r"zq(\d\d)([a-z]{2})")
PHONE = re.compile(r"912[\s.]?3(\d\d)[\s.]?456")  # a reporter's number has no room for letters
REFERENCE = re.compile(r"(?:PA|SC|HD|KT|YC)-\d{4}-\d{6}")
TEAM = ("officer", "division_1", "lead", "director", "auditor", "superuser", "operator")
KEPT = (*TEAM, "facility_officer_a", "facility_director_a")  # those who are kept from a case and from facility C


class Browser(Client):
    """A test client that keeps nothing of an answer: no cookies, no contexts. Each question is a first one."""

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))


def number_high(model: Any, first: int = 700_000_000) -> None:
    """Let the model's rows have numbers that stand for nothing else in a page: an answer that repeats the number it was
    asked for is compared without it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence(%s, 'id'), greatest(max(id), %s)) FROM {model._meta.db_table}",
            [model._meta.db_table, first],
        )


@dataclass
class Reader:
    """Somebody who looks: by a session, by a token, or as nobody."""

    name: str
    user: User | None = None
    client: Browser = field(default_factory=Browser)
    headers: dict[str, str] = field(default_factory=dict)


def planted(number: int, what: str) -> str:
    return f"zq{number:02d}{what}"


class World:
    """Everything that the cells ask about: readers, cases by name, one record of each kind of reference data."""

    def __init__(self) -> None:
        number_high(InboxItem)
        number_high(Directive)
        number_high(Assignment)
        number_high(Action)
        number_high(Inspection)
        number_high(CorrectiveAction)
        number_high(Return, 800_000_000)
        number_high(AlertReceipt, 900_000_000)
        number_high(Incident)  # nor for a case: clocks are told apart by kind and number
        make.seed()
        self.cases: dict[str, Case] = {}
        self.numbers: dict[str, int] = {}
        self.people: dict[str, User] = {}
        self.codes: dict[str, str] = {}
        self.files: dict[str, list[Attachment]] = {}
        self.inbox: dict[str, InboxItem] = {}
        self.incidents: dict[str, Incident] = {}
        self.analyses: dict[str, Analysis] = {}
        self.weeks: dict[str, WeeklySummary] = {}
        self.actions: dict[str, Action] = {}
        self.returns: dict[str, Return] = {}
        self.alerts: dict[str, Alert] = {}
        self.receipts: dict[str, AlertReceipt] = {}
        self.signals: dict[str, Signal] = {}
        self._units()
        self._staff()
        self._systems()
        self._cases()
        self._confidential()
        self._shadows()
        self._incidents()
        self._staff_reports()
        planted_incidents.plant(self)
        self._analyses()
        self._weeks()
        planted_duties.plant(self, planted)
        planted_visits.plant(self, planted)
        planted_yearly.plant(self, planted)
        self._actions()
        self._named_request()
        self._returns()
        self._alerts()
        self._signals()
        planted_runs.plant(self)
        self._keep_away()
        self._registry()
        planted_calls.plant(self, planted)
        self.readers = self._readers()
        self.references = {row.reference: name for name, row in (self.cases | self.incidents | self.actions).items()}
        self.references |= {row.reference: name for name, row in (self.visits | self.demands).items()}
        self.names = {number: name for name, number in self.numbers.items()}
        self.absent = 987_654_321

    # --- units and people

    def _units(self) -> None:
        self.a = make.facility("TA1", "Bệnh viện Đa khoa Lam Kiều")
        self.b = make.facility("TB1", "Bệnh viện Đa khoa Trúc Vân")
        self.c = make.facility("TC1", "Phòng khám Đa khoa Hạc Sơn")
        self.division_1 = make.division("P01", "Phòng Kiểm tra - Pháp chế")
        self.division_2 = make.division("NVY", "Phòng Nghiệp vụ Y")

    def _person(self, name: str, role: str, **where: Any) -> User:
        user = make.person(role, name=name, **where)
        user.display_name = f"Người {name}"
        user.save()
        self.people[name] = user
        return user

    def _staff(self) -> None:
        one = {"division": self.division_1}
        for name in ("operator", "operator_2"):
            self._person(name, "operator")
        for name in ("officer", "officer_2"):
            self._person(name, "officer", **one)
        self._person("division_1", "division_officer", **one)
        self._person("division_2", "division_officer", division=self.division_2)
        for name in ("lead", "lead_2"):
            self._person(name, "lead")
        self._person("director", "director")
        self._person("auditor", "auditor")
        self._person("sysadmin", "sysadmin")
        for unit, letter in ((self.a, "a"), (self.b, "b"), (self.c, "c")):
            self._person(f"facility_officer_{letter}", "facility_officer", facility=unit)
            self._person(f"facility_director_{letter}", "facility_director", facility=unit, is_head=True)
        self.people["superuser"] = User.objects.create_superuser("superuser")
        self.people["no_role"] = User.objects.create_user("no_role", is_staff=True)
        self.people["not_staff"] = User.objects.create_user("not_staff")
        left = self._person("ended_a", "facility_officer", facility=self.a)
        Membership.objects.filter(user=left).update(valid_to=timezone.localdate())
        self._person("disabled", "lead")

    def _systems(self) -> None:
        self.api_read = open_client("kho-du-lieu", may_read=True, may_send=False)
        self.api_read_a = open_client("he-thong-lam-kieu", may_read=True, may_send=False)
        self.api_read_a.facilities.set([self.a])
        self.api_intake = open_client("tong-dai-1022", may_read=False, may_send=True, channel_code="P1022")
        for name in ("api_read", "api_read_a", "api_intake"):
            client: ApiClient = getattr(self, name)
            self.people[name] = client.user

    def by(self, name: str) -> User:
        """The person as a request of theirs would find them."""
        return make.fresh(self.people[name])

    # --- cases

    def _new(self, name: str, *, by: str | None = None, is_ordinary: bool = True, **changes: Any) -> Case:
        number = len(self.cases) + 1
        self.numbers[name] = number
        secret = f"{number:064x}"
        given = {
            "channel": "HOTLINE_SYT" if is_ordinary else "HOTLINE_VBMT",
            "title": f"Chờ lâu khi khám {planted(number, 'ti')}",
            "body": f"Chờ hơn ba giờ để lấy toa thuốc {planted(number, 'bo')}",
            "source_id": f"so-{planted(number, 'su')}",
            "facility_said": f"bệnh viện gần chợ {planted(number, 'fs')}",
            "reporter": {
                "name": f"Nguyễn Thị {planted(number, 'rn')}",
                "phone": f"0912 3{number:02d} 456",
                "email": f"{planted(number, 're')}@example.vn",
                "address": f"12 đường Hoa Mai {planted(number, 'ra')}",
            },
            "uploads": [self._file(planted(number, "fn"), planted(number, "fc"))],
            "receipt_secret": secret,
        }
        case = make.case(by=self.by(by) if by else None, **(given | changes))
        self.cases[name] = case
        self.codes[name] = receipts.code_from(secret)
        return case

    def _file(self, name: str, content: str) -> Any:
        return SimpleUploadedFile(f"{name}.mp3", recording(content))  # the kind whose content can be read in a body

    def _step(self, name: str, to: Status, by: str, mark: str, **given: Any) -> Case:
        """A move whose reason holds the canary `mark`."""
        case, number = self.cases[name], self.numbers[name]
        reason = f"theo quy trình {planted(number, mark)}"
        self.cases[name] = move(case, to, by=self.by(by), reason=reason, version=case.version, given=given)
        return self.cases[name]

    def _forward(self, name: str, to: Facility, mark: str = "sf", by: str = "officer_2") -> None:
        self._step(name, Status.FORWARDED, by, mark, facility=to.code)

    def _answer(self, name: str, by: str) -> None:
        number = self.numbers[name]
        self._step(
            name,
            Status.ANSWERED,
            by,
            "sa",
            findings=f"Bỏ sót danh sách {planted(number, 'fi')}",
            measures_text=f"Đã nhắc nhở {planted(number, 'me')}",
            proposed_outcome="OC01",
            files=[self._file(planted(number, "an"), planted(number, "ac"))],
        )

    def _close(self, name: str) -> None:
        number = self.numbers[name]
        self._step(name, Status.CHECKED, "officer_2", "sc", outcome="OC01")
        self._step(name, Status.CONFIRMED, "lead_2", "sn")
        self._step(name, Status.REPLIED, "officer_2", "sr", reply=f"Đã xin lỗi {planted(number, 'rt')}", way="phone")
        self._step(name, Status.PUBLISHED, "officer_2", "sp", public_summary=f"Đã chấn chỉnh {planted(number, 'pu')}")
        self._step(name, Status.CLOSED, "officer_2", "sx")

    def _notes(self, name: str, facility_by: str | None = None) -> None:
        """One note of each kind, all written now."""
        case, number = self.cases[name], self.numbers[name]
        for mark, audience in (("no", Audience.DEPARTMENT), ("nf", Audience.FACILITY), ("nc", Audience.CITIZEN)):
            services.add_note(case, f"Ghi chú {planted(number, mark)}", audience=audience, by=self.by("lead_2"))
        services.add_from_reporter(case, f"Bổ sung {planted(number, 'nb')}")
        if facility_by:
            text = f"Cơ sở ghi {planted(number, 'nw')}"
            services.add_note(case, text, audience=Audience.FACILITY, by=self.by(facility_by))

    def _cases(self) -> None:
        with connection.cursor() as cursor:  # no reference of a case here is the example that forms show
            cursor.execute("SELECT setval('feedback_case_reference', 700000)")
        self._new("new", channel="WEB")
        self._notes("new")
        self._new("recorded", by="operator", source="console")
        self._notes("recorded")
        self._new("recorded_2", by="operator_2", source="console")
        self._new("unreleased_a", facility=self.a.code)
        self._step("unreleased_a", Status.TRIAGED, "officer_2", "st")
        self._notes("unreleased_a")
        self._new("waiting_a")
        question = f"Ngày nào? {planted(self.numbers['waiting_a'], 'qu')}"
        self._step("waiting_a", Status.WAITING, "officer_2", "sw", question=question)
        self._step("waiting_a", Status.TRIAGED, "officer_2", "st")
        self._forward("waiting_a", self.a)
        self._new("forwarded_a")
        self._step("forwarded_a", Status.TRIAGED, "officer_2", "st")
        self._forward("forwarded_a", self.a)
        self._notes("forwarded_a", "facility_officer_a")
        self._correct("forwarded_a")
        self._new("answered_a")
        self._forward("answered_a", self.a)
        self._answer("answered_a", "facility_officer_a")
        self._new("closed_a")
        self._forward("closed_a", self.a)
        self._answer("closed_a", "facility_officer_a")
        self._close("closed_a")
        self._elsewhere()
        self._new("taken_back")
        self._forward("taken_back", self.a)
        self._notes("taken_back", "facility_officer_a")
        self._step("taken_back", Status.TRIAGED, "officer_2", "sk")
        self._new("forwarded_b")
        self._forward("forwarded_b", self.b)
        self._notes("forwarded_b", "facility_officer_b")
        self._new("answered_b")
        self._forward("answered_b", self.b)
        self._answer("answered_b", "facility_officer_b")
        self._new("of_c")
        self._forward("of_c", self.c)
        self._notes("of_c", "facility_officer_c")
        for name, division in (("division_1", self.division_1), ("division_2", self.division_2)):
            self._new(name)
            self._step(name, Status.ASSIGNED, "officer_2", "so", division=division.code)
            self._notes(name)
        self._new("kept_from")
        self._forward("kept_from", self.a)
        self._notes("kept_from", "facility_officer_a")
        self._new("sent", by="api_intake", source="tong-dai-1022", channel="P1022", facility=self.a.code)
        self._forward("sent", self.a)
        self._notes("sent")
        self._new("transferred")
        other = f"Sở Xây dựng {planted(self.numbers['transferred'], 'tr')}"
        self._step("transferred", Status.TRANSFERRED, "officer_2", "sz", transferred_to=other)

    def _correct(self, name: str) -> None:
        case, number = self.cases[name], self.numbers[name]
        reason = f"sửa cho đúng {planted(number, 'sm')}"
        self.cases[name] = services.edit(
            case, {"urgency": "S2"}, by=self.by("lead_2"), reason=reason, version=case.version
        )

    def _elsewhere(self) -> None:
        """A case that B answered and that A has now, with words of A's own time."""
        self._new("elsewhere")
        self._forward("elsewhere", self.b)
        self._notes("elsewhere", "facility_officer_b")
        self._answer("elsewhere", "facility_officer_b")
        self._close("elsewhere")
        self._step("elsewhere", Status.IN_REVIEW, "lead_2", "sv", assignee="officer")
        self._forward("elsewhere", self.a, "sg", by="lead_2")

    def _confidential(self) -> None:
        self._new("confidential", is_ordinary=False, facility=self.a.code)
        self._notes("confidential")
        self._new("confidential_1", is_ordinary=False, facility=self.a.code)
        self._step(
            "confidential_1",
            Status.ASSIGNED,
            "lead_2",
            "so",
            division=self.division_1.code,
            assignee="division_1",
        )
        self._new("confidential_2", is_ordinary=False)
        self._step(
            "confidential_2", Status.ASSIGNED, "lead_2", "so", division=self.division_1.code, assignee="officer_2"
        )
        self._new("once_open_a")
        self._forward("once_open_a", self.a, by="lead_2")
        self._notes("once_open_a", "facility_officer_a")
        case = self.cases["once_open_a"]
        reason = f"giữ kín {planted(self.numbers['once_open_a'], 'sm')}"
        self.cases["once_open_a"] = services.edit(
            case, {"is_confidential": True}, by=self.by("lead_2"), reason=reason, version=case.version
        )
        self._new(
            "sent_confidential",
            by="api_intake",
            source="tong-dai-1022",
            channel="P1022",
            is_confidential=True,
        )
        self._new("merged")
        into = Case.objects.filter(pk=self.cases["confidential_2"].pk)
        into.update(is_confidential=False)  # an ordinary one when they were merged; it became confidential later
        self._step("merged", Status.MERGED, "lead_2", "sj", target=self.cases["confidential_2"].reference)
        into.update(is_confidential=True)
        self.cases["confidential_2"].refresh_from_db()

    def _incidents(self) -> None:
        """A draft of A and what A, B and C sent; B asks to lower its own."""
        severe = {"harm": "G", "serious_item": 4}
        for name, letter, given, is_sent in (
            ("incident_draft_a", "a", severe, False),
            ("incident_a", "a", {}, True),
            ("incident_b", "b", severe, True),
            ("incident_c", "c", severe, True),
        ):
            number = self.numbers[name] = 80 + len(self.incidents)
            by = self.by(f"facility_officer_{letter}")
            people = {
                "patient": {"name": f"Lê Thị {planted(number, 'ip')}"},
                "reporter": {"name": f"Trần {planted(number, 'in')}"},
            }
            text = f"Phát nhầm thuốc {planted(number, 'ib')}"
            made = incident.draft(by, getattr(self, letter), people, description=text, **given)
            if is_sent:
                made = incident.step(made, IncidentStatus.SUBMITTED, by, f"đã đủ {planted(number, 'ir')}")
                incident_deeds.add(made, f"bổ sung {planted(number, 'id')}", by=by)
            self.incidents[name] = made
        lowered = self.incidents["incident_b"]
        self.lowering: Reclassification = incident_deeds.reclassify(
            lowered, Claim("F"), reason=f"nhẹ hơn {planted(self.numbers['incident_b'], 'il')}",
            by=self.by("facility_officer_b"), version=lowered.version,
        )  # fmt: skip

    def _staff_reports(self) -> None:
        """What came from the page for staff, and what each side talks about with whoever sent it."""
        at = timezone.now()
        for name in ("incident_draft_a", "incident_a", "incident_b"):
            made, number = self.incidents[name], self.numbers[name]
            code = receipts.code_from(f"{number}".rjust(64, "0"))
            mark = {"source_id": name, "fingerprint": "x", "received_at": at}
            StaffReceipt.issue(code, report=StaffReport.objects.create(incident=made, **mark))
            self.codes[name] = code
            by = self.people["facility_officer_a"]
            for side, what in (("facility", "jt"), ("department", "jv")):
                told = {"incident": made, "side": side, "at": at}
                Talk.objects.create(what="question", by=by, text=f"hỏi {planted(number, what)}", **told)
                Talk.objects.create(what="answer", text=f"đáp {planted(number, what)}", **told)

    def _analyses(self) -> None:
        """What A sent to the department, and what B is still writing."""
        for name, letter, is_sent in (("incident_a", "a", True), ("incident_b", "b", False)):
            by, number = self.by(f"facility_officer_{letter}"), self.numbers[name]
            found = f"{planted(number, 'iy' if is_sent else 'ix')} {planted(number, 'iz' if is_sent else 'ix')}"
            made = analysis.written(self.incidents[name], by, findings=found)
            if is_sent:
                made = analysis.step(made, AnalysisStatus.SUBMITTED, by, f"đã đủ {planted(number, 'iz')}")
            self.analyses[name] = made
            self.incidents[name].refresh_from_db()

    def _returns(self) -> None:
        """What A signed, what B is writing, and the department's letter, which is being written too."""
        now = timezone.now()
        for name, kind, unit, writer in (
            ("return_a", "half_year", self.a, "facility_officer_a"),
            ("return_b", "half_year", self.b, "facility_officer_b"),
            ("return_letter", "quarter", None, "division_2"),
        ):
            number = self.numbers[name] = 70 + len(self.returns)
            by = self.by(writer)
            found = return_deeds.begin(unit, last_ended(kind, now), by=by)
            what = "qs" if name == "return_a" else "qx"
            texts = {"findings": f"Xếp lại tủ thuốc {planted(number, what)}", "solutions": "Đã dán nhãn."}
            found = return_deeds.write(found, texts, by=by, version=found.version)
            if name == "return_a":
                at = timezone.now()
                digest = digest_of(drawn_up(found, at, texts))
                return_deeds.sign(found, as_of=at, digest=digest, by=by, version=found.version)
                found.refresh_from_db()
            self.returns[name] = found

    def _alerts(self) -> None:
        """What was published to A, B and C, and what is being written. A answered."""
        writer, second = self.people["division_2"], self.people["lead_2"]
        for number, name in enumerate(("alert", "alert_draft", "receipt_a", "receipt_b", "receipt_c"), 50):
            self.numbers[name] = number
        words, told = planted(self.numbers["alert"], "kb"), planted(self.numbers["alert_draft"], "ka")
        made = alerting.written(writer, self.a, self.b, self.c, body=f"Hai đầu nối giống nhau {words}")
        made = alerting.step(made, AlertStatus.WAITING, writer, f"đã xong {planted(self.numbers['alert'], 'kd')}")
        self.alerts["alert"] = alerting.step(made, AlertStatus.PUBLISHED, second)
        self.alerts["alert_draft"] = alerting.written(writer, self.a, body=f"Đang viết {told}")
        for letter in "abc":
            receipt = alerting.at(getattr(self, letter), self.alerts["alert"])
            if letter != "b":
                text = f"Đã dán nhãn {planted(self.numbers[f'receipt_{letter}'], 'kc')}"
                by = self.by(f"facility_officer_{letter}")
                shown = [planted_incidents.shown_file(self.numbers[f"receipt_{letter}"], planted)]
                said = {"text": text, "uploads": shown, "by": by, "version": receipt.version}
                receipt = receiving.answer(receipt, ReceiptState.APPLIED, **said)
            self.receipts[f"receipt_{letter}"] = receipt

    def _weeks(self) -> None:
        """The week of A, which its director is to see, and that of B, whose director saw it."""
        for name, facility in (("week_a", self.a), ("week_b", self.b)):
            self.numbers[name] = 90 + len(self.weeks)
            figures = {"noted": 1, "sent": 1, "mandatory": 0, "levels": {"NC2": 1}, "types": {}}
            self.weeks[name] = WeeklySummary.objects.create(
                reference=f"BCT-2026-07-{facility.code}", facility=facility, monday=date(2026, 2, 9), figures=figures,
                made_at=timezone.now(),
            )  # fmt: skip
        told = f"họp khoa {planted(self.numbers['week_b'], 'iw')}"
        weekly.see_off(self.weeks["week_b"], by=self.by("facility_director_b"), direction=told)

    def _named_request(self) -> None:
        """Somebody of A asks to see who reported voluntarily."""
        by, number = self.by("facility_officer_a"), self.numbers["incident_a"]
        reason = f"gọi lại người báo cáo {planted(number, 'iq')}"
        self.named_request = naming.ask(self.incidents["incident_a"], by=by, purpose="verify", reason=reason)

    def _actions(self) -> None:
        """A reported its own as done, B asks to withdraw its own, C's was verified."""
        for letter, number in (("a", 94), ("b", 95), ("c", 96)):
            name, by = f"action_{letter}", self.by(f"facility_officer_{letter}")
            self.numbers[name] = number
            made = action.planned(
                by, getattr(self, letter), self.incidents[f"incident_{letter}"], title=f"Đổi xe {planted(number, 'wa')}"
            )
            if letter != "b":
                file = action.evidence(f"{planted(number, 'we')}.pdf")
                action_deeds.report_progress(made, f"đã mua {planted(number, 'wp')}", [file], by=by)
                made = action.step(made, ActionStatus.DONE, by, f"đã xong {planted(number, 'wr')}")
            if letter == "c":
                made = action.step(
                    made, ActionStatus.VERIFIED, self.by("division_2"), f"đã xem {planted(number, 'wr')}"
                )
            self.actions[name] = made
        self.concession = action_deeds.ask(
            self.actions["action_b"], Concession.WITHDRAWAL, reason=f"thôi {planted(95, 'wc')}",
            by=self.by("facility_officer_b"), version=self.actions["action_b"].version,
        )  # fmt: skip

    def _signals(self) -> None:
        """A rise at A and one at C, each looked into for a reason."""
        for number, letter in enumerate("ac", 77):
            name = f"signal_{letter}"
            self.numbers[name] = number
            monday = date(2026, 2, 9)
            made = Signal.objects.create(
                facility=getattr(self, letter), division=self.division_2, kind="IT03", week=monday, since=monday,
                observed=9, expected=3.0, statistic=10.0, threshold=9.0, figures={}, found_at=timezone.now(),
            )  # fmt: skip
            why = f"gọi hỏi {planted(number, 'ks')}"
            by = self.by("division_2")
            self.signals[name] = finding.judge(made, Verdict.LOOKING, reason=why, by=by, version=made.version)

    def _shadows(self) -> None:
        """What the system itself writes about cases: clocks, messages, audit entries, links, requests, logs."""
        now, kind = timezone.now(), ContentType.objects.get_for_model(Case)
        for name, case in self.cases.items():
            number = self.numbers[name]
            Deadline.objects.about(case).update(reason=f"tính lại {planted(number, 'de')}")
            for clock in Deadline.objects.about(case):
                reason = f"chờ bổ sung {planted(number, 'pa')}"
                ended = clock.starts_at - timedelta(hours=1)
                Pause.objects.create(
                    deadline=clock,
                    starts_at=ended - timedelta(hours=1),
                    ends_at=ended,
                    reason=reason,
                    by=self.people["lead_2"],
                )
                asked = {"asked_by": self.people["lead_2"], "asked_at": now, "due_before": clock.due_at}
                Extension.objects.create(
                    deadline=clock, amount=9, reason=f"xin thêm thời gian {planted(number, 'ex')}", **asked
                )
                done = f"đã xử lý {planted(number, 'du')}"
                Duty.objects.create(
                    deadline=clock,
                    ladder=clock.ladder,
                    step=90,
                    person=self.people["lead_2"],
                    given_at=now,
                    done_at=now,
                    done_by=self.people["lead_2"],
                    outcome=done,
                )
                told = {"cycle": clock.cycle, "ladder": clock.ladder, "step": 90, "level": 1, "recipients": 1}
                Escalation.objects.create(deadline=clock, due_at=clock.starts_at, fired_at=clock.starts_at, **told)
            record(Act.VIEW, by=self.people["lead_2"], about=case, reason=f"xem {planted(number, 'au')}")
            link(case, Relation.RELATED, case, by=engine(), reason=f"cùng việc {planted(number, 'li')}")
            about = {"about_type": kind, "about_id": case.pk, "template": "case_forwarded"}
            params = {"reference": case.reference, "x": planted(number, "ou")}
            Outbox.objects.create(
                key=f"k{number}", recipient=self.people["lead_2"], channel="email", params=params, **about
            )
            self.inbox[name] = InboxItem.objects.create(
                key=f"k{number}", recipient=self.people["lead_2"], params=params, **about
            )
            for reader in ("facility_officer_a", "facility_officer_b", "officer", "lead"):
                LogEntry.objects.create(
                    user=self.people[reader],
                    content_type=kind,
                    object_id=str(case.pk),
                    object_repr=f"{case.reference} {planted(number, 'lo')}",
                    action_flag=CHANGE,
                    change_message="[]",
                )
            self.files[name] = list(Attachment.objects.filter(case=case).order_by("id"))
        self._requests(now)

    def _requests(self, now: Any) -> None:
        self.requests: dict[str, RevealRequest] = {}
        for name in ("confidential", "confidential_2", "once_open_a"):
            asker = "officer_2" if name == "confidential_2" else "lead_2"
            self.requests[name] = RevealRequest.objects.create(
                case=self.cases[name],
                asked_by=self.people[asker],
                asked_at=now,
                purpose="verify",
                reason=f"gọi lại để xác minh {planted(self.numbers[name], 'rr')}",
                expires_at=now + timedelta(hours=5),
            )
        approved = self.requests["confidential_2"]
        approved.decided_by, approved.approved_at = self.people["lead_2"], now
        approved.expires_at = now + timedelta(minutes=50)
        approved.save()

    def _keep_away(self) -> None:
        """Recusals from one case and from facility C, which ended meanwhile and whose successor is A."""
        self.case_recusal = self._recuse("new", "facility_officer_b")
        for name in KEPT:
            self.hidden_recusal = self._recuse("kept_from", name)
            self.facility_recusal = Recusal.objects.create(
                user=self.people[name],
                facility=self.c,
                reason=f"từng làm việc {planted(self.numbers['of_c'], 'cr')}",
                recorded_by=self.people["lead_2"],
            )
        self.kept_recusal = self.facility_recusal
        self.facility_recusal = Recusal.objects.create(
            user=self.people["no_role"],
            facility=self.b,
            reason=f"người nhà {planted(self.numbers['forwarded_b'], 'cr')}",
            recorded_by=self.people["lead_2"],
        )
        self.c.status, self.c.successor, self.c.valid_to = FacilityStatus.ENDED, self.a, timezone.localdate()
        self.c.save()

    def _recuse(self, case: str, name: str) -> CaseRecusal:
        return CaseRecusal.objects.create(
            case=self.cases[case],
            user=self.people[name],
            reason=f"người nhà {planted(self.numbers[case], 'cr')}",
            by=self.people["lead_2"],
            at=timezone.now(),
        )

    def _registry(self) -> None:
        """One record of every kind of reference data that a page can be about."""
        self.area = Area.objects.order_by("pk").first() or self._area()
        self.name = FacilityName(facility=self.a, name="Nhà thương Lam Kiều")
        self.name.fold_names()
        self.name.save()
        self.hotline = Hotline.objects.create(facility=self.a, number="02839990000")
        self.licence = LicenceEvent.objects.create(
            facility=self.a, act="granted", number="01/GPHĐ", happened_on=timezone.localdate()
        )
        self.file = FacilityImport.objects.create(
            file_name="co-so.xlsx", content=b"PK", uploaded_by=self.people["lead_2"]
        )
        self.rule = DeadlineRule.objects.order_by("pk")[0]
        self.ladder = Ladder.objects.order_by("pk")[0]
        self.day = CalendarDay.objects.order_by("pk")[0]
        self.period = WorkingPeriod.objects.order_by("pk")[0]
        self.hold = ClockHold.objects.create(
            held_at=timezone.now(),
            jump=timedelta(hours=1),
            machine="m",
            released_at=timezone.now(),
            released_by=self.people["lead_2"],
            reason="x",
        )
        self.channel = Channel.objects.order_by("pk")[0]
        self.category = Category.objects.leaves().order_by("pk")[0]
        self.group = Group.objects.get(name=ROLE_BY_CODE["lead"].name_vi)
        self.entry = record(Act.VIEW, by=self.people["lead_2"])
        operator = self.people["operator"]
        typed = Draft.under_seal(operator.pk, {"body": "Chờ lâu."})
        Draft.objects.create(owner=operator, form_key="d" * 32, saved_at=timezone.now(), **typed)
        daycounts.rebuild_all()
        self.asked_change = AccountChange.objects.create(
            user=self.people["no_role"], what="factor", reason="mất điện thoại", asked_by=self.people["lead_2"]
        )
        self.asked_role = RoleGrant.objects.create(
            user=self.people["no_role"],
            group=self.group,
            valid_from=timezone.localdate(),
            reason="thay người nghỉ phép",
            granted_by=self.people["sysadmin"],
        )
        self.outbox = Outbox.objects.order_by("pk")[0]

    def _area(self) -> Area:
        area = Area(code="79", name="Lam Kiều", full_name="Thành phố Lam Kiều", kind="province")
        area.fold_names()
        area.save()
        return area

    # --- readers

    def _readers(self) -> dict[str, Reader]:
        found = {"anonymous": Reader("anonymous")}
        builders = ("lead_2", "operator_2", "facility_director_c", "facility_officer_c")
        for name, user in self.people.items():
            if name in builders:
                continue
            found[name] = Reader(name, user)
            if name.startswith("api_"):
                token = issue_token(getattr(self, name))
                found[name].headers = {"authorization": f"Token {token}"}
            else:
                found[name].client.force_login(user)
        User.objects.filter(username="disabled").update(is_active=False)
        return found
