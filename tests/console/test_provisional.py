"""A due moment that rests on days off nobody announced says so wherever it is shown, and what that means."""

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from deadlines.models import Deadline
from feedback.choices import Status
from feedback.due import due_of
from feedback.models import Case
from feedback.provisional import MEANING, mark
from tests.feedback import factories as make

MARK = "data-provisional"


class ProvisionalTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.doubtful = make.case_in(Status.FORWARDED, cls.team)
        cls.sure = make.case_in(Status.FORWARDED, cls.team)
        cls.nearest(cls.doubtful).update(is_provisional=True)

    @staticmethod
    def nearest(case: Case):
        """The clock whose moment the list shows."""
        case.refresh_from_db()
        return Deadline.objects.about(case).running().filter(due_at=case.due_at)

    def test_only_the_case_whose_shown_moment_is_in_doubt_is_marked(self) -> None:
        rows = list(Case.objects.order_by("id"))
        self.assertTrue(mark(rows))
        self.assertEqual([case.is_provisional for case in rows], [True, False])
        self.assertTrue(due_of(rows[0], timezone.now()).is_provisional)

    def test_a_later_clock_in_doubt_does_not_mark_what_is_due_before(self) -> None:
        Deadline.objects.about(self.doubtful).update(is_provisional=True)
        self.nearest(self.doubtful).update(is_provisional=False)
        self.assertFalse(mark([self.doubtful]))

    def test_one_query_whatever_the_number_and_none_where_nothing_is_due(self) -> None:
        with self.assertNumQueries(1):
            mark([self.doubtful, self.sure])
        closed = make.case_in(Status.CLOSED, self.team)
        with self.assertNumQueries(0):
            self.assertFalse(mark([closed]))

    def test_list_home_and_case_page_show_the_mark_and_its_meaning(self) -> None:
        pages = {
            reverse("admin:feedback_case_changelist"): 1,
            reverse("admin:index"): 1,
            reverse("admin:feedback_case_change", args=[self.doubtful.pk]): 1,
            reverse("admin:feedback_case_change", args=[self.sure.pk]): 0,
        }
        for user in (self.team.officer, self.team.quality_officer):
            self.client.force_login(user)
            for page, times in pages.items():
                with self.subTest(page=page, user=user.username), translation.override("vi"):
                    shown = self.client.get(page, headers={"accept-language": "vi"}).content.decode()
                    self.assertEqual(shown.count(MARK), times)
                    self.assertEqual(f"data-meaning>{MEANING}" in shown, bool(times))

    def test_the_list_costs_the_same_with_more_of_them(self) -> None:
        def cost() -> int:
            self.client.get(reverse("admin:feedback_case_changelist"))
            with CaptureQueriesContext(connection) as seen:
                self.client.get(reverse("admin:feedback_case_changelist"))
            return len(seen)

        self.client.force_login(self.team.officer)
        before = cost()
        for _number in range(5):
            self.nearest(make.case_in(Status.FORWARDED, self.team)).update(is_provisional=True)
        self.assertEqual(cost(), before)
