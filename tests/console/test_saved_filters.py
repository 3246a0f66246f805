"""Saved filters: whose they are, whom they are offered to, and that their counts are the reader's own."""

from typing import Any

from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback.choices import Status
from feedback.models import SavedFilter
from feedback.saved_filters import MOST
from tests.console.test_list import ListTestCase
from tests.feedback import factories as make

KEEP, AWAY = reverse("admin:feedback_case_saved"), reverse("admin:feedback_case_saved_put_away")
COUNTS = reverse("admin:feedback_case_saved_counts")


class SavedFilterTests(ListTestCase):
    def keep(self, user: Any, query: str = "?urgency=S1&queue=all", **given: str) -> None:
        self.client.force_login(user)
        self.client.post(KEEP + query, {"name": "Khẩn cấp"} | given)

    def offered(self, user: Any) -> list[str]:
        return [chip["name"] for chip in self.page(user).context_data["chips"]]

    def counts(self, user: Any) -> dict[str, str]:
        self.client.force_login(user)
        return self.client.get(COUNTS).json()["counts"]

    def test_a_kept_filter_leads_back_to_the_same_list(self) -> None:
        urgent = make.case(urgency="S1")
        make.case()
        self.keep(self.team.officer)
        (chip,) = self.page(self.team.officer).context_data["chips"]
        self.assertEqual(chip["url"], "?queue=all&urgency=S1")
        words = dict(pair.split("=") for pair in chip["url"].lstrip("?").split("&"))
        self.assertEqual(self.shown(self.team.officer, **words), [urgent.reference])
        self.assertContains(self.page(self.team.officer), "Khẩn cấp")

    def test_it_is_ones_own_unless_it_is_shared(self) -> None:
        self.keep(self.team.officer)
        self.assertEqual(self.offered(self.team.second_officer), [])
        self.keep(self.team.lead, name="Của cả Sở", is_shared="on")
        for person in (self.team.second_officer, self.team.division_officer, self.team.operator, self.team.auditor):
            self.assertEqual(self.offered(person), ["Của cả Sở"])
        self.assertEqual(self.offered(self.team.quality_officer), [])

    def test_a_facility_keeps_its_own_and_shares_none(self) -> None:
        self.keep(self.team.quality_officer, is_shared="on")
        self.assertFalse(SavedFilter.objects.exists())
        self.keep(self.team.quality_officer)
        self.assertEqual(self.offered(self.team.quality_officer), ["Khẩn cấp"])
        self.assertEqual(self.offered(self.team.lead), [])

    def test_the_counts_are_of_what_each_reader_sees(self) -> None:
        self.keep(self.team.lead, is_shared="on")
        pk = str(SavedFilter.objects.get().pk)
        make.case(urgency="S1")
        make.case(urgency="S1", channel="HOTLINE_VBMT")
        make.case_in(Status.ASSIGNED, self.team, urgency="S1")
        for person, count in ((self.team.lead, "3"), (self.team.officer, "2"), (self.team.division_officer, "1")):
            self.assertEqual(self.counts(person), {pk: count})

    def test_a_hundred_cases_are_said_to_be_more_than_ninety_nine(self) -> None:
        self.keep(self.team.officer, "?channel=HOTLINE_SYT&queue=all")
        for _number in range(101):
            make.case()
        self.assertEqual(list(self.counts(self.team.officer).values()), ["99+"])

    def test_the_counts_of_many_filters_cost_those_of_one(self) -> None:
        def cost() -> int:
            self.counts(self.team.officer)
            with CaptureQueriesContext(connection) as seen:
                self.counts(self.team.officer)
            return len(seen)

        self.keep(self.team.officer)
        before = cost()
        queries = ("?late=on", f"?facility={self.team.hospital.pk}", "?category=QUYTRINH", "?since=2026-01-01&late=on")
        for number, query in enumerate(queries):
            self.keep(self.team.officer, query, name=f"Thứ {number}")
        self.assertEqual(len(self.offered(self.team.officer)), 5)
        self.assertEqual(cost(), before)

    def test_what_means_nothing_is_not_kept(self) -> None:
        for query in ("", "?queue=all", "?urgency=S9", "?body__contains=x", "?q=cho+doi"):
            self.keep(self.team.officer, query)
        self.keep(self.team.officer, name=" ")
        self.keep(self.team.officer, name="x" * 61)
        self.keep(self.team.officer, name="a\x00b")
        self.assertFalse(SavedFilter.objects.exists())
        self.keep(self.team.officer, "?urgency=S1&body__contains=x&q=0912345678")
        self.assertEqual(SavedFilter.objects.get().words, {"urgency": "S1"})

    def test_a_name_twice_and_too_many_are_refused(self) -> None:
        self.keep(self.team.officer)
        self.keep(self.team.officer)
        self.assertEqual(SavedFilter.objects.count(), 1)
        for number in range(MOST + 3):
            self.keep(self.team.officer, name=f"Thứ {number}")
        self.assertEqual(SavedFilter.objects.count(), MOST)

    def test_put_away_by_its_owner_or_where_it_is_shared_by_the_lead(self) -> None:
        def put_away(user: Any, row: SavedFilter) -> int:
            self.client.force_login(user)
            return self.client.post(AWAY, {"filter": str(row.pk)}).status_code

        self.keep(self.team.officer)
        self.keep(self.team.officer, name="Của cả Sở", is_shared="on")
        own, shared = SavedFilter.objects.order_by("pk")
        self.assertEqual(put_away(self.team.lead, own), 404)
        self.assertEqual(put_away(self.team.second_officer, own), 404)
        self.assertEqual(put_away(self.team.second_officer, shared), 302)
        self.assertEqual(SavedFilter.objects.filter(is_kept=True).count(), 2)
        self.assertEqual((put_away(self.team.lead, shared), put_away(self.team.officer, own)), (302, 302))
        self.assertEqual(self.offered(self.team.officer), [])
        self.assertEqual(SavedFilter.objects.count(), 2)
        self.keep(self.team.officer)  # the name is free again

    def test_the_database_deletes_none(self) -> None:
        self.keep(self.team.officer)
        with self.assertRaises(DatabaseError), transaction.atomic():
            SavedFilter.objects.all().delete()
