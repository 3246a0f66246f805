"""Hostile files where facilities show the department what they did: with the report about a duty, the progress of an
action, the answer to a demand of an inspection, the answer to an alert. As in `test_hostile_files.py`: a clear answer,
no fault, no leak, and what was kept comes back as a download that a browser does not open."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import PurePath
from typing import Any

from django.urls import reverse
from django.utils import timezone

from directives import expansion
from directives.models import Assignment, ComplianceReport, EvidenceFile
from incidents.models import AlertReceipt, Evidence, ReceiptFile
from inspections.models import AnswerFile, CorrectiveAction
from tests.conftest import LINES
from tests.directives import factories as duties
from tests.doors.test_hostile_files import HostileTests
from tests.files import upload
from tests.incidents import actions
from tests.incidents import factories as incidents
from tests.incidents.alerts import making
from tests.inspections import factories as inspections
from tests.uploads.test_zoo import harmless
from tests.uploads.zoo import Beast

KEPT = r"^[a-z-]+/[0-9a-f]{2}/[0-9a-f]{32}(\.(jpg|png|webp|pdf|mp3|docx|xlsx))?$"


class EvidenceTests(HostileTests):
    """What the four doors share."""

    def send_all(self, path: str, fields: Callable[[], dict[str, Any]], field: str, said: int = 200) -> None:
        """Send each; `said` is how the page answers what it does not take."""
        for beast in self.beasts():
            answer = self.client.post(path, fields() | {field: upload(beast.name, beast.content)})
            self.assertIn(answer.status_code, (302, said))
            self.answers[str(answer.status_code)] += 1
            if beast.is_refused:
                self.assertEqual(answer.status_code, said)
                self.assertContains(answer, "ln-error", status_code=said)

    def look_at(self, kept: Iterable[Any], door: str, address: Callable[[Any], str]) -> None:
        """Under names of ours, nothing of it active, and served as nothing but a download."""
        rows = list(kept)
        self.assertTrue(rows)
        for one in rows:
            self.assertRegex(one.file.name, KEPT)
            harmless(Beast("", one.name, b""), one.file.read(), PurePath(one.name).suffix)
            one.file.close()
            got = self.client.get(address(one))
            self.assertEqual(got.status_code, 200)
            self.assertTrue(got["Content-Disposition"].startswith("attachment"))
            self.assertEqual(got["X-Content-Type-Options"], "nosniff")
            self.assertNotRegex(got["Content-Type"], "html|svg|xml$|script")
        answered = ", ".join(f"{count} × {what}" for what, count in sorted(self.answers.items()))
        LINES.append(f"Hostile files at {door}: {answered}; {len(rows)} kept, all harmless; memory {self.memory}")


class DutyTests(EvidenceTests):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = duties.Team()
        by, day = duties.fresh(cls.team.checker), timezone.localdate()
        duties.obligation(by, evidence="danh sách", recurrence="FREQ=MONTHLY", starts_on=day)
        expansion.expand()
        cls.one = Assignment.objects.filter(facility=cls.team.hospital).order_by("period")[0]

    def test_with_the_report_about_a_duty(self) -> None:
        self.client.force_login(self.team.writer)

        def fields() -> dict[str, Any]:
            draft = ComplianceReport.objects.filter(assignment=self.one).first()
            return {"version": draft.version if draft else 0, "narrative": "Đã tập huấn.", "title": "Danh sách"}

        self.send_all(reverse("admin:directives_assignment_write", args=[self.one.pk]), fields, "upload")
        self.look_at(
            EvidenceFile.objects.all(),
            "the report about a duty",
            lambda one: reverse("admin:directives_assignment_evidence", args=[one.token]),
        )


class ActionTests(EvidenceTests):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = incidents.Team()
        cls.action = actions.planned(cls.team.writer, cls.team.hospital)

    def test_with_the_progress_of_an_action(self) -> None:
        self.client.force_login(self.team.writer)
        path = reverse("admin:incidents_action_progress", args=[self.action.pk])
        self.send_all(path, lambda: {"text": "Đã mua 4 xe."}, "files")
        self.look_at(
            Evidence.objects.all(),
            "the progress of an action",
            lambda one: reverse("admin:incidents_action_evidence", args=[self.action.pk, one.token]),
        )


class DemandTests(EvidenceTests):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = inspections.Team()
        inspections.recorded(cls.team.inspector, cls.team.hospital)

    def test_with_the_answer_to_a_demand(self) -> None:
        demand = CorrectiveAction.objects.get()
        self.client.force_login(self.team.writer)

        def fields() -> dict[str, Any]:
            demand.refresh_from_db()
            if demand.status == "answered":
                day = timezone.localdate() + timedelta(days=20)
                inspections.judge(demand, "returned", self.team.second, due_on=day)
                demand.refresh_from_db()
            return {"version": demand.version, "text": "Đã phân công trực ba ca."}

        self.send_all(reverse("admin:inspections_correctiveaction_answer", args=[demand.pk]), fields, "files")
        self.look_at(
            AnswerFile.objects.all(),
            "the answer to a demand",
            lambda one: reverse("admin:inspections_correctiveaction_file", args=[demand.pk, one.token]),
        )


class AlertTests(EvidenceTests):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = incidents.Team()
        alert = making.published(cls.team.checker, cls.team.second, cls.team.hospital, cls.team.other)
        cls.receipt = making.at(cls.team.hospital, alert)

    def test_with_the_answer_to_an_alert(self) -> None:
        self.client.force_login(self.team.writer)

        def fields() -> dict[str, Any]:
            version = AlertReceipt.objects.values_list("version", flat=True).get(pk=self.receipt.pk)
            return {"version": version, "text": "Đã dán nhãn.", "applied": "1"}

        self.send_all(reverse("admin:incidents_incident_receipt", args=[self.receipt.pk]), fields, "files")
        self.look_at(
            ReceiptFile.objects.all(),
            "the answer to an alert",
            lambda one: reverse("admin:incidents_incident_receipt_file", args=[self.receipt.pk, one.token]),
        )
