"""The inbox page is its owner's; the outbox is for those who look after the system."""

from django.test import TestCase
from django.urls import reverse

from notifications.choices import Channel
from notifications.delivery import deliver
from notifications.models import InboxItem
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
