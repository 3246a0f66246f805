"""The reporter's identity: sealed where it lies, in the clear nowhere, readable again after every change of keys."""

import io
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase, override_settings
from django.test.utils import CaptureQueriesContext
from knox.models import AuthToken

from accounts.models import ApiClient
from audit.models import Act, Entry, Purpose
from audit.services import NotRecorded
from common.management.commands.rotate_keys import BATCH
from common.sealing import CannotOpen, KeyUnknown, Tampered
from feedback import services
from feedback.intake import receive
from feedback.models import Case, Identity, Reporter, Submission
from tests.feedback import factories as make
from tests.public.pages import FOLLOW, RESULTS, SEND, code_in, hidden

ROOT = Path(__file__).resolve().parents[2]
OLD, NEW = b"o" * 32, b"n" * 32
ONLY_OLD, BOTH, ONLY_NEW = {"old": OLD}, {"new": NEW, "old": OLD}, {"new": NEW}
GIVEN = {"name": "Người Kín Đáo", "phone": "0900000009", "email": "kin@example.vn", "address": "12 đường Lặng"}
WHY = "gọi lại hỏi rõ ngày khám và khoa khám"


class SealedRowTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.case = make.case(reporter=GIVEN)
        cls.other = make.case(reporter={"name": "Người Khác"})

    def look(self) -> list[Identity]:
        officer = make.fresh(self.team.officer)
        return services.reveal_reporter(self.case, by=officer, purpose=Purpose.VERIFY, reason=WHY)

    def row(self, case: Case) -> Any:
        return Reporter.objects.filter(submission__case=case)

    def test_what_was_given_comes_back(self) -> None:
        self.assertEqual(self.look(), [Identity(**GIVEN)])

    def test_whoever_prints_it_sees_nothing(self) -> None:
        incoming = make.incoming(reporter=GIVEN)
        for thing in (self.row(self.case).get(), self.row(self.case).get().open(), incoming):
            self.assertFalse([word for word in GIVEN.values() if word in repr(thing)])

    def test_a_reporter_is_written_with_the_case_in_one_statement(self) -> None:
        with CaptureQueriesContext(connection) as seen:
            make.case(reporter=GIVEN)
        written = [query["sql"] for query in seen if "feedback_reporter" in query["sql"]]
        self.assertEqual(len(written), 1)
        self.assertIn('INSERT INTO "feedback_case"', written[0])

    def shows_nothing(self, fault: type[CannotOpen]) -> None:
        before = list(Reporter.objects.order_by("pk").values())
        with self.assertLogs("common.sealing", "ERROR") as logged, self.assertRaises(fault) as refusal:
            self.look()
        self.assertNotIn("Kín", str(refusal.exception) + "".join(logged.output))
        self.assertEqual(Entry.objects.filter(act=Act.REVEAL, by=self.team.officer).count(), 1)
        self.assertEqual(list(Reporter.objects.order_by("pk").values()), before)

    def test_one_changed_byte_shows_nothing_and_the_entry_stays(self) -> None:
        sealed = bytearray(self.row(self.case).get().sealed)
        sealed[-1] ^= 1
        self.row(self.case).update(sealed=bytes(sealed))
        self.shows_nothing(Tampered)

    def test_another_rows_seal_shows_nothing(self) -> None:
        self.row(self.case).update(sealed=self.row(self.other).get().sealed)
        self.shows_nothing(Tampered)

    def test_rows_that_changed_places_show_nothing(self) -> None:
        mine, theirs = self.row(self.case).get(), self.row(self.other).get()
        spare = make.case().submissions.get()
        mine_of, theirs_of = mine.submission_id, theirs.submission_id
        Reporter.objects.filter(pk=mine.pk).update(submission=spare)
        Reporter.objects.filter(pk=theirs.pk).update(submission=mine_of)
        Reporter.objects.filter(pk=mine.pk).update(submission=theirs_of)
        self.shows_nothing(Tampered)

    def test_a_missing_key_shows_nothing(self) -> None:
        with override_settings(FIELD_KEYS=ONLY_NEW):
            self.shows_nothing(KeyUnknown)

    def test_a_log_that_cannot_be_written_shows_nothing(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_entry ADD CONSTRAINT shut CHECK (false) NOT VALID")
        with self.assertRaises(NotRecorded):
            self.look()

    def test_a_retry_is_known_again_after_a_change_of_keys(self) -> None:
        again = make.incoming(reporter=GIVEN)
        with override_settings(FIELD_KEYS=ONLY_OLD):
            first = receive(again, by=None).case
        with override_settings(FIELD_KEYS=BOTH):
            self.assertEqual(receive(again, by=None).case, first)


class RotationTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        with override_settings(FIELD_KEYS=ONLY_OLD):
            cls.cases = [make.case(reporter=GIVEN) for _ in range(3)]

    def rotate(self, *arguments: str) -> str:
        out = io.StringIO()
        call_command("rotate_keys", *arguments, stdout=out)
        return out.getvalue()

    def test_everything_goes_under_the_first_key_and_stays_readable(self) -> None:
        with override_settings(FIELD_KEYS=BOTH):
            self.assertIn("3 under old (only opens)", self.rotate("--check"))
            said = self.rotate()
            self.assertIn("3 of 3 seen, 3 sealed anew under new", said)
            self.assertIn("0 under old (only opens)", said)
        with override_settings(FIELD_KEYS=ONLY_NEW):
            self.assertEqual([reporter.open() for reporter in Reporter.objects.all()], [Identity(**GIVEN)] * 3)

    def test_a_second_run_changes_nothing(self) -> None:
        with override_settings(FIELD_KEYS=BOTH):
            self.rotate()
            before = list(Reporter.objects.order_by("pk").values())
            self.rotate()
            self.assertEqual(list(Reporter.objects.order_by("pk").values()), before)

    def test_what_does_not_open_is_counted_and_left_and_stops_nothing(self) -> None:
        spoilt = Reporter.objects.first()
        Reporter.objects.filter(pk=spoilt.pk).update(sealed=b"rubbish")
        with override_settings(FIELD_KEYS=BOTH), self.assertRaisesMessage(CommandError, "1 rows do not open"):
            self.rotate()
        self.assertEqual(Reporter.objects.filter(key_id="new").count(), 2)
        self.assertEqual(bytes(Reporter.objects.get(pk=spoilt.pk).sealed), b"rubbish")

    def test_rows_under_a_lost_key_are_named(self) -> None:
        with override_settings(FIELD_KEYS=ONLY_NEW):
            self.assertIn("3 under old (is not in FIELD_KEYS)", self.rotate("--check"))


class KilledRotationTests(TransactionTestCase):
    def setUp(self) -> None:
        make.seed()
        with override_settings(FIELD_KEYS=ONLY_OLD):
            case = make.case()
            submissions = Submission.objects.bulk_create(
                Submission(
                    case=case, channel=case.channel, source="test", source_id=f"r{number}", body="x",
                    fingerprint="", received_at=case.received_at,
                )
                for number in range(BATCH * 2 + 100)
            )  # fmt: skip
            Reporter.objects.bulk_create(Reporter.of(each, {"name": each.source_id}) for each in submissions)

    def test_a_kill_in_the_middle_loses_nothing_and_the_next_run_ends_it(self) -> None:
        last = Reporter.objects.order_by("-pk").first()
        with transaction.atomic():
            Reporter.objects.select_for_update().get(pk=last.pk)  # the third batch waits for this row
            run = self.start()
            told = next(line for line in run.stdout if f"{BATCH * 2} of" in line)
            run.send_signal(signal.SIGKILL)
            run.communicate()
        self.assertIn(f"{BATCH * 2} of {BATCH * 2 + 100} seen", told)
        counts = {key: Reporter.objects.filter(key_id=key).count() for key in BOTH}
        self.assertEqual(counts, {"new": BATCH * 2, "old": 100})
        self.assertEqual(self.start().wait(), 0)
        with override_settings(FIELD_KEYS=ONLY_NEW):
            opened = {reporter.submission.source_id: reporter.open().name for reporter in self.reporters()}
        self.assertEqual(opened, {f"r{number}": f"r{number}" for number in range(BATCH * 2 + 100)})

    def reporters(self) -> Any:
        return Reporter.objects.select_related("submission")

    def start(self) -> "subprocess.Popen[str]":
        """The command in a process of its own, on this test's database."""
        address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        keys = "new:" + "bm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm4=,old:b29vb29vb29vb29vb29vb29vb29vb29vb29vb29vb28="
        return subprocess.Popen(
            [sys.executable, "manage.py", "rotate_keys"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": address, "FIELD_KEYS": keys, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )


CANARY = "CHIMYEN"  # in every field of identity below, and nowhere else
HIDDEN = {
    "name": f"{CANARY} Thị Lặng",
    "phone": "0900123456",
    "email": f"{CANARY.lower()}@example.vn",
    "address": f"7 ngõ {CANARY}",
}
TRACES = (CANARY, CANARY.lower(), "0900123456", "900123456")


class KeptLines(logging.Handler):
    """Every line that any logger wrote, with its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{self.format(record)} {vars(record)}")


class CanaryTests(TestCase):
    """An identity sent through every door leaves no trace but the sealed one."""

    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.system = make.person("api_intake", name="cong-1022")
        ApiClient.objects.create(user=cls.system, name="1022", may_send=True, channel_code="P1022")

    def setUp(self) -> None:
        self.redis = redis.Redis.from_url(settings.REDIS_URL.replace("redis+socket://", "unix://"))
        self.kept = KeptLines()
        root = logging.getLogger()
        level = root.level
        requests = logging.getLogger("langnghe.requests")  # which has a handler of its own
        requests.addHandler(self.kept)
        self.addCleanup(requests.removeHandler, self.kept)
        root.addHandler(self.kept)
        root.setLevel(logging.DEBUG)
        self.addCleanup(root.setLevel, level)
        self.addCleanup(root.removeHandler, self.kept)

    def by_operator(self, **changes: Any) -> Any:
        self.client.force_login(self.team.operator)
        key = hidden(self.client.get("/console/ghi-nhan/"), "key")
        given = {name: HIDDEN[name] for name in ("name", "phone", "address")}
        call = {"key": key, "body": make.BODY, "channel": "HOTLINE_SYT"}
        return self.client.post("/console/ghi-nhan/", call | given | changes)

    def by_citizen(self) -> Any:
        self.client.logout()
        key = hidden(self.client.get(SEND), "key")
        given = {name: HIDDEN[name] for name in ("name", "phone", "email")}
        return self.client.post(SEND, {"key": key, "body": make.BODY} | given)

    def by_system(self, key: str) -> Any:
        _row, token = AuthToken.objects.create(self.system)
        return self.client.post(
            "/api/v1/intake/",
            {"body": make.BODY, "reporter": HIDDEN},
            content_type="application/json",
            headers={"Authorization": f"Token {token}", "Idempotency-Key": key},
        )

    def through_every_door(self) -> str:
        """Send it three times; returns the citizen's receipt."""
        self.assertEqual(self.by_operator().status_code, 302)
        page = self.by_citizen()
        self.assertEqual(self.by_system("a-1").status_code, 201)
        self.assertEqual(self.by_system("a-1").status_code, 200)
        self.assertEqual(Case.objects.count(), 3)
        self.assertEqual({one.open().phone.replace(" ", "") for one in Reporter.objects.all()}, {"0900123456"})
        self.assertEqual(Reporter.objects.count(), 3)
        return code_in(page)

    def traces(self, text: str) -> list[str]:
        return [trace for trace in TRACES if trace in text]

    def test_no_table_holds_it(self) -> None:
        self.through_every_door()
        found = {table: self.traces(text) for table, text in everything_stored() if self.traces(text)}
        self.assertEqual(found, {})

    def test_redis_holds_nothing_of_it(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            self.through_every_door()
        held = [key + (self.redis.dump(key) or b"") for key in self.redis.scan_iter(count=1000)]
        self.assertEqual([key for key in held if self.traces(key.decode("utf-8", "replace"))], [])

    def test_no_log_line_and_no_statement_holds_it(self) -> None:
        with CaptureQueriesContext(connection) as seen:
            self.through_every_door()
        self.assertGreaterEqual(len(self.kept.lines), 6)  # one a request
        self.assertEqual([line for line in self.kept.lines if self.traces(line)], [])
        self.assertEqual([query["sql"] for query in seen if self.traces(query["sql"] or "")], [])

    def test_a_fault_in_the_middle_tells_nothing_of_it(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE feedback_reporter ADD CONSTRAINT shut CHECK (false) NOT VALID")
        self.client.raise_request_exception = False
        for door in (self.by_operator, self.by_citizen, lambda: self.by_system("a-2")):
            with transaction.atomic():  # as each request has a transaction of its own, which a fault ends whole
                self.assertEqual(door().status_code, 500)
                transaction.set_rollback(True)
        self.assertFalse(Case.objects.exists())
        faults = [line for line in self.kept.lines if "Traceback" in line]
        self.assertTrue(faults)
        # the request itself stands in `vars(record)`; what is written about it must not
        self.assertEqual([line for line in self.kept.lines if self.traces(line)], [])

    def test_no_page_of_anybody_shows_it(self) -> None:
        code = self.through_every_door()
        team = self.team
        for person in (
            team.operator, team.officer, team.lead, team.director, team.auditor, team.quality_officer,
            team.division_officer, team.stranger,
        ):  # fmt: skip
            self.client.force_login(person)
            for case in Case.objects.all():
                for page in ("change/", "nguoi-phan-anh/", "dinh-chinh/", "buoc/forwarded/"):
                    answer = self.client.get(f"/console/feedback/case/{case.pk}/{page}")
                    self.assertEqual(self.traces(answer.content.decode()), [], f"{person} {page}")
            for page in ("/console/", "/console/feedback/case/?q=CHIMYEN", "/console/feedback/case/?q=0900123456"):
                found = self.client.get(page).content.decode()
                self.assertFalse([case for case in Case.objects.all() if "q=" in page and case.reference in found])
        self.client.logout()
        pages = [self.client.post(FOLLOW, {"code": code}), self.client.get(RESULTS)]
        self.assertEqual([self.traces(page.content.decode()) for page in pages], [[], []])

    def test_no_message_holds_it(self) -> None:
        self.through_every_door()
        for _table, text in everything_stored(("notifications_outbox", "notifications_inboxitem")):
            self.assertEqual(self.traces(text), [])


def everything_stored(tables: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Every row of every table as text; bytes as they read, so that even a sealed column may not hold it."""
    found = []
    with connection.cursor() as cursor:
        for table in tables or connection.introspection.table_names(cursor):
            cursor.execute(
                "SELECT a.attname, format_type(a.atttypid, NULL) = 'bytea' FROM pg_attribute a"
                " WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped",
                [table],
            )
            columns = [
                f"encode({name}, 'escape')" if is_bytes else f'"{name}"::text' for name, is_bytes in cursor.fetchall()
            ]
            cursor.execute(f"SELECT concat_ws(' ', {', '.join(columns)}) FROM {table}")
            found += [(table, row[0]) for row in cursor.fetchall()]
    return found
