"""What is changed in the log past the database's guards is found, and the first entry that is wrong is named."""

from datetime import timedelta
from io import StringIO
from typing import Any

import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import TestCase, override_settings
from django.utils import timezone

from audit import chain
from audit.models import Act, Entry, Fault, Link, Seal, Verification
from audit.services import record
from tests.feedback import factories as make


class ChainTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.officer = make.person("officer")

    def entries(self, count: int) -> list[Entry]:
        return [record(Act.SIGN_IN, by=self.officer, about=self.officer, reason=f"lần {n} “thử”") for n in range(count)]

    def as_owner(self, statement: str, values: list[Any]) -> None:
        """What somebody can do who switches the triggers off."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement, values)
            cursor.execute("SET LOCAL session_replication_role = origin")

    def fault(self) -> tuple[str, int | None]:
        found = chain.verify()
        return found.fault, found.entry_id

    def test_a_whole_log_is_found_whole(self) -> None:
        self.entries(5)
        found = chain.verify()
        self.assertEqual((found.links, found.fault), (5, ""))
        self.entries(2)
        self.assertEqual(chain.verify().links, 7)
        said = StringIO()
        call_command("verify_audit", stdout=said)
        self.assertIn("7 entries", said.getvalue())

    def test_rounds_join_and_a_second_one_at_rest_does_nothing(self) -> None:
        with self.subTest("small batches"):
            self.entries(5)
            chain.BATCH, kept = 2, chain.BATCH
            self.addCleanup(setattr, chain, "BATCH", kept)
            self.assertEqual(chain.seal_all(), 5)
            self.assertEqual((chain.seal_all(), Seal.objects.count()), (0, 3))
            self.assertEqual(list(Link.objects.order_by("number").values_list("number", flat=True)), [1, 2, 3, 4, 5])
        self.assertEqual(self.fault(), ("", None))

    def test_the_database_refuses_changes_of_the_chain(self) -> None:
        self.entries(1)
        chain.verify()
        for model in (Link, Seal, Verification, Entry):
            table, key = model._meta.db_table, model._meta.pk.column
            for change in (f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}"):
                with self.subTest(change=change), self.assertRaises(DatabaseError), transaction.atomic():
                    connection.cursor().execute(change)

    def test_each_column_of_an_entry_is_covered(self) -> None:
        other = make.person("lead")
        for column, value in {
            "at": timezone.now() - timedelta(days=1),
            "by_id": other.pk,
            "act": "export",
            "about_type": "x.y",
            "about_id": 1,
            "purpose": "verify",
            "reason": "khác",
            "request_id": "khác",
        }.items():
            with self.subTest(column=column), transaction.atomic():
                changed = self.entries(3)[1]
                self.assertEqual(self.fault(), ("", None))
                self.as_owner(f"UPDATE audit_entry SET {column} = %s WHERE id = %s", [value, changed.pk])
                self.assertEqual(self.fault(), (Fault.CHANGED, changed.pk))
                transaction.set_rollback(True)

    def test_an_entry_taken_away_is_missed(self) -> None:
        gone = self.entries(3)[1]
        chain.seal_all()
        self.as_owner("DELETE FROM audit_entry WHERE id = %s", [gone.pk])
        self.assertEqual(self.fault(), (Fault.MISSING, gone.pk))
        with self.assertRaisesMessage(CommandError, f"entry {gone.pk}"):
            call_command("verify_audit")

    def test_the_end_cannot_be_cut_off(self) -> None:
        last = self.entries(3)[2]
        chain.verify()
        self.as_owner("DELETE FROM audit_link WHERE number = 3", [])
        self.as_owner("DELETE FROM audit_seal WHERE number = 3", [])
        self.as_owner("DELETE FROM audit_entry WHERE id = %s", [last.pk])
        self.assertEqual(self.fault()[0], Fault.MISSING)

    def test_a_chain_made_anew_does_not_bear_our_mark(self) -> None:
        changed = self.entries(3)[1]
        chain.verify()
        self.as_owner("UPDATE audit_entry SET reason = 'khác' WHERE id = %s", [changed.pk])
        before = ""
        for link in Link.objects.select_related("entry").order_by("number"):
            before = chain.digest_of(before, link.entry)
            self.as_owner("UPDATE audit_link SET digest = %s WHERE number = %s", [before, link.number])
        self.as_owner("UPDATE audit_seal SET digest = %s", [before])
        self.assertEqual(self.fault()[0], Fault.MARK)

    def test_an_entry_put_in_later_is_found(self) -> None:
        with time_machine.travel(timezone.now() - timedelta(days=3), tick=False):
            first, second = self.entries(2)
            self.as_owner("DELETE FROM audit_entry WHERE id = %s", [first.pk])
            chain.seal_all()
        self.as_owner("UPDATE audit_seal SET at = now() - interval '3 days'", [])
        self.as_owner(
            "INSERT INTO audit_entry (id, at, by_id, act, about_type, purpose, reason, request_id)"
            " VALUES (%s, now() - interval '3 days', %s, 'export', '', '', '', '')",
            [first.pk, self.officer.pk],
        )
        self.assertEqual(self.fault(), (Fault.STRAY, first.pk))
        self.assertTrue(Link.objects.filter(entry=second).exists())

    def test_entries_that_commit_out_of_order_are_linked(self) -> None:
        first, second = self.entries(2)
        row = Entry.objects.filter(pk=first.pk).values().get()
        self.as_owner("DELETE FROM audit_entry WHERE id = %s", [first.pk])
        chain.seal_all()
        Entry.objects.bulk_create([Entry(**row)])
        self.assertEqual(chain.seal_all(), 1)
        self.assertEqual(list(Link.objects.order_by("number").values_list("entry", flat=True)), [second.pk, first.pk])
        self.assertEqual(self.fault(), ("", None))

    def test_marks_outlive_the_rotation_of_keys(self) -> None:
        self.entries(2)
        with override_settings(FIELD_KEYS={"alt": b"a" * 32}):
            chain.seal_all()
        with override_settings(FIELD_KEYS={"neu": b"n" * 32, "alt": b"a" * 32}):
            self.assertEqual(self.fault(), ("", None))
        with override_settings(FIELD_KEYS={"neu": b"n" * 32}):
            self.assertEqual(self.fault(), ("", None))
        with override_settings(FIELD_KEYS={"fremd": b"f" * 32}):
            self.assertEqual(self.fault()[0], Fault.MARK)
