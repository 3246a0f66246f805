"""Rubbish at every door: never a fault, nothing half-stored. `dev.py test tests/doors --rubbish 10000` sends that much
to each; without it a few dozen."""

import unicodedata
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.services import issue_token
from common.text import has_unstorable
from deadlines.models import Deadline
from feedback import tasks
from feedback.choices import Satisfaction, Status
from feedback.imports.columns import COLUMNS
from feedback.models import (
    Case,
    CaseImport,
    Channel,
    Note,
    Receipt,
    Reconciliation,
    Reply,
    Reporter,
    SearchEntry,
    Submission,
)
from feedback.public.views import KEYS
from tests.api import factories as make
from tests.doors.posting import FORM, DoorTests, with_file
from tests.doors.rubbish import Dice, Sent
from tests.feedback.test_mailbox import maildir_in, put
from tests.open311.apps import SENT
from tests.public.pages import code_in, hidden

SEED = 20261130
SUBMISSION = {
    "body": make.BODY, "title": "Chờ lâu", "category": "QUYTRINH.01", "facility": "T01", "occurred_on": "2026-01-05",
    "urgency": "S3", "kind": "PHANANH", "is_confidential": False, "reporter": {"name": "An", "phone": "0900000001"},
}  # fmt: skip
LIST = {"since": "2026-01-01", "until": "2026-01-02", "submissions": [{"number": "A", "sent_on": "2026-01-01"}]}
LETTER = {"from": "An <an@example.vn>", "subject": "Chờ lâu", "text": make.BODY, "date": "x", "file": "a.pdf"}


class RubbishTests(DoorTests):
    """One test for each door of feedback."""

    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        make.facility()
        cls.lead = make.person("lead")
        cls.app = make.system("ung-dung", may_send=True, channel_code="APP_YTTT")[0]
        cls.token = issue_token(cls.app)

    def is_whole(self, door: str) -> None:
        """What was stored was stored whole, and can be read again."""
        cases = list(Case.objects.all())
        self.assertEqual(Submission.objects.count(), len(cases))
        self.assertEqual(Case.history.count(), len(cases))
        self.assertEqual(SearchEntry.objects.count(), sum(not case.is_confidential for case in cases))
        clocks = set(Deadline.objects.values_list("about_id", flat=True))
        for case in cases:
            self.assertIn(case.pk, clocks)
            for text in (case.body, case.title, case.facility_said):
                self.assertFalse(has_unstorable(text))
                self.assertTrue(unicodedata.is_normalized("NFC", text))
            self.assertTrue(case.body)
        for reporter in Reporter.objects.all():
            reporter.open()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")  # no transaction was left broken
        self.tell(door, f"{len(cases)} cases, all whole")

    def test_at_the_intake_of_systems(self) -> None:
        dice = Dice(SEED, SUBMISSION)
        for nth in self.times(self.many):
            headers = {"Authorization": f"Token {self.token}", "Idempotency-Key": f"k-{nth // 2}"}
            self.told(self.post(make.INTAKE, dice.as_json(), **headers))
        self.is_whole("/api/v1/intake/")

    def test_at_open311(self) -> None:
        dice = Dice(SEED + 1, SENT | {"api_key": self.token, "lat": "10.7", "long": "106.7"})
        for nth in self.times(self.many):
            sent = dice.as_multipart() if nth % 4 == 0 else dice.as_form()
            self.told(self.post(f"/open311/v2/requests.{'json' if nth % 2 else 'xml'}", sent))
        self.is_whole("/open311/v2/requests")

    def test_at_the_public_form(self) -> None:
        dice = Dice(SEED + 2, {"key": "", "body": make.BODY, "name": "An", "phone": "0900000001", "occurred_on": ""})
        for nth in self.times(self.many):
            if nth % 4 == 0:  # some under a key that was used, which is refused before anything else is looked at
                dice.fields["key"] = KEYS.new()
            sent = dice.as_form() if nth % 3 else dice.as_multipart()
            self.told(self.post("/phan-anh/", sent))
        self.is_whole("/phan-anh/")

    def test_at_the_confidential_form(self) -> None:
        dice = Dice(SEED + 8, {"key": "", "body": make.BODY, "name": "An", "phone": "0900000001", "email": "a@b.vn"})
        for nth in self.times(self.many):
            if nth % 4 == 0:
                dice.fields["key"] = KEYS.new()
            self.told(self.post("/phan-anh/kin/", dice.as_form() if nth % 3 else dice.as_multipart()))
        self.assertFalse(Case.objects.filter(is_confidential=False).exists())
        self.assertFalse(SearchEntry.objects.exists())
        self.is_whole("/phan-anh/kin/")

    def test_at_the_page_for_following(self) -> None:
        """Words, files and opinions of those who hold a code; now and then of somebody else."""
        said = {"code": "", "act": "add", "text": make.BODY, "satisfaction": "satisfied", "comment": "Tốt."}
        dice = Dice(SEED + 9, said)
        for nth in self.times(self.many):
            if nth % 40 == 0:  # or what one case may hold would answer for the door
                answer = self.post("/phan-anh/", Sent(urlencode({"key": KEYS.new(), "body": make.BODY}).encode(), FORM))
                dice.fields["code"] = code_in(answer)
                state = {0: Status.CLOSED, 1: Status.WAITING}.get(nth // 40 % 3)
                if state is not None:
                    self.put(state)
            dice.fields["act"] = "rate" if nth % 2 else "add"
            self.told(self.post("/tra-cuu/", dice.as_form() if nth % 3 else dice.as_multipart()))
        self.assertFalse(any(has_unstorable(text) for text in Note.objects.values_list("text", flat=True)))
        self.assertFalse(Note.objects.filter(text="").exists())
        self.assertTrue(set(Case.objects.values_list("satisfaction", flat=True)) <= {"", *Satisfaction.values})
        self.assertEqual(Receipt.objects.count(), Case.objects.count())
        self.tell("/tra-cuu/", f"{Note.objects.count()} words of {Case.objects.count()} reporters, all whole")

    def put(self, status: Status) -> None:
        """The newest case where an opinion, or an answer, is taken."""
        newest = Case.objects.order_by("-pk").first()
        ended = timezone.now() if status == Status.CLOSED else None
        Case.objects.filter(pk=newest.pk).update(status=status, ended_at=ended)
        if ended:
            Reply.objects.create(case=newest, at=ended, by=self.lead, text="Đã xử lý.", way=Reply.Way.PAGE)

    def test_at_the_operators_form(self) -> None:
        self.browser.force_login(make.person("operator"))
        path = reverse("admin:feedback_case_record")
        key = hidden(self.browser.get(path), "key")
        dice = Dice(SEED + 3, {"key": key, "channel": "HOTLINE_SYT", "body": make.BODY, "phone": "0900000001"})
        for nth in self.times(self.many):
            sent = dice.as_form() if nth % 3 else dice.as_multipart()
            self.told(self.post(path, sent))
        self.is_whole("the operator's form")

    def test_at_reconciliation(self) -> None:
        dice = Dice(SEED + 4, LIST)
        for nth in self.times(self.many):
            headers = {"Authorization": f"Token {self.token}", "Idempotency-Key": f"k-{nth}"}
            self.told(self.post("/api/v1/reconciliations/", dice.as_json(), **headers))
        tasks.work_through_runs()
        self.assertFalse(Reconciliation.objects.exclude(state="done").exists())
        self.is_whole("/api/v1/reconciliations/")

    def test_in_files_of_cases(self) -> None:
        dice = Dice(SEED + 5, {column.heading: column.example for column in COLUMNS})
        self.hand_in("x.csv", dice.as_sheet)
        self.is_whole("files of cases (CSV)")

    def test_in_workbooks_of_cases(self) -> None:
        dice = Dice(SEED + 7, {column.heading: column.example for column in COLUMNS})
        self.hand_in("x.xlsx", dice.as_workbook)
        self.assertGreater(Case.objects.count(), 0)
        self.is_whole("files of cases (XLSX)")

    def hand_in(self, name: str, made: Callable[[], Sent]) -> None:
        """Each file by the form; the worker looks it through, and what is new in it is confirmed and stored."""
        self.browser.force_login(self.lead)
        given = {"source": "import", "channel": str(Channel.objects.get(code="LETTER").pk)}
        for _nth in self.times(max(self.many // 4, 40)):
            answer = self.post(reverse("admin:feedback_caseimport_add"), with_file(given, name, made().body or b" "))
            self.assertIn(answer.status_code, (200, 302))
            status = 302 if answer.status_code == 302 else 400
            self.statuses[status] += 1
        while CaseImport.objects.filter(state="waiting").exists():
            tasks.work_through_runs()
        for run in CaseImport.objects.filter(state="checked"):
            if run.rows.filter(outcome="new").exists():
                self.browser.post(reverse("admin:feedback_caseimport_change", args=[run.pk]))
        while CaseImport.objects.filter(state="waiting").exists():
            tasks.work_through_runs()

    def test_in_the_mailbox(self) -> None:
        dice = Dice(SEED + 6, LETTER)
        with TemporaryDirectory() as folder, maildir_in(Path(folder)) as box:
            for nth in range(self.many):
                put(box, dice.as_letter().body, f"{nth:06}")
            for _look in self.times(self.many // 50 + 2):
                tasks.read_mailbox()
            waiting = [path for path in box.rglob("*") if path.is_file() and not path.name.endswith(":2,S")]
            self.assertEqual(waiting, [])
        self.statuses[400] = self.many  # letters have no status
        self.is_whole("the mailbox")
