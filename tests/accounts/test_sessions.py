"""Open sessions: listed, ended; through real requests."""

from typing import Any

import time_machine
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client, TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.changes import services as changes
from accounts.models import AccountChange, Membership, Session
from audit.models import Act, Entry
from audit.services import record
from feedback.choices import Status
from tests.accounts.test_signin import CODE, LOGIN, NOON, PASSWORD, SignInCase, code_now
from tests.feedback import factories as make
from tests.forms import form_in

NEW_PASSWORD = "bong-dien-dien-vang-83"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


class EndingTests(SignInCase):
    def setUp(self) -> None:
        super().setUp()
        self.elsewhere = Client()
        self.elsewhere.force_login(self.officer)
        self.keeper = make.person("sysadmin")
        self.admin = Client()
        self.admin.force_login(self.keeper)
        self.assertTrue(self.is_in(self.elsewhere))

    def is_out(self) -> None:
        self.assertFalse(self.is_in(self.elsewhere))
        self.assertEqual(self.elsewhere.get("/api/v1/cases/").status_code, 401)
        self.assertFalse(Session.objects.filter(user=self.officer).exists())
        self.assertTrue(self.is_in(self.admin))

    def last(self) -> tuple[Any, ...]:
        entry = Entry.objects.filter(act=Act.SESSIONS).latest("id")
        return entry.by, entry.about_id, entry.reason

    def test_an_administrator_ends_a_persons_sessions_with_a_reason(self) -> None:
        page = reverse("admin:accounts_user_end_sessions_page", args=[self.officer.pk])
        self.admin.post(page, {"reason": " "})
        self.assertTrue(self.is_in(self.elsewhere))
        self.admin.post(page, {"reason": "máy tính để quên"})
        self.is_out()
        self.assertEqual(self.last(), (self.keeper, self.officer.pk, "máy tính để quên"))

    def test_a_reason_that_cannot_be_kept_is_refused_beside_its_field(self) -> None:
        for name in ("end_sessions", "reset_factor", "void_password"):
            page = reverse(f"admin:accounts_user_{name}_page", args=[self.officer.pk])
            for reason in ("", "a\x00b", "dài " * 500, "x" * 1_900_000):
                with self.subTest(page=name, reason=reason[:5]):
                    answer = self.admin.post(page, {"reason": reason})
                    self.assertContains(answer, "ln-error", status_code=422)
        self.assertTrue(self.is_in(self.elsewhere))
        self.assertFalse(Entry.objects.filter(act=Act.SESSIONS).exists())

    def test_the_log_keeps_no_book_whoever_writes_it(self) -> None:
        entry = record(Act.SESSIONS, by=self.keeper, about=self.officer, reason="a\x00" + "b" * 2_000_000)
        entry.refresh_from_db()
        self.assertEqual((len(entry.reason), entry.reason[:2]), (2000, "ab"))

    def test_an_officer_ends_nobodys(self) -> None:
        page = reverse("admin:accounts_user_end_sessions_page", args=[self.keeper.pk])
        self.elsewhere.post(page, {"reason": "x"})
        self.assertTrue(self.is_in(self.admin))

    def test_a_reset_second_step_ends_them(self) -> None:
        page = reverse("admin:accounts_user_reset_factor_page", args=[self.officer.pk])
        self.admin.post(page, {"reason": "mất điện thoại"})
        self.assertTrue(self.is_in(self.elsewhere))
        changes.approve(AccountChange.objects.get(user=self.officer), by=make.fresh(make.person("director")))
        self.is_out()

    def test_a_password_that_an_administrator_takes_away_ends_them(self) -> None:
        page = reverse("admin:accounts_user_void_password_page", args=[self.officer.pk])
        self.admin.post(page, {"reason": ""})
        self.assertTrue(self.is_in(self.elsewhere))
        self.admin.post(page, {"reason": "mật khẩu bị lộ"})
        self.is_out()
        self.assertEqual(self.last(), (self.keeper, self.officer.pk, "password_void"))

    def test_ones_own_new_password_ends_the_others(self) -> None:
        self.client.force_login(self.officer)
        form = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
        self.client.post(reverse("admin:password_change"), form)
        self.assertTrue(self.is_in())
        self.assertFalse(self.is_in(self.elsewhere))
        self.assertEqual(Session.objects.filter(user=self.officer).count(), 1)

    def test_switched_off_and_on_again_a_person_has_to_sign_in(self) -> None:
        page = reverse("admin:accounts_user_change", args=[self.officer.pk])
        for is_active in (False, True):
            form = form_in(self.admin.get(page), "display_name")
            form.pop("is_active", None)
            answer = self.admin.post(page, form | ({"is_active": ["on"]} if is_active else {}))
            self.assertEqual(answer.status_code, 302)
            self.officer.refresh_from_db()
            self.assertEqual(self.officer.is_active, is_active)
            self.is_out()

    def test_a_running_request_does_not_bring_an_ended_session_back(self) -> None:
        running = self.elsewhere.session
        self.admin.post(
            reverse("admin:accounts_user_end_sessions_page", args=[self.officer.pk]), {"reason": "máy bị mất"}
        )
        with self.assertRaises(UpdateError):
            running.save()
        self.is_out()


class OwnSessionsTests(SignInCase):
    def sign_in(self, client: Client, agent: str, secret: str, later: int) -> None:
        self.enterContext(time_machine.travel(NOON + timezone.timedelta(seconds=later), tick=False))
        self.give(client=client, headers={"user-agent": agent})
        client.post(CODE, {"code": code_now(secret)}, headers={"user-agent": agent})

    def test_one_sees_ones_sessions_and_ends_the_others(self) -> None:
        secret, here, elsewhere = self.with_app(), Client(), Client()
        self.sign_in(elsewhere, EDGE, secret, 0)
        self.sign_in(here, FIREFOX, secret, 60)
        Client().force_login(make.person("lead"))
        page = here.get("/console/phien/")
        told = [(each.browser, each.is_this) for each in page.context["open"]]
        self.assertEqual(told, [("Firefox, Linux", True), ("Edge, Windows", False)])
        self.assertContains(page, "12:01 25/11/2026")
        self.assertNotContains(page, "127.0.0.1")
        here.post("/console/phien/")
        self.assertTrue(self.is_in(here))
        self.assertFalse(self.is_in(elsewhere))
        entry = Entry.objects.filter(act=Act.SESSIONS).get()
        self.assertEqual((entry.by, entry.about_id, entry.reason), (self.officer, self.officer.pk, "own"))

    def test_the_page_is_nobodys_without_a_session(self) -> None:
        self.assertIn(LOGIN, self.client.get("/console/phien/")["Location"])


class MembershipTests(TestCase):
    def test_an_ended_membership_takes_effect_on_the_next_request(self) -> None:
        make.seed()
        team = make.Team()
        case = make.case_in(Status.FORWARDED, team)
        page = reverse("admin:feedback_case_change", args=[case.pk])
        self.client.force_login(team.quality_officer)
        self.assertEqual(self.client.get(page).status_code, 200)
        self.assertContains(self.client.get("/api/v1/cases/"), case.reference)
        Membership.objects.filter(user=team.quality_officer).update(valid_to=timezone.localdate())
        self.assertNotEqual(self.client.get(page).status_code, 200)
        self.assertNotContains(self.client.get("/api/v1/cases/"), case.reference)


@override_settings(SESSION_IDLE_MINUTES=15)
class IdleTests(SignInCase):
    def setUp(self) -> None:
        super().setUp()
        self.client.force_login(self.officer)
        self.assertTrue(self.is_in())

    def at(self, **later: int) -> Any:
        return time_machine.travel(NOON + timezone.timedelta(**later), tick=False)

    def test_fifteen_minutes_without_a_request_end_it_and_one_comes_back_to_the_page(self) -> None:
        secret, page = self.with_app(), "/console/feedback/case/?q=x"
        with self.at(minutes=15, seconds=1):
            away = self.client.get(page)
            self.assertFalse(Session.objects.filter(user=self.officer).exists())
            shown = self.client.get(away["Location"])
            self.assertContains(shown, "ln-login-idle")
            self.assertNotContains(self.client.get(LOGIN), "ln-login-idle")
            form = form_in(shown, "password")
            self.client.post(LOGIN, form | {"login": self.officer.username, "password": PASSWORD})
            answer = self.client.post(CODE, {"code": code_now(secret)})
            self.assertRedirects(answer, page, fetch_redirect_response=False)

    def test_the_api_does_not_know_an_idle_person(self) -> None:
        with self.at(minutes=15, seconds=1):
            self.assertEqual(self.client.get("/api/v1/cases/").status_code, 401)

    def test_whoever_works_stays_until_the_ten_hours_are_over(self) -> None:
        for minutes in range(14, 600, 14):
            with self.at(minutes=minutes):
                self.assertTrue(self.is_in(), minutes)
        with self.at(minutes=600, seconds=1):
            self.assertFalse(self.is_in())

    def test_asking_how_long_it_lasts_is_no_activity_and_staying_is(self) -> None:
        state = reverse("session_state")
        for minutes in (5, 10, 14):
            with self.at(minutes=minutes):
                self.assertEqual(self.client.get(state).json()["seconds"], (15 - minutes) * 60)
        with self.at(minutes=14):
            self.assertEqual(self.client.post(state).json()["seconds"], 15 * 60)
        with self.at(minutes=28):
            self.assertEqual(self.client.get(state).json()["seconds"], 60)
        with self.at(minutes=29):
            self.assertEqual(self.client.get(state).json()["seconds"], 0)
            self.assertFalse(self.is_in())

    def test_staying_takes_the_token_of_the_page(self) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(self.officer)
        state = reverse("session_state")
        token = strict.get(state).json()["token"]
        self.assertEqual(strict.post(state).status_code, 403)
        self.assertEqual(strict.post(state, headers={"x-csrftoken": token}).status_code, 200)

    def test_activity_is_written_at_most_once_a_minute(self) -> None:
        for seconds, writes in ((30, 0), (61, 1), (90, 0), (125, 1)):
            with self.at(seconds=seconds), CaptureQueriesContext(connection) as queries:
                self.assertTrue(self.is_in())
            told = [query["sql"] for query in queries if query["sql"].startswith('UPDATE "accounts_session"')]
            self.assertEqual(len(told), writes, seconds)
