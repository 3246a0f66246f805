"""Connections that a thread keeps: one that the server ended meanwhile is noticed before it is used."""

from contextlib import contextmanager

from django.db import DataError, connection
from django.test import TestCase, override_settings

from tests.config.test_checks import ids


@contextmanager
def kept():
    """A connection beside the test's own, as a thread finds it at the beginning of its next request."""
    made = connection.copy()
    made.settings_dict = {**made.settings_dict, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    try:
        with made.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (made.pid,) = cursor.fetchone()
        made.close_if_unusable_or_obsolete()
        yield made
    finally:
        made.close()


def end(made) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [made.pid])


def last_statement(made) -> object:
    """When the server last began to do something for this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT query_start FROM pg_stat_activity WHERE pid = %s", [made.pid])
        return cursor.fetchone()


class KeptConnectionTests(TestCase):
    def test_it_is_used_again(self) -> None:
        with kept() as made, made.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.assertEqual(cursor.fetchone(), (made.pid,))

    def test_one_that_the_server_ended_is_replaced_and_nobody_notices(self) -> None:
        with kept() as made:
            end(made)
            self.assertFalse(made.is_usable())
            with made.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.assertNotEqual(cursor.fetchone(), (made.pid,))

    def test_one_that_failed_in_a_transaction_is_not_used_again(self) -> None:
        with kept() as made:
            made.connection.autocommit = False
            with self.assertRaises(DataError), made.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
            self.assertFalse(made.is_usable())

    def test_asking_costs_no_statement(self) -> None:
        with kept() as made:
            before = last_statement(made)
            self.assertTrue(made.is_usable())
            self.assertEqual(last_statement(made), before)

    def test_a_server_with_too_few_connections_is_noticed(self) -> None:
        self.assertNotIn("langnghe.W020", ids(databases=["default"]))
        with override_settings(WEB_CONNECTIONS=100_000):
            self.assertIn("langnghe.W020", ids(databases=["default"]))
