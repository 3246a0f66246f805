"""Rubbish at the forms of the console that take files or long texts: the answer to a case, the report about a duty, the
report of an incident, the answer to a demand of an inspection."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from common.text import has_unstorable
from directives import expansion
from directives.models import Assignment, ComplianceReport, EvidenceFile
from feedback.choices import Status
from feedback.models import Answer, Case
from feedback.transitions import MOVES
from incidents.models import Incident, Named, Past
from inspections.models import Answer as WordOnDemand
from inspections.models import CorrectiveAction
from tests.console.test_case_page import address
from tests.console.test_steps import StepTestCase
from tests.directives import factories as duties
from tests.doors.posting import DoorTests
from tests.doors.rubbish import Dice, Sent
from tests.feedback import factories as make
from tests.incidents import factories as incidents
from tests.inspections import factories as inspections

SEED = 20261203


def sent(dice: Dice, nth: int) -> Sent:
    return dice.as_multipart() if nth % 3 == 0 else dice.as_form()


class StepTests(DoorTests, StepTestCase):
    def test_at_the_answer_to_a_case(self) -> None:
        """A case at a facility: whatever is sent there, it is answered whole or not at all."""
        self.browser.force_login(self.team.quality_officer)
        given = self.given(MOVES[Status.FORWARDED, Status.ANSWERED].asks)
        fields = {"version": "", "reason": "Đã xác minh", **{name: str(value) for name, value in given.items()}}
        dice = Dice(SEED, fields | {"measures": "SM1"})
        case: Case | None = None
        for nth in self.times(self.many):
            if case is None:
                case = make.case_in(Status.FORWARDED, self.team)
                dice.fields["version"] = str(case.version)
            answer = self.post(address(case, "step", Status.ANSWERED), sent(dice, nth))
            self.told(answer)
            if answer.status_code == 302:
                case = None
        answered = Case.objects.filter(status=Status.ANSWERED)
        self.assertEqual(Answer.objects.count(), answered.count())
        for one in Answer.objects.all():
            self.assertTrue(one.findings)
            self.assertFalse(has_unstorable(one.findings + one.measures_text))
        self.tell("a step in the console", f"{answered.count()} answers, all whole")


class DutyTests(DoorTests):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = duties.Team()
        duties.obligation(
            duties.fresh(cls.team.checker),
            evidence="danh sách",
            recurrence="FREQ=MONTHLY",
            starts_on=timezone.localdate(),
        )
        expansion.expand()
        cls.one = Assignment.objects.filter(facility=cls.team.hospital).order_by("period")[0]

    def test_at_the_report_about_a_duty(self) -> None:
        self.browser.force_login(self.team.writer)
        path = reverse("admin:directives_assignment_write", args=[self.one.pk])
        fields = {"version": "0", "narrative": "Đã tập huấn.", "title": "Danh sách", "expires_on": "2027-01-01"}
        dice = Dice(SEED + 1, fields)
        for nth in self.times(self.many):
            self.told(self.post(path, sent(dice, nth)))
            newest = ComplianceReport.objects.filter(assignment=self.one).first()
            dice.fields["version"] = str(newest.version if newest else 0)
        report = ComplianceReport.objects.get()
        self.assertFalse(has_unstorable(report.narrative))
        self.assertFalse(EvidenceFile.objects.exists())  # what was sent is no picture
        self.tell("the report about a duty", f"written {report.version} times, whole")


class IncidentTests(DoorTests):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = incidents.Team()

    def test_at_the_report_of_an_incident(self) -> None:
        incident = incidents.draft(self.team.writer, self.team.hospital, **incidents.SEVERE)
        self.browser.force_login(self.team.writer)
        path = reverse("admin:incidents_incident_edit", args=[incident.pk])
        form = self.browser.get(path).context_data["form"]
        fields = {"reason": "Bổ sung"}
        for field in form:
            value = field.value()
            if value not in (None, False) and not isinstance(value, list):
                fields[field.html_name] = field.field.widget.format_value(value) or ""
        dice = Dice(SEED + 2, fields)
        for nth in self.times(self.many):
            self.told(self.post(path, sent(dice, nth)))
            incident.refresh_from_db()
            dice.fields["version"] = str(incident.version)
        for text in (incident.description, incident.ward, incident.spot, incident.proposal):
            self.assertFalse(has_unstorable(text))
        self.assertEqual(Incident.objects.count(), 1)
        self.assertEqual(Past.objects.order_by("-history_id").first().version, incident.version)
        for named in Named.objects.all():
            named.opened()
        self.tell("the report of an incident in the console", f"written {incident.version} times, whole")


class DemandTests(DoorTests):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = inspections.Team()
        inspections.recorded(cls.team.inspector, cls.team.hospital)

    def test_at_the_answer_to_a_demand(self) -> None:
        """Sent back by the department each time, so that the next piece meets an open demand."""
        demand = CorrectiveAction.objects.get()
        day = timezone.localdate() + timedelta(days=20)
        inspections.judge(inspections.answered(demand, self.team.writer), "returned", self.team.second, due_on=day)
        demand.refresh_from_db()
        self.browser.force_login(self.team.writer)
        path = reverse("admin:inspections_correctiveaction_answer", args=[demand.pk])
        dice = Dice(SEED + 3, {"version": str(demand.version), "text": "Đã phân công trực ba ca."})
        for nth in self.times(self.many):
            answer = self.post(path, sent(dice, nth))
            self.told(answer)
            demand.refresh_from_db()
            if demand.status == "answered":
                inspections.judge(demand, "returned", self.team.second, due_on=day)
                demand.refresh_from_db()
            dice.fields["version"] = str(demand.version)
        self.assertGreater(WordOnDemand.objects.count(), 1)
        for one in WordOnDemand.objects.all():
            self.assertTrue(one.text)
            self.assertFalse(has_unstorable(one.text))
        self.tell("the answer to a demand", f"{WordOnDemand.objects.count()} answers, all whole")
