"""A finished record is corrected by a second paper beside it: proposed by one, agreed by another, the first stays."""

from typing import Any

from django.db import DatabaseError, transaction
from django.test import TestCase
from django.urls import reverse

from accounts.access.scope import on_behalf_of
from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing, SecondPersonNeeded, StaleVersion
from inspections import amending
from inspections.choices import AmendmentKind, AmendmentState
from inspections.models import Amendment, Finding, Inspection
from notifications.models import Outbox
from tests.feedback.factories import fresh
from tests.inspections import factories as make

S = AmendmentState
WORDS = "Số đường dây nóng không có người trực ca đêm 12/11, không phải cả tuần."
WHY = "Đối chiếu lại sổ trực."


class Amending(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = make.Team()
        cls.by, cls.second = cls.team.inspector, cls.team.second
        cls.visit = make.recorded(cls.by, cls.team.hospital)
        cls.finding = Finding.objects.get(inspection=cls.visit)

    def propose(self, **given: Any) -> Amendment:
        wishes = {"kind": str(AmendmentKind.CORRECTS), "finding": self.finding, "text": WORDS, "reason": WHY} | given
        return amending.propose(self.visit, wishes, by=fresh(self.by))

    def decide(self, made: Amendment, to: str, by: Any, **given: Any) -> Amendment:
        wishes = {"reason": make.REASON, "version": made.version} | given
        return amending.decide(made, to, by=fresh(by), **wishes)

    def shown(self, user: Any, page: str = "change") -> Any:
        self.client.force_login(fresh(user))
        return self.client.get(reverse(f"admin:inspections_inspection_{page}", args=[self.visit.pk]))


class DeedTests(Amending):
    def test_one_proposes_another_agrees_and_the_record_stays_as_it_was_signed(self) -> None:
        before = (Inspection.objects.values().get(pk=self.visit.pk), Finding.objects.values().get(pk=self.finding.pk))
        made = self.decide(self.propose(), S.AGREED, self.second)
        self.assertEqual((made.state, made.decided_by, made.decision), (S.AGREED, self.second, make.REASON))
        after = (Inspection.objects.values().get(pk=self.visit.pk), Finding.objects.values().get(pk=self.finding.pk))
        self.assertEqual(after, before)

    def test_whoever_proposed_it_takes_it_back_and_never_decides(self) -> None:
        made = self.propose()
        for to in (S.AGREED, S.REFUSED):
            with self.assertRaises(SecondPersonNeeded):
                self.decide(made, to, self.by)
        self.assertEqual(self.decide(made, S.TAKEN_BACK, self.by).state, S.TAKEN_BACK)
        again = self.propose()
        with self.assertRaises(RightMissing):
            self.decide(again, S.TAKEN_BACK, self.second)

    def test_it_is_decided_once_with_a_reason_and_at_the_version_that_was_read(self) -> None:
        made = self.propose()
        with self.assertRaises(ReasonRequired):
            self.decide(made, S.AGREED, self.second, reason=" ")
        with self.assertRaises(StaleVersion):
            self.decide(made, S.AGREED, self.second, version=9)
        done = self.decide(made, S.REFUSED, self.second)
        for to in S.values:
            with self.assertRaises(MoveRefused):
                self.decide(done, to, self.second)

    def test_only_a_finished_record_has_one(self) -> None:
        for made in (make.visit(self.by, self.team.other), make.opened(self.by, self.team.other)):
            with self.assertRaises(MoveRefused):
                amending.propose(made, {"kind": "adds", "text": WORDS, "reason": WHY}, by=fresh(self.by))

    def test_what_is_missing_is_named(self) -> None:
        other = make.found(make.opened(self.by, self.team.other), self.by)
        for given, name in (
            ({"text": " "}, "text"), ({"reason": ""}, "reason"), ({"kind": "x"}, "kind"),
            ({"finding": other}, "finding"), ({"text": "a\x00b"}, "text"),
        ):  # fmt: skip
            with self.subTest(given=given), self.assertRaises(InvalidInput) as refused:
                self.propose(**given)
            self.assertIn(name, refused.exception.fields)

    def test_only_those_who_inspect_propose_or_decide(self) -> None:
        made = self.propose()
        for who in (self.team.auditor, self.team.writer):
            with self.subTest(who=who), self.assertRaises(RightMissing):
                amending.propose(self.visit, {"kind": "adds", "text": WORDS, "reason": WHY}, by=fresh(who))
        with self.assertRaises(RightMissing):
            self.decide(made, S.AGREED, self.team.auditor)

    def test_the_database_changes_no_word_of_it_and_deletes_none(self) -> None:
        made = self.propose()
        decided = self.decide(self.propose(kind="adds", finding=None), S.AGREED, self.second)
        for rows, change in ((made, {"text": "khác"}), (made, {"reason": "khác"}), (decided, {"state": "refused"})):
            with self.subTest(change=change), self.assertRaises(DatabaseError), transaction.atomic():
                Amendment.objects.filter(pk=rows.pk).update(**change)
        with self.assertRaises(DatabaseError), transaction.atomic():
            made.delete()


class ReadingTests(Amending):
    def count(self, user: Any) -> int:
        with on_behalf_of(fresh(user)):
            return Amendment.objects.all().count()

    def test_the_facility_reads_it_beside_the_original_once_it_was_agreed(self) -> None:
        made = self.propose()
        for who in (self.team.writer, self.team.head):
            self.assertEqual((self.count(who), Amendment.objects.visible_to(fresh(who)).count()), (0, 0))
            self.assertNotContains(self.shown(who), WORDS)
        self.decide(made, S.AGREED, self.second)
        for who in (self.team.writer, self.by):
            for page in ("change", "print"):
                found = self.shown(who, page)
                self.assertContains(found, WORDS)
                self.assertContains(found, self.finding.text)
        self.assertNotContains(self.shown(self.team.writer), WHY)
        self.assertEqual((self.count(self.team.stranger), self.shown(self.team.stranger).status_code), (0, 404))

    def test_the_team_is_told_of_a_proposal_and_the_facility_of_what_was_agreed(self) -> None:
        made = self.propose()
        told = set(Outbox.objects.filter(template="amendment_proposed").values_list("recipient", flat=True))
        self.assertTrue(told)
        self.assertFalse(told & {self.by.pk, self.team.writer.pk, self.team.head.pk})
        self.decide(made, S.AGREED, self.second)
        told = set(Outbox.objects.filter(template="amendment_agreed").values_list("recipient", flat=True))
        self.assertLessEqual({self.team.writer.pk, self.team.head.pk, self.by.pk}, told)
        refused = self.decide(self.propose(), S.REFUSED, self.second)
        told = set(Outbox.objects.filter(template="amendment_refused").values_list("recipient", flat=True))
        self.assertEqual((refused.state, told), (S.REFUSED, {self.by.pk}))

    def test_by_the_pages(self) -> None:
        self.client.force_login(fresh(self.by))
        page = self.shown(self.by)
        address = reverse("admin:inspections_inspection_amend", args=[self.visit.pk])
        self.assertContains(page, address)
        given = {"kind": "corrects", "finding": self.finding.pk, "text": WORDS, "reason": WHY}
        self.assertEqual(self.client.get(address).status_code, 200)
        self.assertEqual(self.client.post(address, given).status_code, 302)
        made = Amendment.objects.get()
        agree = reverse("admin:inspections_inspection_amendment", args=[self.visit.pk, made.pk, "agreed"])
        self.assertEqual(self.client.get(agree).status_code, 403)
        self.assertNotContains(self.shown(self.by), agree)
        self.assertContains(self.shown(self.second), agree)
        self.assertEqual(self.client.get(agree).status_code, 200)
        self.assertEqual(self.client.post(agree, {"version": made.version, "reason": ""}).status_code, 200)
        self.assertEqual(self.client.post(agree, {"version": made.version, "reason": "Đúng"}).status_code, 302)
        made.refresh_from_db()
        self.assertEqual(made.state, S.AGREED)
