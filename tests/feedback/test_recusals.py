"""Keeping people from cases and facilities: what vanishes, what goes back to the queue, who lifts it."""

from datetime import timedelta
from typing import Any

from django.core import mail
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import TestCase
from django.utils import timezone

from accounts.models import Ground, Recusal, User
from accounts.services import engine, open_client
from audit.models import Act, Entry
from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing, SecondPersonNeeded
from deadlines.sweep import sweep
from feedback import recusals, timeline
from feedback.choices import Status
from feedback.models import Case, CaseRecusal
from feedback.subject import recipients
from notifications.choices import State
from notifications.delivery import deliver
from notifications.models import InboxItem, Outbox
from notifications.services import enqueue
from tests.feedback import factories as make

WHY = "Em trai tôi là bác sĩ được nêu trong phản ánh này"


class Recusals(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.second_lead = make.person("lead")
        cls.case = make.case_in(Status.TRIAGED, cls.team, facility=cls.team.hospital.code)

    def recuse(self, person: User, by: User | None = None, case: Case | None = None) -> CaseRecusal:
        return recusals.recuse_from_case(
            case or self.case, person, by=make.fresh(by or person), ground=Ground.FAMILY, reason=WHY
        )

    def from_hospital(self, person: User, by: User | None = None, **more: Any) -> Recusal:
        return recusals.recuse_from_facility(
            self.team.hospital, person, by=make.fresh(by or person), ground=Ground.WORKED, reason=WHY, **more
        )

    def sees(self, person: User, case: Case | None = None) -> bool:
        return Case.objects.visible_to(make.fresh(person)).filter(pk=(case or self.case).pk).exists()


class EscalationTests(Recusals):
    def told(self, role: str) -> list[int]:
        return sorted(recipients(role, [self.case.pk])[self.case.pk])

    def test_a_lead_who_is_kept_from_the_case_is_passed_by(self) -> None:
        self.assertEqual(self.told("lead"), sorted([self.team.lead.pk, self.second_lead.pk]))
        self.recuse(self.team.lead)
        self.assertEqual(self.told("lead"), [self.second_lead.pk])

    def test_where_no_lead_is_left_the_directors_are_told(self) -> None:
        self.recuse(self.team.lead)
        self.from_hospital(self.second_lead)
        self.assertEqual(self.told("lead"), [self.team.director.pk])
        self.recuse(self.team.director)
        self.assertEqual(self.told("director"), [])


class DeclaringTests(Recusals):
    def test_the_case_is_gone_for_the_person_and_back_in_the_queue(self) -> None:
        self.assertEqual(self.case.assignee, self.team.officer)
        self.recuse(self.team.officer)
        self.assertFalse(self.sees(self.team.officer))
        case = Case.objects.get(pk=self.case.pk)
        self.assertEqual((case.assignee, case.version), (None, self.case.version + 1))
        told = Outbox.objects.filter(template="case_unheld").values_list("recipient", flat=True)
        self.assertEqual(set(told), {self.team.lead.pk, self.second_lead.pk})

    def test_the_story_says_it_went_back_and_nothing_of_why(self) -> None:
        self.recuse(self.team.officer)
        story = timeline.entries(Case.objects.get(pk=self.case.pk), make.fresh(self.team.lead))
        self.assertEqual((story[0].kind, story[0].reason, story[0].text), ("handed", "", ""))
        everything = "".join(f"{entry}" for entry in story)
        self.assertNotIn(WHY, everything)
        self.assertNotIn(WHY, "".join(Entry.objects.values_list("reason", flat=True)))
        self.assertEqual(Entry.objects.filter(act=Act.RECUSED).count(), 1)

    def test_a_case_of_somebody_else_stays_with_them(self) -> None:
        self.recuse(self.team.second_officer)
        self.assertEqual(Case.objects.get(pk=self.case.pk).assignee, self.team.officer)

    def test_a_facility_takes_all_its_cases_along_and_leaves_the_others(self) -> None:
        elsewhere = make.case_in(Status.TRIAGED, self.team, facility=self.team.other_hospital.code)
        self.from_hospital(self.team.officer)
        self.assertEqual((self.sees(self.team.officer), self.sees(self.team.officer, elsewhere)), (False, True))
        self.assertIsNone(Case.objects.get(pk=self.case.pk).assignee)
        self.assertEqual(Case.objects.get(pk=elsewhere.pk).assignee, self.team.officer)

    def test_who_may(self) -> None:
        for by, person, refusal in (
            (self.team.officer, self.team.second_officer, RightMissing),
            (self.team.auditor, self.team.officer, RightMissing),
            (self.team.stranger, self.team.stranger, Http404),
        ):
            with self.subTest(by=by, person=person), self.assertRaises(refusal):
                self.recuse(person, by)
        for by in (self.team.officer, self.team.quality_officer):
            with self.assertRaises(RightMissing):
                self.from_hospital(self.team.second_officer, by)
        for by in (self.team.lead, self.team.director):
            self.recuse(self.team.second_officer if by == self.team.lead else self.team.auditor, by)
            self.assertTrue(self.sees(by))

    def test_systems_are_not_recused(self) -> None:
        client = open_client("cong-1022", may_read=True, may_send=False)
        for account in (client.user, engine()):
            with self.assertRaises(InvalidInput) as refused:
                self.recuse(account, self.team.lead)
            self.assertIn("person", refused.exception.fields)
            with self.assertRaises(InvalidInput):
                self.from_hospital(account, self.team.lead)

    def test_reasons_and_grounds_are_asked_for_and_once_is_enough(self) -> None:
        officer = make.fresh(self.team.officer)
        for ground, reason, refusal in (
            (Ground.NAMED, " ", ReasonRequired),
            (Ground.NAMED, "ngắn", InvalidInput),
            ("khac-nua", WHY, InvalidInput),
        ):
            with self.assertRaises(refusal):
                recusals.recuse_from_case(self.case, officer, by=officer, ground=ground, reason=reason)
        self.recuse(self.team.second_officer, self.team.lead)
        with self.assertRaises(InvalidInput):
            self.recuse(self.team.second_officer, self.team.lead)
        self.from_hospital(self.team.officer)
        with self.assertRaises(InvalidInput):
            self.from_hospital(self.team.officer, self.team.lead)


class MessageTests(Recusals):
    def tell(self, person: User, key: str, **more: Any) -> None:
        enqueue(key, to=[person.pk], template="case_answered", about=self.case, params={"reference": "PA"}, **more)

    def inbox(self, person: User) -> int:
        return InboxItem.objects.visible_to(make.fresh(person)).filter(about_id=self.case.pk).count()

    def test_nothing_that_waits_is_delivered_and_what_was_delivered_is_hidden(self) -> None:
        lead = self.team.lead
        User.objects.filter(pk=lead.pk).update(email="to.truong@example.invalid")
        self.tell(lead, "a")
        deliver()
        shown, mails = self.inbox(lead), len(mail.outbox)
        self.assertEqual((shown, mails), (1, 1))
        self.tell(lead, "b")
        self.recuse(lead, self.team.director)
        deliver()
        self.assertEqual((self.inbox(lead), len(mail.outbox)), (0, mails))
        self.assertEqual(set(Outbox.objects.filter(key="b").values_list("state", flat=True)), {State.WITHHELD})

    def test_later_messages_are_withheld_when_they_are_delivered(self) -> None:
        lead = self.team.lead
        User.objects.filter(pk=lead.pk).update(email="to.truong@example.invalid")
        self.recuse(lead, self.team.director)
        self.tell(lead, "c")
        self.tell(self.second_lead, "c")
        before = len(mail.outbox)
        self.assertEqual(deliver().failed, 0)
        self.assertEqual((self.inbox(lead), self.inbox(self.second_lead), len(mail.outbox)), (0, 1, before))

    def test_escalations_of_a_facilitys_cases_pass_a_recused_lead_by(self) -> None:
        self.from_hospital(self.team.lead, self.team.director)
        late = timezone.now() + timedelta(days=90)
        from time_machine import travel

        with travel(late, tick=False):
            sweep()
        Outbox.objects.update(next_try_at=timezone.now() - timedelta(minutes=1))
        deliver()
        self.assertEqual(self.inbox(self.team.lead), 0)

    def test_lifting_shows_again_what_was_hidden_unless_another_recusal_holds(self) -> None:
        self.tell(self.team.lead, "d")
        deliver()
        by_case = self.recuse(self.team.lead, self.team.director)
        by_place = self.from_hospital(self.team.lead, self.team.director)
        recusals.lift_from_case(by_case, by=make.fresh(self.second_lead), reason="Không còn liên quan nữa")
        self.assertEqual(self.inbox(self.team.lead), 0)
        recusals.lift_from_facility(by_place, by=make.fresh(self.second_lead), reason="Không còn liên quan nữa")
        self.assertEqual(self.inbox(self.team.lead), 1)


class LiftingTests(Recusals):
    LIFT = "Đã xác minh: không có quan hệ gia đình"

    def test_a_third_person_lifts_with_a_reason(self) -> None:
        held = self.recuse(self.team.officer, self.team.lead)
        lifted = recusals.lift_from_case(held, by=make.fresh(self.team.director), reason=self.LIFT)
        self.assertEqual((lifted.lifted_by, lifted.lift_reason), (self.team.director, self.LIFT))
        self.assertTrue(self.sees(self.team.officer))
        with self.assertRaises(MoveRefused):
            recusals.lift_from_case(held, by=make.fresh(self.second_lead), reason=self.LIFT)
        place = self.from_hospital(self.team.officer)
        recusals.lift_from_facility(place, by=make.fresh(self.team.lead), reason=self.LIFT)
        self.assertTrue(self.sees(self.team.officer))
        self.assertEqual(Entry.objects.filter(act=Act.LIFTED).count(), 2)

    def test_neither_the_recuser_nor_the_recused_lifts(self) -> None:
        held = self.recuse(self.team.officer, self.team.lead)
        place = self.from_hospital(self.second_lead, self.team.lead)
        with self.assertRaises(SecondPersonNeeded):
            recusals.lift_from_case(held, by=make.fresh(self.team.lead), reason=self.LIFT)
        for by in (self.team.lead, self.second_lead):
            with self.assertRaises(SecondPersonNeeded):
                recusals.lift_from_facility(place, by=make.fresh(by), reason=self.LIFT)
        with self.assertRaises(RightMissing):
            recusals.lift_from_case(held, by=make.fresh(self.team.officer), reason=self.LIFT)

    def test_who_is_kept_from_the_case_knows_of_no_recusal_from_it(self) -> None:
        held = self.recuse(self.team.officer, self.team.director)
        self.recuse(self.second_lead, self.team.director)
        with self.assertRaises(Http404):
            recusals.lift_from_case(held, by=make.fresh(self.second_lead), reason=self.LIFT)

    def test_the_database_refuses_it_too(self) -> None:
        place = self.from_hospital(self.team.officer, self.team.lead)
        for by in (self.team.officer, self.team.lead):
            with self.assertRaises(IntegrityError), transaction.atomic():
                Recusal.objects.filter(pk=place.pk).update(
                    lifted_by=by, lifted_at=timezone.now(), lift_reason=self.LIFT
                )
