"""Counts per day agree with the cases they count."""

from django.test import TestCase
from django.utils import timezone

from accounts.access.scope import on_behalf_of
from accounts.models import Recusal
from feedback import daycounts
from feedback.choices import Status
from feedback.models import DayCount
from feedback.services import edit
from tests.feedback import factories as make


class DayCountTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        make.case_in(Status.CLOSED, cls.team, category="QUYTRINH.01")
        make.case_in(Status.FORWARDED, cls.team)
        cls.open_case = make.case()
        make.case(channel="HOTLINE_VBMT")

    def total(self, scope: str) -> dict[str, int]:
        day = timezone.localdate()
        row = DayCount.objects.filter(scope=scope, dimension="total", day=day).values("received", "ended", "on_time")
        return row.first() or {}

    def test_counts_by_scope(self) -> None:
        daycounts.refresh()
        self.assertEqual(self.total("all"), {"received": 4, "ended": 1, "on_time": 1})
        self.assertEqual(self.total("ordinary")["received"], 3)
        self.assertEqual(self.total(f"facility:{self.team.hospital.pk}")["received"], 2)
        self.assertEqual(self.total(f"facility:{self.team.other_hospital.pk}"), {})

    def scopes_shown_to(self, person: object) -> set[str]:
        """Whose counts the database itself shows, whatever a page asks for."""
        with on_behalf_of(make.fresh(person)):
            return set(DayCount.objects.values_list("scope", flat=True))

    def test_the_database_shows_each_reader_their_own_counts(self) -> None:
        daycounts.refresh()
        own = f"facility:{self.team.hospital.pk}"
        self.assertEqual(self.scopes_shown_to(self.team.lead), {"all", "ordinary"})
        self.assertEqual(self.scopes_shown_to(self.team.officer), {"ordinary"})
        self.assertEqual(self.scopes_shown_to(self.team.quality_officer), {own})
        self.assertEqual(self.scopes_shown_to(self.team.stranger), set())
        self.assertEqual(self.scopes_shown_to(make.person("sysadmin")), set())
        kept = {"facility": self.team.hospital, "reason": "x", "recorded_by": self.team.lead}
        Recusal.objects.create(user=self.team.quality_officer, **kept)
        self.assertEqual(self.scopes_shown_to(self.team.quality_officer), set())

    def test_refreshing_twice_changes_nothing(self) -> None:
        daycounts.refresh()
        before = list(DayCount.objects.order_by("scope", "dimension", "key").values_list("scope", "key", "received"))
        daycounts.refresh()
        after = list(DayCount.objects.order_by("scope", "dimension", "key").values_list("scope", "key", "received"))
        self.assertEqual(before, after)

    def test_a_change_is_counted_at_the_next_refresh(self) -> None:
        daycounts.refresh()
        edit(self.open_case, {"urgency": "S1"}, by=make.fresh(self.team.officer), reason="nặng", version=1)
        daycounts.refresh()
        counted = {row["key"]: row["received"] for row in daycounts.per_day("all", timezone.localdate(), "urgency")}
        self.assertEqual(counted["S1"], 1)
        self.assertEqual(sum(counted.values()), 4)
