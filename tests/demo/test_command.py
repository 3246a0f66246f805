"""The command: refuses to mix, writes the sign-ins for nobody else's eyes, and leaves the tables as they were."""

import io
import json
import stat
from pathlib import Path
from re import sub
from tempfile import TemporaryDirectory

from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import TestCase

from accounts.roles import ROLES
from facilities.models import Facility
from feedback.demo.copying import lean
from feedback.models import Case
from incidents.choices import Verdict
from incidents.models import ReceiptFile, Signal
from tests.feedback.factories import case, seed

DEFINED = """
SELECT 'index', indexname::text, indexdef FROM pg_indexes
WHERE tablename LIKE 'feedback_%%' OR tablename LIKE 'deadlines_%%'
UNION ALL
SELECT 'constraint', conname::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid::regclass::text LIKE 'feedback_%%' OR conrelid::regclass::text LIKE 'deadlines_%%'
"""


def run(*arguments: str) -> str:
    output = io.StringIO()
    call_command("load_demo", *arguments, "--quiet", stdout=output)
    return output.getvalue()


class CommandTests(TestCase):
    """One demonstration for all of them: loading it takes longer than looking at it."""

    path: Path
    CASES = 60

    @classmethod
    def setUpTestData(cls):
        call_command("load_reference", stdout=io.StringIO())
        folder = TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.path = Path(folder.name) / "demo.json"
        run("--cases", str(cls.CASES), "--today", "2026-06-01", "--signins", str(cls.path))

    def test_it_writes_one_sign_in_per_role_for_its_owner_only(self):
        rows = json.loads(self.path.read_text(encoding="utf-8"))
        self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o600)
        self.assertEqual({role.code for role in ROLES} - {row["role"] for row in rows}, set())
        for row in rows:
            if not row["role"].startswith("api_") and row["role"] != "citizen":
                self.assertIsNotNone(authenticate(username=row["user"], password=row["password"]), row["user"])
            if row["role"].startswith("api_"):
                self.assertTrue(row["token"])

    def test_its_reports_hold_a_rise_that_the_rule_finds(self):
        found = Signal.objects.get(facility__code="DEMO002")
        self.assertEqual((found.kind, found.verdict), ("IT07", Verdict.OPEN))
        self.assertFalse(Signal.objects.filter(facility__isnull=False).exclude(pk=found.pk).exists())
        self.assertEqual(Signal.objects.get(facility=None).verdict, Verdict.LOOKING)
        self.assertTrue(ReceiptFile.objects.exists())

    def test_a_given_day_ends_before_that_day(self):
        last = Case.objects.order_by("-received_at").first()
        self.assertLess(last.received_at.isoformat(), "2026-06-01")

    def test_it_refuses_to_mix_unless_told_to_add(self):
        with self.assertRaisesMessage(CommandError, "--add adds to them"):
            run("--cases", "20")
        self.assertEqual(Case.objects.count(), self.CASES)
        run("--cases", "20", "--add")
        self.assertEqual(Case.objects.count(), self.CASES + 20)
        self.assertEqual(Facility.objects.count(), 64)

    def test_cases_whose_sign_ins_cannot_be_written_are_not_kept(self):
        with self.assertRaises(FileNotFoundError):
            run("--cases", "20", "--add", "--signins", str(self.path.parent / "nowhere" / "demo.json"))
        self.assertEqual(Case.objects.count(), self.CASES)


class EmptyTests(TestCase):
    def test_it_needs_the_reference_data(self):
        with self.assertRaisesMessage(CommandError, "The reference data is missing"):
            run("--cases", "20")

    def test_it_loads_one_case_at_least(self):
        with self.assertRaisesMessage(CommandError, "at least 1"):
            run("--cases", "0")


class LeanTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        seed()

    def test_indexes_and_keys_come_back_as_they_were(self):
        names = ["feedback_case", "feedback_searchentry", "deadlines_deadline", "feedback_historicalcase"]
        before = self.defined()
        case()  # something whose keys are still to be checked
        with lean(names):
            self.assertLess(len(self.defined()), len(before))
        self.assertEqual(self.defined(), before)

    def defined(self) -> list[tuple[str, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(DEFINED, [])
            # PostgreSQL words a condition that it reads again with other casts and brackets
            return sorted((kind, name, sub(r"::[a-z ]+(\[\])?|[()]", "", text)) for kind, name, text in cursor)
