"""Reporters from before the seal: migrated, readable, and gone in the clear."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase

from feedback.models import Identity, Reporter
from tests.feedback import factories as make


@pytest.mark.slow
class SealMigrationTests(TransactionTestCase):
    def migrate(self, name: str) -> None:
        call_command("migrate", "feedback", name, verbosity=0)

    def test_plain_reporters_come_under_seal_and_open(self) -> None:
        make.seed()
        submissions = [make.case().submissions.get().pk for _ in range(3)]
        self.addCleanup(call_command, "migrate", verbosity=0)
        self.migrate("0003")
        with connection.cursor() as cursor:
            for number in submissions:
                cursor.execute(
                    "INSERT INTO feedback_reporter (submission_id, name, phone, email, address)"
                    " VALUES (%s, %s, '0900000009', '', '')",
                    [number, f"Người thứ {number}"],
                )
        call_command("migrate", verbosity=0)
        opened = {reporter.submission_id: reporter.open() for reporter in Reporter.objects.all()}
        self.assertEqual(
            opened, {number: Identity(name=f"Người thứ {number}", phone="0900000009") for number in submissions}
        )
        self.assertEqual(set(Reporter.objects.values_list("key_id", flat=True)), {next(iter(settings.FIELD_KEYS))})
        with self.assertRaisesMessage(RuntimeError, "sealed and stay so"):
            self.migrate("0003")
