"""The measure of what policies cost never leaves a table without them."""

from django.db import connection
from django.test import TestCase

from console.bench.policies import Kind, database_seconds, guarded_tables, without


class PoliciesTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_guarded (id int); ALTER TABLE bench_guarded ENABLE ROW LEVEL SECURITY")

    def test_policies_stand_again_whatever_happens_meanwhile(self) -> None:
        self.assertIn("bench_guarded", guarded_tables())
        with self.assertRaises(ZeroDivisionError), without(["bench_guarded"]):
            self.assertNotIn("bench_guarded", guarded_tables())
            raise ZeroDivisionError
        self.assertIn("bench_guarded", guarded_tables())

    def test_what_they_add_is_told_for_all_pages_and_for_each(self) -> None:
        kind = Kind("pages", {"a": b"", "b": b""})
        kind.took = {
            True: {"a": [0.012, 0.012], "b": [0.050, 0.050]},
            False: {"a": [0.010, 0.010], "b": [0.020, 0.020]},
        }
        self.assertEqual([round(kind.added_to(name), 3) for name in "ab"], [0.002, 0.030])
        self.assertAlmostEqual(kind.added(), 0.030, places=2)
        kind.cpu = {True: 0.030, False: 0.010}
        self.assertAlmostEqual(kind.cpu_of_a_page(), 0.005)

    def test_the_time_of_other_connections_is_read_from_the_machine(self) -> None:
        other = connection.copy()
        try:
            other.connect()
            before = database_seconds()  # whom it asks about is settled for this transaction
            with other.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM generate_series(1, 2000000)")
            self.assertGreater(database_seconds(), before)
        finally:
            other.close()
