"""The measure of what policies cost never leaves a table without them."""

from django.db import connection
from django.test import TestCase

from console.bench.policies import Kind, guarded_tables, without


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

    def test_what_they_add_is_told_for_all_pages_and_for_the_worst(self) -> None:
        kind = Kind("pages", {"a": b"", "b": b""})
        kind.took = {
            True: {"a": [0.012, 0.012], "b": [0.050, 0.050]},
            False: {"a": [0.010, 0.010], "b": [0.020, 0.020]},
        }
        seconds, page = kind.worst()
        self.assertEqual((round(seconds, 3), page), (0.030, "b"))
        self.assertAlmostEqual(kind.added(), 0.030, places=2)
