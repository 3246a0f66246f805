"""Several people at once: one of them succeeds, the others are told."""

import threading

from django.db import connections
from django.test import TransactionTestCase

from common.exceptions import StaleVersion
from feedback.choices import Status
from feedback.intake import receive
from feedback.models import Case, Submission
from feedback.transitions import move
from tests.feedback import factories as make


def at_once(count: int, deed) -> list:
    """Run `deed` in `count` threads that start together; returns what each returned or raised."""
    start, results = threading.Barrier(count), []

    def run() -> None:
        start.wait()
        try:
            results.append(deed())
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


class SeveralAtOnceTests(TransactionTestCase):
    def setUp(self) -> None:
        make.seed()
        self.team = make.Team()

    def test_one_of_six_moves_succeeds(self) -> None:
        case = make.case()
        results = at_once(
            6,
            lambda: move(case, Status.TRIAGED, by=make.fresh(self.team.officer), reason="nhận", version=case.version),
        )
        self.assertEqual(sum(isinstance(result, Case) for result in results), 1)
        self.assertEqual(sum(isinstance(result, StaleVersion) for result in results), 5)
        case.refresh_from_db()
        self.assertEqual((case.version, case.history.count()), (2, 2))

    def test_the_same_submission_eight_times_at_once_is_one_case(self) -> None:
        what = make.incoming(source="p1022", source_id="GOI-77")
        results = at_once(8, lambda: receive(what, by=None))
        self.assertEqual({result.case.pk for result in results}, {Case.objects.get().pk})
        self.assertEqual(sum(result.is_new for result in results), 1)
        self.assertEqual(Submission.objects.count(), 1)
