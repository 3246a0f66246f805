"""Demands to correct: the table of moves, whose turn it is, clocks, who is told."""

from datetime import timedelta

from django.test import TestCase
from django.utils import timezone

from common.exceptions import InvalidInput, MoveRefused, RightMissing, StaleVersion
from deadlines.choices import Obligation, State
from deadlines.services import deadlines_of
from inspections import correcting
from inspections.choices import CorrectionStatus as S
from inspections.choices import Status
from inspections.models import Answer, AnswerFile, CorrectiveAction
from inspections.subject import recipients
from notifications.models import Outbox
from tests.feedback.factories import fresh
from tests.inspections import factories as make

TABLE = {
    (S.OPEN, S.ANSWERED), (S.RETURNED, S.ANSWERED), (S.REOPENED, S.ANSWERED), (S.ANSWERED, S.VERIFIED),
    (S.ANSWERED, S.RETURNED), (S.OPEN, S.WITHDRAWN), (S.RETURNED, S.WITHDRAWN), (S.REOPENED, S.WITHDRAWN),
    (S.WRITTEN, S.DROPPED), (S.WRITTEN, S.OPEN), (S.VERIFIED, S.REOPENED),
}  # fmt: skip


class CorrectionTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = make.Team()
        cls.visit = make.recorded(cls.team.inspector, cls.team.hospital)

    def setUp(self) -> None:
        self.demand = CorrectiveAction.objects.get()

    def clock(self, obligation: str):
        return deadlines_of(self.demand).filter(obligation=obligation).order_by("-cycle").first()

    def told(self, template: str) -> set:
        return set(Outbox.objects.filter(template=template).values_list("recipient__username", flat=True))

    def test_the_moves_and_nothing_else(self) -> None:
        self.assertEqual(set(correcting.CORRECTION_MOVES), TABLE)
        for to in set(S) - {S.WITHDRAWN}:
            with self.subTest(to=to), self.assertRaises(MoveRefused):
                make.judge(self.demand, to, self.team.second)
        make.answered(self.demand, self.team.writer)
        for to in set(S) - {S.VERIFIED, S.RETURNED}:
            with self.subTest(to=to), self.assertRaises(MoveRefused):
                make.judge(self.demand, to, self.team.second)

    def test_its_clock_begins_with_the_record_and_ends_with_the_day(self) -> None:
        clock = self.clock(Obligation.ACT)
        self.assertEqual(clock.state, State.RUNNING)
        self.assertGreaterEqual(timezone.localdate(clock.due_at), self.demand.due_on)
        self.assertLessEqual(timezone.localdate(clock.due_at), self.demand.due_on + timedelta(days=10))
        self.assertEqual(self.demand.due_at, clock.due_at)
        people = recipients("unit", [self.demand.pk])[self.demand.pk]
        self.assertIn(self.team.writer.pk, people)
        self.assertNotIn(self.team.stranger.pk, people)
        self.assertEqual(recipients("unit_head", [self.demand.pk])[self.demand.pk], [self.team.head.pk])
        self.assertIn(self.team.lead.pk, recipients("lead", [self.demand.pk])[self.demand.pk])

    def test_only_its_facility_answers_and_with_evidence(self) -> None:
        for who in (self.team.inspector, self.team.head):
            with self.subTest(who=who), self.assertRaises(RightMissing):
                make.answered(self.demand, who)
        with self.assertRaises(InvalidInput) as refused:
            correcting.answer(self.demand, " ", [], by=fresh(self.team.writer), version=self.demand.version)
        self.assertEqual(set(refused.exception.fields), {"text", "files"})
        with self.assertRaises(StaleVersion):
            correcting.answer(self.demand, "Xong", [], by=fresh(self.team.writer), version=0)
        make.answered(self.demand, self.team.writer)
        self.assertEqual((Answer.objects.count(), AnswerFile.objects.count()), (1, 1))
        self.assertEqual(self.clock(Obligation.ACT).state, State.DONE)
        self.assertEqual(self.clock(Obligation.VERIFY_ACTION).state, State.RUNNING)
        self.assertEqual(recipients("unit", [self.demand.pk])[self.demand.pk], [self.team.inspector.pk])
        self.assertEqual(self.told("correction_answered"), {self.team.inspector.username})

    def test_a_return_says_why_and_until_when(self) -> None:
        make.answered(self.demand, self.team.writer)
        for due_on in (None, timezone.localdate() - timedelta(days=1)):
            with self.subTest(due_on), self.assertRaises(InvalidInput) as refused:
                make.judge(self.demand, S.RETURNED, self.team.second, due_on=due_on)
            self.assertEqual(set(refused.exception.fields), {"due_on"})
        with self.assertRaises(RightMissing):
            make.judge(self.demand, S.VERIFIED, self.team.director)
        day = timezone.localdate() + timedelta(days=7)
        made = make.judge(self.demand, S.RETURNED, self.team.second, due_on=day)
        self.assertEqual((made.status, made.due_on), (S.RETURNED, day))
        self.assertEqual(self.clock(Obligation.ACT).state, State.RUNNING)
        self.assertIn(self.team.writer.username, self.told("correction_returned"))
        correcting.answer(made, "Bổ sung lịch trực", [], by=fresh(self.team.writer), version=made.version)
        verified = make.judge(self.demand, S.VERIFIED, self.team.second)
        self.assertEqual((verified.verified_by, verified.due_at), (self.team.second, None))
        self.assertFalse(deadlines_of(self.demand).filter(state=State.RUNNING).exists())

    def test_what_is_withdrawn_owes_nothing(self) -> None:
        make.judge(self.demand, S.WITHDRAWN, self.team.inspector)
        self.assertEqual(self.clock(Obligation.ACT).state, State.CANCELLED)
        make.step(self.visit, Status.CLOSED, self.team.inspector)

    def test_what_was_struck_before_it_was_told_is_told_to_nobody(self) -> None:
        made = make.opened(self.team.inspector, self.team.other)
        make.found(made, self.team.inspector)
        Outbox.objects.all().delete()
        demand = make.judge(make.demand_of(made), S.DROPPED, self.team.inspector)
        self.assertEqual(demand.status, S.DROPPED)
        self.assertFalse(Outbox.objects.exists())
        self.assertFalse(CorrectiveAction.objects.visible_to(fresh(self.team.stranger)).exists())
