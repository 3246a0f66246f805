"""Newer versions of a document of evidence, who uses which, and the department's clock for checking."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from deadlines.choices import Nature, State
from deadlines.services import deadlines_of
from directives import subject
from directives.choices import Status
from directives.models import Assignment, EvidenceFile, Obligation
from tests.directives import factories as make
from tests.directives.factories import fresh
from tests.directives.reporting_made import Reports
from tests.files import pdf
from tests.forms import form_in


class DocumentTests(Reports, TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.set_up()

    def setUp(self) -> None:
        self.one = self.reported(self.assigned(self.team.hospital, 6))
        self.first = EvidenceFile.objects.get()
        self.address = reverse("admin:directives_assignment_document", args=[self.first.evidence_id])

    def page(self, person: Any) -> Any:
        self.client.force_login(fresh(person))
        return self.client.get(self.address)

    def send(self, content: bytes = pdf("Ban 2"), **changes: Any) -> Any:
        form = {"newest": "1", "upload": SimpleUploadedFile("moi.pdf", content), "expires_on": "2099-01-31"}
        return self.client.post(self.address, form | changes)

    def test_a_newer_version_has_its_own_mark_and_expiry_and_changes_no_report(self) -> None:
        form_in(self.page(self.team.writer), "newest")
        self.assertRedirects(self.send(), self.address)
        newest, first = EvidenceFile.objects.order_by("-number")
        self.assertEqual(
            (newest.number, newest.evidence_id, f"{newest.expires_on}"), (2, first.evidence_id, "2099-01-31")
        )
        self.assertNotEqual(newest.sha256, first.sha256)
        page = self.page(self.team.writer)
        for words in (newest.sha256, first.sha256, "31/01/2099", self.duty.code):
            self.assertContains(page, words)
        used = [(file.number, [report.assignment_id for report in reports]) for file, reports in page.context["files"]]
        self.assertEqual(used, [(2, []), (1, [self.one.pk])])

    def test_two_people_make_two_versions_knowingly(self) -> None:
        self.page(self.team.writer)
        self.send()
        answer = self.send(pdf("Ban 3"))
        self.assertEqual((answer.status_code, EvidenceFile.objects.count()), (200, 2))
        self.assertEqual(answer.context["form"]["newest"].value(), "2")
        self.assertEqual(self.send(pdf("Ban 3"), newest="2").status_code, 302)

    def test_what_is_no_file_is_refused(self) -> None:
        self.page(self.team.writer)
        for wrong in ({"content": b"MZ not a paper"}, {"upload": ""}, {"expires_on": "mai"}):
            self.assertEqual(self.send(**wrong).status_code, 200)
        self.assertEqual(EvidenceFile.objects.count(), 1)

    def test_the_department_reads_what_was_handed_in_and_writes_nothing(self) -> None:
        self.page(self.team.writer)
        self.send()
        page = self.page(self.team.checker)
        self.assertEqual([file.number for file, _reports in page.context["files"]], [1])
        self.assertIsNone(page.context["form"])
        self.assertEqual(self.send().status_code, 403)

    def test_another_facility_finds_nothing(self) -> None:
        self.assertEqual(self.page(self.team.stranger).status_code, 404)
        self.assertEqual(self.send().status_code, 404)
        self.assertEqual(self.page(self.team.head).context["form"], None)


class CheckClockTests(Reports, TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.set_up()

    def clock(self, one: Assignment) -> Any:
        return deadlines_of(one).filter(obligation="check_duty").order_by("-cycle").first()

    def test_it_begins_when_a_report_comes_in_by_department_policy(self) -> None:
        one = self.reported(self.assigned(self.team.hospital, 6))
        clock = self.clock(one)
        self.assertEqual((clock.state, clock.rule.code, clock.rule.nature), (State.RUNNING, "NV03", Nature.POLICY))
        self.assertEqual(Assignment.objects.get(pk=one.pk).due_at, clock.due_at)
        self.assertGreater(clock.due_at, timezone.now())

    def test_it_ends_when_the_report_is_returned_or_accepted_and_begins_anew_with_the_next(self) -> None:
        one = self.reported(self.assigned(self.team.hospital, 6), to=Status.RETURNED)
        self.assertEqual((self.clock(one).state, self.clock(one).on_time), (State.DONE, True))
        again = self.reported(Assignment.objects.get(pk=one.pk))
        self.assertEqual((self.clock(again).state, self.clock(again).cycle), (State.RUNNING, 2))
        self.step(again, Status.ACCEPTED, self.team.checker)
        self.assertEqual(self.clock(again).state, State.DONE)

    def test_a_first_persons_check_is_no_end_where_two_accept(self) -> None:
        Obligation.objects.update(needs_second=True)
        one = self.reported(self.assigned(self.team.hospital, 6), to=Status.CHECKED)
        self.assertEqual(self.clock(one).state, State.RUNNING)
        self.step(one, Status.ACCEPTED, self.team.second)
        self.assertEqual(self.clock(one).state, State.DONE)

    def test_while_it_runs_the_department_is_told_and_the_facility_is_not(self) -> None:
        one, other = self.assigned(self.team.hospital, 6), make.assigned(self.duty, self.team.hospital)
        self.reported(one)
        told = subject.recipients("unit", [one.pk, other.pk])
        self.assertIn(self.team.checker.pk, told[one.pk])
        self.assertNotIn(self.team.writer.pk, told[one.pk])
        self.assertIn(self.team.writer.pk, told[other.pk])
