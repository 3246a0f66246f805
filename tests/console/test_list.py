"""The case list: opens on the work, filters by what is declared and nothing else, pages by key."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from feedback import services
from feedback.choices import Status
from feedback.models import Case, Category
from tests.feedback import factories as make
from tests.forms import form_in

LIST = "admin:feedback_case_changelist"


class ListTestCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()

    def page(self, user: AbstractUser, answer: int = 200, **words: Any) -> Any:
        self.client.force_login(user)
        response = self.client.get(reverse(LIST), words)
        self.assertEqual(response.status_code, answer)
        return response

    def shown(self, user: AbstractUser, **words: Any) -> list[str]:
        return [case.reference for case in self.page(user, **words).context_data["cl"].result_list]


class WhatIsShownTests(ListTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.received = make.case(body="Nhà vệ sinh khoa khám bệnh rất bẩn")
        cls.forwarded = make.case_in(Status.FORWARDED, cls.team, category="QUYTRINH.01", urgency="S1")
        cls.closed = make.case_in(Status.CLOSED, cls.team)
        cls.secret = make.case(channel="HOTLINE_VBMT")

    def test_a_merged_case_is_no_open_work_and_says_where_it_goes_on(self) -> None:
        merged = {"status": Status.MERGED, "ended_at": timezone.now()}
        Case.objects.filter(pk=self.received.pk).update(merged_into=self.forwarded, **merged)
        self.assertEqual(self.shown(self.team.officer), [self.forwarded.reference])
        page = self.page(self.team.officer, queue="all")
        self.assertContains(page, f"đã gộp vào {self.forwarded.reference}", count=1)
        found = self.page(self.team.officer, queue="all", q=self.received.reference)
        self.assertContains(found, f"đã gộp vào {self.forwarded.reference}", count=1)

    def test_where_a_merged_case_goes_on_is_told_to_who_sees_that_one(self) -> None:
        merged = {"status": Status.MERGED, "ended_at": timezone.now()}
        Case.objects.filter(pk=self.received.pk).update(merged_into=self.secret, **merged)
        self.assertNotContains(self.page(self.team.officer, queue="all"), self.secret.reference)
        self.assertContains(self.page(self.team.lead, queue="all"), f"đã gộp vào {self.secret.reference}")

    def test_opens_on_open_cases_the_soonest_due_first(self) -> None:
        Case.objects.filter(pk=self.received.pk).update(due_at=timezone.now() - timedelta(hours=1))
        self.assertEqual(self.shown(self.team.officer), [self.received.reference, self.forwarded.reference])

    def test_queues_hold_what_they_say(self) -> None:
        officer = self.team.officer
        self.assertEqual(self.shown(officer, queue="new"), [self.received.reference])
        self.assertEqual(self.shown(officer, queue="with-facility"), [self.forwarded.reference])
        self.assertEqual(len(self.shown(officer, queue="all")), 3)
        Case.objects.filter(pk=self.forwarded.pk).update(due_at=timezone.now() - timedelta(hours=1))
        self.assertEqual(self.shown(officer, queue="late"), [self.forwarded.reference])

    def test_a_queue_that_is_not_for_the_reader_is_the_open_one(self) -> None:
        self.assertEqual(self.shown(self.team.quality_officer, queue="to-check"), [self.forwarded.reference])

    def test_each_filter_narrows(self) -> None:
        officer, today = self.team.officer, timezone.localdate().isoformat()
        root = Category.objects.get(code="QUYTRINH.01").parent.code
        self.assertEqual(self.shown(officer, status="closed"), [self.closed.reference])
        self.assertEqual(self.shown(officer, urgency="S1"), [self.forwarded.reference])
        self.assertEqual(self.shown(officer, category=root), [self.forwarded.reference])
        self.assertEqual(self.shown(officer, facility=self.team.hospital.pk), [self.forwarded.reference])
        self.assertEqual(len(self.shown(officer, since=today, until=today, channel="HOTLINE_SYT")), 2)
        self.assertEqual(self.shown(officer, until="2020-01-01"), [])
        self.assertEqual(self.shown(officer, late="on"), [])
        self.assertEqual(len(self.shown(officer, queue="all", confidential="on")), 3)  # not offered, so no effect
        self.assertEqual(self.shown(self.team.lead, confidential="on"), [self.secret.reference])

    def test_what_cannot_be_read_asks_for_nothing(self) -> None:
        odd = {"status": "x", "urgency": "'", "category": "0", "channel": "*", "facility": "abc", "since": "32/13/2026"}
        self.assertEqual(len(self.shown(self.team.officer, queue="all", **odd)), 3)
        self.assertEqual(len(self.shown(self.team.officer, queue="all", facility="9" * 30)), 3)

    def test_search_ignores_accents_and_looks_beyond_what_is_open(self) -> None:
        self.assertEqual(self.shown(self.team.officer, q="nha ve sinh"), [self.received.reference])
        self.assertEqual(self.shown(self.team.officer, q=self.closed.reference.lower()), [self.closed.reference])
        self.assertEqual(self.shown(self.team.officer, q="khong co tu nay"), [])

    def test_a_facility_sees_what_was_sent_to_it(self) -> None:
        ours = {self.forwarded.reference, self.closed.reference}
        self.assertEqual(set(self.shown(self.team.quality_officer, queue="all")), ours)
        self.assertEqual(self.shown(self.team.stranger, queue="all"), [])

    def test_counts_of_the_tabs_are_those_of_their_lists(self) -> None:
        for user in (self.team.officer, self.team.lead, self.team.quality_officer, self.team.operator):
            for tab in self.page(user).context_data["tabs"]:
                with self.subTest(user=user.username, queue=tab["name"]):
                    self.assertEqual(tab["count"], len(self.shown(user, queue=tab["name"])))


class HiddenColumnTests(ListTestCase):
    """Nobody learns about a column that the list does not offer as a filter."""

    def test_undeclared_lookups_are_refused(self) -> None:
        make.case_in(Status.FORWARDED, self.team)
        for lookup in (
            "body__startswith",
            "recorded_by__username",
            "recorded_by",
            "assignee__password__startswith",
            "submissions__reporter__phone__startswith",
            "status__in",
            "id__gt",
        ):
            for user in (self.team.quality_officer, self.team.officer):
                with self.subTest(lookup=lookup, user=user.username):
                    self.page(user, answer=400, **{lookup: "1"})

    def test_sorting_by_a_column_has_no_effect(self) -> None:
        for _number in range(3):
            make.case()
        plain = self.shown(self.team.officer)
        for order in ("1", "-1", "0", "99", "x", "1.-2"):
            self.assertEqual(self.shown(self.team.officer, o=order), plain)

    def test_facilities_cannot_read_the_department_s_side(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        Case.objects.filter(pk=case.pk).update(escalation_level=3)
        text = self.page(self.team.quality_officer).content.decode()
        self.assertTrue(case.reference in text)
        self.assertFalse("ln-level" in text or str(self.team.officer) in text)


class PagingTests(ListTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        for _number in range(120):
            make.case()

    def test_next_pages_cover_every_case_once_and_previous_leads_back(self) -> None:
        seen: list[str] = []
        words: dict[str, Any] = {"queue": "all"}
        pages = []
        while True:
            changelist = self.page(self.team.officer, **words).context_data["cl"]
            pages.append([case.reference for case in changelist.result_list])
            seen += pages[-1]
            if not changelist.next_url:
                break
            words = dict(pair.split("=") for pair in changelist.next_url.lstrip("?").split("&"))
        self.assertEqual([len(page) for page in pages], [50, 50, 20])
        self.assertEqual(len(set(seen)), 120)
        self.assertEqual(seen, sorted(seen, reverse=True))
        words = dict(pair.split("=") for pair in changelist.previous_url.lstrip("?").split("&"))
        self.assertEqual(self.shown(self.team.officer, **words), pages[1])

    def test_filters_stay_while_paging(self) -> None:
        changelist = self.page(self.team.officer, channel="HOTLINE_SYT", queue="all").context_data["cl"]
        self.assertIn("channel=HOTLINE_SYT", changelist.next_url)
        self.assertIn("queue=all", changelist.next_url)


class CostTests(ListTestCase):
    def count(self, user: AbstractUser, **words: Any) -> int:
        self.client.force_login(user)
        self.client.get(reverse(LIST), words)
        with CaptureQueriesContext(connection) as seen:
            self.client.get(reverse(LIST), words)
        return len(seen)

    def test_fifty_rows_cost_the_queries_of_five(self) -> None:
        for number in range(5):
            make.case_in(Status.FORWARDED if number % 2 else Status.TRIAGED, self.team)
        people = (self.team.officer, self.team.quality_officer, self.team.division_officer, self.team.operator)
        before = {user.pk: self.count(user) for user in people}
        for number in range(50):
            make.case_in(Status.FORWARDED if number % 2 else Status.TRIAGED, self.team)
        for user in people:
            with self.subTest(user=user.username):
                self.assertEqual(self.count(user), before[user.pk])
                self.assertLessEqual(before[user.pk], 16)


class ActionTests(ListTestCase):
    def take(self, user: AbstractUser, *cases: Case) -> Any:
        self.client.force_login(user)
        data = {"action": "take_selected", "index": "0", "_selected_action": [case.pk for case in cases]}
        data |= {f"version-{case.pk}": case.version for case in cases}
        return self.client.post(reverse(LIST) + "?queue=all", data, follow=True)

    def test_takes_what_was_chosen_and_tells_each_refusal(self) -> None:
        fresh, ended = make.case(), make.case_in(Status.CLOSED, self.team)
        response = self.take(self.team.officer, fresh, ended)
        self.assertContains(response, ended.reference)
        fresh.refresh_from_db()
        self.assertEqual(fresh.status, Status.TRIAGED)
        self.assertEqual(fresh.history.first().history_user, self.team.officer)

    def test_the_list_shows_the_versions_that_its_boxes_stand_for(self) -> None:
        case = make.case()
        self.client.force_login(self.team.officer)
        form = form_in(self.client.get(reverse(LIST)), "_selected_action")
        self.assertEqual(form[f"version-{case.pk}"], [str(case.version)])

    def test_what_changed_since_the_list_was_shown_is_skipped_and_told_by_name(self) -> None:
        shown, other = make.case(), make.case()
        services.edit(
            Case.objects.get(pk=shown.pk), {"urgency": "S1"}, by=make.fresh(self.team.lead), reason="x", version=1
        )
        response = self.take(self.team.officer, shown, other)
        self.assertContains(response, f"{shown.reference}: ")
        self.assertEqual(Case.objects.get(pk=shown.pk).status, Status.RECEIVED)
        self.assertEqual(Case.objects.get(pk=other.pk).status, Status.TRIAGED)

    def test_what_left_the_queue_since_is_told_by_name_too(self) -> None:
        case = make.case()
        self.take(self.team.officer, Case.objects.get(pk=case.pk))
        self.client.force_login(self.team.second_officer)
        data = {"action": "take_selected", "index": "0", "_selected_action": [case.pk], f"version-{case.pk}": 1}
        self.assertContains(self.client.post(f"{reverse(LIST)}?queue=new", data, follow=True), f"{case.reference}: ")

    def test_rows_without_a_version_are_skipped(self) -> None:
        case = make.case()
        self.client.force_login(self.team.officer)
        for version in ("", "x", "9" * 30):
            data = {
                "action": "take_selected",
                "index": "0",
                "_selected_action": [case.pk],
                f"version-{case.pk}": version,
            }
            self.client.post(reverse(LIST), data)
        case.refresh_from_db()
        self.assertEqual(case.status, Status.RECEIVED)

    def test_who_may_not_triage_has_no_action(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        self.take(self.team.quality_officer, case)
        case.refresh_from_db()
        self.assertEqual(case.status, Status.FORWARDED)

    def test_nothing_is_deleted_from_here(self) -> None:
        case = make.case()
        self.client.force_login(self.team.lead)
        actions = self.page(self.team.lead).context_data["cl"].model_admin.get_actions
        self.assertNotIn("delete_selected", actions(self.page(self.team.lead).wsgi_request))
        self.client.post(reverse(LIST), {"action": "delete_selected", "_selected_action": [case.pk], "post": "yes"})
        self.assertTrue(Case.objects.filter(pk=case.pk).exists())


class DoorTests(ListTestCase):
    def test_strangers_sign_in_first(self) -> None:
        self.assertRedirects(
            self.client.get(reverse(LIST)), f"/console/login/?next={reverse(LIST)}", fetch_redirect_response=False
        )

    def test_who_sees_no_case_has_no_list(self) -> None:
        self.page(make.person("sysadmin"), answer=403)
