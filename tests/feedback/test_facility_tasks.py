"""A task that a step gave to a facility's head: their home leads to it, they finish it, the department reads what was
done, and nobody of another facility sees that it exists."""

from datetime import timedelta

from django.contrib import admin
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone, translation

from accounts.access.scope import on_behalf_of
from deadlines.models import Deadline, Duty, Escalation, Ladder
from feedback.choices import Status
from tests.feedback import factories as make

LIST = "admin:deadlines_duty_changelist"


class FacilityTasks(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.case = make.case_in(Status.FORWARDED, cls.team)
        cls.clock = Deadline.objects.about(cls.case).running().exclude(obligation="answer").order_by("id").first()
        at = timezone.now() - timedelta(hours=1)
        given = {"deadline": cls.clock, "ladder": cls.clock.ladder, "given_at": at}
        cls.own = Duty.objects.create(step=1, person=cls.team.quality_officer, **given)
        cls.leads = Duty.objects.create(step=2, person=cls.team.lead, **given)
        cls.page = reverse("admin:feedback_case_deadline", args=[cls.case.pk, cls.clock.pk])

    def test_home_and_list_lead_to_the_task_and_its_owner_finishes_it(self) -> None:
        self.client.force_login(self.team.quality_officer)
        tiles = {tile.name: tile for tile in self.client.get(reverse("admin:index")).context_data["tiles"]}
        self.assertEqual((tiles["duties"].count, tiles["duties"].url), (1, reverse(LIST)))
        self.assertContains(self.client.get(reverse(LIST)), self.page)
        self.assertContains(self.client.get(self.page), 'data-form="duty"', 1)
        self.assertContains(self.client.post(self.page, {"finish": str(self.own.pk), "outcome": " "}), "ln-error")
        self.client.post(self.page, {"finish": str(self.own.pk), "outcome": "Đã bổ sung bác sĩ trực"})
        self.own.refresh_from_db()
        self.assertEqual((self.own.done_by, self.own.outcome), (self.team.quality_officer, "Đã bổ sung bác sĩ trực"))
        self.assertNotIn(
            "duties", [tile.name for tile in self.client.get(reverse("admin:index")).context_data["tiles"]]
        )
        self.assertContains(self.client.get(self.page), "Đã bổ sung bác sĩ trực")
        self.client.force_login(self.team.lead)
        self.assertContains(self.client.get(reverse(LIST), {"which": "all"}), self.page, 2)

    def test_a_facility_reads_no_task_of_the_department_and_no_step(self) -> None:
        self.client.force_login(self.team.quality_officer)
        shown = self.client.get(self.page)
        self.assertNotContains(shown, str(self.team.lead))
        self.assertNotIn("happenings", shown.context)
        self.assertEqual(self.client.post(self.page, {"finish": str(self.leads.pk), "outcome": "x"}).status_code, 404)
        self.assertContains(self.client.post(self.page, {"acknowledge": "1"}), "ln-error")
        self.clock.refresh_from_db()
        self.assertIsNone(self.clock.acknowledged_at, "only who was asked")

    def test_the_head_of_a_facility_that_a_step_asks_acknowledges(self) -> None:
        head = make.person("facility_director", facility=self.team.hospital, is_head=True)
        colleague = make.person("facility_director", facility=self.team.hospital)
        case = make.case_in(Status.FORWARDED, self.team)
        for clock in Deadline.objects.about(case).running():
            page = reverse("admin:feedback_case_deadline", args=[case.pk, clock.pk])
            is_theirs = clock.obligation == "answer"
            ladder = Ladder.objects.create(code=f"ask-{clock.pk}", name="x")
            step = {"position": 1, "side": "after_due", "amount": 0, "unit": "minutes", "action": "acknowledge"}
            ladder.steps.create(**step, roles=["unit_head"], template="deadline_acknowledge", level=1)
            Deadline.objects.filter(pk=clock.pk).update(ladder=ladder)
            for person in (head, colleague):
                self.client.force_login(person)
                self.assertEqual(self.client.get(page).status_code, 200 if is_theirs else 404, "nobody was asked yet")
            told = {"cycle": clock.cycle, "step": 1, "level": 1, "recipients": 1, "action": "acknowledge"}
            at = timezone.now()
            Escalation.objects.create(deadline=clock, ladder=ladder, due_at=at, fired_at=at, **told)
            with self.subTest(obligation=clock.obligation):
                self.client.force_login(head)
                self.assertContains(self.client.get(page), 'data-form="acknowledge"', 1)
                self.assertRedirects(self.client.post(page, {"acknowledge": "1"}), page)
                clock.refresh_from_db()
                self.assertEqual(clock.acknowledged_by, head)
                shown = self.client.get(page)
                self.assertNotContains(shown, 'data-form="acknowledge"')
                self.assertContains(shown, str(head))
                for other, status in ((colleague, 200 if is_theirs else 404), (self.team.stranger, 404)):
                    self.client.force_login(other)
                    self.assertEqual(self.client.get(page).status_code, status)

    def test_another_facility_sees_neither_task_nor_page(self) -> None:
        self.client.force_login(self.team.stranger)
        self.assertEqual(self.client.get(self.page).status_code, 404)
        self.assertNotContains(self.client.get(reverse(LIST), {"which": "all"}), self.page)

    def test_without_a_task_a_facility_is_not_shown_a_clock_that_does_not_bind_it(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        other = Deadline.objects.about(case).exclude(obligation="answer").order_by("id").first()
        self.client.force_login(self.team.quality_officer)
        page = reverse("admin:feedback_case_deadline", args=[case.pk, other.pk])
        self.assertEqual(self.client.get(page).status_code, 404)

    def test_an_empty_list_says_what_would_stand_there(self) -> None:
        self.client.force_login(self.team.stranger)
        with translation.override("vi"):
            said = str(admin.site.get_model_admin(Duty).empty_title)
        shown = self.client.get(reverse(LIST))
        self.assertContains(shown, said)
        self.assertNotContains(shown, "Create a new item")

    def test_database_and_code_show_the_same_tasks(self) -> None:
        expected = {
            make.person("facility_director", facility=self.team.hospital): {self.own.pk},
            make.person("facility_director"): set(),
            self.team.quality_officer: {self.own.pk},
            self.team.stranger: set(),
            self.team.lead: {self.own.pk, self.leads.pk},
        }
        for reader, keys in expected.items():
            with self.subTest(reader=reader.username):
                self.assertEqual(set(Duty.objects.visible_to(make.fresh(reader)).values_list("pk", flat=True)), keys)
                with on_behalf_of(make.fresh(reader)):
                    self.assertEqual(set(Duty.objects.values_list("pk", flat=True)), keys)
