"""A longer term: one asks, another answers, what was due before stays written, and no law is stretched."""

from datetime import timedelta

import pgtrigger
from django.contrib.auth.models import Group
from django.db import DatabaseError, IntegrityError, transaction
from django.http import Http404
from django.test import TestCase
from django.utils import timezone

from accounts.models import User
from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing, SecondPersonNeeded
from deadlines import calendar as dates
from deadlines import editions, extensions, services
from deadlines.choices import Nature
from deadlines.extensions import ASK, GRANT, ask, grant, refuse
from deadlines.models import Deadline, Escalation, Extension
from deadlines.sweep import sweep
from deadlines.verification import verify
from deadlines.words import explanation
from notifications.models import Outbox
from tests.deadlines import factories as make
from tests.rights import hold, may

WHY = "chờ kết quả giám định"


class ExtensionTest(TestCase):
    def setUp(self):
        make.calendar()
        self.record = make.record()
        self.officer, self.lead = self.person("officer", ASK), self.person("lead", ASK, GRANT)
        self.moved: list[int] = []
        self.staff = make.Staff()
        self.staff.by_role = {"responsible": [self.officer.pk]}
        context = make.registered(make.subject_for(self.staff, on_moved=self.moved.extend))
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        self.rule = make.rule(make.usual_ladder(), "answer", "working_days", 5)
        self.start = timezone.now() - timedelta(hours=1)
        self.deadline = make.opened(self.record, self.officer, self.start)

    def person(self, name, *rights):
        person = make.person(name)
        hold(person, self.record)
        may(person, *rights)
        return User.objects.get(pk=person.pk)

    def asked(self, amount=8, by=None):
        return ask(self.deadline, amount=amount, reason=WHY, by=by or self.officer)

    def test_granted_term_moves_the_due_moment_and_keeps_the_one_before(self):
        before = self.deadline.due_at
        granted = grant(self.asked(), reason="có căn cứ", by=self.lead)
        self.deadline.refresh_from_db()
        calendar = editions.current().calendar
        self.assertEqual(
            self.deadline.due_at, dates.due(calendar, dates.Term(dates.Clock.WORKING_DAYS, 8), self.deadline.starts_at)
        )
        self.assertEqual(self.deadline.original_due_at, before)
        self.assertEqual((granted.due_before, granted.due_after), (before, self.deadline.due_at))
        self.assertEqual((granted.is_granted, granted.decided_by_id), (True, self.lead.pk))
        self.assertEqual(self.deadline.next_at, self.deadline.moments[0])
        self.assertEqual(self.moved, [self.record.pk])
        self.assertEqual(verify().faults, {})
        self.assertTrue(any("gia hạn" in line.lower() for line in explanation(self.deadline)))

    def test_second_person_is_told_and_then_the_first(self):
        asked = self.asked()
        told = Outbox.objects.values_list("template", "recipient")
        self.assertEqual(set(told), {("extension_asked", self.lead.pk)})
        refuse(asked, reason="chưa đủ căn cứ", by=self.lead)
        self.assertIn(("extension_refused", self.officer.pk), set(told.all()))

    def test_refused_term_changes_nothing(self):
        before = Deadline.objects.values().get()
        refused = refuse(self.asked(), reason="chưa đủ căn cứ", by=self.lead)
        self.assertEqual(Deadline.objects.values().get(), before)
        self.assertEqual((refused.is_granted, refused.due_after), (False, None))

    def test_nobody_answers_their_own_request(self):
        asked = self.asked(by=self.lead)
        for deed in (grant, refuse):
            with self.assertRaises(SecondPersonNeeded):
                deed(asked, reason="x", by=self.lead)
        with self.assertRaises(IntegrityError), transaction.atomic():
            now = timezone.now()
            Extension.objects.filter(pk=asked.pk).update(
                decided_by=self.lead, decided_at=now, is_granted=False, answer="x"
            )

    def test_rights_and_sight_are_asked_first(self):
        with self.assertRaises(RightMissing):
            self.asked(by=self.person("reader"))
        stranger = make.person("stranger")
        may(stranger, ASK)
        with self.assertRaises(Http404):
            self.asked(by=stranger)
        with self.assertRaises(RightMissing):
            grant(self.asked(), reason="x", by=self.officer)

    def test_a_request_waits_alone_and_is_answered_once(self):
        asked = self.asked()
        with self.assertRaises(MoveRefused):
            self.asked(9)
        grant(asked, reason="có căn cứ", by=self.lead)
        with self.assertRaises(MoveRefused):
            refuse(asked, reason="x", by=self.lead)
        with self.assertRaises(DatabaseError), transaction.atomic():
            Extension.objects.filter(pk=asked.pk).update(is_granted=False, due_after=None)

    def test_only_what_the_rule_leaves_room_for(self):
        for amount in (5, 4, 11):
            with self.subTest(amount=amount), self.assertRaises(InvalidInput):
                self.asked(amount)
        self.assertEqual(extensions.longest_of(self.deadline), 10)

    def test_a_law_gives_no_more_than_it_says(self):
        ladder = self.rule.ladder
        for kind, longest, room in (("none", None, 30), ("some", 45, 45)):
            make.rule(ladder, "resolve", "days", 30, nature=Nature.LEGAL, longest=longest, kind=kind)
            record = make.record(kind)
            deadline = make.opened(record, self.officer, self.start, "resolve", kind=kind)
            self.assertEqual(extensions.longest_of(deadline), room)
            self.assertIs(extensions.can_be_asked(deadline, timezone.now()), longest is not None)

    def test_a_policy_never_goes_beyond_its_law(self):
        make.rule(self.rule.ladder, "check", "working_days", 5)
        make.rule(self.rule.ladder, "check", "working_days", 7, nature=Nature.LEGAL)
        make.rule(self.rule.ladder, "check", "working_days", 5, channel="HOTLINE")
        self.deadline = make.opened(self.record, self.officer, self.start, "check", channel="HOTLINE")
        self.assertIn("within", self.deadline.derivation)
        with self.assertRaises(InvalidInput):
            self.asked(8)
        self.asked(7)

    def test_what_is_late_stays_late(self):
        late = make.opened(make.record("late"), self.officer, timezone.now() - timedelta(days=60))
        hold(self.officer, Group.objects.get(pk=late.about_id))
        self.deadline = late
        with self.assertRaises(MoveRefused):
            self.asked(by=User.objects.get(pk=self.officer.pk))
        self.assertFalse(extensions.can_be_asked(late, timezone.now()))

    def test_a_reason_is_needed_on_both_sides(self):
        with self.assertRaises(ReasonRequired):
            ask(self.deadline, amount=8, reason="  ", by=self.officer)
        with self.assertRaises(ReasonRequired):
            grant(self.asked(), reason="", by=self.lead)
        self.deadline.refresh_from_db()
        self.assertNotIn("base", self.deadline.derivation)

    def test_a_correction_without_another_rule_keeps_the_longer_term(self):
        grant(self.asked(), reason="có căn cứ", by=self.lead)
        self.assertEqual(services.reconsider(self.record, facts={}, by=self.officer, reason="tiêu đề"), [])
        make.rule(self.rule.ladder, "answer", "working_days", 2, urgency="S2")
        services.reconsider(self.record, facts={"urgency": "S2"}, by=self.officer, reason="khẩn hơn")
        self.deadline.refresh_from_db()
        self.assertEqual(self.deadline.derivation["amount"], 2)
        self.assertEqual(len(self.deadline.derivation["earlier"]), 2)

    def test_steps_that_happened_do_not_happen_again(self):
        with pgtrigger.ignore():
            Deadline.objects.filter(pk=self.deadline.pk).update(
                moments=[timezone.now() - timedelta(minutes=1), *self.deadline.moments[1:]],
                next_at=timezone.now() - timedelta(minutes=1),
            )
        sweep()
        grant(self.asked(), reason="có căn cứ", by=self.lead)
        self.deadline.refresh_from_db()
        self.assertEqual(list(Escalation.objects.values_list("step", flat=True)), [1])
        self.assertNotIn(1, self.deadline.positions)
