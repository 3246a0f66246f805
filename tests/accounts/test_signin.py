"""Signing in: password, second factor, waits; through real requests."""

import re
import time
from typing import Any

import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client, TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.changes import services as changes
from accounts.models import AccountChange
from accounts.signin import codes
from audit.models import Act, Entry
from config.dev import onetime
from tests.feedback import factories as make

PASSWORD = "rung-tram-tra-su-47"
LOGIN, CODE, SET_UP = "/console/login/", "/console/login/ma/", "/console/login/yeu-to-thu-hai/"
NOON = timezone.datetime(2026, 11, 25, 5, 0, 10, tzinfo=timezone.get_fixed_timezone(0))


def code_now(secret: str) -> str:
    return onetime.code(secret, time.time())


class SignInCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.officer = cls.team.officer
        cls.officer.set_password(PASSWORD)
        cls.officer.save()

    def setUp(self) -> None:
        self.enterContext(time_machine.travel(NOON, tick=False))

    def give(self, password: str = PASSWORD, *, name: str = "", client: Client | None = None, **more: Any) -> Any:
        form = {"login": name or self.officer.username, "password": password}
        return (client or self.client).post(LOGIN, form, **more)

    def with_app(self) -> str:
        secret = codes.new_secret()
        codes.set_up(self.officer, secret, 0)
        return secret

    def is_in(self, client: Client | None = None) -> bool:
        return (client or self.client).get("/console/").status_code == 200

    def acts(self) -> list[str]:
        return list(Entry.objects.order_by("id").values_list("act", flat=True))


class FirstSignInTests(SignInCase):
    def test_the_second_step_is_set_up_before_anything_else_can_be_reached(self) -> None:
        answer = self.client.post(
            LOGIN, {"login": self.officer.username, "password": PASSWORD, "next": "/console/feedback/case/"}
        )
        self.assertRedirects(answer, SET_UP, fetch_redirect_response=False)
        page = self.client.get(SET_UP)
        secret = re.search(r"ln-login-key\">([A-Z2-7 ]+)<", page.content.decode())[1].replace(" ", "")
        for path in ("/console/", "/console/feedback/case/", reverse("admin:password_change")):
            self.assertIn("/console/login/", self.client.get(path)["Location"])
        self.assertEqual(self.client.get("/api/v1/cases/").status_code, 401)
        self.assertContains(self.client.post(SET_UP, {"code": "000000"}), 'id="set-up-form"')
        self.assertRedirects(
            self.client.post(SET_UP, {"code": code_now(secret)}), SET_UP, fetch_redirect_response=False
        )
        self.assertEqual(len(re.findall(r"<li>\d{8}</li>", self.client.get(SET_UP).content.decode())), 10)
        self.assertFalse(self.is_in())
        self.assertRedirects(self.client.post(SET_UP), "/console/feedback/case/", fetch_redirect_response=False)
        self.assertTrue(self.is_in())
        self.assertEqual(self.client.get("/api/v1/cases/").status_code, 200)
        self.assertEqual(self.acts(), [Act.FACTOR, Act.SIGN_IN])

    def test_the_secret_lies_sealed(self) -> None:
        secret = self.with_app()
        for row in Authenticator.objects.filter(user=self.officer):
            self.assertNotIn(secret, str(row.data))

    def test_a_session_without_the_second_step_is_nobodys(self) -> None:
        from tests.conftest import _with_password_only

        _with_password_only(self.client, self.officer)
        self.assertFalse(self.is_in())
        _with_password_only(self.client, self.officer)
        self.assertEqual(self.client.get("/api/v1/cases/").status_code, 401)


class LaterSignInTests(SignInCase):
    def test_password_then_code_and_a_fresh_session(self) -> None:
        secret = self.with_app()
        self.client.get(LOGIN)
        self.assertRedirects(self.give(), CODE, fetch_redirect_response=False)
        before = self.client.cookies["sessionid"].value
        self.assertFalse(self.is_in())
        self.assertRedirects(
            self.client.post(CODE, {"code": code_now(secret)}), "/console/", fetch_redirect_response=False
        )
        self.assertNotEqual(self.client.cookies["sessionid"].value, before)
        self.assertTrue(self.is_in())
        self.client.post("/console/logout/")
        self.assertFalse(self.is_in())
        self.assertEqual(self.acts()[-2:], [Act.SIGN_IN, Act.SIGN_OUT])

    def test_the_set_up_page_does_not_lead_around_the_code(self) -> None:
        self.with_app()
        self.give()
        for send in (self.client.get, self.client.post):
            self.assertRedirects(send(SET_UP), LOGIN, fetch_redirect_response=False)
        self.assertFalse(self.is_in())

    def test_a_code_counts_once(self) -> None:
        secret = self.with_app()
        self.give()
        self.client.post(CODE, {"code": code_now(secret)})
        other = Client()
        self.give(client=other)
        self.assertContains(other.post(CODE, {"code": code_now(secret)}), 'id="code-form"')
        self.assertFalse(self.is_in(other))

    def test_a_recovery_code_opens_once(self) -> None:
        codes.set_up(self.officer, codes.new_secret(), 0)
        spare = codes.recovery_codes(self.officer)[3]
        for is_first in (True, False):
            client = Client()
            self.give(client=client)
            client.post(CODE, {"code": spare})
            self.assertEqual(self.is_in(client), is_first)

    def test_codes_are_guessed_five_times_and_then_the_right_one_waits(self) -> None:
        secret = self.with_app()
        self.give()
        for _guess in range(5):
            self.client.post(CODE, {"code": "000000"})
        self.client.post(CODE, {"code": code_now(secret)})
        self.assertFalse(self.is_in())
        with time_machine.travel(NOON + timezone.timedelta(seconds=61), tick=False):
            self.client.post(CODE, {"code": code_now(secret)})
            self.assertTrue(self.is_in())

    def test_codes_of_invented_people_open_nothing_outside_a_demonstration(self) -> None:
        codes.give_demo_secrets([self.officer])
        code = code_now(codes.demo_secret(self.officer.username))
        with override_settings(DEMO=False):
            self.give()
            self.client.post(CODE, {"code": code})
            self.assertFalse(self.is_in())
            with self.assertRaises(RuntimeError):
                codes.give_demo_secrets([self.officer])
        self.client.post(CODE, {"code": code})
        self.assertTrue(self.is_in())


class WaitTests(SignInCase):
    def test_the_right_password_waits_and_the_owner_gets_in_afterwards(self) -> None:
        self.with_app()
        for _guess in range(5):
            self.assertContains(self.give("sai-mat-khau"), "errornote")
        waits = self.give()
        self.assertContains(waits, "60", status_code=429)
        self.assertEqual(waits.headers["Retry-After"], "61")
        self.assertRedirects(self.client.get(CODE), LOGIN, fetch_redirect_response=False)
        with time_machine.travel(NOON + timezone.timedelta(seconds=61), tick=False):
            self.assertRedirects(self.give(), CODE, fetch_redirect_response=False)

    def test_an_unknown_account_waits_like_a_known_one(self) -> None:
        said = []
        for name in (self.officer.username, "khong-co-ai"):
            pages = [self.give("sai-mat-khau", name=name, client=Client()).content.decode() for _guess in range(6)]
            said.append([re.sub(r'(value|nonce)="[^"]*"', "", page) for page in pages])
        self.assertEqual(*said)

    def test_a_forged_address_does_not_begin_a_new_count(self) -> None:
        for number in range(30):
            self.give("x", name=f"ai-do-{number}", headers={"x-forwarded-for": f"203.0.113.{number}"})
        self.assertContains(self.give(headers={"x-forwarded-for": "198.51.100.9"}), "60", status_code=429)

    def test_failures_are_written_down_without_names_and_addresses(self) -> None:
        self.give("sai-mat-khau")
        self.give("sai-mat-khau", name="khong-co-ai")
        known, unknown = Entry.objects.filter(act=Act.SIGN_IN_FAILED).order_by("id")
        self.assertEqual((known.about_id, unknown.about_id), (self.officer.pk, None))
        self.assertEqual({known.reason, unknown.reason}, {"password"})


class ResetTests(SignInCase):
    def test_an_administrator_resets_with_a_reason_and_the_person_sets_up_anew(self) -> None:
        self.with_app()
        keeper = make.person("sysadmin")
        self.client.force_login(keeper)
        page = reverse("admin:accounts_user_reset_factor_page", args=[self.officer.pk])
        self.client.post(page, {"reason": " "})
        self.assertTrue(codes.has_second_factor(self.officer))
        self.client.post(page, {"reason": "mất điện thoại, đã gọi lại xác minh"})
        self.assertTrue(codes.has_second_factor(self.officer))
        second = make.person("director")
        changes.approve(AccountChange.objects.get(user=self.officer), by=make.fresh(second))
        self.assertRedirects(self.give(client=Client()), SET_UP, fetch_redirect_response=False)
        entry = Entry.objects.filter(act=Act.FACTOR).latest("id")
        self.assertEqual((entry.by, entry.about_id), (second, self.officer.pk))

    def test_nobody_resets_their_own_and_an_officer_resets_nobodys(self) -> None:
        keeper = make.person("sysadmin")
        codes.set_up(keeper, codes.new_secret(), 0)
        for person in (keeper, self.officer):
            self.client.force_login(person)
            self.client.post(reverse("admin:accounts_user_reset_factor_page", args=[keeper.pk]), {"reason": "x"})
            self.assertTrue(codes.has_second_factor(keeper))

    def test_a_switched_off_person_is_out_with_the_next_request(self) -> None:
        self.client.force_login(self.officer)
        self.assertTrue(self.is_in())
        self.officer.is_active = False
        self.officer.save()
        self.assertFalse(self.is_in())
