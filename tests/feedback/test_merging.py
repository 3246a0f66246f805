"""Two cases about one matter: which may go together, what it does to both, and that undoing leaves nothing."""

import itertools
from datetime import timedelta
from typing import Any

import time_machine
from django.test import TestCase
from django.utils import timezone

from common.exceptions import InvalidInput, MoveRefused, RightMissing, StaleVersion
from deadlines.models import Deadline, Pause
from deadlines.verification import verify
from feedback import services
from feedback.choices import Status
from feedback.models import Case, Reply
from feedback.public import following
from feedback.public.progress import progress_of
from feedback.transitions import allowed_moves, move
from links.models import Link
from notifications.models import Outbox
from tests.feedback import factories as make

_CLOCK = ("obligation", "cycle", "state", "starts_at", "due_at", "finished_at", "on_time", "paused_at", "paused_total")
_CASE = ("status", "merged_into", "due_at", "escalation_level", "assignee", "facility", "ended_at", "outcome")


class MergeTestCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()

    def step(self, case: Case, to: Status, by: Any = None, **given: Any) -> Case:
        case.refresh_from_db()
        person = make.fresh(by or make.actor_for(self.team, to))
        values = make.given_for(self.team) | given
        return move(case, to, by=person, reason="cùng việc", version=case.version, given=values)

    def merge(self, case: Case, into: Case, **given: Any) -> Case:
        return self.step(case, Status.MERGED, target=into.reference, **given)

    def undo(self, case: Case, by: Any = None) -> Case:
        case.refresh_from_db()
        (to,) = allowed_moves(case, make.fresh(self.team.lead))
        return self.step(case, to, by=by or self.team.officer)

    def snapshot(self, case: Case) -> tuple[Any, ...]:
        """What people and clocks know of a case; ended clocks without a verdict are kept and count for nothing."""
        clocks = Deadline.objects.about(case).exclude(state="cancelled").order_by("obligation", "cycle")
        row = Case.objects.filter(pk=case.pk).values_list(*_CASE).get()
        return row, [tuple(clock) for clock in clocks.values_list(*_CLOCK)]

    def received_earlier(self, case: Case, hours: int) -> Case:
        """The same case as if it had come some hours before: its clocks began then."""
        for clock in Deadline.objects.about(case).live():
            clock.starts_at -= timedelta(hours=hours)
            clock.save()
        from deadlines.editions import current
        from deadlines.replanning import pauses_of, replan

        rows = list(Deadline.objects.about(case).live())
        replan(rows, current(), pauses_of(rows))
        for row in rows:
            row.save()
        Case.objects.filter(pk=case.pk).update(due_at=min(row.due_at for row in rows))
        case.refresh_from_db()
        return case

    def due(self, case: Case, obligation: str = "resolve") -> Any:
        return Deadline.objects.about(case).live().get(obligation=obligation).due_at


class RuleTests(MergeTestCase):
    def refused(self, case: Case, into: Case, by: Any = None) -> str:
        with self.assertRaises(InvalidInput) as refusal:
            self.step(case, Status.MERGED, by=by, target=into.reference)
        return str(refusal.exception.fields["target"][0])

    def test_what_is_not_seen_is_answered_like_what_is_not_there(self) -> None:
        case, secret = make.case(), make.case(is_confidential=True)
        absent = self.refused(case, Case(reference="PA-2026-999999"))
        self.assertEqual(self.refused(case, secret), absent)
        self.assertNotEqual(self.refused(case, secret, by=self.team.lead), absent)

    def test_only_like_goes_with_like(self) -> None:
        case = make.case()
        answered = make.case_in(Status.REPLIED, self.team)
        other = make.case_in(Status.FORWARDED, self.team)
        elsewhere = make.case(facility="T02")
        for one, into in ((case, case), (case, answered), (case, make.case(kind="KHIEUNAI")), (elsewhere, other)):
            with self.subTest(into=into.kind):
                self.refused(one, into)
        self.refused(make.case(kind="KHIEUNAI"), make.case(kind="KHIEUNAI"))

    def test_a_case_that_took_in_others_does_not_go_into_a_third(self) -> None:
        first, second, third = make.case(), make.case(), make.case()
        self.merge(first, second)
        self.refused(second, third)

    def test_a_version_that_the_person_did_not_see_stops_it(self) -> None:
        case, into = make.case(), make.case()
        seen = into.version
        self.step(into, Status.TRIAGED)
        with self.assertRaises(StaleVersion):
            self.merge(case, into, target_version=seen)
        case.refresh_from_db()
        self.assertEqual(case.status, Status.RECEIVED)


class ClockTests(MergeTestCase):
    def test_the_clock_that_is_due_first_counts_for_both(self) -> None:
        into, case = make.case(), self.received_earlier(make.case(), 72)
        due = self.due(case)
        self.assertLess(due, self.due(into))
        self.merge(case, into)
        into.refresh_from_db()
        self.assertEqual(self.due(into), due)
        self.assertEqual(into.due_at, min(row.due_at for row in Deadline.objects.about(into).running()))

    def test_a_later_one_changes_nothing(self) -> None:
        into, case = self.received_earlier(make.case(), 72), make.case()
        before = self.snapshot(into)
        self.merge(case, into)
        self.assertEqual(self.snapshot(into), before)

    def test_a_promise_is_never_lost(self) -> None:
        into, case = make.case_in(Status.IN_REVIEW, self.team), make.case()
        self.assertFalse(Deadline.objects.about(into).live().filter(obligation="resolve").exists())
        due = self.due(case)
        self.merge(case, into)
        self.assertEqual(self.due(into), due)

    def test_what_stands_stands_on(self) -> None:
        into, case = make.case_in(Status.WAITING, self.team), self.received_earlier(make.case(), 72)
        self.merge(case, into)
        self.assertEqual(Deadline.objects.about(into).live().get(obligation="resolve").state, "paused")


class UndoTests(MergeTestCase):
    def test_undoing_leaves_both_cases_as_they_were(self) -> None:
        """Whatever the other case's step, whichever came first, however both stood."""
        targets = (Status.RECEIVED, Status.TRIAGED, Status.WAITING, Status.FORWARDED, Status.CHECKED, Status.IN_REVIEW)
        for source, target, hours in itertools.product((Status.RECEIVED, Status.TRIAGED), targets, (0, 72)):
            with self.subTest(source=source, target=target, hours=hours):
                into = make.case_in(target, self.team)
                case = self.received_earlier(make.case_in(source, self.team), hours)
                before = self.snapshot(case), self.snapshot(into)
                self.undo(self.merge(case, into))
                self.assertEqual((self.snapshot(case), self.snapshot(into)), before)
        self.assertFalse(verify().faults)

    def test_what_happened_meanwhile_happened_to_the_clock_that_comes_back(self) -> None:
        into, case = make.case(), self.received_earlier(make.case(), 72)
        twin = make.case()
        self.merge(case, into)
        for one in (into, twin):
            self.step(one, Status.WAITING)
            self.step(one, Status.TRIAGED)
            self.step(one, Status.WAITING)
        self.undo(case)
        here, there = (Deadline.objects.about(one).live().get(obligation="resolve") for one in (into, twin))
        self.assertEqual(here.state, there.state)
        pauses = Pause.objects.filter(deadline=here).order_by("starts_at")
        self.assertEqual([pause.ends_at is None for pause in pauses], [False, True])
        self.assertEqual(Deadline.objects.about(into).filter(obligation="acknowledge", state="done").count(), 1)
        self.assertFalse(verify().faults)

    def test_several_come_out_in_any_order(self) -> None:
        for order in itertools.permutations(range(3)):
            with self.subTest(order=order):
                into = make.case()
                cases = [self.received_earlier(make.case(), hours) for hours in (24, 72, 48)]
                before = [self.snapshot(one) for one in (*cases, into)]
                for case in cases:
                    self.merge(case, into)
                for number in order:
                    self.undo(cases[number])
                self.assertEqual([self.snapshot(one) for one in (*cases, into)], before)

    def test_both_histories_keep_who_and_why(self) -> None:
        case, into = make.case(), make.case()
        self.undo(self.merge(case, into))
        for one in (case, into):
            rows = list(one.history.order_by("history_id"))
            self.assertEqual(len(rows), 3)
            self.assertEqual({row.history_user_id for row in rows[1:]}, {self.team.officer.pk})
            self.assertEqual({row.history_change_reason for row in rows[1:]}, {"cùng việc"})
        self.assertTrue(Link.objects.filter(source_id=case.pk, target_id=into.pk).exists())
        self.merge(case, into)  # and again

    def test_after_the_answer_only_a_lead_undoes_it(self) -> None:
        case, into = make.case(), make.case()
        self.merge(case, into)
        self.step(into, Status.TRIAGED)
        self.step(into, Status.REPLIED, by=self.team.officer)
        with self.assertRaises(RightMissing) as refusal:
            self.undo(case)
        self.assertIn(into.reference, str(refusal.exception))
        self.undo(case, by=self.team.lead)
        self.assertEqual(Case.objects.get(pk=case.pk).status, Status.RECEIVED)


class ReporterTests(MergeTestCase):
    def test_those_whose_cases_were_merged_are_answered_in_words_of_their_own(self) -> None:
        case, into = make.case(), make.case()
        self.merge(case, into)
        self.step(into, Status.TRIAGED)
        with self.assertRaises(InvalidInput) as refusal:
            self.step(into, Status.REPLIED, by=self.team.officer, reply="Kính gửi bà Lam.", reply_joined="")
        self.assertIn("reply_joined", refusal.exception.fields)
        self.assertFalse(Reply.objects.exists())
        self.step(into, Status.REPLIED, by=self.team.officer, reply="Kính gửi bà Lam.", reply_joined="Kính gửi ông/bà.")
        progress = progress_of(Case.objects.get(pk=case.pk))
        self.assertEqual([reply.text for reply in progress.replies], ["Kính gửi ông/bà."])
        self.assertEqual(progress.steps[3].state, "current")
        self.assertEqual(progress.sentence, progress_of(Case.objects.get(pk=into.pk)).sentence)

    def answered_together(self) -> tuple[Case, Case]:
        """A case, and the one in which it went on until both reporters were answered."""
        case, into = make.case(), make.case()
        self.merge(case, into)
        self.step(into, Status.TRIAGED)
        self.step(into, Status.REPLIED, by=self.team.officer, reply="Kính gửi bà Lam.", reply_joined="Kính gửi ông/bà.")
        case.refresh_from_db()
        into.refresh_from_db()
        return case, into

    def test_each_reporter_says_what_they_think_of_their_own_answer(self) -> None:
        case, into = self.answered_together()
        self.assertTrue(progress_of(case).may_rate)
        following.rate(case, "no", "Chưa đúng việc của tôi.")
        case.refresh_from_db()
        into.refresh_from_db()
        self.assertEqual((case.satisfaction, into.satisfaction), ("no", ""))
        self.assertFalse(progress_of(case).may_rate)
        self.assertTrue(progress_of(into).may_rate)
        self.assertEqual(progress_of(into).messages, [])
        told = Outbox.objects.filter(template="case_unsatisfied", about_id=case.pk)
        self.assertEqual({one.recipient for one in told}, {self.team.lead})

    def test_nobody_judges_an_answer_that_is_not_there(self) -> None:
        case, into = make.case(), make.case()
        self.merge(case, into)
        case.refresh_from_db()
        self.assertFalse(progress_of(case).may_rate)
        with self.assertRaises(MoveRefused):
            following.rate(case, "yes", "")

    def test_what_was_said_of_the_common_answer_goes_with_the_merge(self) -> None:
        case, _into = self.answered_together()
        following.rate(case, "partly", "")
        self.undo(case, by=self.team.lead)
        case.refresh_from_db()
        self.assertEqual(case.satisfaction, "")

    def test_the_days_of_the_other_reporter_are_not_told(self) -> None:
        with time_machine.travel(timezone.now() - timedelta(days=9), tick=True):
            earlier = make.case()
        case = make.case()
        self.merge(case, earlier)
        progress = progress_of(Case.objects.get(pk=case.pk))
        self.assertEqual(progress.steps[0].reached_at, case.received_at)
        self.assertTrue(all(step.reached_at is None or step.reached_at >= case.received_at for step in progress.steps))

    def test_where_the_matter_was_passed_to_is_told_to_both(self) -> None:
        case, into = make.case(), make.case()
        self.merge(case, into)
        self.step(into, Status.TRANSFERRED)
        into.refresh_from_db()
        self.assertTrue(into.transferred_to)
        self.assertEqual(progress_of(Case.objects.get(pk=case.pk)).passed_to, into.transferred_to)

    def test_one_reporter_learns_nothing_of_the_other(self) -> None:
        case, into = make.case(body="Người thứ nhất."), make.case(body="Người thứ hai.")
        self.merge(case, into)
        services.add_from_reporter(into, "Tôi là người thứ hai.")
        progress = progress_of(Case.objects.get(pk=case.pk))
        self.assertEqual((progress.case.pk, progress.messages, progress.replies), (case.pk, [], []))
