"""Following changes: none is missed, none comes twice, whatever commits in which order."""

import threading
from datetime import timedelta
from unittest import mock

from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase
from django.utils import timezone

from common.api import feed
from feedback.choices import Status
from feedback.models import Case
from feedback.transitions import move
from tests.api import factories as make

CHANGES = f"{make.LIST}?ordering=changed"


class FeedTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.start = timezone.now() - timedelta(hours=1)
        cls.cases = [make.case() for _ in range(5)]
        for minutes, case in enumerate(cls.cases):
            Case.objects.filter(pk=case.pk).update(updated_at=cls.start + timedelta(minutes=minutes))
        cls.reader = make.system("kho-du-lieu", may_read=True)[1]

    def walk(self, path: str) -> tuple[list[str], str]:
        met = []
        while True:
            page = self.reader.get(path).json()
            if not page["results"]:
                return met, page["next"]
            met += [row["reference"] for row in page["results"]]
            path = page["next"]

    def test_changes_come_in_their_order_and_each_once(self) -> None:
        met, _next = self.walk(f"{CHANGES}&page_size=2")
        self.assertEqual(met, [case.reference for case in self.cases])

    def test_the_end_gives_a_cursor_to_ask_again_from(self) -> None:
        _met, path = self.walk(CHANGES)
        Case.objects.filter(pk=self.cases[0].pk).update(updated_at=self.start + timedelta(minutes=30))
        met, _next = self.walk(path)
        self.assertEqual(met, [self.cases[0].reference])

    def test_an_empty_beginning_gives_one_too(self) -> None:
        since = timezone.localtime(self.start + timedelta(minutes=20)).isoformat().replace("+", "%2B")
        met, path = self.walk(f"{make.LIST}?changed_since={since}")
        self.assertEqual(met, [])
        Case.objects.filter(pk=self.cases[1].pk).update(updated_at=self.start + timedelta(minutes=20))
        self.assertEqual(self.walk(path)[0], [self.cases[1].reference])

    def test_changed_since_begins_with_that_moment(self) -> None:
        since = (self.start + timedelta(minutes=3)).isoformat().replace("+", "%2B")
        met, _next = self.walk(f"{make.LIST}?changed_since={since}")
        self.assertEqual(met, [case.reference for case in self.cases[3:]])

    def test_filters_hold_for_changes(self) -> None:
        self.assertEqual(self.walk(f"{CHANGES}&status=closed")[0], [])

    def test_a_merge_is_told_with_the_case_in_which_it_goes_on(self) -> None:
        _met, path = self.walk(CHANGES)
        case, into = self.cases[:2]
        merged = {"merged_into": into, "status": "merged", "ended_at": self.start}
        Case.objects.filter(pk=case.pk).update(updated_at=self.start + timedelta(minutes=30), **merged)
        (row,) = self.reader.get(path).json()["results"]
        self.assertEqual((row["reference"], row["status"], row["is_open"]), (case.reference, "merged", False))
        self.assertEqual(row["merged_into"], into.reference)

    def test_what_is_too_young_waits(self) -> None:
        Case.objects.filter(pk=self.cases[0].pk).update(updated_at=timezone.now())
        self.assertEqual(self.walk(CHANGES)[0], [case.reference for case in self.cases[1:]])


class ConcurrentFeedTests(TransactionTestCase):
    def setUp(self) -> None:
        make.seed()
        self.team = make.Team()
        self.slow, self.quick = make.case(), make.case()
        self.reader = make.system("kho-du-lieu", may_read=True)[1]
        lag = mock.patch.object(feed, "LAG", timedelta(milliseconds=50))  # so that nobody waits for five seconds
        lag.start()
        self.addCleanup(lag.stop)

    def read(self, path: str) -> tuple[list[tuple[str, int]], str]:
        page = self.reader.get(path).json()
        return [(row["reference"], row["version"]) for row in page["results"]], page["next"]

    def triage(self, case: Case) -> None:
        move(case, Status.TRIAGED, by=make.fresh(self.team.officer), reason="theo quy trình", version=case.version)

    def test_a_change_that_commits_late_is_not_passed_over(self) -> None:
        path = self.read(CHANGES)[1]
        stamped, may_commit = threading.Event(), threading.Event()

        def slow_deed() -> None:
            try:
                with transaction.atomic():
                    self.triage(self.slow)
                    stamped.set()
                    may_commit.wait(10)
            finally:
                connection.close()

        deed = threading.Thread(target=slow_deed)
        deed.start()
        self.assertTrue(stamped.wait(10))
        self.triage(self.quick)
        threading.Event().wait(0.2)
        met, path = self.read(path)
        self.assertEqual([row for row in met if row[1] == 2], [], "handed out beyond a change under way")
        may_commit.set()
        deed.join()
        threading.Event().wait(0.2)
        met += self.read(path)[0]
        self.assertEqual(
            sorted(row for row in met if row[1] == 2), [(self.slow.reference, 2), (self.quick.reference, 2)]
        )
        self.assertEqual(len(met), len(set(met)))
