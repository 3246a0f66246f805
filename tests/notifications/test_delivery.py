"""Every message arrives, the inbox exactly once, mail at least once under one Message-ID, and faults end somewhere."""

import os
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connection
from django.test import TestCase, TransactionTestCase, override_settings
from django.utils import timezone

from notifications.choices import Channel, State
from notifications.delivery import deliver
from notifications.models import InboxItem, Outbox, Preference
from notifications.services import Wanted, enqueue, enqueue_many, unread_count
from notifications.tasks import deliver_notifications
from tests.notifications import factories as make

BACKENDS = "tests.notifications.backends."


def tell(*people, key="case:1:v2", template="case_forwarded", **more):
    return enqueue(
        key, to=[person.pk for person in people], template=template, params={"reference": "PA-2026-000123"}, **more
    )


def wait_is_over():
    """As if the time until the next try had passed."""
    Outbox.objects.waiting().update(next_try_at=timezone.now() - timedelta(hours=1))


class EnqueueTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.an, cls.binh = make.person("an"), make.person("binh")

    def test_one_row_per_person_and_channel_in_one_query(self):
        with self.assertNumQueries(1):
            self.assertEqual(tell(self.an, self.binh), 4)

    def test_the_same_key_is_enqueued_once(self):
        tell(self.an)
        self.assertEqual(tell(self.an, self.binh, self.binh), 2)

    def test_mail_only_to_those_who_have_an_address_and_want_it(self):
        Preference.objects.create(user=self.an, email_enabled=False)
        without = make.person("chi", email="")
        tell(self.an, self.binh, without)
        mails = Outbox.objects.filter(channel=Channel.EMAIL)
        self.assertEqual([row.recipient for row in mails], [self.binh])
        self.assertEqual(Outbox.objects.filter(channel=Channel.INBOX).count(), 3)

    def test_people_who_left_get_nothing(self):
        gone = make.person("gone", is_active=False)
        self.assertEqual(tell(gone), 0)

    def test_many_different_messages_in_one_query(self):
        rows = [Wanted(f"k{n}", self.an.pk, "case_forwarded", {"reference": str(n)}) for n in range(200)]
        with self.assertNumQueries(1):
            self.assertEqual(enqueue_many(rows, channels=[Channel.INBOX]), 200)

    def test_nothing_to_say_asks_nothing(self):
        with self.assertNumQueries(0):
            self.assertEqual(tell(), 0)

    def test_message_knows_its_record(self):
        tell(self.an, about=self.binh)
        row = Outbox.objects.first()
        self.assertEqual((row.about_type.model_class(), row.about_id), (type(self.binh), self.binh.pk))


class DeliverTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.an = make.person("an", language="vi")
        cls.ben = make.person("ben", language="en")

    def test_inbox_and_mail_arrive_once(self):
        tell(self.an, self.ben, urgent=True)
        done = deliver()
        self.assertEqual((done.inbox, done.mails), (2, 2))
        self.assertEqual(deliver().inbox, 0)
        self.assertEqual((InboxItem.objects.count(), len(mail.outbox)), (2, 2))
        self.assertFalse(Outbox.objects.waiting().exists())

    def test_task_run_twice_sends_once(self):
        tell(self.an)
        deliver_notifications()
        deliver_notifications()
        self.assertEqual((InboxItem.objects.count(), len(mail.outbox)), (1, 1))

    def test_outbox_row_taken_twice_makes_one_inbox_item(self):
        tell(self.an, channels=[Channel.INBOX])
        deliver()
        Outbox.objects.update(state=State.WAITING, sent_at=None)
        deliver()
        self.assertEqual(InboxItem.objects.count(), 1)

    def test_mail_is_in_the_language_of_its_reader_with_a_link(self):
        tell(self.an, self.ben)
        deliver()
        by_person = {message.to[0]: message for message in mail.outbox}
        english = by_person["ben@example.invalid"]
        self.assertEqual(english.subject, "PA-2026-000123 was forwarded to your facility")
        self.assertIn("http://", english.body)
        self.assertNotEqual(by_person["an@example.invalid"].subject, "")

    def test_nothing_personal_leaves(self):
        tell(self.an)
        deliver()
        for text in (mail.outbox[0].subject, mail.outbox[0].body):
            self.assertNotIn(self.an.username + "@", text)

    @override_settings(EMAIL_BACKEND=BACKENDS + "Refusing")
    def test_refused_mail_waits_longer_each_time_and_is_given_up_after_five(self):
        keeper = make.person("keeper", "notifications.receive_dead_letters")
        tell(self.an)
        waits = []
        for _attempt in range(5):
            with self.assertLogs("notifications.delivery", "WARNING"):
                deliver()
            row = Outbox.objects.get(channel=Channel.EMAIL, recipient=self.an)
            waits.append(round((row.next_try_at - timezone.now()) / timedelta(minutes=1)))
            wait_is_over()
        self.assertEqual(waits, [1, 2, 4, 8, 0])
        row.refresh_from_db()
        self.assertEqual((row.state, row.attempts, row.last_error), (State.DEAD, 5, "SMTPRecipientsRefused"))
        notice = InboxItem.objects.get(recipient=keeper)
        self.assertEqual((notice.template, notice.params["number"]), ("dead_letter", str(row.pk)))
        deliver()
        self.assertEqual(InboxItem.objects.filter(template="dead_letter").count(), 1)

    @override_settings(EMAIL_BACKEND=BACKENDS + "Refusing")
    def test_dead_letter_without_a_keeper_reaches_the_superuser(self):
        root = make.person("root", is_superuser=True)
        tell(self.an)
        Outbox.objects.filter(channel=Channel.EMAIL).update(attempts=4)
        deliver()
        self.assertTrue(InboxItem.objects.filter(recipient=root, template="dead_letter").exists())

    @override_settings(EMAIL_BACKEND=BACKENDS + "Down")
    def test_while_the_server_is_down_mail_waits_without_counting_attempts(self):
        tell(self.an)
        for _time in range(10):
            with self.assertLogs("notifications.delivery", "ERROR"):
                self.assertTrue(deliver().is_server_down)
        row = Outbox.objects.get(channel=Channel.EMAIL)
        self.assertEqual((row.state, row.attempts), (State.WAITING, 0))
        with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
            self.assertEqual(deliver().mails, 1)

    def test_urgent_mail_goes_first(self):
        tell(self.an, key="calm")
        tell(self.ben, key="urgent", urgent=True)
        deliver()
        self.assertEqual([message.to[0] for message in mail.outbox], ["ben@example.invalid", "an@example.invalid"])

    def test_person_who_gave_up_the_address_meanwhile_costs_nobody_else(self):
        tell(self.an, self.ben)
        type(self.an).objects.filter(pk=self.an.pk).update(email="")
        with self.assertLogs("notifications.delivery", "WARNING"):
            done = deliver()
        self.assertEqual((done.mails, done.failed), (1, 1))


class InboxTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.an, cls.binh = make.person("an"), make.person("binh")
        tell(cls.an, cls.binh, channels=[Channel.INBOX])
        deliver()

    def test_an_inbox_is_its_owners(self):
        self.assertEqual(InboxItem.objects.visible_to(self.an).get().recipient, self.an)

    def test_unread_count_costs_one_query(self):
        with self.assertNumQueries(1):
            self.assertEqual(unread_count(self.an), 1)
        InboxItem.objects.visible_to(self.an).mark_read(timezone.now())
        self.assertEqual((unread_count(self.an), unread_count(self.binh)), (0, 1))


DYING_SENDER = """
import django
django.setup()
from notifications.delivery import deliver
deliver()
"""


@pytest.mark.slow
class CrashTest(TransactionTestCase):
    def setUp(self):
        self.an = make.person("an")

    def database_url(self):
        known = connection.settings_dict
        host = known["HOST"] or known["OPTIONS"].get("host", "")
        port = f"&port={known['PORT']}" if known["PORT"] else ""
        return f"postgresql://{known['USER']}:{known['PASSWORD']}@/{known['NAME']}?host={host}{port}"

    def die_sending(self, sink):
        # EMAIL_URL names only the servers that Django knows; the backend is put in after the settings are read
        program = (
            "from django.conf import settings; settings.EMAIL_BACKEND = 'tests.notifications.backends.Deadly'\n"
            + DYING_SENDER
        )
        environment = {
            **os.environ,
            "DATABASE_URL": self.database_url(),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "MAIL_SINK": str(sink),
        }
        died = subprocess.run([sys.executable, "-c", program], env=environment, check=False)
        self.assertEqual(died.returncode, 9)

    def test_mail_whose_sender_died_is_sent_again_under_the_same_id(self):
        tell(self.an, channels=[Channel.EMAIL])
        with tempfile.TemporaryDirectory() as folder:
            sink = Path(folder) / "sink"
            self.die_sending(sink)
            row = Outbox.objects.get()
            self.assertEqual((row.state, row.attempts), (State.WAITING, 1))
            self.assertEqual(deliver().mails, 0)  # leased: the sender may still be alive
            wait_is_over()
            self.assertEqual(deliver().mails, 1)
            self.assertEqual(sink.read_text().split(), [mail.outbox[0].extra_headers["Message-ID"]])

    def test_message_that_kills_its_sender_is_given_up_after_five_and_others_go_on(self):
        tell(self.an, key="poison", channels=[Channel.EMAIL])
        with tempfile.TemporaryDirectory() as folder:
            for _attempt in range(5):
                self.die_sending(Path(folder) / "sink")
                wait_is_over()
        tell(self.an, key="good", channels=[Channel.EMAIL])
        done = deliver()
        self.assertEqual((done.mails, done.dead), (1, 1))
        self.assertEqual(Outbox.objects.get(key="poison").last_error, "sender died")

    @override_settings(EMAIL_BACKEND=BACKENDS + "Slow")
    def test_four_senders_at_once_send_each_mail_once(self):
        people = [make.person(f"p{n}") for n in range(4)]
        tell(*people, channels=[Channel.EMAIL])
        ready = Barrier(4)

        def send():
            ready.wait()
            deliver()
            connection.close()

        threads = [Thread(target=send) for _nth in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(message.to[0] for message in mail.outbox), sorted(person.email for person in people))
