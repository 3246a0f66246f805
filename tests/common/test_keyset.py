"""Pages cut by key cover every row once, in both directions, also where moments are equal or missing."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.test import SimpleTestCase, TestCase
from django.utils import translation

from common.keyset import NEWEST_FIRST, Count, Order, alternatives, capped_counts, cut
from feedback.models import Case
from feedback.queues import DUE_FIRST
from feedback.templatetags.cases import capped
from tests.feedback import factories as make

START = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


class KeysetTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        for number in range(11):
            case = make.case()
            moment = START + timedelta(minutes=number // 2)  # two cases at each moment
            due = None if number % 4 == 0 else moment
            Case.objects.filter(pk=case.pk).update(received_at=moment, due_at=due)

    def walk(self, order: Order, size: int) -> tuple[list[list[int]], str]:
        pages, after = [], ""
        while True:
            page = cut(Case.objects.all(), order, size=size, after=after)
            pages.append([row.pk for row in page.rows])
            if not page.after:
                return pages, page.before
            after = page.after

    def ordered(self, order: Order) -> list[int]:
        return list(Case.objects.order_by(*order.names()).values_list("pk", flat=True))

    def test_walking_on_meets_every_row_once_in_order(self) -> None:
        for order in (NEWEST_FIRST, DUE_FIRST):
            for size in (1, 2, 3, 5, 11, 20):
                with self.subTest(order=order.moment, size=size):
                    pages, _before = self.walk(order, size)
                    self.assertEqual([pk for page in pages for pk in page], self.ordered(order))

    def test_walking_back_meets_the_same_pages(self) -> None:
        for order in (NEWEST_FIRST, DUE_FIRST):
            with self.subTest(order=order.moment):
                pages, before = self.walk(order, 2)
                back = []
                while before:
                    page = cut(Case.objects.all(), order, size=2, before=before)
                    back.insert(0, [row.pk for row in page.rows])
                    before = page.before
                self.assertEqual(back, pages[:-1])

    def test_a_page_is_one_query(self) -> None:
        for order in (NEWEST_FIRST, DUE_FIRST):
            page = cut(Case.objects.all(), order, size=3)
            with self.assertNumQueries(1):
                cut(Case.objects.all(), order, size=3, after=page.after)

    def test_a_cursor_that_nobody_gave_out_means_the_first_page(self) -> None:
        first = cut(Case.objects.all(), NEWEST_FIRST, size=3).rows
        for odd in ("x", "1", "a.b", "1.-1", "99999999999999999999999.1", "1.9999999999999999999", "1.²", "\x00.1"):
            with self.subTest(odd=odd):
                self.assertEqual(cut(Case.objects.all(), NEWEST_FIRST, size=3, after=odd).rows, first)
                self.assertEqual(cut(Case.objects.all(), NEWEST_FIRST, size=3, before=odd).rows, first)

    def test_counts_stop_at_the_cap_in_one_statement(self) -> None:
        lists: dict[str, Any] = {"all": Case.objects.all(), "none": Case.objects.none()}
        with self.assertNumQueries(1):
            self.assertEqual(capped_counts(lists, cap=5), {"all": 6, "none": 0})
        self.assertEqual(capped_counts(lists), {"all": 11, "none": 0})
        self.assertEqual(capped_counts({"few": Case.objects.all(), **lists}, cap=5, caps={"all": 8})["all"], 9)
        with self.assertNumQueries(0):
            self.assertEqual(capped_counts({}), {})


class ShownTests(SimpleTestCase):
    def test_a_count_that_was_cut_says_so_by_its_own_cap(self) -> None:
        with translation.override("vi"):
            told = [capped(each) for each in (Count(100, 99), Count(99, 99), Count(1001, 1000), 1001, None)]
        self.assertEqual(told, ["99+", "99", "1.000+", "1.000+", "0"])


class AlternativesTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.division = make.division()
        cls.officer = make.person("division_officer", division=cls.division)
        ways: list[dict[str, Any]] = [
            {"division": cls.division},
            {"assignee": cls.officer},
            {"recorded_by": cls.officer},
            {"division": cls.division, "assignee": cls.officer, "recorded_by": cls.officer},
            {"division": cls.division, "is_confidential": True},
            {},
        ]
        for number in range(24):
            case = make.case()
            moment = START + timedelta(minutes=number // 2)
            Case.objects.filter(pk=case.pk).update(received_at=moment, **ways[number % len(ways)])

    def test_the_parts_of_a_page_make_the_same_page(self) -> None:
        seen = Case.objects.visible_to(self.officer)
        self.assertEqual(len(alternatives(seen.filter(status="received"))), 3)
        expected = list(seen.order_by(*NEWEST_FIRST.names()).values_list("pk", flat=True))
        self.assertEqual(len(expected), 16)
        for size in (1, 3, 5, 16, 20):
            with self.subTest(size=size):
                found, back, after, before = [], [], "", ""
                while True:
                    page = cut(seen, NEWEST_FIRST, size=size, after=after)
                    found += [row.pk for row in page.rows]
                    after = page.after
                    if not after:
                        break
                before = page.before
                while before:
                    page = cut(seen, NEWEST_FIRST, size=size, before=before)
                    back = [row.pk for row in page.rows] + back
                    before = page.before
                self.assertEqual(found, expected)
                self.assertEqual(back, expected[: len(back)])

    def test_a_row_that_several_ways_lead_to_is_counted_once(self) -> None:
        seen = Case.objects.visible_to(self.officer)
        with self.assertNumQueries(1):
            self.assertEqual(capped_counts({"": seen}), {"": 16})
        self.assertEqual([capped_counts({"": seen}, cap=cap)[""] for cap in (3, 15, 16)], [4, 16, 16])

    def test_a_page_of_parts_is_one_query(self) -> None:
        seen = Case.objects.visible_to(self.officer)
        with self.assertNumQueries(1):
            cut(seen, NEWEST_FIRST, size=3)

    def test_only_an_or_between_records_is_taken_apart(self) -> None:
        everything = Case.objects.visible_to(make.person("officer"))  # ordinary ones, or one's own
        others = Case.objects.filter(~Q(assignee=self.officer) | Q(division=self.division))
        for rows in (everything, others, Case.objects.all()):
            self.assertEqual(len(alternatives(rows)), 1)
