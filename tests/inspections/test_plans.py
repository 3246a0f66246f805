"""The yearly plan: its moves, the second person, its lines, and who leads."""

from django.http import Http404
from django.test import TestCase
from django.utils import timezone

from accounts.models import Recusal
from common.exceptions import (
    InvalidInput,
    MoveRefused,
    ReasonRequired,
    RightMissing,
    SecondPersonNeeded,
    StaleVersion,
)
from inspections import planning, preparing
from inspections.choices import PlanStatus as S
from inspections.choices import last_month
from inspections.models import Plan, PlanLine, PlanPast
from tests.feedback.factories import fresh
from tests.inspections import factories as make

TABLE = {(S.DRAFT, S.WAITING), (S.WAITING, S.APPROVED), (S.WAITING, S.DRAFT), (S.APPROVED, S.DRAFT)}


class PlanTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = make.Team()

    def test_the_moves_and_nothing_else(self) -> None:
        self.assertEqual(set(planning.PLAN_MOVES), TABLE)
        plan = make.plan(self.team)
        make.line(self.team, plan)
        for to in (S.DRAFT, S.APPROVED):
            with self.subTest(to=to), self.assertRaises(MoveRefused):
                make.step_plan(plan, to, self.team.lead)
        with self.assertRaises(ReasonRequired):
            planning.move(
                Plan.objects.get(), S.WAITING, by=fresh(self.team.inspector), reason=" ",
                version=Plan.objects.get().version,
            )  # fmt: skip

    def test_a_plan_without_a_line_is_not_proposed(self) -> None:
        plan = make.plan(self.team)
        row = make.line(self.team, plan)
        planning.put_line(
            plan, {"is_struck": True}, by=fresh(self.team.inspector), version=Plan.objects.get().version, line=row
        )
        with self.assertRaises(InvalidInput):
            make.step_plan(plan, S.WAITING, self.team.inspector)

    def test_whoever_proposes_does_not_approve(self) -> None:
        plan = make.plan(self.team)
        make.line(self.team, plan)
        make.step_plan(plan, S.WAITING, self.team.lead)
        with self.assertRaises(SecondPersonNeeded):
            make.step_plan(plan, S.APPROVED, self.team.lead)
        with self.assertRaises(RightMissing):
            make.step_plan(plan, S.APPROVED, self.team.inspector)
        made = make.step_plan(plan, S.APPROVED, self.team.director)
        self.assertEqual((made.approved_by, made.status), (self.team.director, S.APPROVED))
        self.assertIn(make.REASON, PlanPast.objects.order_by("-history_id")[0].history_change_reason)

    def test_an_approved_plan_stands_until_it_is_taken_up_again(self) -> None:
        line = make.approved(self.team)
        with self.assertRaises(MoveRefused):
            make.line(self.team, line.plan, topic="Dược")
        make.step_plan(line.plan, S.DRAFT, self.team.inspector)
        make.line(self.team, line.plan, topic="Dược")
        self.assertIsNone(Plan.objects.get().approved_by)
        self.assertEqual(PlanLine.objects.count(), 2)

    def test_an_old_version_changes_nothing(self) -> None:
        plan = make.plan(self.team)
        with self.assertRaises(StaleVersion):
            planning.write(plan, "Khác", by=fresh(self.team.inspector), version=0)
        self.assertEqual(Plan.objects.get().legal_basis, "Luật Khám bệnh, chữa bệnh 2023")

    def test_a_year_has_one_plan_and_a_plan_each_line_once(self) -> None:
        plan = make.plan(self.team)
        with self.assertRaises(InvalidInput):
            make.plan(self.team)
        make.line(self.team, plan)
        with self.assertRaises(InvalidInput):
            make.line(self.team, plan)

    def test_nobody_leads_where_they_are_kept_from_or_belong_to(self) -> None:
        plan = make.plan(self.team)
        Recusal.objects.create(
            user=self.team.second, facility=self.team.hospital, reason="người nhà", recorded_by=self.team.lead
        )
        with self.assertRaises(InvalidInput) as refused:
            make.line(self.team, plan, lead=self.team.second)
        self.assertEqual(set(refused.exception.fields), {"lead"})
        make.line(self.team, plan, lead=self.team.second, facility=self.team.other)

    def test_plans_are_the_departments(self) -> None:
        line = make.approved(self.team)
        for who in (self.team.writer, self.team.head, self.team.stranger):
            with self.subTest(who=who):
                self.assertFalse(Plan.objects.visible_to(fresh(who)).exists())
                self.assertFalse(PlanLine.objects.visible_to(fresh(who)).exists())
                with self.assertRaises(RightMissing):
                    planning.begin(2031, "x", by=fresh(who))
        with self.assertRaises((Http404, RightMissing)):
            make.step_plan(line.plan, S.DRAFT, self.team.writer)
        for who in (self.team.inspector, self.team.director, self.team.auditor, self.team.officer):
            self.assertTrue(PlanLine.objects.visible_to(fresh(who)).exists())

    def test_whoever_is_kept_from_a_facility_does_not_see_its_line(self) -> None:
        make.approved(self.team)
        Recusal.objects.create(
            user=self.team.director, facility=self.team.hospital, reason="người nhà", recorded_by=self.team.lead
        )
        self.assertTrue(Plan.objects.visible_to(fresh(self.team.director)).exists())
        self.assertFalse(PlanLine.objects.visible_to(fresh(self.team.director)).exists())

    def test_only_a_line_of_an_approved_plan_becomes_a_visit(self) -> None:
        plan = make.plan(self.team)
        row = make.line(self.team, plan)
        with self.assertRaises(MoveRefused):
            make.visit(self.team.inspector, self.team.hospital, of=row)
        for to, by in ((S.WAITING, self.team.inspector), (S.APPROVED, self.team.director)):
            make.step_plan(plan, to, by)
        row = PlanLine.objects.select_related("plan", "facility", "lead").get()
        made = make.visit(self.team.inspector, self.team.other, of=row)
        self.assertEqual((made.kind, made.facility), ("planned", self.team.hospital))
        self.assertEqual([member.user for member in made.team.all()], [self.team.inspector])
        self.assertGreaterEqual(made.planned_at, timezone.now())
        with self.assertRaises(InvalidInput):
            preparing.begin(self.team.hospital, {"topic": "", "legal_basis": ""}, by=fresh(self.team.inspector))

    def test_a_period_ends_with_its_last_month(self) -> None:
        self.assertEqual([last_month(code) for code in ("q1", "q4", "m02", "m12")], [3, 12, 2, 12])
