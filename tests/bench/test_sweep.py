"""The sweep's benchmark sweeps its own rows, by processes of its own, and leaves nothing."""

from datetime import timedelta

from django.db import connection
from django.test import TransactionTestCase

from deadlines.bench import SCHEMA, bench_lateness, bench_sweep


class SweepTests(TransactionTestCase):
    def test_every_row_is_swept_and_nothing_stays(self) -> None:
        result = bench_sweep(rows=300, repeat=1)  # looks itself whether each row has its entry and its message
        self.assertGreater(result.two_sweepers, 0)
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regnamespace(%s) IS NULL", [SCHEMA])
            self.assertTrue(cursor.fetchone()[0])

    def test_lateness_is_that_of_every_step(self) -> None:
        median, p99, worst = bench_lateness(rows=300, seconds=2, tick=0.5)  # looks itself whether each has its entry
        self.assertTrue(timedelta() <= median <= p99 <= worst, (median, p99, worst))
