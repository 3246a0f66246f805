"""The workflow: every pair of statuses, allowed or not, and what a move leaves behind."""

import itertools

from django.http import Http404
from django.test import TestCase

from common.exceptions import (
    InvalidInput,
    MoveRefused,
    ReasonRequired,
    RightMissing,
    SecondPersonNeeded,
    StaleVersion,
)
from deadlines.models import Deadline
from feedback.choices import ENDED, Status
from feedback.models import Answer, Case, Note, Reply
from feedback.transitions import MOVES, allowed_moves, move
from notifications.models import Outbox
from tests.feedback import factories as make


class TransitionTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()

    def step(self, case: Case, to: Status, by=None, **changes) -> Case:
        args = {
            "by": make.fresh(by or make.actor_for(self.team, to)),
            "reason": "theo quy trình",
            "version": case.version,
            "given": make.given_for(self.team),
        } | changes
        return move(case, to, **args)


class EveryPairTests(TransitionTests):
    def test_each_pair_of_the_table_is_made_and_each_other_pair_is_refused_with_the_allowed_ones(
        self,
    ) -> None:
        superuser = make.person("lead")
        superuser.is_superuser = True
        superuser.save()
        target = make.case()
        for source, to in itertools.product(Status, Status):
            with self.subTest(source=source, to=to):
                case = make.case_before(source, to, self.team)
                given = make.given_for(self.team, target)
                if (source, to) in MOVES:
                    moved = move(case, to, by=superuser, reason="thử", version=case.version, given=given)
                    self.assertEqual(moved.status, to)
                    self.assertEqual(moved.version, case.version + 1)
                    self.assertEqual(moved.ended_at is not None, to in ENDED)
                    self.assertTrue(make.entry_is_true(moved))
                else:
                    with self.assertRaises(MoveRefused) as refused:
                        move(case, to, by=superuser, reason="thử", version=case.version, given=given)
                    self.assertEqual(
                        set(refused.exception.extra["allowed"]),
                        {str(t) for (s, t), one in MOVES.items() if s == source and one.fits(case)},
                    )

    def test_every_status_can_be_reached_and_left_or_is_an_end(self) -> None:
        self.assertEqual({to for _source, to in MOVES} | {Status.RECEIVED}, set(Status))
        self.assertEqual({source for source, _to in MOVES}, set(Status))

    def test_unknown_status_is_refused(self) -> None:
        case = make.case()
        with self.assertRaises(MoveRefused):
            self.step(case, "flying")


class RefusalTests(TransitionTests):
    def test_stale_version_changes_nothing(self) -> None:
        case = make.case()
        with self.assertRaises(StaleVersion):
            self.step(case, Status.TRIAGED, version=0)
        case.refresh_from_db()
        self.assertEqual(case.status, Status.RECEIVED)
        self.assertEqual(case.history.count(), 1)

    def test_a_reason_is_needed(self) -> None:
        case = make.case()
        with self.assertRaises(ReasonRequired):
            self.step(case, Status.TRIAGED, reason=" \x00 ")

    def test_an_unseen_case_answers_as_an_absent_one(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        with self.assertRaises(Http404):
            self.step(case, Status.ANSWERED, by=self.team.stranger)

    def test_the_facility_cannot_take_the_departments_steps(self) -> None:
        case = make.case_in(Status.ANSWERED, self.team)
        with self.assertRaises(RightMissing):
            self.step(case, Status.CHECKED, by=self.team.quality_officer)

    def test_the_department_cannot_answer_for_the_facility(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        with self.assertRaises(RightMissing):
            self.step(case, Status.ANSWERED, by=self.team.officer)

    def test_whoever_checked_cannot_confirm(self) -> None:
        case = make.case_in(Status.CHECKED, self.team)
        with self.assertRaises(SecondPersonNeeded):
            self.step(case, Status.CONFIRMED, by=self.team.officer)
        self.assertNotIn(Status.CONFIRMED, allowed_moves(case, make.fresh(self.team.officer)))
        self.assertIn(Status.CONFIRMED, allowed_moves(case, make.fresh(self.team.lead)))

    def test_missing_details_are_named_one_by_one(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        with self.assertRaises(InvalidInput) as refused:
            self.step(case, Status.ANSWERED, given={"proposed_outcome": "nope"})
        self.assertEqual(set(refused.exception.fields), {"findings", "proposed_outcome"})
        self.assertFalse(Answer.objects.exists())

    def test_a_confidential_case_is_not_forwarded(self) -> None:
        case = make.case(channel="HOTLINE_VBMT")
        with self.assertRaises(InvalidInput) as refused:
            self.step(case, Status.FORWARDED, by=self.team.lead)
        self.assertIn("facility", refused.exception.fields)

    def test_an_ended_facility_is_refused(self) -> None:
        case = make.case()
        with self.assertRaises(InvalidInput):
            self.step(case, Status.FORWARDED, given={"facility": "khong-co"})

    def test_review_needs_another_officer(self) -> None:
        case = make.case_in(Status.CLOSED, self.team)
        with self.assertRaises(InvalidInput):
            self.step(case, Status.IN_REVIEW, given={"assignee": self.team.officer.username})
        moved = self.step(case, Status.IN_REVIEW, given={"assignee": self.team.second_officer.username})
        self.assertEqual(moved.assignee, self.team.second_officer)


class TraceTests(TransitionTests):
    def test_history_keeps_who_and_why(self) -> None:
        case = self.step(make.case(), Status.TRIAGED, reason="đủ thông tin")
        latest = case.history.first()
        self.assertEqual((latest.history_user, latest.history_change_reason), (self.team.officer, "đủ thông tin"))
        self.assertEqual(latest.status, Status.TRIAGED)
        self.assertEqual(latest.version, case.version)

    def test_history_cannot_be_changed_or_deleted(self) -> None:
        from django.db import DatabaseError, transaction

        case = make.case()
        for attempt in (case.history.all().delete, lambda: case.history.update(status="closed"), case.delete):
            with self.assertRaises(DatabaseError), transaction.atomic():
                attempt()

    def test_forwarding_starts_the_facilitys_clock_and_tells_its_people_once(self) -> None:
        case = self.step(make.case(category="QUYTRINH.01"), Status.FORWARDED)
        answer = Deadline.objects.get(about_id=case.pk, obligation="answer")
        self.assertEqual(answer.state, "running")
        self.assertEqual(case.due_at, min(d.due_at for d in Deadline.objects.filter(about_id=case.pk, state="running")))
        told = Outbox.objects.filter(recipient=self.team.quality_officer, channel="inbox")
        self.assertEqual(told.count(), 1)
        self.assertFalse(Outbox.objects.filter(recipient=self.team.stranger).exists())

    def test_a_returned_answer_gets_a_new_clock_and_both_answers_stay(self) -> None:
        case = make.case_in(Status.RETURNED, self.team)
        cycles = Deadline.objects.filter(about_id=case.pk, obligation="answer").order_by("cycle")
        self.assertEqual([d.state for d in cycles], ["done", "running"])
        self.step(case, Status.ANSWERED)
        self.assertEqual(Answer.objects.filter(case=case).count(), 2)

    def test_waiting_pauses_and_going_on_resumes(self) -> None:
        case = make.case_in(Status.WAITING, self.team)
        self.assertIsNone(case.due_at)
        self.assertFalse(Deadline.objects.filter(about_id=case.pk, state="running").exists())
        self.assertEqual(Note.objects.get(case=case).audience, "citizen")
        case = self.step(case, Status.TRIAGED)
        self.assertIsNotNone(case.due_at)

    def test_ending_stops_every_clock(self) -> None:
        for status in (Status.OUT_OF_SCOPE, Status.TRANSFERRED, Status.CLOSED, Status.MERGED):
            case = make.case_in(status, self.team)
            self.assertFalse(Deadline.objects.filter(about_id=case.pk, state__in=["running", "paused"]).exists())
            self.assertIsNone(case.due_at)

    def test_the_whole_way_leaves_its_parts(self) -> None:
        case = make.case_in(Status.CLOSED, self.team, category="QUYTRINH.01")
        self.assertEqual(Reply.objects.get(case=case).way, "phone")
        self.assertEqual(case.public_summary, make.GIVEN["public_summary"])
        self.assertIsNotNone(case.published_at)
        self.assertEqual(case.history.count(), case.version)
        self.assertTrue(Deadline.objects.get(about_id=case.pk, obligation="resolve").on_time)

    def test_merging_can_be_undone(self) -> None:
        target = make.case()
        case = self.step(make.case(), Status.MERGED, given={"target": target.reference})
        self.assertEqual(case.merged_into, target)
        case = self.step(case, Status.RECEIVED)
        self.assertIsNone(case.merged_into)
        self.assertIsNotNone(case.due_at)

    def test_a_move_runs_a_constant_number_of_queries(self) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        counts = []
        for extra_people in (0, 15):
            for number in range(extra_people):
                make.person("facility_officer", name=f"them-{number}", facility=self.team.hospital)
            case = make.case()
            with CaptureQueriesContext(
                connection,
            ) as queries:
                self.step(case, Status.FORWARDED)
            counts.append(len(queries))
        self.assertEqual(counts[0], counts[1])
