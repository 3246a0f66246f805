"""The conclusion of a denunciation is posted (niêm yết): by law its publication counts from that day, whatever the
department's own term said before."""

from datetime import timedelta

from django.http import Http404
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing, StaleVersion
from deadlines.models import Deadline
from deadlines.verification import verify
from deadlines.words import explanation
from feedback import timeline
from feedback.choices import Status
from feedback.models import Case
from feedback.services import edit, post
from tests.feedback import factories as make

WHERE = "Bảng tin trụ sở, thông báo số 15"


class Posting(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        case = make.case_in(Status.REPLIED, cls.team)
        lead = make.fresh(cls.team.lead)
        cls.case = edit(case, {"kind": "TOCAO"}, by=lead, reason="đơn có chữ ký", version=case.version)
        cls.today = timezone.localdate()

    def clock(self) -> Deadline:
        return Deadline.objects.about(self.case).live().get(obligation="publish")

    def test_from_the_posting_on_the_law_counts_and_the_term_before_is_kept(self) -> None:
        before, lead = self.clock(), make.fresh(self.team.lead)
        self.assertEqual(before.derivation["rule"], "DEFAULT.PUBLISH")
        case = post(self.case, by=lead, on=self.today, reason=WHERE, version=self.case.version)
        clock = self.clock()
        self.assertEqual((clock.pk, clock.cycle, clock.derivation["rule"]), (before.pk, before.cycle, "LD14"))
        last = timezone.localtime(clock.due_at - timedelta(microseconds=1)).date()
        self.assertGreaterEqual(last, self.today + timedelta(days=15))  # later where that day is one of rest
        self.assertLess(last, self.today + timedelta(days=30))
        self.assertEqual(clock.derivation["earlier"][-1]["due_at"], before.due_at.isoformat())
        self.assertEqual(case.due_at, min(Deadline.objects.about(case).running().values_list("due_at", flat=True)))
        told = timeline.entries(case, lead)[0]
        self.assertEqual((told.kind, told.reason), ("posted", WHERE))
        self.assertTrue(explanation(clock))
        self.assertEqual(verify().faults, {})
        with self.assertRaises(MoveRefused):
            post(case, by=lead, on=self.today, reason=WHERE, version=case.version)
        edited = edit(case, {"title": "đổi tên"}, by=lead, reason="rõ hơn", version=case.version)
        self.assertEqual(self.clock().due_at, clock.due_at, "a correction afterwards knows the posting still")
        self.assertEqual(edited.version, case.version + 1)

    def test_it_takes_a_right_a_reason_a_day_and_the_newest_version(self) -> None:
        lead, version = make.fresh(self.team.lead), self.case.version
        for refusal, by, on, reason, sent in [
            (Http404, self.team.stranger, self.today, WHERE, version),
            (RightMissing, self.team.director, self.today, WHERE, version),
            (StaleVersion, lead, self.today, WHERE, version - 1),
            (ReasonRequired, lead, self.today, " ", version),
            (InvalidInput, lead, self.today, "x" * 3000, version),
            (InvalidInput, lead, self.today + timedelta(days=1), WHERE, version),
            (InvalidInput, lead, self.today - timedelta(days=900), WHERE, version),
        ]:
            with self.subTest(refusal=refusal), self.assertRaises(refusal):
                post(self.case, by=make.fresh(by), on=on, reason=reason, version=sent)
        self.assertEqual(self.clock().derivation["rule"], "DEFAULT.PUBLISH")

    def test_nothing_of_an_ordinary_case_counts_from_a_posting(self) -> None:
        case, lead = make.case_in(Status.REPLIED, self.team), make.fresh(self.team.lead)
        with self.assertRaises(MoveRefused):
            post(case, by=lead, on=self.today, reason=WHERE, version=case.version)

    def test_the_page_of_the_clock_asks_for_the_day_once(self) -> None:
        self.client.force_login(self.team.lead)
        page = reverse("admin:feedback_case_deadline", args=[self.case.pk, self.clock().pk])
        self.assertContains(self.client.get(page), 'data-form="post"', 1)
        sent = {"post": "1", "on": f"{self.today:%d/%m/%Y}", "reason": WHERE, "version": str(self.case.version)}
        self.assertContains(self.client.post(page, {**sent, "on": "x"}), "ln-error")
        self.assertRedirects(self.client.post(page, sent), page)
        self.assertEqual(self.clock().derivation["rule"], "LD14")
        self.assertNotContains(self.client.get(page), 'data-form="post"')
        self.assertEqual(Case.objects.get(pk=self.case.pk).version, self.case.version + 1)
