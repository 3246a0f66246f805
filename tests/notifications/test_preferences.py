"""People choose how they hear of what; what must not be missed comes anyway."""

from django.test import TestCase, override_settings
from django.urls import reverse

from notifications.choices import ALWAYS_MAILED, Channel, Kind
from notifications.models import Outbox, Phone, Preference
from notifications.services import enqueue
from notifications.templates import TEMPLATES, kind_of
from tests.feedback import factories as make


class PreferenceTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.officer = make.person("officer")
        cls.officer.email = "can.bo@example.invalid"
        cls.officer.save()

    def setUp(self) -> None:
        self.client.force_login(self.officer)
        self.page = reverse("notification_preferences")

    def mailed(self) -> set[str]:
        """Which kinds reach the officer by mail now."""
        Outbox.objects.all().delete()
        for template in TEMPLATES:
            enqueue(f"test:{template}", to=[self.officer.pk], template=template)
        inbox = Outbox.objects.filter(channel=Channel.INBOX)
        self.assertEqual(inbox.count(), len(TEMPLATES), "the inbox holds everything")
        templates = Outbox.objects.filter(channel=Channel.EMAIL).values_list("template", flat=True)
        return {kind_of(template) for template in templates}

    def test_without_a_wish_everything_is_mailed(self) -> None:
        self.assertEqual(self.mailed(), set(Kind))
        self.assertContains(
            self.client.get(self.page), '<option value="now" selected>', count=len(Kind) - len(ALWAYS_MAILED)
        )

    def test_what_is_not_ticked_is_not_mailed(self) -> None:
        self.client.post(self.page, {"mail_work": "now"})
        self.assertEqual(self.mailed(), {Kind.WORK, *ALWAYS_MAILED})
        self.client.post(self.page, {f"mail_{kind}": "now" for kind in ("work", "reminder", "reporter")})
        self.assertEqual(self.mailed(), set(Kind))

    def test_nothing_that_is_sent_switches_off_what_must_not_be_missed(self) -> None:
        self.client.post(self.page, {})
        self.assertEqual(self.mailed(), set(ALWAYS_MAILED))
        self.assertFalse(set(Preference.objects.get().muted) & set(ALWAYS_MAILED))
        self.client.post(self.page, {"mail_late": "now", "mail_lạ": "now"})
        self.assertEqual(self.mailed(), set(ALWAYS_MAILED))

    def test_each_locked_kind_says_why(self) -> None:
        page = self.client.get(self.page).content.decode()
        for reason in ALWAYS_MAILED.values():
            self.assertIn(str(reason), page)

    def test_only_ones_own_and_only_signed_in(self) -> None:
        other = make.person("lead")
        self.client.post(self.page, {"user": other.pk})
        self.assertEqual([wish.user for wish in Preference.objects.all()], [self.officer])
        self.client.logout()
        self.assertEqual(self.client.get(self.page).status_code, 302)

    def test_each_kind_comes_at_once_daily_or_to_the_inbox_only(self) -> None:
        self.client.post(self.page, {"mail_work": "daily", "mail_reminder": "now", "digest_hour": "17"})
        wish = Preference.objects.get()
        self.assertEqual((wish.digested, wish.muted, wish.digest_hour), (["work"], ["reporter"], 17))
        self.assertEqual(self.mailed(), {Kind.REMINDER, *ALWAYS_MAILED})
        daily = Outbox.objects.filter(channel=Channel.DIGEST).values_list("template", flat=True)
        self.assertEqual({kind_of(template) for template in daily}, {Kind.WORK})
        self.assertContains(self.client.get(self.page), '<option value="17" selected>')

    def test_odd_choices_are_refused_and_nothing_is_kept(self) -> None:
        for odd in ({"mail_work": "sometimes"}, {"digest_hour": "24"}, {"digest_hour": "bảy"}, {"also": ["fax:work"]}):
            with self.subTest(odd):
                self.assertEqual(self.client.post(self.page, odd).status_code, 200)
                self.assertFalse(Preference.objects.exists())

    def test_without_a_gateway_no_number_is_asked_for_or_kept(self) -> None:
        self.assertNotContains(self.client.get(self.page), 'name="phone"')
        self.client.post(self.page, {"phone": "0912345678"})
        self.assertFalse(Phone.objects.exists())


@override_settings(GATEWAYS={"sms": {"url": "https://gateway.example.invalid/", "secrets": [b"s" * 32]}})
class PhoneTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.officer = make.person("officer")

    def setUp(self) -> None:
        self.client.force_login(self.officer)
        self.page = reverse("notification_preferences")

    def test_number_is_kept_under_seal_shown_to_its_owner_and_forgotten_on_wish(self) -> None:
        self.client.post(self.page, {"phone": "0912 345 678", "also": ["sms:late"]})
        self.assertEqual(Phone.of(self.officer.pk), "+84912345678")
        self.assertContains(self.client.get(self.page), "+84912345678")
        enqueue("k", to=[self.officer.pk], template="deadline_passed")
        enqueue("k2", to=[self.officer.pk], template="case_forwarded")
        self.assertEqual(Outbox.objects.get(channel="sms").template, "deadline_passed")
        self.client.force_login(make.person("lead"))
        self.assertNotContains(self.client.get(self.page), "912345678")
        self.client.force_login(self.officer)
        self.client.post(self.page, {})
        self.assertFalse(Phone.objects.exists())

    def test_a_wrong_or_missing_number_is_told_and_what_was_typed_stays(self) -> None:
        for typed in ("12", "không có", "0912 345 678 9999", ""):
            answer = self.client.post(self.page, {"phone": typed, "also": ["sms:late"], "mail_work": "daily"})
            self.assertContains(answer, 'role="alert"')
            self.assertContains(answer, f'value="{typed}"')
            self.assertContains(answer, '<option value="daily" selected>')
        self.assertFalse(Preference.objects.exists())
