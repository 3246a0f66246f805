"""What a system may do: more waits for a second person, less counts at once; an administrator alone widens nothing."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import ProgrammingError, transaction
from django.test import Client, SimpleTestCase, TestCase
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some
from knox.models import AuthToken

from accounts import clients, grants
from accounts.changes import services as changes
from accounts.changes.models import AccountChange, Change
from accounts.clients import Limits
from accounts.models import ApiClient, RoleGrant, User
from accounts.services import open_client
from accounts.signin import codes
from audit.models import Act, Entry
from common.exceptions import MoveRefused, RightMissing, SecondPersonNeeded, StaleVersion
from tests.accounts.test_grants import WHY
from tests.feedback import factories as make
from tests.forms import changed, form_in

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=each) for each in range(4)]
FACILITIES = range(1, 4)
LIMITS = some.builds(
    Limits,
    some.booleans(),
    some.booleans(),
    some.frozensets(some.sampled_from(FACILITIES)),
    some.none() | some.sampled_from(DAYS),
)


def allowed(limits: Limits) -> set[tuple[Any, ...]]:
    """Everything that somebody may do with these limits, one by one; facility 99 and the last day are all others."""
    days = [day for day in [*DAYS, date.max] if limits.expires_on is None or day < limits.expires_on]
    where = limits.facilities or {*FACILITIES, 99}
    read = {("read", place, day) for place in where for day in days} if limits.may_read else set()
    return read | ({("send", day) for day in days} if limits.may_send else set())


class LimitTests(SimpleTestCase):
    @given(LIMITS, LIMITS)
    def test_what_is_called_no_widening_opens_nothing(self, wanted: Limits, held: Limits) -> None:
        if not wanted.widens(held):
            self.assertLessEqual(allowed(wanted), allowed(held))

    @given(LIMITS, LIMITS)
    def test_what_is_called_a_widening_opens_something_or_ends_later(self, wanted: Limits, held: Limits) -> None:
        if wanted.widens(held) and held.expires_on != FIRST:
            self.assertFalse(allowed(wanted) <= allowed(held) and wanted.expires_on == held.expires_on)


class ClientCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.keeper = make.person("sysadmin")
        cls.row = open_client("kho-du-lieu", may_read=True, may_send=False)
        cls.row.facilities.add(cls.team.hospital)

    def setUp(self) -> None:
        self.client.force_login(self.keeper)
        self.change = reverse("admin:accounts_apiclient_change", args=[self.row.pk])
        self.limits = reverse("admin:accounts_apiclient_limits_page", args=[self.row.pk])

    def held(self) -> Limits:
        return clients.limits_of(ApiClient.objects.get(pk=self.row.pk))

    def set(self, *, by: User | None = None, reason: str = WHY, **wanted: Any) -> AccountChange | None:
        held = self.held()
        limits = Limits(**{**vars(held), **wanted})
        shown = clients.mark_of(held)
        return changes.set_limits(self.row, limits, shown=shown, by=make.fresh(by or self.keeper), reason=reason)


class DeedTests(ClientCase):
    def test_every_widening_waits_and_counts_when_somebody_agreed(self) -> None:
        ApiClient.objects.update(expires_on=timezone.localdate() + timedelta(days=9))
        both = frozenset({self.team.hospital.pk, self.team.other_hospital.pk})
        elsewhere = frozenset({self.team.other_hospital.pk})
        for wanted in (
            {"facilities": elsewhere, "expires_on": timezone.localdate() + timedelta(days=8)},
            {"facilities": both},
            {"facilities": frozenset()},
            {"may_send": True},
            {"expires_on": None},
        ):
            with self.subTest(wanted=wanted):
                before = self.held()
                asked = self.set(**wanted)
                self.assertEqual(self.held(), before)
                changes.approve(asked, by=make.fresh(self.team.lead))
                self.assertEqual(self.held(), Limits(**{**vars(before), **wanted}))

    def test_a_narrowing_counts_at_once_and_is_written_down(self) -> None:
        self.assertIsNone(self.set(may_read=False))
        self.assertFalse(self.held().may_read)
        self.assertFalse(AccountChange.objects.exists())
        self.assertTrue(Entry.objects.filter(act=Act.ROLE, reason=f"narrowed_client: {WHY}").exists())
        self.assertContains(self.client.get(reverse("admin:accounts_apiclient_history", args=[self.row.pk])), WHY)

    def test_what_was_given_back_is_a_widening_again(self) -> None:
        self.set(may_read=False)
        self.assertIsNotNone(self.set(may_read=True))
        self.assertFalse(self.held().may_read)

    def test_agreeing_gives_the_role_that_goes_with_it_and_refusing_nothing(self) -> None:
        declined = self.set(may_send=True)
        changes.decline(declined, by=make.fresh(self.team.director), reason=WHY)
        self.assertFalse(self.held().may_send)
        self.assertFalse(make.fresh(self.row.user).has_perm("feedback.send_intake"))
        changes.approve(self.set(may_send=True), by=make.fresh(self.team.lead))
        self.assertTrue(make.fresh(self.row.user).has_perm("feedback.send_intake"))

    def test_the_asker_does_not_answer_and_nobody_else_asks(self) -> None:
        grants.give(self.keeper, "director", reason=WHY)
        with self.assertRaises(SecondPersonNeeded):
            changes.approve(self.set(may_send=True), by=make.fresh(self.keeper))
        for person in (self.team.lead, self.team.officer):
            with self.assertRaises(RightMissing):
                self.set(by=person, may_read=False)

    def test_nobody_undoes_unseen_what_somebody_else_changed(self) -> None:
        shown = clients.mark_of(self.held())
        self.set(may_read=False)
        with self.assertRaises(StaleVersion):
            changes.set_limits(self.row, self.held(), shown=shown, by=make.fresh(self.keeper), reason=WHY)
        with self.assertRaises(MoveRefused):
            self.set()

    def test_the_account_of_a_system_is_the_same_for_ever(self) -> None:
        other = User.objects.create_user("he-thong-khac")
        with self.assertRaises(ProgrammingError), transaction.atomic():
            ApiClient.objects.filter(pk=self.row.pk).update(user=other)

    def test_no_token_waits_for_a_system_to_be_allowed_something(self) -> None:
        empty = open_client("chua-lam-gi", may_read=False, may_send=False)
        with self.assertRaises(SecondPersonNeeded):
            changes.make_token(empty, by=make.fresh(self.keeper))
        self.assertFalse(AuthToken.objects.exists())


class PageTests(ClientCase):
    def sent(self, **changes: Any) -> dict[str, list[str]]:
        return changed(form_in(self.client.get(self.limits), "shown"), reason=WHY, **changes)

    def test_the_page_asks_and_the_second_person_reads_from_what_to_what(self) -> None:
        wanted = [str(self.team.hospital.pk), str(self.team.other_hospital.pk)]
        self.assertRedirects(self.client.post(self.limits, self.sent(facilities=wanted)), self.change)
        self.assertEqual(self.held().facilities, {self.team.hospital.pk})
        asked = AccountChange.objects.get(what=Change.CLIENT)
        lead = Client()
        lead.force_login(self.team.lead)
        answer = reverse("admin:accounts_accountchange_answer_page", args=[asked.pk])
        page = lead.get(answer)
        for said in ("đọc dữ liệu · chỉ 1 cơ sở", "đọc dữ liệu · chỉ 2 cơ sở", self.team.other_hospital.name):
            self.assertContains(page, said)
        self.assertEqual(self.client.post(answer, {"approve": "1"}).status_code, 403)
        lead.post(answer, {"approve": "1"})
        self.assertEqual(len(self.held().facilities), 2)

    def test_taking_away_counts_at_once(self) -> None:
        self.client.post(self.limits, self.sent(may_read=None))
        self.assertFalse(self.held().may_read)

    def test_what_makes_no_sense_is_refused_in_words(self) -> None:
        yesterday = timezone.localdate() - timedelta(days=1)
        for wrong in (
            {"facilities": ["x"]},
            {"facilities": ["9" * 30]},
            {"facilities": ["\x00"]},
            {"expires_on": f"{yesterday:%d/%m/%Y}"},
            {"expires_on": "32/13/2026"},
            {"reason": " "},
            {"shown": "{}"},
            {"shown": "\x00"},
        ):
            with self.subTest(wrong=wrong):
                answer = self.client.post(self.limits, self.sent() | {"may_send": ["on"]} | wrong)
                self.assertEqual(answer.status_code, 200)
                self.assertTrue(answer.context["form"].errors)
        self.assertFalse(AccountChange.objects.exists())

    def test_a_forged_form_of_the_record_changes_neither_limits_nor_account(self) -> None:
        other = open_client("he-thong-khac", may_read=True, may_send=True)
        before, form = self.held(), form_in(self.client.get(self.change), "opened")
        self.assertFalse({"user", "may_read", "may_send", "facilities", "expires_on"} & set(form))
        forged = {"user": [str(other.user_id)], "may_send": ["on"], "facilities": [], "expires_on": [""]}
        self.client.post(self.change, form | forged | {"contact": ["Phòng CNTT"]})
        row = ApiClient.objects.get(pk=self.row.pk)
        self.assertEqual((clients.limits_of(row), row.user_id, row.contact), (before, self.row.user_id, "Phòng CNTT"))

    def test_a_new_system_has_its_own_account_and_may_do_nothing(self) -> None:
        lead = self.team.lead
        form = form_in(self.client.get(reverse("admin:accounts_apiclient_add")), "account")
        sent = changed(form, account="cong-moi", name="Cổng mới", user=lead.pk, may_read="on", may_send="on")
        answer = self.client.post(reverse("admin:accounts_apiclient_add"), sent)
        made = ApiClient.objects.get(name="Cổng mới")
        self.assertRedirects(answer, reverse("admin:accounts_apiclient_limits_page", args=[made.pk]))
        self.assertEqual((made.user.username, made.user.has_usable_password()), ("cong-moi", False))
        self.assertEqual(clients.limits_of(made), Limits(False, False, frozenset(), None))
        self.assertFalse(RoleGrant.objects.filter(user=made.user).exists())
        for wrong in ("cong-moi", "Có Dấu", "public", "x" * 41):
            page = self.client.post(reverse("admin:accounts_apiclient_add"), changed(form, account=wrong, name="x"))
            self.assertEqual(page.status_code, 200)


class OtherWaysTests(ClientCase):
    """Ways in which an administrator could make themselves a reader."""

    def page(self, person: User) -> str:
        return reverse("admin:accounts_user_change", args=[person.pk])

    def test_a_systems_account_never_comes_to_work_in_the_console(self) -> None:
        page = self.page(self.row.user)
        form = form_in(self.client.get(page), "opened")
        self.client.post(page, form | {"is_staff": ["on"], "email": ["quan-tri@so-y-te.example.vn"]})
        account = User.objects.get(pk=self.row.user_id)
        self.assertEqual((account.is_staff, account.email), (False, ""))

    def test_whoever_prepared_an_account_is_out_when_it_gets_its_persons_address(self) -> None:
        prepared = User.objects.create_user("nguoi-moi", "a@so-y-te.example.vn", "hoa-dien-dien-83", is_staff=True)
        codes.set_up(prepared, codes.new_secret(), 0)
        page = self.page(prepared)
        self.client.post(page, form_in(self.client.get(page), "opened") | {"email": ["b@so-y-te.example.vn"]})
        account = User.objects.get(pk=prepared.pk)
        self.assertEqual(account.email, "b@so-y-te.example.vn")
        self.assertFalse(account.has_usable_password())
        self.assertFalse(codes.has_second_factor(account))

    def test_nobody_puts_a_right_into_a_role_in_the_console_even_with_djangos_right_to(self) -> None:
        composer = Group.objects.create(name="Soạn vai trò")
        composer.permissions.set(Permission.objects.filter(content_type__app_label="auth", codename__endswith="_group"))
        RoleGrant.objects.create(
            user=self.keeper, group=composer, valid_from=timezone.localdate(), state="granted", reason=WHY
        )
        page = reverse("admin:auth_group_change", args=[composer.pk])
        right = Permission.objects.get(codename="view_every_case")
        self.assertEqual(self.client.get(page).status_code, 200)
        self.assertEqual(self.client.post(page, {"name": "x", "permissions": [right.pk]}).status_code, 403)
        self.assertEqual(self.client.get(reverse("admin:auth_group_add")).status_code, 403)
        self.assertFalse(composer.permissions.filter(pk=right.pk).exists())
