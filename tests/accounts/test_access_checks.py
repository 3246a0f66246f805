"""The checks of who sees what find what they are for."""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import connection
from django.test import TestCase

from accounts.access import elsewhere
from accounts.access.policies import set_aside
from common.scope import ROLE


def ids(**kwargs: Any) -> list[str]:
    return [str(message.id) for message in run_checks(**kwargs)]


def deployed() -> list[str]:
    return ids(include_deployment_checks=True, databases=["default"])


class AccessCheckTests(TestCase):
    def test_all_is_well_here(self) -> None:
        self.assertFalse({"langnghe.E030", "langnghe.E031", "langnghe.E032"} & set(deployed()))

    def test_a_table_without_its_policy_is_found(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE feedback_case NO FORCE ROW LEVEL SECURITY")
        self.assertEqual(deployed().count("langnghe.E032"), 1)
        set_aside()
        self.assertGreater(deployed().count("langnghe.E032"), 10)

    def test_an_application_that_owns_a_table_is_found(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE links_link OWNER TO {ROLE}")
        self.assertIn("langnghe.E031", deployed())


def test_a_model_of_facilities_without_a_declaration_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "langnghe.E030" not in ids()
    monkeypatch.delitem(elsewhere.OPEN, "accounts.Membership")
    assert "langnghe.E030" in ids()
