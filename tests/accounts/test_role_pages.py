"""The administrator of the system is no case role: tried on the console's real pages, with forged forms too."""

from datetime import timedelta
from io import StringIO
from typing import Any

from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import GrantState, RoleGrant, User
from audit.models import Act, Entry
from tests.accounts.test_grants import WHY, role
from tests.feedback import factories as make
from tests.forms import form_in

FORBIDDEN, GONE = 403, 302


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


class RolePages(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.sysadmin, cls.lead, cls.officer = (make.person(code) for code in ("sysadmin", "lead", "officer"))
        cls.root = User.objects.create_superuser("goc", "", "mật-khẩu-cũ-dài")
        cls.newcomer = User.objects.create_user("nguoi-moi", is_staff=True)

    def setUp(self) -> None:
        self.client.force_login(self.sysadmin)

    def give(self, user: User, code: str, client: Client | None = None) -> Any:
        sent = {"group": role(code).pk, "valid_from": f"{timezone.localdate():%d/%m/%Y}", "reason": WHY}
        return (client or self.client).post(
            reverse("admin:accounts_user_give_role_page", args=[user.pk]), sent, follow=True
        )

    def person_form(self, user: User) -> dict[str, Any]:
        return form_in(self.client.get(reverse("admin:accounts_user_change", args=[user.pk])), "opened")


class AdministratorTests(RolePages):
    def test_a_case_role_waits_until_the_lead_agrees_on_the_page(self) -> None:
        self.assertContains(self.give(self.newcomer, "officer"), "Vai trò đang chờ")
        asked = RoleGrant.objects.get(user=self.newcomer)
        seen = signed_in(self.newcomer)
        self.assertEqual(seen.get("/console/feedback/case/").status_code, FORBIDDEN)
        lead = signed_in(self.lead)
        page = lead.get(reverse("admin:accounts_rolegrant_answer_page", args=[asked.pk]))
        self.assertContains(page, WHY)
        answer = lead.post(
            reverse("admin:accounts_rolegrant_answer_page", args=[asked.pk]), {"approve": "1"}, follow=True
        )
        self.assertContains(answer, "Anh/chị đã đồng ý")
        self.assertEqual(seen.get("/console/feedback/case/").status_code, 200)

    def test_the_lead_may_decline_with_a_reason(self) -> None:
        self.give(self.newcomer, "officer")
        asked = RoleGrant.objects.get(user=self.newcomer)
        address = reverse("admin:accounts_rolegrant_answer_page", args=[asked.pk])
        lead = signed_in(self.lead)
        lead.post(address, {"decline": "1", "reason": ""})
        asked.refresh_from_db()
        self.assertEqual(asked.state, GrantState.PENDING)
        lead.post(address, {"decline": "1", "reason": "Chưa có quyết định"})
        asked.refresh_from_db()
        self.assertEqual((asked.state, asked.answer), (GrantState.DECLINED, "Chưa có quyết định"))

    def test_the_administrator_answers_nothing(self) -> None:
        self.give(self.newcomer, "officer")
        asked = RoleGrant.objects.get(user=self.newcomer)
        answer = self.client.post(reverse("admin:accounts_rolegrant_answer_page", args=[asked.pk]), {"approve": "1"})
        self.assertEqual(answer.status_code, FORBIDDEN)
        asked.refresh_from_db()
        self.assertEqual(asked.state, GrantState.PENDING)

    def test_no_role_for_oneself(self) -> None:
        for code in ("officer", "lead", "sysadmin"):
            self.give(self.sysadmin, code)
        self.assertEqual(RoleGrant.objects.filter(user=self.sysadmin).count(), 1)
        self.assertTrue(Entry.objects.filter(act=Act.REFUSED, about_id=self.sysadmin.pk).exists())

    def test_who_gives_no_roles_has_no_page_for_it(self) -> None:
        for user in (self.lead, self.officer):
            self.assertEqual(self.give(self.newcomer, "officer", signed_in(user)).status_code, FORBIDDEN)
        self.assertFalse(RoleGrant.objects.filter(user=self.newcomer).exists())

    def test_a_forged_form_makes_nobody_a_superuser_and_gives_no_role(self) -> None:
        for user in (self.newcomer, self.sysadmin):
            forged = self.person_form(user) | {
                "is_superuser": "on",
                "groups": [str(role("lead").pk)],
                "user_permissions": ["1"],
                "role_grants-TOTAL_FORMS": "1",
                "role_grants-INITIAL_FORMS": "0",
                "role_grants-0-group": str(role("lead").pk),
                "role_grants-0-valid_from": "01/01/2026",
                "role_grants-0-reason": WHY,
                "role_grants-0-state": "granted",
                "display_name": "Đã sửa",
            }
            before = make.fresh(user).get_all_permissions()
            self.client.post(reverse("admin:accounts_user_change", args=[user.pk]), forged)
            after = make.fresh(user)
            self.assertEqual((after.is_superuser, after.display_name), (False, "Đã sửa"))
            self.assertEqual(after.get_all_permissions(), before)

    def test_a_forged_form_changes_no_grant(self) -> None:
        self.give(self.newcomer, "officer")
        asked = RoleGrant.objects.get(user=self.newcomer)
        for address in (f"{asked.pk}/change/", "add/", f"{asked.pk}/delete/"):
            answer = self.client.post(
                f"/console/accounts/rolegrant/{address}",
                {"state": "granted", "user": self.sysadmin.pk, "group": role("lead").pk, "post": "yes"},
            )
            self.assertEqual(answer.status_code, FORBIDDEN)
        asked.refresh_from_db()
        self.assertEqual((asked.state, asked.user), (GrantState.PENDING, self.newcomer))
        self.assertEqual(RoleGrant.objects.filter(user=self.sysadmin).count(), 1)

    def test_a_superusers_account_is_not_the_administrators(self) -> None:
        before = User.objects.values().get(pk=self.root.pk)
        change = reverse("admin:accounts_user_change", args=[self.root.pk])
        self.assertEqual(self.client.get(change).status_code, 200)  # may be read
        for address, sent in (
            (change, {"username": "goc", "display_name": "Chiếm", "is_active": "on"}),
            (reverse("admin:accounts_user_void_password_page", args=[self.root.pk]), {"reason": WHY}),
            (reverse("admin:accounts_user_reset_factor_page", args=[self.root.pk]), {"reason": WHY}),
            (reverse("admin:accounts_user_end_sessions_page", args=[self.root.pk]), {"reason": WHY}),
        ):
            self.assertEqual(self.client.post(address, sent).status_code, FORBIDDEN, address)
        self.assertEqual(User.objects.values().get(pk=self.root.pk), before)

    def test_groups_are_not_composed_by_the_administrator(self) -> None:
        address = reverse("admin:auth_group_change", args=[role("sysadmin").pk])
        answer = self.client.post(address, {"name": "Quản trị", "permissions": ["1"]})
        self.assertEqual(answer.status_code, FORBIDDEN)

    def test_rights_of_a_role_are_read_in_words(self) -> None:
        page = self.client.get(reverse("admin:auth_group_change", args=[role("operator").pk]))
        self.assertContains(page, "Ghi nhận phản ánh")
        self.assertNotContains(page, "Can view")
        self.assertNotContains(page, "Record a case")

    def test_ending_a_role_takes_a_reason_and_counts_at_once(self) -> None:
        seen = signed_in(self.officer)
        self.assertEqual(seen.get("/console/feedback/case/").status_code, 200)
        held = self.officer.role_grants.get()
        address = reverse("admin:accounts_rolegrant_end_page", args=[held.pk])
        self.client.post(address, {"reason": " "})
        self.assertEqual(seen.get("/console/feedback/case/").status_code, 200)
        self.assertEqual(self.client.post(address, {"reason": "Chuyển công tác"}).status_code, GONE)
        self.assertEqual(seen.get("/console/feedback/case/").status_code, FORBIDDEN)
        self.assertIn("ended", Entry.objects.filter(act=Act.ROLE).latest("id").reason)


class ListTests(RolePages):
    def test_it_shows_what_waits_and_costs_the_same_however_long(self) -> None:
        client = signed_in(self.lead)
        self.give(self.newcomer, "officer")
        address = "/console/accounts/rolegrant/?standing=pending"
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        for number in range(5):
            self.give(User.objects.create_user(f"moi-{number}"), "officer")
        with CaptureQueriesContext(connection) as many:
            page = client.get(address)
        self.assertEqual(len(few), len(many))
        self.assertContains(page, "moi-4")
        self.assertNotContains(page, self.officer.username)

    def test_each_state_has_its_filter(self) -> None:
        today = timezone.localdate()
        over = make.person("operator")
        over.role_grants.update(valid_from=today - timedelta(days=9), valid_to=today)
        client = signed_in(self.lead)
        self.assertContains(client.get("/console/accounts/rolegrant/?standing=over"), over.username)
        self.assertNotContains(client.get("/console/accounts/rolegrant/?standing=today"), over.username)

    def test_who_may_not_see_roles_has_no_list(self) -> None:
        self.assertEqual(signed_in(self.officer).get("/console/accounts/rolegrant/").status_code, FORBIDDEN)


class CommandTests(RolePages):
    def test_the_first_lead_is_made_at_the_servers_shell_and_it_is_written_down(self) -> None:
        for _time in range(2):
            call_command("grant_role", "nguoi-moi", "lead", reason="QĐ 01/QĐ-SYT", stdout=StringIO())
        self.assertTrue(make.fresh(self.newcomer).has_perm("accounts.approve_role"))
        told = Entry.objects.filter(act=Act.ROLE, about_id=self.newcomer.pk)
        self.assertEqual([entry.by for entry in told], [None])
        with self.assertRaises(CommandError):
            call_command("grant_role", "khong-co", "lead", reason="x")
