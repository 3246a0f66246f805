"""Two cases side by side: finding the other one, choosing which goes on, and taking it back."""

from typing import Any

from django.test import TestCase
from django.urls import reverse

from feedback import services
from feedback.choices import Status
from feedback.models import Case
from feedback.transitions import move
from tests.feedback import factories as make


class MergePageTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.case, cls.other = make.case(body="Tôi chờ ba giờ."), make.case(body="Chồng tôi chờ ba giờ.")

    def setUp(self) -> None:
        self.client.force_login(self.team.officer)

    def url(self, case: Case, name: str = "merge", *more: str) -> str:
        return reverse(f"admin:feedback_case_{name}", args=[case.pk, *more])

    def post(self, **form: Any) -> Any:
        versions = {f"version-{one.pk}": one.version for one in (self.case, self.other)}
        data = {"voi": self.other.reference, "main": self.other.pk, "reason": "Cùng một lượt khám."}
        return self.client.post(self.url(self.case), versions | data | form)

    def test_both_stand_side_by_side(self) -> None:
        page = self.client.get(self.url(self.case), {"voi": self.other.reference.lower()})
        for one in (self.case, self.other):
            self.assertContains(page, f'data-side="{one.reference}"')
            self.assertContains(page, one.body)
        self.assertContains(page, 'name="main"', count=2)

    def test_an_absent_case_and_one_of_others_look_the_same(self) -> None:
        secret = make.case(is_confidential=True, body="Điều chỉ người khác biết.")
        pages = [
            self.client.get(self.url(self.case), {"voi": reference})
            for reference in ("PA-2026-999999", secret.reference, self.case.reference, "x" * 41)
        ]
        self.assertEqual({page.status_code for page in pages}, {422})
        fields = [page.context_data["finding"].errors for page in pages[:3]]
        self.assertEqual(fields[0], fields[1])
        self.assertEqual(fields[0], fields[2])

    def test_either_may_go_on(self) -> None:
        for into, gone in ((self.other, self.case), (self.case, self.other)):
            with self.subTest(into=into):
                answer = self.post(main=into.pk)
                self.assertRedirects(answer, self.url(into, "change"))
                self.assertEqual(Case.objects.get(pk=gone.pk).merged_into, into)
                page = self.client.get(self.url(into, "change"))
                self.assertContains(page, f'data-joined="{gone.reference}"')
                self.assertContains(page, gone.body)
                self.undo(gone)
                self.case.refresh_from_db()
                self.other.refresh_from_db()

    def undo(self, case: Case) -> None:
        case.refresh_from_db()
        page = self.client.get(self.url(case, "step", "received"))
        hidden = {field.name: field.value() for field in page.context_data["form"].hidden_fields()}
        self.assertEqual(set(hidden), {"version", "target_version"})
        answer = self.client.post(self.url(case, "step", "received"), hidden | {"reason": "Hai việc khác nhau."})
        self.assertEqual(answer.status_code, 302)

    def test_the_story_of_both_tells_it(self) -> None:
        self.post()
        self.undo(self.case)
        page = self.client.get(self.url(self.other, "change"))
        told = [entry.what for entry in page.context_data["entries"] if entry.kind == "merge"]
        self.assertEqual(len(set(told)), 2)
        self.assertTrue(all(self.case.reference in what for what in told), told)
        self.assertContains(page, "Cùng một lượt khám.")
        self.assertContains(page, "Hai việc khác nhau.")

    def test_who_does_not_see_the_other_case_reads_nothing_of_it(self) -> None:
        first, second = (make.case(is_confidential=True, body="Điều kín.") for _number in range(2))
        move(
            first,
            Status.MERGED,
            by=make.fresh(self.team.lead),
            reason="cùng việc",
            version=first.version,
            given={"target": second.reference},
        )
        second.refresh_from_db()
        services.edit(
            second,
            {"is_confidential": False},
            by=make.fresh(self.team.lead),
            reason="người gửi đồng ý",
            version=second.version,
        )
        page = self.client.get(self.url(second, "change"))
        self.assertNotContains(page, first.reference)

    def test_a_lost_edit_is_shown_and_changes_nothing(self) -> None:
        services.edit(
            self.other,
            {"title": "Khác hẳn"},
            by=make.fresh(self.team.lead),
            reason="sửa",
            version=self.other.version,
        )
        for main in (self.case.pk, self.other.pk):
            answer = self.post(main=main)
            self.assertEqual(answer.status_code, 409)
            self.assertContains(answer, "Cùng một lượt khám.", status_code=409)
        self.assertFalse(Case.objects.filter(status=Status.MERGED).exists())

    def test_what_cannot_go_together_says_why(self) -> None:
        complaint = make.case(kind="KHIEUNAI")
        page = self.client.get(self.url(self.case), {"voi": complaint.reference})
        self.assertNotContains(page, 'name="main"')
        self.assertTrue(page.context_data["reasons"])
        answer = self.client.post(
            self.url(self.case), {"voi": complaint.reference, "main": complaint.pk, "reason": "x", "version-1": "z"}
        )
        self.assertIn(answer.status_code, (409, 422))

    def test_only_who_may_triage_merges(self) -> None:
        self.client.force_login(self.team.operator)
        case = make.case(by=self.team.operator)
        self.assertEqual(self.client.get(self.url(case)).status_code, 403)
        self.client.force_login(self.team.quality_officer)
        self.assertEqual(self.client.get(self.url(case)).status_code, 404)

    def test_after_the_answer_an_officer_reads_that_it_is_too_late(self) -> None:
        self.post()
        other = Case.objects.get(pk=self.other.pk)
        for to in (Status.TRIAGED, Status.REPLIED):
            given = make.given_for(self.team)
            other = move(other, to, by=make.fresh(self.team.officer), reason="x", version=other.version, given=given)
        page = self.client.get(self.url(self.case, "change"))
        self.assertTrue(page.context_data["is_late"])
        self.assertFalse(page.context_data["may_undo"])
        case = Case.objects.get(pk=self.case.pk)
        answer = self.client.post(
            self.url(case, "step", "received"), {"version": case.version, "reason": "Hai việc khác nhau."}
        )
        self.assertContains(answer, other.reference, status_code=422)

    def test_the_reply_form_asks_for_words_to_the_others(self) -> None:
        self.post()
        other = Case.objects.get(pk=self.other.pk)
        other = move(other, Status.TRIAGED, by=make.fresh(self.team.officer), reason="x", version=other.version)
        page = self.client.get(self.url(other, "step", "replied"))
        self.assertContains(page, 'name="reply_joined"')
        lonely = make.case_in(Status.TRIAGED, self.team)
        self.assertNotContains(self.client.get(self.url(lonely, "step", "replied")), 'name="reply_joined"')
