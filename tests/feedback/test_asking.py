"""How a policy is asked: what the reader alone settles follows from the declaration, and nothing else follows from it.

That the policies show what the declarations find is compared on random data (`tests.feedback.test_access`)."""

from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import TestCase

from accounts.access import Absent, Is
from accounts.access.policies import declared, install, policy_of
from accounts.access.scope import on_behalf_of
from accounts.models import ApiClient, Recusal
from common.scope import as_system
from feedback.models import Answer, Case, Reply
from tests.feedback import factories as make
from tests.rights import may

ASKED_IN_FULL = None


def told(model: Any) -> int | None:
    """How much of a table the database shows without asking more, in the scope that holds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT access_tells_{model._meta.db_table}()")
        found: int | None = cursor.fetchone()[0]
        return found


class AskingTests(TestCase):
    team: make.Team

    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()

    def told_to(self, reader: Any, model: Any = Case) -> int | None:
        with on_behalf_of(make.fresh(reader)):
            return told(model)

    def test_most_readers_need_one_look_at_a_row(self) -> None:
        team = self.team
        for reader, number in (
            (team.lead, 1),
            (team.director, 1),
            (team.auditor, 1),
            (team.officer, 2),
            (team.division_officer, 3),
            (team.quality_officer, 4),
            (team.operator, ASKED_IN_FULL),
        ):
            with self.subTest(reader=reader.username):
                self.assertEqual(self.told_to(reader), number)
        with on_behalf_of(None):
            self.assertEqual(told(Case), ASKED_IN_FULL)
        with on_behalf_of(make.fresh(team.operator)), as_system():
            self.assertEqual(told(Case), 0)

    def test_whoever_is_kept_from_something_is_asked_in_full(self) -> None:
        Recusal.objects.create(
            user=self.team.lead, facility=self.team.hospital, reason="x", recorded_by=self.team.director
        )
        for model in (Case, Answer, Reply):
            self.assertEqual(self.told_to(self.team.lead, model), ASKED_IN_FULL)
            self.assertEqual(self.told_to(self.team.director, model), 1)

    def test_a_system_limited_to_facilities_is_asked_in_full(self) -> None:
        system = make.person("auditor")
        may(system, "feedback.view_every_case")
        client = ApiClient.objects.create(user=system, name="hệ thống", may_read=True)
        self.assertEqual(self.told_to(system), 1)
        client.facilities.set([self.team.hospital])
        self.assertEqual(self.told_to(system), ASKED_IN_FULL)

    def test_a_shortcut_shows_nothing_that_the_declaration_does_not(self) -> None:
        """A wrong one helps nobody who does not see those rows anyway."""
        for shortcut in (Is("is_confidential", True), Absent("division"), Is("is_released", True)):
            with self.subTest(shortcut=shortcut), patch.object(Case, "shortcuts", (shortcut,)):
                with connection.cursor() as cursor:
                    cursor.execute(policy_of(Case, Case.access))
                for reader in (self.team.officer, self.team.division_officer, self.team.quality_officer):
                    self.assertEqual(self.told_to(reader), ASKED_IN_FULL)
                self.assertEqual(self.told_to(self.team.lead), 1)


@pytest.mark.django_db
def test_installing_again_changes_nothing_and_leaves_no_function_behind() -> None:
    def functions() -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT oid::regprocedure::text FROM pg_proc WHERE proname ~ '^access_(tells|shows)_'")
            return {name for (name,) in cursor.fetchall()}

    before = functions()
    assert not install()
    with connection.cursor() as cursor:
        cursor.execute("CREATE FUNCTION access_shows_feedback_case(bigint) RETURNS boolean LANGUAGE sql RETURN true")
        cursor.execute("DROP POLICY access ON " + min(model._meta.db_table for model in declared()))
    assert install()
    assert functions() == before
