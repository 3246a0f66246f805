"""What a source says it sent against what is held: what is missing on either side, what differs, what becomes of it."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from common.exceptions import InvalidInput, StaleVersion
from feedback import tasks
from feedback.intake import receive
from feedback.models import Difference, Reconciliation
from feedback.models.runs import DifferenceKind, RunState
from feedback.reconciling import comparing
from feedback.runs import take
from tests.api import factories as make

SOURCE, PATH = "cong-1022", "/api/v1/reconciliations/"


class ReconcilingTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.lead = make.person("lead")
        cls.system, cls.sender = make.system(SOURCE, may_send=True, channel_code="P1022")
        cls.today = timezone.localdate()
        for number in ("A-1", "A-2", "A-3"):
            incoming = make.incoming(source=SOURCE, source_id=number, reporter={"name": "Canary Tên"})
            setattr(cls, number.replace("-", "").lower(), receive(incoming, by=cls.system.user).case)

    def hand_in(self, rows: list[dict[str, str]], key: str = "k-1", caller: Any = None, **changes: Any) -> Any:
        body = {"since": str(self.today), "until": str(self.today), "submissions": rows} | changes
        return (caller or self.sender).post(PATH, body, Idempotency_Key=key)

    def rows(self) -> list[dict[str, str]]:
        long_ago = str(self.today - timedelta(days=3))
        return [
            {"number": "A-1", "sent_on": str(self.today - timedelta(days=1)), "reference": self.a1.reference},
            {"number": "A-2", "sent_on": long_ago, "reference": self.a1.reference},
            {"number": "A-9", "sent_on": str(self.today)},
        ]

    def test_both_sides_are_compared(self) -> None:
        answer = self.hand_in(self.rows())
        self.assertEqual((answer.status_code, answer.json()["state"]), (202, "waiting"), answer.content)
        tasks.work_through_runs()
        told = self.sender.get(f"{PATH}{answer.json()['id']}/").json()
        self.assertEqual((told["state"], told["stated"], told["agreed"]), ("done", 3, 1))
        found = {one["number"]: (one["difference"], one["stated"], one["held"]) for one in told["differences"]}
        long_ago = str(self.today - timedelta(days=3))
        self.assertEqual(
            found,
            {
                "A-2": ("differs", f"{long_ago} · {self.a1.reference}", f"{self.today} · {self.a2.reference}"),
                "A-9": ("not_here", str(self.today), ""),
                "A-3": ("not_there", "", str(self.today)),
            },
        )

    def test_comparing_again_finds_nothing_twice(self) -> None:
        self.hand_in(self.rows())
        tasks.work_through_runs()
        run = Reconciliation.objects.get()
        comparing.compare(run)
        tasks.work_through_runs()
        self.assertEqual(Difference.objects.count(), 3)

    def test_a_worker_that_died_is_followed_by_another_one(self) -> None:
        self.hand_in(self.rows())
        self.assertIsNotNone(take(Reconciliation))
        self.assertIsNone(take(Reconciliation))
        with time_machine.travel(timezone.now() + timedelta(minutes=6)):
            tasks.work_through_runs()
        self.assertEqual(Reconciliation.objects.get().state, RunState.DONE)

    def test_the_same_call_answers_the_same_and_another_list_under_its_key_is_refused(self) -> None:
        first = self.hand_in(self.rows())
        tasks.work_through_runs()
        self.assertEqual(self.hand_in(self.rows()).json()["id"], first.json()["id"])
        self.assertEqual(self.hand_in(self.rows()[:1]).status_code, 409)
        self.assertEqual(Reconciliation.objects.count(), 1)

    def test_what_arrives_later_settles_itself(self) -> None:
        self.hand_in(self.rows())
        tasks.work_through_runs()
        tasks.look_after_runs()
        self.assertEqual(Difference.objects.exclude(settled_at=None).count(), 0)
        receive(make.incoming(source=SOURCE, source_id="A-9"), by=self.system.user)
        tasks.look_after_runs()
        tasks.look_after_runs()
        settled = Difference.objects.get(number="A-9")
        self.assertTrue(settled.settled_by.is_engine)
        self.assertEqual(Difference.objects.exclude(settled_at=None).count(), 1)

    def test_a_difference_is_settled_once_by_whoever_saw_it(self) -> None:
        self.hand_in(self.rows())
        tasks.work_through_runs()
        one = Difference.objects.get(kind=DifferenceKind.MISSING_HERE)
        with self.assertRaises(InvalidInput):
            comparing.settle(one, " ", by=self.lead, version=1)
        with self.assertRaises(StaleVersion):
            comparing.settle(one, "đã gọi", by=self.lead, version=0)
        comparing.settle(one, "1022 gửi nhầm, đã thống nhất bỏ.", by=self.lead, version=1)
        with self.assertRaises(StaleVersion):
            comparing.settle(one, "lần nữa", by=self.lead, version=2)

    def test_odd_lists_are_refused_by_name(self) -> None:
        for rows, changes, field in (
            ([{"number": ""}], {}, "submissions.0.number"),
            ([{"number": "x" * 101}], {}, "submissions.0.number"),
            ([{"number": "a\x00"}], {}, "submissions.0.number"),
            ([{"number": "A", "sent_on": "32/13/2026"}], {}, "submissions.0"),
            ([{"number": "A", "reference": "x"}], {}, "submissions.0"),
            ([{"number": "A", "phone": "0900000001"}], {}, "submissions.0.phone"),
            ([], {"until": "2020-01-01"}, "until"),
            ([], {"since": "2020-01-01"}, "until"),
            ("x", {}, "submissions"),
        ):
            with self.subTest(rows=rows, changes=changes):
                answer = self.hand_in(rows, **changes)
                self.assertEqual(answer.status_code, 400, answer.content)
                self.assertTrue(any(name.startswith(field) for name in answer.json()["fields"]), answer.content)
        self.assertFalse(Reconciliation.objects.exists())

    def test_a_system_reads_its_own_lists_only(self) -> None:
        number = self.hand_in(self.rows()).json()["id"]
        other = make.system("ung-dung", may_send=True, channel_code="APP_YTTT")[1]
        self.assertEqual(other.get(f"{PATH}{number}/").status_code, 404)
        self.assertEqual(make.Caller().get(f"{PATH}{number}/").status_code, 401)
        self.assertEqual(make.system("doc", may_read=True)[1].get(f"{PATH}{number}/").status_code, 403)

    def test_an_uploaded_list_is_read_without_its_names(self) -> None:
        self.client.force_login(self.lead)
        text = f"Mã tại nguồn;Ngày gửi;Họ tên\nA-1;{self.today:%d/%m/%Y};Canary Tên\nA-9;{self.today:%d/%m/%Y};x\n"
        given = {"source": SOURCE, "since": f"{self.today:%d/%m/%Y}", "until": f"{self.today:%d/%m/%Y}"}
        file = SimpleUploadedFile("1022.csv", text.encode())
        answer = self.client.post(reverse("admin:feedback_reconciliation_add"), given | {"file": file})
        run = Reconciliation.objects.get()
        page = reverse("admin:feedback_reconciliation_change", args=[run.pk])
        self.assertRedirects(answer, page)
        self.assertNotIn("Canary", str(run.stated))
        self.assertContains(self.client.get(page), "data-under-way")
        tasks.work_through_runs()
        shown = self.client.get(page)
        self.assertNotContains(shown, "data-under-way")
        self.assertContains(shown, "A-9")
        self.assertContains(shown, self.a2.reference)
        one = Difference.objects.get(number="A-9")
        settle = reverse("admin:feedback_reconciliation_settle", args=[run.pk, one.pk])
        self.assertContains(self.client.get(settle), "A-9")
        self.assertRedirects(self.client.post(settle, {"note": "Đã gửi lại.", "version": "1"}), page)
        self.assertContains(self.client.post(settle, {"note": "x", "version": "1"}), "ln-error")
        book = load_workbook(BytesIO(self.client.get(page.replace("change/", "ket-qua.xlsx")).content))
        told = [list(row) for row in book.active.iter_rows(values_only=True)]
        self.assertIn("Đã gửi lại.", [row[4] for row in told])
        self.assertNotIn("Canary", str(told))

    def test_a_file_that_says_nothing_is_refused_on_the_form(self) -> None:
        self.client.force_login(self.lead)
        given = {"source": SOURCE, "since": "01/11/2026", "until": "30/11/2026"}
        for content in (b"", b"\x00\xff", b"PK\x03\x04kaputt", "Họ tên;Số\nA;1\n".encode(), b"ma tai nguon;x\n"):
            file = SimpleUploadedFile("x.xlsx", content)
            answer = self.client.post(reverse("admin:feedback_reconciliation_add"), given | {"file": file})
            self.assertContains(answer, "ln-error")
        self.assertFalse(Reconciliation.objects.exists())

    def test_the_page_costs_the_same_whatever_the_list(self) -> None:
        self.client.force_login(self.lead)
        counts = []
        for key, many in (("k-1", 3), ("k-2", 60)):
            self.hand_in([{"number": f"X-{nth}"} for nth in range(many)], key)
            tasks.work_through_runs()
            run = Reconciliation.objects.get(key=key)
            page = reverse("admin:feedback_reconciliation_change", args=[run.pk])
            self.client.get(page)
            with CaptureQueriesContext(connection) as asked:
                self.client.get(page)
            counts.append(len(asked))
        self.assertEqual(counts[0], counts[1])
