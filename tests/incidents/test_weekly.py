"""The week told to the head: what is counted, once and only once, and what ends its clock; severe harm at once."""

from datetime import date, datetime

from django.http import Http404
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from common.exceptions import InvalidInput, MoveRefused, RightMissing
from deadlines.services import deadlines_of
from incidents import services, weekly
from incidents.choices import Status
from incidents.models import Incident, WeeklySummary
from notifications.models import Outbox
from tests.feedback.factories import fresh
from tests.incidents import factories as make
from tests.incidents.factories import SEVERE, Team

MONDAY = date(2026, 3, 2)


def at(day: int, hour: int = 9) -> datetime:
    """A moment of March 2026 on the wall here."""
    return datetime(2026, 3, day, hour, tzinfo=timezone.get_default_timezone())


def noted(incident: Incident, moment: datetime) -> Incident:
    Incident.objects.filter(pk=incident.pk).update(opened_at=moment)
    return incident


class WeekTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = team = Team()
        noted(make.draft(team.writer, team.hospital, harm="D", types=["IT03.7", "IT03.8"]), at(2, 0))
        noted(make.draft(team.writer, team.hospital, harm="F", types=["IT01.5"]), at(4))
        noted(make.sent(team.writer, team.hospital, **SEVERE), at(8, 23))
        dropped = noted(make.draft(team.writer, team.hospital), at(5))
        make.step(dropped, Status.DROPPED, team.writer)
        noted(make.draft(team.writer, team.hospital), at(9, 0))  # the next week
        noted(make.draft(team.stranger, team.other, harm=""), at(6))

    def opened(self) -> WeeklySummary:
        weekly.open_week(at(9, 1))
        return WeeklySummary.objects.get(facility=self.team.hospital)

    def test_a_week_ends_with_its_sunday_as_people_count_here(self) -> None:
        self.assertEqual([weekly.monday_before(at(day, hour)) for day, hour in ((9, 0), (15, 23))], [MONDAY, MONDAY])
        self.assertEqual(weekly.monday_before(at(16, 0)), MONDAY + weekly.WEEK)

    def test_each_facility_with_incidents_is_told_once(self) -> None:
        self.assertEqual([weekly.open_week(at(9, 1)), weekly.open_week(at(12))], [2, 0])
        rows = WeeklySummary.objects.order_by("facility_id").values_list("monday", "reference", "figures")
        self.assertEqual(
            list(rows),
            [
                (
                    MONDAY, f"BCT-2026-10-{self.team.hospital.code}",
                    {"noted": 3, "sent": 1, "mandatory": 1, "levels": {"NC1": 1, "NC2": 1, "NC3": 1},
                     "types": {"IT01": 1, "IT03": 1}},
                ),
                (MONDAY, "BCT-2026-10-T02", {"noted": 1, "sent": 0, "mandatory": 0, "levels": {}, "types": {}}),
            ],
        )  # fmt: skip

    def test_its_clock_runs_seven_days_from_the_weeks_end(self) -> None:
        (clock,) = deadlines_of(self.opened())
        self.assertEqual(
            (clock.obligation, clock.derivation["rule"], clock.starts_at), ("weekly_summary", "LD04", at(9, 0))
        )
        self.assertEqual(clock.due_at, at(17, 0))  # the first day does not count; the last ends at 24:00

    def test_the_head_sees_it_off_once_and_the_clock_ends(self) -> None:
        summary = weekly.see_off(self.opened(), by=fresh(self.team.head), direction="  Họp khoa  ")
        self.assertEqual((summary.seen_by, summary.direction), (self.team.head, "Họp khoa"))
        self.assertEqual([clock.state for clock in deadlines_of(summary)], ["done"])
        with self.assertRaises(MoveRefused):
            weekly.see_off(summary, by=fresh(self.team.head))

    def test_others_do_not(self) -> None:
        summary = self.opened()
        with self.assertRaises(RightMissing):
            weekly.see_off(summary, by=fresh(self.team.writer))
        for outside in (self.team.stranger, self.team.director, self.team.checker):
            with self.assertRaises(Http404):
                weekly.see_off(summary, by=fresh(outside))
        with self.assertRaises(InvalidInput):
            weekly.see_off(summary, by=fresh(self.team.head), direction="a\x00b")
        with self.assertRaises(InvalidInput):
            weekly.see_off(summary, by=fresh(self.team.head), direction="a" * 2001)

    def test_where_nobody_heads_the_facility_anybody_of_it_does(self) -> None:
        Membership.objects.filter(user=self.team.head).update(is_head=False)
        self.assertIsNotNone(weekly.see_off(self.opened(), by=fresh(self.team.writer)).seen_at)

    def test_the_page_shows_the_week_and_takes_the_heads_word(self) -> None:
        summary, client = self.opened(), Client()
        client.force_login(self.team.head)
        address = reverse("admin:incidents_weeklysummary_change", args=[summary.pk])
        self.assertContains(client.get(reverse("admin:incidents_weeklysummary_changelist")), summary.reference)
        page = client.get(address)
        self.assertEqual(len(page.context["incidents"]), 3)
        self.assertContains(page, "NC3")
        kept = client.post(address, {"direction": "a" * 2001})
        self.assertContains(kept, "aaa")
        self.assertRedirects(client.post(address, {"direction": "Họp khoa"}), address)
        self.assertContains(client.get(address), "Họp khoa")
        client.force_login(self.team.stranger)
        self.assertEqual(client.get(address).status_code, 404)


class AtOnceTests(TestCase):
    def test_the_head_is_told_of_severe_harm_once_a_level_and_of_nothing_milder(self) -> None:
        team = Team()
        incident = make.draft(team.writer, team.hospital, harm="D")
        told = Outbox.objects.filter(template="incident_severe", channel="inbox")
        self.assertFalse(told.exists())
        incident = self._written(incident, team, harm="F")
        incident = self._written(incident, team, ward="Khoa Nhi")
        self._written(incident, team, **SEVERE)
        found = [(row.recipient, row.params["level"], row.is_urgent) for row in told.order_by("pk")]
        self.assertEqual(found, [(team.head, "NC2", False), (team.head, "NC3", True)])

    def _written(self, incident: Incident, team: Team, **changes: object) -> Incident:
        return services.edit(incident, changes, by=fresh(team.writer), version=incident.version)
