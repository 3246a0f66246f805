"""Messages over HTTP: signed, under one id, to one address; and whatever a gateway does, nothing is lost."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from time import monotonic

from django.core import mail
from django.test import TestCase, override_settings
from django.utils import timezone

from notifications.choices import Channel, State
from notifications.delivery import deliver
from notifications.gateway import signed
from notifications.models import InboxItem, Outbox, Phone, Preference
from notifications.services import enqueue
from tests.notifications import factories as make
from tests.notifications.servers import Behaviour, gateway

SECRET, OLD_SECRET = b"s" * 32, b"o" * 32
NUMBER = "+84912345678"
LOG = "notifications.delivery"


class GatewayCase(TestCase):
    channels = ("sms",)

    @classmethod
    def setUpTestData(cls):
        cls.an = make.person("an", language="en", email="")
        Phone.keep(cls.an.pk, NUMBER)
        Preference.objects.create(user=cls.an, also=[f"{channel}:work" for channel in Channel])

    def setUp(self):
        self.gateway = self.enterContext(gateway())
        found = {
            channel: {"url": f"http://127.0.0.1:{self.gateway.port}/send?x=1", "secrets": [SECRET, OLD_SECRET]}
            for channel in self.channels
        }
        self.enterContext(override_settings(GATEWAYS=found, GATEWAY_TIMEOUT=1))

    def tell(self, key="case:1", **more):
        params = {"reference": "PA-2026-000123"}
        enqueue(key, to=[self.an.pk], template="case_forwarded", params=params, url="/console/here/", **more)
        return Outbox.objects.get(key=key, channel=self.channels[0])

    def attempt(self, behaviour):
        self.gateway.behaviour = behaviour
        with self.assertLogs(LOG, "WARNING"):
            return deliver()

    def minutes_until(self, row):
        row.refresh_from_db()
        return (row.next_try_at - timezone.now()) / timedelta(minutes=1)

    def wait_is_over(self):
        Outbox.objects.waiting().update(next_try_at=timezone.now() - timedelta(hours=1))


class SendingTest(GatewayCase):
    def test_one_message_with_reference_and_link_only(self):
        self.tell()
        self.assertEqual(deliver().posted, 1)
        told = self.gateway.bodies[0]
        self.assertEqual(told["type"], "message.sms")
        self.assertEqual(told["data"]["to"], NUMBER)
        self.assertEqual(
            told["data"]["text"],
            "PA-2026-000123 was forwarded to your facility\nhttp://127.0.0.1:8000/console/here/",
        )
        self.assertNotIn("an", told["data"].values())
        self.assertEqual(deliver().posted, 0)

    def test_signature_is_what_standard_webhooks_say(self):
        row = self.tell()
        deliver()
        headers, body = self.gateway.received[0]
        self.assertEqual(headers["webhook-id"], f"msg_{row.stable_id}")
        self.assertEqual(headers["idempotency-key"], headers["webhook-id"])
        content = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
        marks = [
            "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
            for key in (SECRET, OLD_SECRET)
        ]
        self.assertEqual(headers["webhook-signature"].split(" "), marks)

    def test_a_number_that_is_gone_ends_as_a_dead_letter(self):
        row = self.tell()
        Phone.keep(self.an.pk, "")
        Outbox.objects.filter(pk=row.pk).update(attempts=4)
        with self.assertLogs(LOG, "WARNING") as logged:
            deliver()
        row.refresh_from_db()
        self.assertEqual((row.state, row.last_error, self.gateway.received), (State.DEAD, "ValueError", []))
        self.assertNotIn("912345678", str(logged.output))

    def test_nobody_without_number_or_wish_is_posted_to(self):
        make.person("binh")
        Phone.keep(self.an.pk, "")
        enqueue("k", to=[self.an.pk], template="case_forwarded", params={"reference": "x"})
        self.assertFalse(Outbox.objects.filter(channel="sms").exists())

    def test_number_is_under_seal(self):
        row = Phone.objects.get()
        self.assertNotIn(b"912345678", bytes(row.sealed))
        self.assertEqual(Phone.of(self.an.pk), NUMBER)


class FaultTest(GatewayCase):
    def test_five_refusals_wait_longer_and_end_with_somebody_told(self):
        keeper, row, waits = make.person("keeper", "notifications.receive_dead_letters"), self.tell(), []
        for _attempt in range(5):
            self.attempt(Behaviour(500))
            waits.append(round(self.minutes_until(row)))
            self.wait_is_over()
        self.assertEqual(waits, [1, 2, 4, 8, 0])
        self.assertEqual((row.state, row.attempts, row.last_error), (State.DEAD, 5, "GatewayRefused 500"))
        self.assertEqual(InboxItem.objects.get(recipient=keeper).params["fault"], "GatewayRefused 500")
        self.assertEqual(len({headers["webhook-id"] for headers, _body in self.gateway.received}), 1)

    def test_a_redirect_is_not_followed(self):
        row = self.tell()
        with gateway() as elsewhere:
            self.attempt(Behaviour(307, {"Location": f"http://127.0.0.1:{elsewhere.port}/"}))
            self.assertEqual(elsewhere.received, [])
        self.minutes_until(row)
        self.assertEqual((row.state, row.last_error), (State.WAITING, "GatewayRefused 307"))

    def test_asked_to_wait_everything_waits_and_no_attempt_counts(self):
        row, other = self.tell(), self.tell("case:2")
        done = self.attempt(Behaviour(429, {"Retry-After": "600"}))
        self.assertEqual((len(self.gateway.received), done.failed), (1, 0))
        for each in (row, other):
            self.assertAlmostEqual(self.minutes_until(each), 10, delta=0.5)
            self.assertEqual(each.attempts, 0)
        self.gateway.behaviour = Behaviour()
        self.assertEqual(deliver().posted, 0)
        self.wait_is_over()
        self.assertEqual(deliver().posted, 2)

    def test_an_odd_or_endless_wait_is_bounded(self):
        for words, minutes in (("soon", 1), ("99999999", 60), ("Mon, 01 Jan 2024 00:00:00 GMT", 0)):
            with self.subTest(words):
                row = self.tell(f"case:{minutes}")
                self.attempt(Behaviour(503, {"Retry-After": words}))
                self.assertAlmostEqual(self.minutes_until(row), minutes, delta=0.5)
                Outbox.objects.filter(pk=row.pk).delete()

    def test_too_many_without_a_wait_is_a_refusal(self):
        row = self.tell()
        self.attempt(Behaviour(429))
        self.minutes_until(row)
        self.assertEqual((row.attempts, row.last_error), (1, "GatewayRefused 429"))

    def test_a_gateway_that_hangs_up_is_left_alone(self):
        row, other = self.tell(), self.tell("case:2")
        self.attempt(Behaviour(hangs_up=True))
        self.assertEqual(len(self.gateway.received), 1)
        self.assertAlmostEqual(self.minutes_until(row), 1, delta=0.2)
        self.assertAlmostEqual(self.minutes_until(other), 1, delta=0.2)
        self.assertEqual((row.attempts, row.last_error, other.attempts), (1, "GatewaySilent", 0))

    def test_faults_are_spread_over_all_that_waits(self):
        rows = [self.tell(f"case:{nth}") for nth in range(5)]
        for _attempt in range(5):
            self.attempt(Behaviour(hangs_up=True))
            self.wait_is_over()
        for row in rows:
            row.refresh_from_db()
        self.assertEqual([row.attempts for row in rows], [1] * 5)

    def test_slow_and_dripping_answers_end_in_time(self):
        for behaviour in (Behaviour(seconds=3), Behaviour(drip=0.3)):
            with self.subTest(behaviour):
                self.tell(f"case:{behaviour.drip}")
                began = monotonic()
                done = self.attempt(behaviour)
                self.gateway.behaviour.drip = 0
                self.assertLess(monotonic() - began, 2.5)
                self.assertEqual(done.failed, 1)
                Outbox.objects.all().delete()

    def test_while_it_is_down_messages_wait_without_counting_and_go_when_it_is_back(self):
        row, port = self.tell(), self.gateway.port
        self.gateway.die()
        for _time in range(7):
            with self.assertLogs(LOG, "ERROR"):
                self.assertTrue(deliver().is_server_down)
        row.refresh_from_db()
        self.assertEqual((row.state, row.attempts), (State.WAITING, 0))
        with gateway(port) as again:
            self.assertEqual(deliver().posted, 1)
            self.assertEqual(again.received[0][0]["webhook-id"], f"msg_{row.stable_id}")

    def test_a_sick_gateway_takes_nothing_from_mail(self):
        binh = make.person("binh")
        self.tell()
        enqueue("k", to=[binh.pk], template="case_forwarded", params={"reference": "x"})
        self.attempt(Behaviour(hangs_up=True))
        self.assertEqual([message.to for message in mail.outbox], [["binh@example.invalid"]])


class WebhookTest(GatewayCase):
    channels = ("webhook",)

    def test_the_messaging_system_knows_people_by_number(self):
        self.tell(urgent=True)
        self.assertEqual(deliver().posted, 1)
        told = self.gateway.bodies[0]["data"]
        self.assertEqual((told["to"], told["is_urgent"]), (str(self.an.pk), True))
        self.assertNotIn(NUMBER, json.dumps(told))


def test_signature_of_the_published_example():
    """The example of the Standard Webhooks libraries: other people's code verifies what we sign."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', [secret], at=1614265330)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
