"""The home page: each kind of work has its own, every number is that of its list, and the cost does not grow."""

from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractUser, Group, Permission
from django.db import connection
from django.test import SimpleTestCase, TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from accounts.changes.models import Change
from accounts.changes.services import ask
from accounts.grants import grant
from accounts.models import ApiClient, User
from console import charts
from deadlines.models import CalendarDay
from deadlines.swaps import may_swap
from deadlines.years import announce
from feedback import daycounts
from feedback.choices import Status
from feedback.models import Case
from tests.feedback import factories as make

HOME = "admin:index"


class HomeCase(TestCase):
    """Everybody, and what fills their pages."""

    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.sysadmin = make.person("sysadmin")
        cls.everybody = {
            "lead": cls.team.lead,
            "director": cls.team.director,
            "officer": cls.team.officer,
            "division": cls.team.division_officer,
            "facility": cls.team.quality_officer,
            "operator": cls.team.operator,
            "auditor": cls.team.auditor,
            "system": cls.sysadmin,
        }

    @classmethod
    def fill(cls) -> None:
        """One of everything, some of it late."""
        for status in (
            Status.RECEIVED,
            Status.ASSIGNED,
            Status.FORWARDED,
            Status.RETURNED,
            Status.ANSWERED,
            Status.CHECKED,
            Status.CONFIRMED,
            Status.REPLIED,
            Status.WAITING,
            Status.CLOSED,
        ):
            case = make.case_in(status, cls.team, category="QUYTRINH.01")
            if status in (Status.FORWARDED, Status.RECEIVED):
                Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(hours=3), escalation_level=3)
        make.case(by=cls.team.operator)
        make.case(channel="HOTLINE_VBMT")
        daycounts.refresh()

    def home(self, user: AbstractUser) -> Any:
        self.client.force_login(user)
        response = self.client.get(reverse(HOME))
        self.assertEqual(response.status_code, 200)
        return response


class HomeTests(HomeCase):
    def test_each_kind_of_work_has_its_own_page(self) -> None:
        for face, user in self.everybody.items():
            with self.subTest(face=face):
                self.assertEqual(self.home(user).context_data["face"], face)

    def test_operators_see_what_they_recorded_last(self) -> None:
        mine = [make.case(by=self.team.operator) for _number in range(7)]
        make.case()
        self.assertEqual(self.home(self.team.operator).context_data["urgent"], mine[:1:-1])

    def test_an_empty_house_says_what_will_stand_here(self) -> None:
        for face, user in self.everybody.items():
            with self.subTest(face=face):
                self.assertNotContains(self.home(user), "{{")

    def test_who_enters_days_off_is_told_when_they_come_to_an_end(self) -> None:
        today = timezone.localdate()
        CalendarDay.objects.filter(date__year__gte=today.year).update(is_announced=False)
        for face, user in self.everybody.items():
            with self.subTest(face=face):
                shown = self.home(user).content.decode()
                self.assertIs("data-horizon" in shown, may_swap(make.fresh(user)))
        self.assertTrue(any(may_swap(make.fresh(user)) for user in self.everybody.values()))
        for year in (today.year, today.year + 1):
            announce(year, source="x", by=make.fresh(self.team.lead))
        self.assertNotContains(self.home(self.team.lead), "data-horizon")

    def test_the_number_of_queries_does_not_grow(self) -> None:
        def cost(user: AbstractUser) -> int:
            self.home(user)
            with CaptureQueriesContext(connection) as seen:
                self.home(user)
            return len(seen) - 7  # signing in is the test's own

        before = {face: cost(user) for face, user in self.everybody.items()}
        for _round in range(3):
            self.fill()
        for face, user in self.everybody.items():
            with self.subTest(face=face):
                self.assertLessEqual(cost(user), before[face] + 1)  # what channels are called, once there are counts
                self.assertLessEqual(before[face], 18)

    def test_what_waits_for_an_administrator_is_counted(self) -> None:
        def counts() -> dict[str, int]:
            return {tile.name: tile.count for tile in self.home(self.sysadmin).context_data["tiles"]}

        group = Group.objects.create(name="Xem mọi phản ánh")
        group.permissions.add(Permission.objects.get(codename="view_every_case"))
        at, client = timezone.now(), ApiClient.objects.create(user=make.person("api_read"), name="Cổng tỉnh")
        AuthToken.objects.create(client.user, expiry=timedelta(days=200))
        before = counts()
        self.assertEqual((before["roles"], before["changes"], before["dead-letters"], before["systems"]), (0, 0, 0, 0))
        grant(self.team.stranger, group, by=make.fresh(self.sysadmin), reason="x")
        ask(self.team.stranger, Change.FACTOR, by=make.fresh(self.sysadmin), reason="x")
        ApiClient.objects.filter(pk=client.pk).update(expires_on=timezone.localdate(at) + timedelta(days=9))
        Authenticator.objects.create(user=self.team.lead, type="totp", data={})
        after = counts()
        self.assertEqual((after["roles"], after["changes"], after["systems"]), (1, 1, 1))
        self.assertEqual(after["second-step"], before["second-step"] - 1)
        for tile in self.home(self.sysadmin).context_data["tiles"][:-1]:
            with self.subTest(tile=tile.name):
                self.assertEqual(len(self.client.get(tile.url).context_data["cl"].result_list), tile.count)

    def test_an_administrator_reads_how_the_machinery_does_and_a_lead_does_not(self) -> None:
        self.assertContains(self.home(self.sysadmin), "data-verdict=")
        self.assertNotContains(self.home(self.team.lead), "data-verdict=")

    def test_the_sidebar_lists_only_what_one_may_open(self) -> None:
        for face, user in self.everybody.items():
            self.client.force_login(user)
            context = self.client.get(reverse(HOME)).context_data
            for group in context["sidebar_navigation"]:
                for item in group["items"]:
                    with self.subTest(face=face, item=item["title"]):
                        self.assertEqual(self.client.get(item["link"]).status_code, 200)

    def test_a_person_without_a_staff_account_signs_in_first(self) -> None:
        self.assertEqual(self.client.get(reverse(HOME)).status_code, 302)


class FilledHomeTests(HomeCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.fill()

    def test_every_number_is_that_of_the_list_it_leads_to(self) -> None:
        for face, user in self.everybody.items():
            for tile in self.home(user).context_data["tiles"]:
                if tile.name == "inbox":
                    continue
                with self.subTest(face=face, tile=tile.name):
                    context = self.client.get(tile.url).context_data
                    shown = context["cl"].result_list if "cl" in context else context["page"].object_list
                    self.assertEqual(tile.count, len(shown))

    def test_tiles_say_what_is_to_do(self) -> None:
        counts = {tile.name: tile.count for tile in self.home(self.team.officer).context_data["tiles"]}
        self.assertEqual((counts["late"], counts["new"], counts["to-check"], counts["to-reply"]), (2, 2, 1, 1))
        counts = {tile.name: tile.count for tile in self.home(self.team.lead).context_data["tiles"]}
        self.assertEqual((counts["escalated"], counts["to-confirm"], counts["new"]), (2, 1, 3))
        counts = {tile.name: tile.count for tile in self.home(self.team.quality_officer).context_data["tiles"]}
        self.assertEqual((counts["to-answer"], counts["returned"], counts["late"]), (2, 1, 1))

    def test_nobody_s_own_check_waits_for_their_confirmation(self) -> None:
        counts = {tile.name: tile.count for tile in self.home(self.team.officer).context_data["tiles"]}
        self.assertEqual(counts["to-confirm"], 0)
        counts = {tile.name: tile.count for tile in self.home(self.team.second_officer).context_data["tiles"]}
        self.assertEqual(counts["to-confirm"], 1)

    def test_the_most_urgent_cases_come_first_and_only_those_one_sees(self) -> None:
        for face, user in self.everybody.items():
            cases = self.home(user).context_data["urgent"]
            with self.subTest(face=face):
                if face != "operator":
                    self.assertEqual(cases, sorted(cases, key=lambda case: case.due_at))
                seen = set(Case.objects.visible_to(make.fresh(user)).values_list("pk", flat=True))
                self.assertTrue({case.pk for case in cases} <= seen)
        self.assertEqual(len(self.home(self.team.lead).context_data["urgent"]), 5)

    def test_pictures_count_what_the_reader_may_know(self) -> None:
        self.assertEqual(self.home(self.team.lead).context_data["pictures"].total, 12)
        self.assertEqual(self.home(self.team.officer).context_data["pictures"].total, 11)
        self.assertEqual(self.home(self.team.quality_officer).context_data["pictures"].total, 7)
        self.assertTrue(self.home(self.team.stranger).context_data["pictures"].is_empty)
        self.assertIsNone(self.home(self.team.operator).context_data["pictures"])

    def test_leads_see_where_it_is_late(self) -> None:
        worst = self.home(self.team.lead).context_data["worst"]
        self.assertEqual([(row.name, row.late, row.fresh) for row in worst], [(self.team.hospital.name, 1, 1)])
        self.assertEqual(self.home(self.team.officer).context_data["worst"], [])


class ChartTests(SimpleTestCase):
    def test_axes_end_at_round_numbers(self) -> None:
        tops = {0: 2, 1: 2, 2: 2, 3: 4, 10: 10, 11: 20, 61: 80, 100: 100, 101: 200, 999: 1000}
        self.assertEqual({value: charts.round_top(value) for value in tops}, tops)

    def test_columns_fill_the_box_from_the_floor(self) -> None:
        drawn = charts.columns([charts.Point("a", 5), charts.Point("b", 10)])
        self.assertEqual(drawn.top, 10)
        self.assertEqual([(column.y, column.height) for column in drawn.columns], [("50", "50"), ("0", "100")])

    def test_bars_are_the_longest_first(self) -> None:
        points = [charts.Point("a", 1), charts.Point("b", None), charts.Point("c", 4), charts.Point("d", 2)]
        self.assertEqual([(bar.point.label, bar.share) for bar in charts.bars(points, 2)], [("c", "100"), ("d", "50")])

    def test_no_change_goes_neither_up_nor_down(self) -> None:
        for now, trend in ((50.4, ""), (49.6, ""), (50.6, "up"), (49.0, "down")):
            with self.subTest(now=now):
                self.assertEqual(charts.line([charts.Point("a", 50.0), charts.Point("b", now)]).trend, trend)

    def test_lines_pass_over_gaps(self) -> None:
        drawn = charts.line([charts.Point("a", None), charts.Point("b", 50.0), charts.Point("c", 75.0)])
        self.assertEqual((drawn.path, drawn.last, drawn.change), ("50,50 100,25", 75.0, 25.0))
        self.assertEqual(charts.line([charts.Point("a", None)]).path, "")


class NothingYetTests(TestCase):
    @override_settings(SYSTEM_CONTACT="Phòng CNTT, máy lẻ 123")
    def test_who_has_no_role_is_told_whom_to_ask(self) -> None:
        make.seed()
        self.client.force_login(User.objects.create_user("nguoi-moi", is_staff=True))
        page = self.client.get("/console/")
        self.assertContains(page, 'data-missing="role"')
        self.assertContains(page, "Phòng CNTT, máy lẻ 123")

    def test_who_belongs_to_no_unit_is_told_so_too_and_others_are_not(self) -> None:
        make.seed()
        for role, missing in (
            ("facility_officer", "unit"),
            ("division_officer", "unit"),
            ("sysadmin", ""),
            ("lead", ""),
        ):
            self.client.force_login(make.person(role))
            self.assertEqual(self.client.get("/console/").context_data["missing"], missing)
