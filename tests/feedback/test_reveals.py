"""Seeing who reported a confidential case: asked, answered by somebody else, ended by itself, written down."""

from datetime import timedelta
from typing import Any

import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.http import Http404
from django.test import TestCase
from django.utils import timezone

from audit.models import Act, Entry, Purpose
from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing, SecondPersonNeeded
from feedback import reveals, services
from feedback.choices import Status
from feedback.models import Case, RevealRequest
from notifications.models import Outbox
from tests.feedback import factories as make
from tests.rights import may

WHY = "mời làm việc trực tiếp để bảo vệ người tố giác"


class SecondPersonTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.other_lead = make.person("lead")
        cls.case = make.case(is_confidential=True, reporter={"phone": "0900000009"})

    def ask(self, by: Any = None, **changes: Any) -> RevealRequest:
        given = {"purpose": Purpose.INVITE, "reason": WHY} | changes
        return reveals.ask(self.case, by=make.fresh(by or self.team.lead), **given)

    def look(self, by: Any = None) -> list[Any]:
        return services.reveal_reporter(self.case, by=make.fresh(by or self.team.lead))

    def acts(self) -> list[str]:
        return list(Entry.objects.order_by("id").values_list("act", flat=True))

    def test_nobody_looks_alone(self) -> None:
        for person in (self.team.lead, self.other_lead):
            with self.assertRaises(SecondPersonNeeded):
                self.look(person)
        self.assertEqual(self.acts(), [Act.REFUSED, Act.REFUSED])

    def test_asked_agreed_seen_and_each_step_written_down(self) -> None:
        asked = self.ask()
        with self.assertRaises(SecondPersonNeeded):
            self.look()
        reveals.approve(asked, by=make.fresh(self.team.director))
        self.assertEqual(self.look()[0].phone, "0900000009")
        self.assertEqual(self.acts(), [Act.ASK, Act.REFUSED, Act.APPROVE, Act.REVEAL])
        seen = Entry.objects.get(act=Act.REVEAL)
        self.assertEqual((seen.by, seen.purpose, seen.reason), (self.team.lead, Purpose.INVITE, WHY))

    def test_an_approval_is_for_one_person_only(self) -> None:
        reveals.approve(self.ask(), by=make.fresh(self.team.director))
        with self.assertRaises(SecondPersonNeeded):
            self.look(self.other_lead)
        with self.assertRaises(RightMissing):
            self.look(self.team.director)

    def test_it_ends_by_itself(self) -> None:
        asked = self.ask()
        reveals.approve(asked, by=make.fresh(self.other_lead))
        with time_machine.travel(timezone.now() + timedelta(minutes=59), tick=False):
            self.assertEqual(len(self.look()), 1)
        with (
            time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False),
            self.assertRaises(SecondPersonNeeded),
        ):
            self.look()

    def test_a_request_lapses_without_an_answer(self) -> None:
        asked = self.ask()
        with time_machine.travel(timezone.now() + timedelta(days=3)), self.assertRaises(MoveRefused):
            reveals.approve(asked, by=make.fresh(self.team.director))

    def test_nobody_answers_their_own_request(self) -> None:
        asked = self.ask()
        with self.assertRaises(SecondPersonNeeded):
            reveals.approve(asked, by=make.fresh(self.team.lead))
        with self.assertRaises(IntegrityError), transaction.atomic():
            now = timezone.now()
            RevealRequest.objects.filter(pk=asked.pk).update(decided_by=self.team.lead, approved_at=now, expires_at=now)

    def test_no_approval_lasts_longer_than_an_hour(self) -> None:
        asked = reveals.approve(self.ask(), by=make.fresh(self.team.director))
        with self.assertRaises(IntegrityError), transaction.atomic():
            RevealRequest.objects.filter(pk=asked.pk).update(expires_at=asked.approved_at + timedelta(minutes=61))

    def test_no_request_is_deleted(self) -> None:
        with self.assertRaises(DatabaseError), transaction.atomic():
            self.ask().delete()

    def test_declined_is_declined(self) -> None:
        asked = self.ask()
        with self.assertRaises(ReasonRequired):
            reveals.decline(asked, by=make.fresh(self.team.director), answer=" ")
        reveals.decline(asked, by=make.fresh(self.team.director), answer="chưa đủ lý do")
        with self.assertRaises(MoveRefused):
            reveals.approve(asked, by=make.fresh(self.other_lead))
        with self.assertRaises(SecondPersonNeeded):
            self.look()
        self.assertNotEqual(self.ask().pk, asked.pk)

    def test_asking_twice_is_one_request_and_one_message(self) -> None:
        self.assertEqual(self.ask(), self.ask(reason=WHY + " nữa"))
        told = Outbox.objects.filter(template="case_reveal_asked", channel="inbox")
        self.assertEqual(set(told.values_list("recipient_id", flat=True)), {self.team.director.pk, self.other_lead.pk})
        self.assertEqual(told.count(), 2)

    def test_the_asker_hears_the_answer(self) -> None:
        reveals.approve(self.ask(), by=make.fresh(self.team.director))
        told = Outbox.objects.filter(template="case_reveal_decided", channel="inbox").get()
        self.assertEqual((told.recipient_id, told.params), (self.team.lead.pk, {"reference": self.case.reference}))

    def test_who_may_neither_ask_nor_answer(self) -> None:
        asked = self.ask()
        for person in (self.team.auditor, self.team.director):
            with self.assertRaises(RightMissing):
                self.ask(person)
        for person in (self.team.officer, self.team.quality_officer):
            with self.assertRaises(Http404 if person == self.team.officer else RightMissing):
                self.ask(person)
            with self.assertRaises(RightMissing):
                reveals.approve(asked, by=make.fresh(person))

    def test_taking_the_mark_away_opens_no_shorter_way(self) -> None:
        lead = make.fresh(self.team.lead)
        changed = services.edit(self.case, {"is_confidential": False}, by=lead, reason="nhầm", version=1)
        self.assertFalse(changed.is_confidential)
        with self.assertRaises(SecondPersonNeeded):
            services.reveal_reporter(changed, by=lead, purpose=Purpose.VERIFY, reason=WHY)

    def test_requests_are_seen_by_the_asker_and_those_who_may_answer(self) -> None:
        asked = self.ask()
        team = self.team
        for person, sees in (
            (team.lead, True),
            (team.director, True),
            (self.other_lead, True),
            (team.officer, False),
            (team.auditor, False),
            (team.operator, False),
            (team.quality_officer, False),
        ):
            rows = RevealRequest.objects.visible_to(make.fresh(person)).filter(pk=asked.pk)
            self.assertEqual(rows.exists(), sees, person.username)


class OrdinaryTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.case = make.case(reporter={"phone": "0900000009"})

    def look(self, purpose: str, reason: str) -> Any:
        return services.reveal_reporter(self.case, by=make.fresh(self.team.officer), purpose=purpose, reason=reason)

    def test_a_purpose_and_a_reason_that_says_something_are_needed(self) -> None:
        for refusal, purpose, reason in (
            (InvalidInput, "", WHY),
            (InvalidInput, "curiosity", WHY),
            (ReasonRequired, Purpose.VERIFY, " \t "),
            (InvalidInput, Purpose.VERIFY, "gọi lại"),
            (InvalidInput, Purpose.VERIFY, "x" * 1001),
            (InvalidInput, Purpose.VERIFY, WHY + "\x00"),
        ):
            with self.subTest(reason=reason[:20]), self.assertRaises(refusal):
                self.look(purpose, reason)
        self.assertFalse(Entry.objects.filter(act=Act.REVEAL).exists())

    def test_the_purpose_is_written_down(self) -> None:
        self.look(Purpose.VERIFY, WHY)
        self.assertEqual(Entry.objects.get(act=Act.REVEAL).purpose, Purpose.VERIFY)

    def test_an_ordinary_case_needs_no_second_person(self) -> None:
        with self.assertRaises(MoveRefused):
            reveals.ask(self.case, by=make.fresh(self.team.officer), purpose=Purpose.VERIFY, reason=WHY)

    def test_a_facility_never_looks_whatever_its_group_says(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        officer = self.team.quality_officer
        may(officer, "feedback.reveal_reporter")
        with self.assertRaises(RightMissing):
            services.reveal_reporter(
                Case.objects.get(pk=case.pk), by=make.fresh(officer), purpose=Purpose.VERIFY, reason=WHY
            )
