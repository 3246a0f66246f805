"""Who leaves hands places in teams and lines of plans over in the one step that moves all their work."""

from typing import Any

from django.test import TestCase
from django.urls import reverse

from accounts import handover
from accounts.models import Recusal, User
from inspections import preparing
from inspections.choices import Status, TeamRole
from inspections.handing_over import LINES, TEAMS
from inspections.models import Inspection, Member, PlanLine
from notifications.models import Outbox
from tests.feedback import factories as people
from tests.feedback.factories import fresh
from tests.inspections import factories as make

WHY = "Chuyển công tác theo Quyết định 20/QĐ-SYT"


class HandOver(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = make.Team()
        cls.leaver, cls.lead = cls.team.inspector, cls.team.lead
        cls.first = people.person("division_officer", name="kieu.mot", division=cls.team.division)
        cls.second = people.person("division_officer", name="kieu.hai", division=cls.team.division)
        cls.soon = make.visit(cls.leaver, cls.team.hospital)
        cls.recorded = make.recorded(cls.leaver, cls.team.other)
        cls.closed = make.visit(cls.leaver, cls.team.other)
        make.step(cls.closed, Status.CANCELLED, cls.leaver)
        cls.line = make.approved(cls.team)

    def hand_over(self, *receivers: User, deed: Any = handover.hand_over) -> dict[str, handover.Moved]:
        outcome = deed(self.leaver, [fresh(one) for one in receivers], by=fresh(self.lead), reason=WHY)
        return {moved.label: moved for moved in outcome.work}

    def lead_of(self, inspection: Inspection) -> User | None:
        found = Member.objects.filter(inspection=inspection, left_at=None, role=TeamRole.LEAD).first()
        return found.user if found else None

    def test_places_and_lines_move_in_turn_and_what_is_over_stays(self) -> None:
        found = self.hand_over(self.first, self.second)
        self.assertEqual(found[str(TEAMS)].count, 2)
        self.assertEqual({self.lead_of(self.soon), self.lead_of(self.recorded)}, {self.first, self.second})
        self.assertEqual(self.lead_of(self.closed), self.leaver)
        self.assertEqual(PlanLine.objects.get(pk=self.line.pk).lead, self.first)
        self.assertFalse(Member.objects.filter(user=self.leaver, left_at=None).exclude(inspection=self.closed).exists())
        told = Outbox.objects.filter(template="inspection_team").values_list("recipient", flat=True)
        self.assertLessEqual({self.first.pk, self.second.pk}, set(told))

    def test_a_preview_changes_nothing(self) -> None:
        shown = self.hand_over(self.first, self.second, deed=handover.preview)
        self.assertEqual(shown[str(TEAMS)].count, 2)
        self.assertEqual((self.lead_of(self.soon), PlanLine.objects.get().lead), (self.leaver, self.leaver))

    def test_whoever_is_kept_from_the_facility_or_goes_already_is_passed_over(self) -> None:
        Recusal.objects.create(
            user=self.first, facility=self.team.hospital, reason="người nhà", recorded_by=self.team.director
        )
        found = self.hand_over(self.first)
        self.assertEqual(found[str(TEAMS)].returned, [self.soon.reference])
        self.assertEqual((self.lead_of(self.soon), self.lead_of(self.recorded)), (None, self.first))
        self.assertEqual(len(found[str(LINES)].returned), 1)

    def test_who_does_not_inspect_gets_none_and_it_is_said(self) -> None:
        found = self.hand_over(people.person("auditor", division=self.team.division))
        self.assertEqual(sorted(found[str(TEAMS)].returned), sorted([self.soon.reference, self.recorded.reference]))

    def test_a_member_of_the_team_does_not_stand_in_it_twice(self) -> None:
        preparing.join(self.soon, fresh(self.first), "member", by=fresh(self.leaver))
        self.hand_over(self.first)
        self.assertEqual(Member.objects.filter(inspection=self.soon, user=self.first).count(), 1)

    def test_a_line_that_nobody_took_over_is_led_by_whoever_prepares_its_visit(self) -> None:
        self.hand_over()
        line = PlanLine.objects.select_related("plan", "facility", "lead").get()
        made = make.visit(self.first, self.team.hospital, of=line)
        self.assertEqual(self.lead_of(made), self.first)

    def test_the_paper_names_who_signed_it_and_the_page_who_took_over(self) -> None:
        self.hand_over(self.first)
        self.client.force_login(fresh(self.team.second))
        args = [self.recorded.pk]
        paper = self.client.get(reverse("admin:inspections_inspection_print", args=args))
        self.assertContains(paper, str(self.leaver))
        self.assertNotContains(paper, str(self.first))
        page = self.client.get(reverse("admin:inspections_inspection_change", args=args))
        self.assertContains(page, str(self.first))
