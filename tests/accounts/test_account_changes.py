"""An administrator alone becomes nobody: second step, address and unit take a second person, passwords nobody else."""

from typing import Any

from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from accounts import grants
from accounts.changes import services
from accounts.changes.models import AccountChange, Change
from accounts.models import GrantState, Membership, User
from accounts.signin import codes
from audit.models import Act, Entry
from common.exceptions import MoveRefused, ReasonRequired, RightMissing, SecondPersonNeeded
from notifications.delivery import deliver
from notifications.models import Outbox
from tests.accounts.test_grants import WHY, role
from tests.feedback import factories as make
from tests.forms import changed, form_in

NEW = "moi@so-y-te.example.vn"


class ChangeCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.keeper = make.person("sysadmin")
        cls.person = cls.team.quality_officer

    def setUp(self) -> None:
        self.client.force_login(self.keeper)

    def ask(self, what: Change = Change.FACTOR, **of: Any) -> AccountChange:
        return services.ask(self.person, what, by=make.fresh(self.keeper), reason=WHY, **of)

    def page(self, name: str, user: User | None = None) -> str:
        return reverse(f"admin:accounts_user_{name}", args=[(user or self.person).pk])

    def told(self, template: str) -> set[int]:
        return set(Outbox.objects.filter(template=template, channel="inbox").values_list("recipient", flat=True))


class DeedTests(ChangeCase):
    def test_the_second_step_stays_until_somebody_else_agrees(self) -> None:
        codes.set_up(self.person, codes.new_secret(), 0)
        asked = self.ask()
        self.assertTrue(codes.has_second_factor(self.person))
        services.approve(asked, by=make.fresh(self.team.lead))
        self.assertFalse(codes.has_second_factor(self.person))
        self.assertTrue(Entry.objects.filter(act=Act.FACTOR, by=self.team.lead, about_id=self.person.pk).exists())

    def test_a_declined_reset_changes_nothing_and_says_why(self) -> None:
        codes.set_up(self.person, codes.new_secret(), 0)
        answered = services.decline(self.ask(), by=make.fresh(self.team.director), reason="không liên lạc được")
        self.assertTrue(codes.has_second_factor(self.person))
        self.assertEqual((answered.state, answered.answer), (GrantState.DECLINED, "không liên lạc được"))

    def test_neither_the_asker_nor_the_person_nor_somebody_without_the_right_answers(self) -> None:
        asked = self.ask()
        grants.give(self.keeper, "director", reason=WHY)
        grants.give(self.person, "lead", reason=WHY)
        for person, refusal in (
            (self.keeper, SecondPersonNeeded),
            (self.person, SecondPersonNeeded),
            (self.team.officer, RightMissing),
        ):
            with self.subTest(person=person.username), self.assertRaises(refusal):
                services.approve(asked, by=make.fresh(person))
        for person in (self.keeper, self.person):
            with self.assertRaises(IntegrityError), transaction.atomic():
                AccountChange.objects.filter(pk=asked.pk).update(
                    state=GrantState.GRANTED, decided_by=person, decided_at=timezone.now()
                )

    def test_it_is_answered_once(self) -> None:
        asked = self.ask()
        services.approve(asked, by=make.fresh(self.team.lead))
        with self.assertRaises(MoveRefused):
            services.decline(asked, by=make.fresh(self.team.director), reason=WHY)

    def test_who_may_not_change_accounts_asks_for_nothing_and_a_reason_is_needed(self) -> None:
        with self.assertRaises(RightMissing):
            services.ask(self.person, Change.FACTOR, by=make.fresh(self.team.lead), reason=WHY)
        with self.assertRaises(ReasonRequired):
            services.ask(self.person, Change.FACTOR, by=make.fresh(self.keeper), reason=" ")
        with self.assertRaises(SecondPersonNeeded):
            services.ask(self.keeper, Change.FACTOR, by=make.fresh(self.keeper), reason=WHY)
        self.assertFalse(AccountChange.objects.exists())

    def test_the_same_is_asked_once_at_a_time(self) -> None:
        self.ask()
        with self.assertRaises(MoveRefused):
            self.ask()

    def test_an_address_counts_when_somebody_agreed(self) -> None:
        asked = self.ask(Change.EMAIL, email=NEW)
        self.assertNotEqual(make.fresh(self.person).email, NEW)
        services.approve(asked, by=make.fresh(self.team.lead))
        self.assertEqual(make.fresh(self.person).email, NEW)

    def test_a_unit_shows_nothing_before_somebody_agreed(self) -> None:
        other = self.team.other_hospital
        asked = self.ask(Change.UNIT, facility=other, valid_from=timezone.localdate())
        self.assertNotIn(other.pk, make.fresh(self.person).scope.facilities)
        services.approve(asked, by=make.fresh(self.team.lead))
        self.assertIn(other.pk, make.fresh(self.person).scope.facilities)


class TellingTests(ChangeCase):
    def test_who_may_answer_is_told_and_the_asker_of_the_answer_and_the_person_of_the_deed(self) -> None:
        asked = self.ask()
        self.assertEqual(self.told("change_asked"), {self.team.lead.pk, self.team.director.pk})
        services.approve(asked, by=make.fresh(self.team.lead))
        self.assertEqual(self.told("change_answered"), {self.keeper.pk})
        self.assertEqual(self.told("account_factor"), {self.person.pk})

    def test_the_former_address_is_told_of_the_new_one_and_what_to_do(self) -> None:
        former = "cu@so-y-te.example.vn"
        User.objects.filter(pk=self.person.pk).update(email=former)
        services.approve(self.ask(Change.EMAIL, email=NEW), by=make.fresh(self.team.lead))
        deliver()
        mine = {message.to[0]: message for message in mail.outbox if message.to[0] in (former, NEW)}
        self.assertEqual(set(mine), {former, NEW})
        self.assertIn("gọi ngay", mine[former].body)
        self.assertNotIn(NEW, f"{mine[former].subject} {mine[former].body}")
        self.assertFalse(Outbox.objects.filter(params__icontains="@").exists())

    def test_a_declined_address_is_told_to_neither(self) -> None:
        former = "cu@so-y-te.example.vn"
        User.objects.filter(pk=self.person.pk).update(email=former)
        services.decline(self.ask(Change.EMAIL, email=NEW), by=make.fresh(self.team.lead), reason=WHY)
        deliver()
        self.assertFalse({former, NEW} & {message.to[0] for message in mail.outbox})

    def test_a_declined_change_is_told_to_the_asker_alone(self) -> None:
        services.decline(self.ask(), by=make.fresh(self.team.lead), reason=WHY)
        self.assertEqual(self.told("change_answered"), {self.keeper.pk})
        self.assertEqual(self.told("account_factor"), set())

    def test_a_waiting_role_is_told_to_who_may_agree_and_its_outcome_to_the_giver(self) -> None:
        newcomer = User.objects.create_user("nguoi-moi", is_staff=True)
        waiting = grants.grant(newcomer, role("officer"), by=make.fresh(self.keeper), reason=WHY)
        self.assertEqual(self.told("role_asked"), {self.team.lead.pk, self.team.director.pk})
        grants.approve(waiting, by=make.fresh(self.team.lead))
        self.assertEqual(self.told("role_answered"), {self.keeper.pk})
        message = Outbox.objects.filter(template="role_asked").first()
        self.assertEqual(message.url, reverse("admin:accounts_rolegrant_answer_page", args=[waiting.pk]))
        self.assertNotIn("nguoi-moi", f"{message.text()} {message.params}")

    def test_a_role_for_one_person_is_told_to_nobody(self) -> None:
        newcomer = User.objects.create_user("nguoi-moi", is_staff=True)
        grants.grant(newcomer, role("sysadmin"), by=make.fresh(self.keeper), reason=WHY)
        self.assertEqual(self.told("role_asked"), set())


class PageTests(ChangeCase):
    def test_no_page_takes_a_password_for_somebody_else(self) -> None:
        before = self.person.password
        typed = {
            "password1": "bong-dien-dien-vang-83",
            "password2": "bong-dien-dien-vang-83",
            "usable_password": "true",
        }
        django_page = reverse("admin:auth_user_password_change", args=[self.person.pk])
        self.assertRedirects(self.client.post(django_page, typed), self.page("void_password_page"))
        self.client.post(self.page("void_password_page"), typed)
        self.assertEqual(make.fresh(self.person).password, before)
        self.client.post(self.page("void_password_page"), typed | {"reason": WHY})
        self.assertFalse(make.fresh(self.person).has_usable_password())

    def test_a_new_account_has_no_password(self) -> None:
        sent = {"username": "nguoi-moi", "display_name": "Người Mới", "email": NEW, "password1": "x", "password2": "x"}
        shown = form_in(self.client.get(reverse("admin:accounts_user_add")), "username")
        self.client.post(reverse("admin:accounts_user_add"), changed(shown, **sent))
        made = User.objects.get(username="nguoi-moi")
        self.assertEqual((made.has_usable_password(), made.email), (False, NEW))

    def test_the_address_of_somebody_with_a_role_is_not_changed_by_a_forged_form(self) -> None:
        change = self.page("change")
        form = form_in(self.client.get(change), "opened")
        self.assertNotIn("email", form)
        self.client.post(change, form | {"email": [NEW], "display_name": ["Đã sửa"]})
        person = make.fresh(self.person)
        self.assertNotEqual(person.email, NEW)
        self.assertEqual(person.display_name, "Đã sửa")

    def test_the_address_is_asked_for_and_agreed_to_on_pages(self) -> None:
        self.client.post(self.page("email_page"), {"email": NEW, "reason": WHY})
        asked = AccountChange.objects.get(user=self.person)
        lead = Client()
        lead.force_login(self.team.lead)
        answer = reverse("admin:accounts_accountchange_answer_page", args=[asked.pk])
        self.assertContains(lead.get(answer), NEW)
        self.assertEqual(self.client.post(answer, {"approve": "1"}).status_code, 403)
        lead.post(answer, {"approve": "1"})
        self.assertEqual(make.fresh(self.person).email, NEW)

    def test_a_membership_moves_to_no_other_unit_and_does_not_last_longer(self) -> None:
        held = Membership.objects.get(user=self.person)
        ends = timezone.localdate()
        for forged in (
            {"memberships-0-facility": str(self.team.other_hospital.pk)},
            {"memberships-0-valid_from": "01/01/2020"},
        ):
            form = form_in(self.client.get(self.page("change")), "opened")
            self.client.post(self.page("change"), changed(form, **forged))
            self.assertEqual(Membership.objects.get(pk=held.pk).facility, self.team.hospital)
        form = form_in(self.client.get(self.page("change")), "opened")
        self.client.post(self.page("change"), changed(form, **{"memberships-0-valid_to": f"{ends:%d/%m/%Y}"}))
        self.assertEqual(make.fresh(self.person).scope.facilities, frozenset())
        form = form_in(self.client.get(self.page("change")), "opened")
        self.client.post(self.page("change"), changed(form, **{"memberships-0-valid_to": ""}))
        self.assertEqual(make.fresh(self.person).scope.facilities, frozenset())
