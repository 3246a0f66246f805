"""The inbox page is its owner's; the outbox is for those who look after the system."""

from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications.choices import Channel, State
from notifications.delivery import deliver
from notifications.models import InboxItem, Outbox
from notifications.services import enqueue, unread_count
from tests.notifications import factories as make


class InboxAdminTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.an = make.person("an", "notifications.view_inboxitem", is_staff=True, language="en")
        cls.binh = make.person("binh", "notifications.view_inboxitem", is_staff=True, language="en")
        for n in range(3):
            enqueue(
                f"k{n}",
                to=[cls.an.pk],
                template="case_forwarded",
                params={"reference": f"PA-2026-00000{n}"},
                url="/console/here/",
                channels=[Channel.INBOX],
            )
        deliver()
        cls.item = InboxItem.objects.order_by("pk").first()

    def setUp(self):
        self.client.force_login(self.an)
        self.list = reverse("admin:notifications_inboxitem_changelist")
        self.page = reverse("admin:notifications_inboxitem_change", args=[self.item.pk])

    def test_list_holds_my_messages_only(self):
        self.assertContains(self.client.get(self.list), "PA-2026-000001")
        self.client.force_login(self.binh)
        self.assertNotContains(self.client.get(self.list), "PA-2026-000001")
        self.assertEqual(self.client.get(self.page).status_code, 302)
        self.assertEqual(unread_count(self.an), 3)

    def test_opening_marks_as_read_and_links_to_the_record(self):
        self.assertContains(self.client.get(self.page), "/console/here/")
        self.assertEqual(unread_count(self.an), 2)

    def test_unread_come_first(self):
        self.client.get(self.page)
        shown = [row.pk for row in self.client.get(self.list).context["cl"].result_list]
        self.assertEqual(shown[-1], self.item.pk)

    def test_selected_are_marked_as_read(self):
        self.client.post(self.list, {"action": "mark_as_read", "_selected_action": [self.item.pk]})
        self.assertEqual(unread_count(self.an), 2)

    def test_somebody_elses_message_is_not_marked_by_guessing(self):
        self.client.force_login(self.binh)
        self.client.post(self.list, {"action": "mark_as_read", "_selected_action": [self.item.pk]})
        self.client.get(self.page)
        self.assertEqual(unread_count(self.an), 3)

    def test_outbox_takes_its_right(self):
        url = reverse("admin:notifications_outbox_changelist")
        self.assertEqual(self.client.get(url).status_code, 403)
        keeper = make.person("keeper", "notifications.receive_dead_letters", is_staff=True)
        self.client.force_login(keeper)
        self.assertEqual(self.client.get(url).status_code, 200)


class DeadLetterTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.an = make.person("an")
        cls.keeper = make.person("keeper", "notifications.receive_dead_letters", is_staff=True, language="en")
        cls.add(6)
        cls.list = reverse("admin:notifications_outbox_changelist")

    @classmethod
    def add(cls, count):
        start = Outbox.objects.count()
        for nth in range(start, start + count):
            enqueue(f"k{nth}", to=[cls.an.pk], template="case_forwarded", channels=[Channel.EMAIL])
        dead = Outbox.objects.filter(sent_at=None)
        dead.update(state=State.DEAD, attempts=5, last_error="GatewayRefused 500")

    def setUp(self):
        self.client.force_login(self.keeper)

    def settle(self, action, *rows):
        data = {"action": action, "_selected_action": [row.pk for row in rows]}
        return self.client.post(self.list, data, follow=True)

    def test_the_list_says_why(self):
        self.assertContains(self.client.get(f"{self.list}?state__exact=dead"), "GatewayRefused 500", count=6)

    def test_sent_again_it_begins_anew_under_its_id_and_it_is_kept_who_said_so(self):
        row = Outbox.objects.order_by("pk").first()
        before = row.message_id
        self.assertContains(self.settle("send_again", row), "1 message was changed.")
        row.refresh_from_db()
        self.assertEqual((row.state, row.attempts, row.message_id), (State.WAITING, 0, before))
        entry = LogEntry.objects.get()
        self.assertEqual((entry.user, entry.object_id), (self.keeper, str(row.pk)))
        history = self.client.get(reverse("admin:notifications_outbox_history", args=[row.pk]))
        self.assertContains(history, "keeper")
        self.assertEqual(deliver().mails, 1)

    def test_dropped_it_stays_away_and_cannot_be_sent_again(self):
        row = Outbox.objects.order_by("pk").first()
        self.settle("drop", row)
        answer = self.settle("send_again", row)
        self.assertContains(answer, "1 message was not given up and stays as it is.")
        row.refresh_from_db()
        self.assertEqual((row.state, deliver().mails, LogEntry.objects.count()), (State.DROPPED, 0, 1))

    def test_what_was_not_given_up_is_left(self):
        row = Outbox.objects.order_by("pk").first()
        Outbox.objects.filter(pk=row.pk).update(state=State.WITHHELD)
        self.settle("send_again", *Outbox.objects.all())
        row.refresh_from_db()
        self.assertEqual((row.state, Outbox.objects.waiting().count()), (State.WITHHELD, 5))

    def test_queries_do_not_grow_with_the_rows(self):
        self.settle("send_again", Outbox.objects.order_by("pk").first())  # what is remembered is remembered
        counts = []
        for rows in (Outbox.objects.dead()[:2], Outbox.objects.dead()[:40]):
            chosen = list(rows)
            with CaptureQueriesContext(connection) as asked:
                data = {"action": "send_again", "_selected_action": [row.pk for row in chosen]}
                self.client.post(self.list, data)
            counts.append((len(chosen), len(asked)))
            self.add(40)
        self.assertEqual((counts[0][0], counts[1][0], counts[0][1]), (2, 40, counts[1][1]))

    def test_only_who_is_told_of_them_may(self):
        reader = make.person("reader", "notifications.view_outbox", is_staff=True)
        self.client.force_login(reader)
        self.settle("send_again", *Outbox.objects.all())
        self.assertFalse(Outbox.objects.waiting().exists())
