"""Who asks for what is not theirs is written down, and neither the answer nor anything else tells them so."""

from datetime import timedelta

from django.http import HttpResponseNotFound
from django.test import RequestFactory, TestCase
from django.urls import resolve, reverse
from django.utils import timezone

from audit.middleware import RefusalMiddleware
from audit.models import Act, Entry, Refusals
from audit.refusals import PER_HOUR
from audit.tasks import verify_audit
from feedback.choices import Status
from tests.feedback import factories as make


class RefusalTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.case = make.case_in(Status.FORWARDED, cls.team)
        cls.page = reverse("admin:feedback_case_change", args=[cls.case.pk])

    def refusals(self) -> list[tuple]:
        found = Entry.objects.filter(act=Act.REFUSED).order_by("id")
        return list(found.values_list("by", "about_type", "about_id", "reason"))

    def test_a_case_of_others(self) -> None:
        self.client.force_login(self.team.stranger)
        self.assertEqual(self.client.get(self.page).status_code, 404)
        self.client.get(f"/api/v1/cases/{self.case.reference}/")
        self.client.post(reverse("admin:feedback_case_note", args=[self.case.pk]), {"text": "Nguyễn Văn A"})
        me, what = self.team.stranger.pk, ("feedback.case", self.case.pk)
        self.assertEqual(
            self.refusals(),
            [
                (me, *what, "GET admin:feedback_case_change"),
                (me, *what, "GET api:case"),
                (me, *what, "POST admin:feedback_case_note"),
            ],
        )

    def test_what_is_absent_is_answered_with_the_same_bytes(self) -> None:
        self.client.force_login(self.team.stranger)
        there = self.client.get(self.page)
        absent = self.client.get(reverse("admin:feedback_case_change", args=[987654321]))
        self.assertEqual((there.status_code, there.content), (absent.status_code, absent.content))
        self.assertEqual(there.headers, absent.headers)

    def test_the_entry_is_written_after_the_answer(self) -> None:
        request = RequestFactory().get(self.page)
        request.user, request.resolver_match = self.team.stranger, resolve(self.page)
        with self.assertNumQueries(0):
            answer = RefusalMiddleware(lambda _request: HttpResponseNotFound())(request)
        self.assertFalse(self.refusals())
        for closer in answer._resource_closers:  # what the server does after the last byte
            closer()
        self.assertEqual(len(self.refusals()), 1)

    def test_a_page_without_the_right_to_it(self) -> None:
        self.client.force_login(self.team.officer)
        self.assertEqual(self.client.get(reverse("admin:audit_entry_changelist")).status_code, 403)
        self.assertEqual(
            self.refusals(), [(self.team.officer.pk, "audit.entry", None, "GET admin:audit_entry_changelist")]
        )

    def test_nobody_in_particular_and_addresses_that_are_none_leave_nothing(self) -> None:
        self.client.get(self.page)
        self.client.get("/khong-co/")
        self.client.force_login(self.team.officer)
        self.client.get("/khong-co/")
        self.client.get(reverse("admin:index"))
        self.assertFalse(self.refusals())

    def test_a_crawler_is_counted_on_one_row(self) -> None:
        self.client.force_login(self.team.stranger)
        for _try in range(PER_HOUR + 5):
            self.client.get(self.page)
        self.assertEqual(len(self.refusals()), PER_HOUR)
        self.assertEqual(Refusals.objects.get().count, PER_HOUR + 5)

    def test_old_counts_go(self) -> None:
        now = timezone.now()
        for days in (1, 90):
            Refusals.objects.create(by=self.team.officer, hour=now - timedelta(days=days), count=1)
        verify_audit()
        self.assertEqual(Refusals.objects.count(), 1)

    def test_every_page_of_a_confidential_case_counts_as_a_look(self) -> None:
        case = make.case_in(Status.TRIAGED, self.team)
        type(case).objects.filter(pk=case.pk).update(is_confidential=True)
        self.client.force_login(self.team.lead)
        for name in ("change", "correction"):
            self.client.get(reverse(f"admin:feedback_case_{name}", args=[case.pk]))
        self.assertEqual(Entry.objects.filter(act=Act.VIEW, about_id=case.pk, by=self.team.lead).count(), 2)
