"""What a step of a ladder does to a case: the case app's own deed hands it over; its page asks and answers."""

from datetime import timedelta

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from deadlines.models import Deadline, Duty, Escalation, Ladder
from deadlines.sweep import sweep
from feedback import subject
from feedback.choices import Status
from feedback.models import Case
from tests.feedback import factories as make


class LadderDeeds(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.case = make.case_in(Status.TRIAGED, cls.team)
        cls.other = make.person("officer")

    def test_a_case_is_handed_over_with_history_and_only_to_somebody_who_sees_it(self) -> None:
        version = self.case.version
        subject.reassign([(self.case.pk, make.person("sysadmin").pk)])
        self.case.refresh_from_db()
        self.assertEqual((self.case.version, self.case.assignee_id == self.other.pk), (version, False))
        subject.reassign([(self.case.pk, self.other.pk)])
        self.case.refresh_from_db()
        self.assertEqual((self.case.version, self.case.assignee), (version + 1, self.other))
        self.assertTrue(Case.history.filter(id=self.case.pk).latest("history_id").history_user.is_engine)
        subject.reassign([(self.case.pk, self.other.pk)])
        self.case.refresh_from_db()
        self.assertEqual(self.case.version, version + 1)

    def test_the_page_of_a_late_deadline_shows_its_steps_and_takes_the_answers(self) -> None:
        clock = Deadline.objects.about(self.case).running().order_by("id").first()
        due = timezone.now() - timedelta(days=29)
        Deadline.objects.filter(pk=clock.pk).update(
            starts_at=due - timedelta(days=1),
            due_at=due,
            moments=[due + timedelta(hours=n) for n in range(4)],
            positions=[3, 4, 5, 7],
            step=0,
            next_at=due,
            ladder=Ladder.objects.get(code="standard"),
        )
        sweep()
        self.assertEqual(Escalation.objects.filter(deadline=clock, action="acknowledge").count(), 1)
        duty = Duty.objects.get(deadline=clock)
        self.assertEqual(duty.person, self.team.lead)
        self.client.force_login(self.team.lead)
        page = reverse("admin:feedback_case_deadline", args=[self.case.pk, clock.pk])
        self.assertContains(self.client.get(page), 'data-form="acknowledge"')
        self.client.post(page, {"acknowledge": "1"})
        clock.refresh_from_db()
        self.assertEqual(clock.acknowledged_by, self.team.lead)
        self.assertContains(self.client.post(page, {"finish": str(duty.pk), "outcome": " "}), "ln-error")
        self.client.post(page, {"finish": str(duty.pk), "outcome": "Đã gọi cho đơn vị"})
        self.assertContains(self.client.get(page), "Đã gọi cho đơn vị")
        for number in ("0", "x", "9" * 30):
            self.assertEqual(self.client.post(page, {"finish": number}).status_code, 404)
