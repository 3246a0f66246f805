"""Cases from a file: nothing is stored before somebody confirms, each row once, and nothing personal is left lying."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from feedback import runs, tasks
from feedback.imports import work
from feedback.intake import receive
from feedback.models import Case, CaseImport, Category, Channel, ImportedRow, Reporter, Submission
from feedback.models.runs import RowOutcome, RunState
from tests.feedback import factories as make

HEADINGS = ["Mã tại nguồn", "Nội dung", "Mã lĩnh vực", "Mã cơ sở", "Ngày xảy ra", "Họ tên người phản ánh", "Điện thoại"]
GOOD = ["G-1", make.BODY, "QUYTRINH.01", "T01", "05/01/2026", "Canary Tên", "0900000001"]


def book(*rows: list[Any], headings: list[str] = HEADINGS) -> bytes:
    made = Workbook()
    for row in (headings, *rows):
        made.active.append(row)
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


class CaseImportTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        make.facility()
        cls.lead = make.person("lead")
        cls.letters = Channel.objects.get(code="LETTER")

    def keep(self, *rows: list[Any], **changes: Any) -> CaseImport:
        content = changes.pop("content", None) or book(*rows)
        given = {"source": runs.IMPORTED, "channel": self.letters, "by": self.lead} | changes
        return work.keep(content, "thu.xlsx", **given)

    def looked_through(self, *rows: list[Any], **changes: Any) -> CaseImport:
        run = self.keep(*rows, **changes)
        tasks.work_through_runs()
        run.refresh_from_db()
        self.assertEqual((run.state, run.done), (RunState.CHECKED, run.total))
        return run

    def outcomes(self, run: CaseImport) -> list[str]:
        return list(run.rows.order_by("number").values_list("outcome", flat=True))

    def test_a_trial_run_stores_nothing_and_names_what_is_wrong(self) -> None:
        run = self.looked_through(
            GOOD,
            ["G-2", "", "QUYTRINH.01"],
            ["", make.BODY],
            ["G-4", make.BODY, "X", "Y"],
            ["G-5", make.BODY, "", "", "32/13/2026"],
            ["G-6", make.BODY, "", "", "", "", "0" * 30],
            GOOD,
        )
        self.assertEqual(self.outcomes(run), ["new", *["refused"] * 6])
        remarks = [" ".join(row.remarks) for row in run.rows.order_by("number")]
        for remark, words in zip(
            remarks, ("", "Nội dung", "Mã tại nguồn", "Mã lĩnh vực", "30/11/2026", "Điện thoại", "2"), strict=True
        ):
            self.assertIn(words, remark)
        self.assertFalse(Submission.objects.exists())

    def test_what_was_confirmed_is_stored_once(self) -> None:
        run = self.looked_through(GOOD, ["G-2", "Chuyện khác."], ["G-3", ""])
        work.confirm(run, by=self.lead)
        tasks.work_through_runs()
        tasks.work_through_runs()
        run.refresh_from_db()
        self.assertEqual((run.state, self.outcomes(run)), (RunState.DONE, ["stored", "stored", "refused"]))
        self.assertEqual((Case.objects.count(), Reporter.objects.count()), (2, 1))
        case = Submission.objects.get(source="import", source_id="G-1").case
        self.assertEqual((case.channel.code, case.facility.code, case.recorded_by), ("LETTER", "T01", self.lead))
        again = self.looked_through(GOOD, ["G-2", "Một chuyện khác nữa."])
        self.assertEqual(self.outcomes(again), ["known", "refused"])
        with self.assertRaises(work.Refused):
            work.confirm(again, by=self.lead)

    def test_a_worker_that_stops_halfway_is_gone_on_with(self) -> None:
        run = self.looked_through(GOOD, ["G-2", "Chuyện khác."], ["G-3", "Chuyện thứ ba."])
        work.confirm(run, by=self.lead)
        taken = runs.take(CaseImport)
        work._store_one(taken.rows.order_by("number")[0], taken)  # and then the worker dies
        self.assertIsNone(runs.take(CaseImport))
        with time_machine.travel(timezone.now() + timedelta(minutes=6)):
            tasks.work_through_runs()
        run.refresh_from_db()
        self.assertEqual((run.state, self.outcomes(run)), (RunState.DONE, ["stored"] * 3))
        self.assertEqual(Case.objects.count(), 3)

    def test_what_changed_since_the_trial_run_is_refused_by_itself(self) -> None:
        run = self.looked_through(GOOD, ["G-2", "Chuyện khác."])
        Category.objects.filter(code="QUYTRINH.01").update(valid_to=timezone.localdate())
        receive(make.incoming(source="import", source_id="G-2", body="Nội dung khác"), by=None)
        work.confirm(run, by=self.lead)
        tasks.work_through_runs()
        self.assertEqual(self.outcomes(run), ["refused", "refused"])
        self.assertEqual(Case.objects.count(), 1)

    def test_what_people_told_of_themselves_is_forgotten_afterwards(self) -> None:
        run = self.looked_through(GOOD)
        row = ImportedRow.objects.get()
        self.assertEqual(row.opened()["phone"], "0900000001")
        self.assertNotIn(b"0900000001", bytes(row.sealed))
        work.confirm(run, by=self.lead)
        tasks.work_through_runs()
        self.assertEqual(ImportedRow.objects.get().opened(), {})

    def test_a_file_that_nobody_confirms_is_emptied_after_a_week(self) -> None:
        run = self.looked_through(GOOD)
        tasks.look_after_runs()
        self.assertNotEqual(ImportedRow.objects.get().opened(), {})
        with time_machine.travel(timezone.now() + timedelta(days=8)):
            tasks.look_after_runs()
            tasks.look_after_runs()
        run.refresh_from_db()
        self.assertEqual((run.state, ImportedRow.objects.get().opened()), (RunState.DROPPED, {}))
        with self.assertRaises(work.Refused):
            work.confirm(run, by=self.lead)

    def test_the_pages_lead_from_the_file_to_the_cases(self) -> None:
        self.client.force_login(self.lead)
        given = {"source": "import", "channel": self.letters.pk}
        add = reverse("admin:feedback_caseimport_add")
        self.assertContains(self.client.get(add), "multipart/form-data")
        upload = SimpleUploadedFile("thu.xlsx", book(GOOD, ["G-2", ""]))
        answer = self.client.post(add, given | {"file": upload})
        run = CaseImport.objects.get()
        page = reverse("admin:feedback_caseimport_change", args=[run.pk])
        self.assertRedirects(answer, page)
        tasks.work_through_runs()
        shown = self.client.get(page)
        self.assertContains(shown, "G-1")
        self.assertNotContains(shown, "Canary")
        self.assertContains(self.client.get(f"{page}?xem={RowOutcome.REFUSED}"), "G-2")
        self.assertRedirects(self.client.post(page), page)
        tasks.work_through_runs()
        self.assertContains(self.client.get(page), Case.objects.get().reference)
        outcome = load_workbook(BytesIO(self.client.get(page.replace("change/", "ket-qua.xlsx")).content))
        told = [row[:2] for row in outcome.active.iter_rows(min_row=2, values_only=True)]
        self.assertEqual(told, [(2, "G-1"), (3, "G-2")])
        self.assertContains(self.client.get(reverse("admin:feedback_caseimport_changelist")), "thu.xlsx")

    def test_the_template_can_be_handed_in_as_it_is(self) -> None:
        self.client.force_login(self.lead)
        template = self.client.get(reverse("admin:feedback_caseimport_template")).content
        run = self.looked_through(content=template)
        self.assertEqual((self.outcomes(run), run.notices), (["new"], []))

    def test_files_that_cannot_be_read_are_refused_on_the_form(self) -> None:
        self.client.force_login(self.lead)
        given = {"source": "import", "channel": self.letters.pk}
        for content in (b"", b"\x00" * 50, b"PK\x03\x04", b"a;b\n1;2\n", book(headings=HEADINGS), b"\xff" * 100):
            upload = SimpleUploadedFile("x.xlsx", content)
            answer = self.client.post(reverse("admin:feedback_caseimport_add"), given | {"file": upload})
            self.assertContains(answer, "ln-error")
        self.assertFalse(CaseImport.objects.exists())
