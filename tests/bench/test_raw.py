"""The benchmark is fair: raw SQL gives the same fields and writes the same rows as the real thing."""

import json
from datetime import datetime
from uuid import uuid4

from django.core.management import call_command
from django.db import connection
from django.test import TestCase
from knox.models import AuthToken

from accounts.models import User
from console.bench import raw
from console.bench.api import raw_submission, submission
from console.bench.stage import READER, ROLES, SENDER
from deadlines.models import Deadline
from feedback.demo.almanac import ZONE
from feedback.demo.loading import load
from feedback.demo.rows import COLUMNS, Tables
from feedback.intake import Incoming, receive
from feedback.models import Case


class RawTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        call_command("load_reference", stdout=open("/dev/null", "w"))  # noqa: SIM115
        load(80, seed=1, now=datetime(2026, 11, 25, tzinfo=ZONE))

    def api(self, path: str) -> dict:
        token = AuthToken.objects.create(User.objects.get(username=READER))[1]
        return self.client.get(path, HTTP_AUTHORIZATION=f"Token {token}").json()

    def raw(self, sql: str, *values: object) -> dict:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return json.loads(cursor.fetchone()[0])

    def test_a_list_says_the_same(self):
        ours = self.api("/api/v1/cases/?status=closed&page_size=100")["results"]
        theirs = self.raw(raw.LISTS["status"], "closed")["results"]
        self.assertEqual([row["reference"] for row in ours], [row["reference"] for row in theirs])
        self.assertEqual(set(ours[0]), set(theirs[0]))

    def test_a_detail_says_the_same(self):
        case = Case.objects.filter(status="closed", is_confidential=False).order_by("-pk").first()
        kind = Deadline.objects.values_list("about_type_id", flat=True).first()
        ours, theirs = self.api(f"/api/v1/cases/{case.reference}/"), self.raw(raw.DETAIL, kind, case.reference)
        self.assertEqual(set(ours) - {"moves"}, set(theirs))
        self.assertEqual(len(ours["deadlines"]), len(theirs["deadlines"]))

    def test_an_intake_writes_the_same_rows(self):
        sender = User.objects.get(username=SENDER)
        given = raw_submission()

        def ours() -> None:
            receive(Incoming(source="bench", source_id=uuid4().hex, channel="P1022", **submission()), by=sender)

        def theirs() -> None:
            with connection.cursor() as cursor:
                sealed = bytes.fromhex(given["sealed"])
                cursor.execute(raw._INTAKE, {**given, "key": uuid4().hex, "sealed": sealed})

        self.assertEqual(self.rows_of(ours), self.rows_of(theirs))

    def rows_of(self, deed) -> dict[str, int]:
        before = self.counts()
        deed()
        return {label: count - before[label] for label, count in self.counts().items()}

    def counts(self) -> dict[str, int]:
        return {label: Tables().all[label].model._base_manager.count() for label in COLUMNS}

    def test_everybody_who_opens_pages_is_there(self):
        self.assertEqual(User.objects.filter(username__in=[*ROLES.values(), READER, SENDER]).count(), len(ROLES) + 2)
