"""The daily digest: what waited becomes one mail at the person's hour, exactly once, under one Message-ID."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connection
from django.db.models.functions import Now
from django.test import TestCase, TransactionTestCase, override_settings
from django.utils import timezone

from notifications.choices import Channel, Kind, State
from notifications.delivery import deliver
from notifications.digests import gather
from notifications.models import Outbox, Preference
from notifications.services import enqueue, hide
from tests.notifications import factories as make

BACKENDS = "tests.notifications.backends."


def tell(person, key, *, template="case_forwarded", **more):
    params = {"reference": f"PA-2026-{key}", "obligation": "answer", "due_at": "2026-02-26T17:00:00+00:00"}
    return enqueue(key, to=[person.pk], template=template, params=params, **more)


def hour_has_come():
    Outbox.objects.filter(channel=Channel.DIGEST).update(next_try_at=timezone.now() - timedelta(minutes=1))


class DigestTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.an = make.person("an", language="en")
        cls.wish = Preference.objects.create(user=cls.an, digested=[Kind.WORK, Kind.REMINDER], digest_hour=7)

    def channels(self):
        return sorted(Outbox.objects.exclude(channel=Channel.INBOX).values_list("channel", flat=True))

    def test_what_is_wanted_daily_waits_for_the_next_hour_of_the_day_here(self):
        tell(self.an, "1")
        row = Outbox.objects.get(channel=Channel.DIGEST)
        here = timezone.localtime(row.next_try_at)
        self.assertEqual((here.hour, here.minute, here.second), (7, 0, 0))
        self.assertTrue(timedelta() < row.next_try_at - timezone.now() <= timedelta(days=1))
        self.assertEqual(deliver().mails, 0)

    def test_each_hour_is_the_next_one(self):
        for hour in range(24):
            Preference.objects.update(digest_hour=hour)
            tell(self.an, f"k{hour}")
        rows = Outbox.objects.filter(channel=Channel.DIGEST)
        self.assertEqual(sorted(timezone.localtime(row.next_try_at).hour for row in rows), list(range(24)))
        for row in rows:
            self.assertTrue(timedelta() < row.next_try_at - row.created_at <= timedelta(days=1))

    def test_urgent_and_locked_ones_come_at_once(self):
        tell(self.an, "1", urgent=True)
        tell(self.an, "2", template="deadline_passed")
        self.assertEqual(self.channels(), ["email", "email"])
        self.assertEqual(deliver().mails, 2)

    def test_one_mail_of_all_that_waited(self):
        for key in ("1", "2", "3"):
            tell(self.an, key, url=f"/console/{key}/")
        hour_has_come()
        self.assertEqual(deliver().mails, 1)
        told = mail.outbox[0]
        self.assertEqual(told.subject, "Your messages of the day: 3")
        for key in ("1", "2", "3"):
            self.assertEqual(told.body.count(f"PA-2026-{key} was forwarded"), 1)
            self.assertIn(f"http://127.0.0.1:8000/console/{key}/", told.body)
        self.assertEqual((deliver().mails, gather()), (0, 0))
        self.assertFalse(Outbox.objects.waiting().exists())

    def test_what_comes_afterwards_is_for_the_next_one(self):
        tell(self.an, "1")
        hour_has_come()
        deliver()
        tell(self.an, "2")
        self.assertEqual(deliver().mails, 0)
        hour_has_come()
        self.assertEqual(deliver().mails, 1)
        self.assertNotIn("PA-2026-1", mail.outbox[1].body)

    def test_it_is_tried_again_under_the_same_id_with_the_same_parts(self):
        tell(self.an, "1")
        hour_has_come()
        with override_settings(EMAIL_BACKEND=BACKENDS + "Refusing"), self.assertLogs("notifications.delivery"):
            deliver()
        first = Outbox.objects.get(channel=Channel.EMAIL)
        self.assertEqual((first.state, first.attempts, first.parts.count()), (State.WAITING, 1, 1))
        Outbox.objects.waiting().update(next_try_at=Now())
        tell(self.an, "2")
        self.assertEqual(deliver().mails, 1)
        self.assertEqual(mail.outbox[0].extra_headers["Message-ID"], first.message_id)
        self.assertNotIn("PA-2026-2", mail.outbox[0].body)

    def test_what_was_hidden_meanwhile_is_not_in_it(self):
        tell(self.an, "1", about=self.an)
        tell(self.an, "2")
        hide(self.an.pk, type(self.an).objects.filter(pk=self.an.pk))
        hour_has_come()
        deliver()
        self.assertEqual(mail.outbox[0].subject, "Your messages of the day: 1")
        self.assertNotIn("PA-2026-1", mail.outbox[0].body)

    def test_many_people_cost_few_queries_each(self):
        tell(self.an, "1")
        hour_has_come()
        with self.assertNumQueries(7):  # who, two for a savepoint, their wishes, what waits, the mail, the marks
            gather()


@pytest.mark.slow
class TogetherTest(TransactionTestCase):
    def test_many_at_once_make_one_mail(self):
        an = make.person("an")
        Preference.objects.create(user=an, digested=[Kind.WORK])
        for nth in range(20):
            tell(an, str(nth))
        hour_has_come()
        ready, made = Barrier(4), []

        def work():
            ready.wait()
            made.append(gather())
            connection.close()

        threads = [Thread(target=work) for _nth in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sum(made), 1)
        self.assertEqual(Outbox.objects.get(channel=Channel.EMAIL).parts.count(), 20)
