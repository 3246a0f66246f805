"""Opening the API to a system: by command and in the console; a token is seen once."""

from datetime import timedelta
from io import StringIO

from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from accounts.changes import services as changes
from accounts.changes.models import AccountChange, Change
from accounts.services import issue_token, revoke_tokens
from audit.models import Entry
from common.exceptions import InvalidInput, SecondPersonNeeded
from tests.api import factories as make


class CommandTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()

    def test_the_token_is_printed_once_and_kept_as_a_hash(self) -> None:
        out, err = StringIO(), StringIO()
        call_command("create_api_client", "cong-1022", "--send", "--channel", "P1022", stdout=out, stderr=err)
        token = out.getvalue().strip()
        self.assertNotIn(token, err.getvalue())
        row = AuthToken.objects.get()
        self.assertNotIn(token, repr(vars(row)))
        self.assertLessEqual(row.expiry, timezone.now() + timedelta(days=366))
        answer = make.Caller(token=token).post(make.INTAKE, {"body": "Chờ lâu."}, Idempotency_Key="1")
        self.assertEqual(answer.status_code, 201)
        self.assertEqual(make.Caller(token=token).get(make.LIST).status_code, 403)

    def test_what_makes_no_sense_is_refused_and_leaves_nothing(self) -> None:
        make.User.objects.create_user("co-roi", password=None)
        for arguments in (
            ["ten"],
            ["ten", "--send", "--channel", "KHONG"],
            ["ten", "--read", "--expires", "2020-01-01"],
            ["Tên Có Dấu", "--read"],
            ["public", "--send"],
            ["x" * 41, "--send"],
            ["co-roi", "--read"],
        ):
            with self.assertRaises(CommandError):
                call_command("create_api_client", *arguments, stdout=StringIO(), stderr=StringIO())
        self.assertFalse(make.ApiClient.objects.exists())
        self.assertFalse(AuthToken.objects.exists())

    def test_a_token_ends_with_its_client(self) -> None:
        client, _caller = make.system("doc", may_read=True, expires_on=timezone.localdate() + timedelta(days=3))
        self.assertLessEqual(client.user.auth_token_set.get().expiry, timezone.now() + timedelta(days=3))
        client.expires_on = timezone.localdate()
        with self.assertRaises(InvalidInput):
            issue_token(client)


class MemoryTests(TestCase):
    def test_a_process_may_remember_a_token_for_a_moment_and_not_longer(self) -> None:
        from accounts.api import authentication

        make.seed()
        client, caller = make.system("doc", may_read=True)
        self.addCleanup(authentication._remembered.clear)
        with override_settings(API_TOKEN_MEMORY=60):
            self.assertEqual(caller.get(make.LIST).status_code, 200)
            with self.assertNumQueries(1):
                caller.get(make.LIST)
            revoke_tokens(client)
            self.assertEqual(caller.get(make.LIST).status_code, 200)
            digest, (_until, found) = authentication._remembered.popitem()
            authentication._remembered[digest] = (0.0, found)
            self.assertEqual(caller.get(make.LIST).status_code, 401)


class ConsoleTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.row, cls.caller = make.system("doc", may_read=True)
        cls.sysadmin = make.person("sysadmin")

    def setUp(self) -> None:
        self.client.force_login(self.sysadmin)
        self.issue = reverse("admin:accounts_apiclient_issue_page", args=[self.row.pk])
        self.revoke = reverse("admin:accounts_apiclient_revoke_page", args=[self.row.pk])

    def test_looking_makes_no_token(self) -> None:
        self.assertContains(self.client.get(self.issue), "csrfmiddlewaretoken")
        self.assertEqual(AuthToken.objects.count(), 1)

    def asked(self) -> AccountChange:
        self.client.post(self.issue, {"reason": "khoá cũ hết hạn"})
        return AccountChange.objects.get(what=Change.TOKEN, state="pending")

    def test_a_token_waits_for_a_second_person_and_is_made_once(self) -> None:
        other = make.person("sysadmin")
        self.assertContains(self.client.post(self.issue, {"reason": ""}), "textarea")
        asked = self.asked()
        self.assertNotContains(self.client.get(self.issue), "textarea")  # it waits: nothing is asked twice
        changes.approve(asked, by=make.person("lead"))
        with self.assertRaises(SecondPersonNeeded):
            changes.make_token(self.row, by=other)
        changes.make_token(self.row, by=self.sysadmin)
        with self.assertRaises(SecondPersonNeeded):
            changes.make_token(self.row, by=self.sysadmin)
        self.assertEqual(AuthToken.objects.count(), 2)
        self.assertTrue(Entry.objects.filter(by=self.sysadmin, reason__startswith="token_made").exists())

    def test_an_agreement_ends_after_a_day(self) -> None:
        agreed = changes.approve(self.asked(), by=make.person("lead"))
        AccountChange.objects.filter(pk=agreed.pk).update(decided_at=timezone.now() - timedelta(hours=25))
        with self.assertRaises(SecondPersonNeeded):
            changes.make_token(self.row, by=self.sysadmin)

    def test_a_token_is_shown_once_and_opens_the_api(self) -> None:
        changes.approve(self.asked(), by=make.person("lead"))
        answer = self.client.post(self.issue)
        token = answer.context["token"]
        self.assertContains(answer, token)
        self.assertIn("no-store", answer["Cache-Control"])
        self.assertEqual(make.Caller(token=token).get(make.LIST).status_code, 200)
        for page in (self.issue, reverse("admin:accounts_apiclient_change", args=[self.row.pk])):
            self.assertNotContains(self.client.get(page), token)

    def test_withdrawing_shuts_every_token_out(self) -> None:
        other = issue_token(self.row)
        self.assertRedirects(
            self.client.post(self.revoke), reverse("admin:accounts_apiclient_change", args=[self.row.pk])
        )
        for caller in (self.caller, make.Caller(token=other)):
            self.assertEqual(caller.get(make.LIST).status_code, 401)

    def test_only_who_may_change_clients_reaches_them(self) -> None:
        self.client.force_login(make.person("officer"))
        for page in (self.issue, self.revoke):
            self.assertIn(self.client.post(page).status_code, (302, 403))
        self.assertEqual(AuthToken.objects.count(), 1)

    def test_the_list_counts_living_tokens(self) -> None:
        self.assertContains(self.client.get(reverse("admin:accounts_apiclient_changelist")), "doc")
