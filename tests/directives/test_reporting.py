"""Reporting by the facility: written, handed in, returned, accepted; figures, documents, clocks, and who sees what."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.http import Http404
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.access.scope import on_behalf_of
from common.exceptions import InvalidInput, MoveRefused, RightMissing, SecondPersonNeeded, StaleVersion
from common.uploads import checked
from deadlines.choices import State
from deadlines.models import Deadline
from deadlines.services import deadlines_of
from deadlines.sweep import sweep
from directives import expansion, reporting, takeover, transitions
from directives.choices import Status
from directives.models import (
    Assignment,
    ComplianceReport,
    EvidenceFile,
    Indicator,
    IndicatorValue,
    Obligation,
    ReportEvidence,
)
from directives.plausibility import DifferentBases, Figure, Limits, difference, impossible, surprising
from directives.transitions import MOVES
from facilities import services as registry
from notifications.models import Outbox
from tests.directives import factories as make
from tests.directives.factories import Team, fresh
from tests.files import PDF, pdf

TODAY = timezone.localdate


class Reporting(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = Team()
        cls.by = fresh(cls.team.checker)
        cls.duty = make.obligation(cls.by, evidence="danh sách", recurrence="FREQ=MONTHLY", starts_on=TODAY())
        cls.rate = Indicator.objects.create(
            obligation=cls.duty, code="I1", name="Tỷ lệ", kind="percent", unit="%", base="nhân viên", least=0, most=100
        )
        expansion.expand()
        cls.one, cls.two = Assignment.objects.filter(facility=cls.team.hospital).order_by("period")[:2]

    def write(self, assignment: Assignment, value: Any = "80", why: str = "", **more: Any) -> ComplianceReport:
        files = more["files"] if "files" in more else [self.file()]
        values = {self.rate.pk: (Decimal(value) if value is not None else None, why)}
        version = reporting.draft_of(assignment, by=self.writer).version
        return reporting.write(
            assignment, more.get("text", "Đã tập huấn."), values, files, by=self.writer, version=version
        )

    @property
    def writer(self) -> Any:
        return fresh(self.team.writer)

    def file(self, **more: Any) -> EvidenceFile:
        upload = checked(SimpleUploadedFile("danh-sach.pdf", PDF))
        return reporting.keep_file(self.team.hospital.pk, upload, title="Danh sách", by=self.writer, **more)

    def step(self, assignment: Assignment, to: Status, by: Any, reason: str = "theo quy trình") -> Assignment:
        assignment = Assignment.objects.get(pk=assignment.pk)
        return transitions.move(assignment, to, by=fresh(by), reason=reason, version=assignment.version)

    def handed_in(self, assignment: Assignment, **more: Any) -> Assignment:
        self.write(assignment, **more)
        return self.step(assignment, Status.SUBMITTED, self.team.writer)


class RoundTests(Reporting):
    def test_a_whole_round(self) -> None:
        self.handed_in(self.one)
        self.step(self.one, Status.RETURNED, self.team.checker, "thiếu danh sách khoa Nhi")
        self.one.refresh_from_db()
        self.write(self.one, text="Đã bổ sung khoa Nhi.")
        self.step(self.one, Status.SUBMITTED, self.team.writer)
        done = self.step(self.one, Status.ACCEPTED, self.team.checker)
        self.assertEqual(done.status, Status.ACCEPTED)
        texts = list(done.reports.order_by("number").values_list("narrative", flat=True))
        self.assertEqual(texts, ["Đã tập huấn.", "Đã bổ sung khoa Nhi."])
        reasons = list(done.history.order_by("history_id").values_list("history_change_reason", flat=True))
        self.assertIn("thiếu danh sách khoa Nhi", reasons)
        told = set(Outbox.objects.filter(recipient=self.team.writer).values_list("template", flat=True))
        self.assertEqual(told, {"duty_returned", "duty_accepted"})

    def test_what_was_handed_in_never_changes(self) -> None:
        self.handed_in(self.one)
        report = ComplianceReport.objects.get(assignment=self.one)
        for change in (
            lambda: ComplianceReport.objects.filter(pk=report.pk).update(narrative="khác"),
            lambda: IndicatorValue.objects.filter(report=report).update(value=1),
            lambda: ReportEvidence.objects.filter(report=report).delete(),
            lambda: report.delete(),
        ):
            with self.assertRaises((DatabaseError, Exception)), transaction.atomic():
                change()
        report.refresh_from_db()
        self.assertEqual((report.narrative, report.values.count(), report.proofs.count()), ("Đã tập huấn.", 1, 1))

    def test_every_pair_is_a_move_of_somebody_or_refused(self) -> None:
        people = {transitions.WRITE: self.team.writer, transitions.CHECK: self.team.checker}
        self.write(self.one)
        for source in Status:
            for target in Status:
                move = MOVES.get((source, target))
                Assignment.objects.filter(pk=self.one.pk).update(status=source)
                by = people.get(move.right if move else transitions.CHECK, self.team.lead)
                with self.subTest(source=source, target=target), transaction.atomic():
                    if move and transitions.fits(self.one, move):
                        self.assertEqual(self.step(self.one, target, by).status, target)
                    else:
                        with self.assertRaises(MoveRefused):
                            self.step(self.one, target, by)
                    transaction.set_rollback(True)

    def test_two_people_where_the_duty_says_so(self) -> None:
        Obligation.objects.update(needs_second=True)
        self.handed_in(self.one)
        with self.assertRaises(MoveRefused):
            self.step(self.one, Status.ACCEPTED, self.team.checker)
        self.step(self.one, Status.CHECKED, self.team.checker)
        with self.assertRaises(SecondPersonNeeded):
            self.step(self.one, Status.ACCEPTED, self.team.checker)
        self.assertEqual(self.step(self.one, Status.ACCEPTED, self.team.director).status, Status.ACCEPTED)

    def test_nobody_reports_for_another_facility_nor_checks_without_the_right(self) -> None:
        self.write(self.one)
        with self.assertRaises(Http404):
            self.step(self.one, Status.SUBMITTED, self.team.stranger)
        for person in (self.team.head, self.team.checker):
            with self.assertRaises(RightMissing):
                self.step(self.one, Status.SUBMITTED, person)
        self.step(self.one, Status.SUBMITTED, self.team.writer)
        with self.assertRaises(RightMissing):
            self.step(self.one, Status.ACCEPTED, self.team.writer)
        with self.assertRaises(MoveRefused):
            self.write(Assignment.objects.get(pk=self.one.pk))

    def test_two_writers_lose_nothing(self) -> None:
        self.write(self.one)
        with self.assertRaises(StaleVersion):
            reporting.write(self.one, "khác", {}, [], by=fresh(self.team.colleague), version=0)


class CompletenessTests(Reporting):
    def test_everything_that_lacks_is_named(self) -> None:
        self.write(self.one, None, text=" ", files=[])
        with self.assertRaises(InvalidInput) as refused:
            self.step(self.one, Status.SUBMITTED, self.team.writer)
        self.assertEqual(set(refused.exception.fields), {"narrative", f"value-{self.rate.pk}", "files"})

    def test_a_value_that_cannot_be_is_not_kept(self) -> None:
        with self.assertRaises(InvalidInput) as refused:
            self.write(self.one, "101")
        self.assertEqual(list(refused.exception.fields), [f"value-{self.rate.pk}"])

    def test_a_jump_has_to_be_explained(self) -> None:
        self.handed_in(self.one, value="80")
        self.write(self.two, "20")
        with self.assertRaises(InvalidInput) as refused:
            self.step(self.two, Status.SUBMITTED, self.team.writer)
        self.assertEqual(list(refused.exception.fields), [f"why-{self.rate.pk}"])
        self.write(self.two, "20", "sáp nhập hai khoa")
        self.step(self.two, Status.SUBMITTED, self.team.writer)

    def test_a_document_serves_several_duties_and_its_versions_stay_apart(self) -> None:
        first = self.file()
        self.handed_in(self.one, files=[first])
        upload = checked(SimpleUploadedFile("danh-sach-2.pdf", pdf("Danh sach 2")))
        second = reporting.keep_file(self.team.hospital.pk, upload, title="", by=self.writer, evidence=first.evidence)
        self.handed_in(self.two, files=[second])
        self.assertEqual((first.number, second.number), (1, 2))
        self.assertNotEqual(first.sha256, second.sha256)
        self.assertEqual(self.one.reports.get().proofs.get().file, first)

    def test_a_document_that_expired_proves_nothing(self) -> None:
        self.write(self.one, files=[self.file(expires_on=TODAY() - timedelta(days=1))])
        with self.assertRaises(InvalidInput) as refused:
            self.step(self.one, Status.SUBMITTED, self.team.writer)
        self.assertEqual(list(refused.exception.fields), ["files"])


class SeenTests(Reporting):
    def seen(self, person: Any) -> dict[str, int]:
        reader = fresh(person)
        models = (ComplianceReport, IndicatorValue, ReportEvidence, EvidenceFile)
        by_query = {model.__name__: model.objects.visible_to(reader).count() for model in models}
        with on_behalf_of(reader):
            in_database = {model.__name__: model.objects.count() for model in models}
        self.assertEqual(in_database, by_query)
        return by_query

    def test_the_department_sees_a_report_once_it_is_handed_in(self) -> None:
        everything = dict.fromkeys(("ComplianceReport", "IndicatorValue", "ReportEvidence", "EvidenceFile"), 1)
        nothing = dict.fromkeys(everything, 0)
        self.write(self.one)
        self.assertEqual(self.seen(self.team.writer), everything)
        self.assertEqual(self.seen(self.team.head), everything)
        for person in (self.team.checker, self.team.lead, self.team.director, self.team.stranger):
            self.assertEqual(self.seen(person), nothing)
        self.step(self.one, Status.SUBMITTED, self.team.writer)
        self.assertEqual(self.seen(self.team.checker), everything)
        self.assertEqual(self.seen(self.team.stranger), nothing)
        self.step(self.one, Status.RETURNED, self.team.checker)
        self.one.refresh_from_db()
        self.write(self.one, text="viết lại", files=[self.file()])
        self.assertEqual(self.seen(self.team.checker), everything)

    def test_the_file_is_served_to_those_who_see_it(self) -> None:
        file = self.file()
        address = reverse("admin:directives_assignment_evidence", args=[file.token])
        for person, status in ((self.team.writer, 200), (self.team.checker, 404), (self.team.stranger, 404)):
            self.client.force_login(person)
            self.assertEqual(self.client.get(address).status_code, status)


class ClockTests(Reporting):
    def test_every_dated_assignment_has_a_clock_until_its_day_ends(self) -> None:
        for row in Assignment.objects.filter(due_on__isnull=False):
            clock = deadlines_of(row).get()
            self.assertEqual((clock.state, clock.due_at), (State.RUNNING, row.due_at))

    def test_handing_in_on_time_ends_it_and_returning_gives_five_working_days(self) -> None:
        self.handed_in(self.one)
        first = deadlines_of(self.one).get(obligation="report_duty")
        self.assertEqual((first.state, first.on_time), (State.DONE, True))
        self.step(self.one, Status.RETURNED, self.team.checker)
        again = deadlines_of(self.one).get(state=State.RUNNING)
        self.assertEqual(again.obligation, "redo_duty")
        self.one.refresh_from_db()
        self.assertEqual(self.one.due_at, again.due_at)

    def test_withdrawing_ends_clocks_without_a_verdict(self) -> None:
        registry.end(self.team.hospital, on=TODAY(), by=fresh(self.team.lead), reason="giải thể")
        expansion.expand()
        clocks = Deadline.objects.filter(
            about_id__in=Assignment.objects.filter(facility=self.team.hospital).values("pk")
        )
        self.assertEqual(set(clocks.values_list("state", flat=True)), {State.CANCELLED})

    def test_one_that_is_left_alone_is_reminded_and_then_escalated(self) -> None:
        clock = deadlines_of(self.two).get()
        Deadline.objects.exclude(pk=clock.pk).update(next_at=None)
        before = self.told_after(timedelta(0))
        self.assertEqual(before, set())
        reminded = self.told_after(clock.due_at - timezone.now() - timedelta(days=1))
        self.assertEqual(reminded, {self.team.writer.pk, self.team.colleague.pk, self.team.head.pk})
        late = self.told_after(timedelta(days=60))
        self.assertLessEqual({self.team.lead.pk, self.team.director.pk, self.team.head.pk}, late)

    def told_after(self, span: timedelta) -> set[int]:
        """Who has been told once so much time has passed: the clock's own moments move back instead."""
        clock = deadlines_of(self.two).get()
        clock.moments = [moment - span for moment in clock.moments]
        clock.next_at = min(clock.moments, default=None)
        clock.due_at, clock.starts_at, clock.planned_at = (
            moment - span for moment in (clock.due_at, clock.starts_at, clock.planned_at)
        )
        clock.save()
        sweep()
        return set(Outbox.objects.filter(about_id=self.two.pk).values_list("recipient_id", flat=True))

    def test_a_successor_takes_over_by_choice(self) -> None:
        Assignment.objects.filter(facility=self.team.other, period=self.two.period).update(period=date(2001, 1, 1))
        lead = fresh(self.team.lead)
        registry.end(self.team.hospital, on=TODAY(), by=lead, reason="sáp nhập", successor=self.team.other)
        expansion.expand()
        self.two.refresh_from_db()
        self.assertEqual(self.two.status, Status.WITHDRAWN)
        taken = takeover.take_over(self.two, by=self.by, reason="tiếp nhận", version=self.two.version)
        self.assertEqual((taken.facility, taken.status), (self.team.other, Status.OPEN))
        self.two.refresh_from_db()
        self.assertEqual(self.two.taken_over_by, taken)
        with self.assertRaises(MoveRefused):
            takeover.take_over(self.two, by=self.by, reason="lại", version=self.two.version)


class PageTests(Reporting):
    def address(self, name: str, *more: Any) -> str:
        return reverse(f"admin:directives_assignment_{name}", args=[self.one.pk, *more])

    def test_a_person_reports_without_help(self) -> None:
        self.client.force_login(self.team.writer)
        page = self.client.get(self.address("change")).content.decode()
        self.assertIn("data-lacks", page)
        body = {
            "version": "0", "narrative": "Đã tập huấn.", f"value-{self.rate.pk}": "87,5", "title": "Danh sách",
            "upload": SimpleUploadedFile("danh-sach.pdf", PDF), "hand_in": "1",
        }  # fmt: skip
        self.assertRedirects(self.client.post(self.address("write"), body), self.address("step", "submitted"))
        form = self.client.get(self.address("step", "submitted")).context["form"]
        sent = {"version": form["version"].value(), "reason": form["reason"].value()}
        answer = self.client.post(self.address("step", "submitted"), sent)
        if answer.status_code == 200:
            self.fail(str(answer.context["form"].errors))
        self.assertRedirects(answer, self.address("change"))
        self.one.refresh_from_db()
        self.assertEqual(self.one.status, Status.SUBMITTED)
        self.assertEqual(IndicatorValue.objects.get().value, Decimal("87.5"))

    def test_rubbish_keeps_what_was_typed(self) -> None:
        self.client.force_login(self.team.writer)
        for rubbish in ({f"value-{self.rate.pk}": "nhiều"}, {f"value-{self.rate.pk}": "1e99"}, {"expires_on": "mai"}):
            body = {"version": "0", "narrative": "Đã tập huấn.", **rubbish}
            answer = self.client.post(self.address("write"), body)
            self.assertEqual(answer.status_code, 200)
            self.assertIn("Đã tập huấn.", answer.content.decode())
        self.assertFalse(ComplianceReport.objects.exists())

    def test_somebody_elses_newer_draft_is_not_written_over(self) -> None:
        self.write(self.one)
        self.client.force_login(self.team.colleague)
        answer = self.client.post(self.address("write"), {"version": "0", "narrative": "khác"})
        self.assertEqual(answer.status_code, 409)
        self.assertEqual(ComplianceReport.objects.get().narrative, "Đã tập huấn.")

    def test_lists_and_map_for_each(self) -> None:
        for person, count in ((self.team.writer, 1), (self.team.checker, 2), (self.team.stranger, 1)):
            self.client.force_login(person)
            answer = self.client.get(reverse("admin:directives_assignment_heat_map"))
            self.assertEqual(answer.content.decode().count('<th scope="row"><a'), count)
            listed = self.client.get(reverse("admin:directives_assignment_changelist"), {"queue": "all", "p": "2"})
            self.assertEqual(listed.status_code, 200)
        self.client.force_login(self.team.stranger)
        self.assertEqual(self.client.get(self.address("change")).status_code, 404)

    def test_roll_ups_count_the_cells_of_the_map(self) -> None:
        self.handed_in(self.one)
        self.client.force_login(self.team.checker)
        context = self.client.get(reverse("admin:directives_assignment_heat_map")).context
        for title, rows in context["rolled_up"]:
            with self.subTest(title):
                self.assertEqual(sum(sum(numbers) for _name, numbers in rows), len(context["picture"].cells))
        self.assertEqual([sum(numbers) for _name, numbers in context["rolled_up"][0][1]], [2])


class PlausibilityTests(TestCase):
    def test_values_of_different_bases_are_never_compared(self) -> None:
        insured = Figure(Decimal("4260000"), "lượt", "khám bảo hiểm y tế")
        every = Figure(Decimal("4100000"), "lượt", "tổng lượt khám")
        with self.assertRaises(DifferentBases):
            difference(insured, every)
        self.assertIn("khám bảo hiểm y tế", surprising(insured, every, Limits("number")))
        self.assertEqual(difference(every, Figure(Decimal(4000000), "lượt", "tổng lượt khám")), 100000)

    def test_limits_and_jumps(self) -> None:
        percent = Limits("percent", Decimal(0), Decimal(100))
        self.assertTrue(impossible(Decimal(101), percent))
        self.assertFalse(impossible(Decimal(100), percent))
        self.assertTrue(impossible(Decimal(2), Limits("yes_no")))

        def said(now: int, before: int) -> str:
            return surprising(Figure(Decimal(now), "%", "x"), Figure(Decimal(before), "%", "x"), percent)

        self.assertFalse(said(60, 80))
        self.assertTrue(said(30, 80))
        self.assertFalse(surprising(Figure(Decimal(5), "%", "x"), None, percent))
