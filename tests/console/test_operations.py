"""The operations page says what is in order and what to do; /health/ready tells programs the same."""

import re
from datetime import timedelta

from django.db.models.functions import Now
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from deadlines.models import Deadline, Escalation, Heartbeat
from deadlines.tasks import WORKER, sweep_deadlines
from notifications.choices import Channel, State
from notifications.models import Outbox
from notifications.services import enqueue
from tests.feedback import factories as make


def ago(**span):
    return timezone.now() - timedelta(**span)


class OperationsTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.keeper = make.person("sysadmin")
        cls.case = make.case_in("assigned", cls.team)

    def setUp(self) -> None:
        Heartbeat.objects.create(name="sweep", at=timezone.now())
        Heartbeat.objects.create(name=f"{WORKER}one@here", at=timezone.now())
        Outbox.objects.all().delete()
        Deadline.objects.filter(state="running").update(
            next_at=timezone.now() + timedelta(days=1), planned_at=ago(days=1)
        )
        self.client.force_login(self.keeper)
        self.page = reverse("operations")

    def shown(self) -> dict[str, str]:
        """What the page says: the verdict over all and of each thing."""
        page = self.client.get(self.page)
        self.assertEqual(page.status_code, 200)
        found = re.findall(r'data-finding="(\w+)" data-verdict="(\w+)"', page.content.decode())
        told = self.client.get("/health/ready").json()["operations"]
        self.assertEqual({name: told[name]["verdict"] for name, _verdict in found}, dict(found))
        return dict(found)

    def beat(self, name: str, **span) -> None:
        Heartbeat.objects.update_or_create(name=name, defaults={"at": ago(**span)})

    def wait(self, channel: str, **span) -> None:
        person = make.person("officer")
        type(person).objects.filter(pk=person.pk).update(email="o@example.invalid")
        enqueue(f"k{channel}", to=[person.pk], template="deadline_passed", channels=[channel])
        Outbox.objects.filter(channel=channel).update(created_at=ago(**span), next_try_at=ago(**span))

    def test_in_order(self) -> None:
        verdicts = self.shown()
        self.assertEqual(verdicts.pop("calendar_days") in ("ok", "look"), True)
        self.assertEqual(set(verdicts.values()), {"ok"}, verdicts)
        self.assertLessEqual(
            {"tick", "lag", "oldest_untaken", "put_aside", "outbox_inbox", "outbox_email", "dead_letters", "workers"},
            set(verdicts),
        )

    def test_a_silent_sweep(self) -> None:
        self.beat("sweep", seconds=40)
        self.assertEqual(self.shown()["tick"], "look")
        self.beat("sweep", minutes=2)
        self.assertEqual(self.shown()["tick"], "act")
        Heartbeat.objects.filter(name="sweep").delete()
        self.assertEqual(self.shown()["tick"], "act")
        self.assertEqual(self.client.get("/health/ready").status_code, 503)

    def test_a_step_that_nobody_takes(self) -> None:
        row = Deadline.objects.filter(state="running").first()
        for verdict, span in (("ok", 20), ("look", 120), ("act", 400)):
            Deadline.objects.filter(pk=row.pk).update(next_at=ago(seconds=span))
            self.assertEqual(self.shown()["oldest_untaken"], verdict)

    def test_steps_that_were_taken_late(self) -> None:
        row = Deadline.objects.filter(state="running").first()
        entry = {"deadline": row, "ladder": row.ladder, "cycle": 9, "level": 1, "recipients": 1}
        Escalation.objects.create(**entry, step=1, due_at=ago(hours=3), fired_at=ago(hours=2))
        self.assertEqual(self.shown()["lag"], "ok", "what was late hours ago is over")
        Escalation.objects.create(**entry, step=2, due_at=ago(minutes=3), fired_at=ago(minutes=1))
        self.assertEqual(self.shown()["lag"], "look")

    def test_a_clock_that_was_opened_late_is_late_from_then_on(self) -> None:
        row = Deadline.objects.filter(state="running").first()
        Deadline.objects.filter(pk=row.pk).update(next_at=ago(hours=3), planned_at=ago(seconds=20))
        entry = {"deadline": row, "ladder": row.ladder, "cycle": 9, "level": 1, "recipients": 1}
        Escalation.objects.create(**entry, step=1, due_at=ago(hours=3), fired_at=ago(seconds=10))
        self.assertEqual((self.shown()["lag"], self.shown()["oldest_untaken"]), ("ok", "ok"))
        Deadline.objects.filter(pk=row.pk).update(planned_at=ago(minutes=7))
        self.assertEqual((self.shown()["lag"], self.shown()["oldest_untaken"]), ("act", "act"))

    def test_a_deadline_that_was_put_aside(self) -> None:
        Deadline.objects.filter(pk=Deadline.objects.filter(state="running").first().pk).update(fault="KeyError")
        self.assertEqual(self.shown()["put_aside"], "act")

    def test_messages_that_wait(self) -> None:
        for channel, look, act in ((Channel.INBOX, 2, 11), (Channel.EMAIL, 11, 61)):
            self.wait(channel, minutes=look)
            self.assertEqual(self.shown()[f"outbox_{channel}"], "look")
            self.wait(channel, minutes=act)
            self.assertEqual(self.shown()[f"outbox_{channel}"], "act")

    def test_an_attempt_now_and_then_does_not_make_a_message_young(self) -> None:
        self.wait(Channel.EMAIL, hours=3)
        Outbox.objects.update(next_try_at=Now() + timedelta(minutes=8))
        self.assertEqual(self.shown()["outbox_email"], "act")

    def test_a_digest_waits_for_its_hour(self) -> None:
        self.wait(Channel.EMAIL, hours=9)
        Outbox.objects.update(channel=Channel.DIGEST, next_try_at=Now() + timedelta(hours=1))
        self.assertEqual(self.shown()["outbox_digest"], "ok")
        Outbox.objects.update(next_try_at=ago(minutes=20))
        self.assertEqual(self.shown()["outbox_digest"], "act")

    def test_a_way_without_an_address_is_told_while_something_waits(self) -> None:
        self.assertNotIn("outbox_sms", self.shown())
        self.wait(Channel.EMAIL, hours=3)
        Outbox.objects.update(channel=Channel.SMS)
        self.assertEqual(self.shown()["outbox_sms"], "act")
        with override_settings(GATEWAYS={"zalo": {"url": "https://x.example.invalid", "secrets": []}}):
            self.assertEqual(self.shown()["outbox_zalo"], "ok")

    def test_dead_letters_lead_to_their_list(self) -> None:
        self.wait(Channel.EMAIL, hours=3)
        Outbox.objects.update(state=State.DEAD)
        self.assertEqual(self.shown()["dead_letters"], "act")
        page = self.client.get(self.page)
        link = f"{reverse('admin:notifications_outbox_changelist')}?state__exact=dead"
        self.assertContains(page, link)
        self.assertEqual(self.client.get(link).status_code, 200)
        self.client.force_login(make.person("lead"))
        self.assertNotContains(self.client.get(self.page), link)

    def test_workers(self) -> None:
        self.beat(f"{WORKER}two@there", minutes=20)
        self.assertEqual(self.shown()["workers"], "look")
        self.beat(f"{WORKER}two@there", days=2)
        self.assertEqual(self.shown()["workers"], "ok")
        self.beat(f"{WORKER}one@here", minutes=20)
        self.assertEqual(self.shown()["workers"], "act")

    def test_a_worker_leaves_its_name(self) -> None:
        sweep_deadlines.push_request(hostname="worker@somewhere")
        try:
            sweep_deadlines.run()
        finally:
            sweep_deadlines.pop_request()
        self.assertTrue(Heartbeat.objects.filter(name="worker:worker@somewhere").exists())

    def test_it_names_nobody_and_nothing(self) -> None:
        self.wait(Channel.EMAIL, hours=3)
        Deadline.objects.filter(state="running").update(next_at=ago(hours=3))
        answer = self.client.get("/health/ready").content.decode()
        for word in (self.case.reference, "officer", "o@example.invalid"):
            self.assertNotIn(word, answer)

    def test_queries_are_few_whatever_waits(self) -> None:
        self.client.get("/health/ready")
        with self.assertNumQueries(11):
            self.client.get("/health/ready")

    def test_only_who_looks_after_it(self) -> None:
        for name, status in (("officer", 403), ("lead", 200)):
            self.client.force_login(make.person(name))
            self.assertEqual(self.client.get(self.page).status_code, status)
