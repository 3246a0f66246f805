"""People: language, memberships, rights."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.test import Client, TestCase
from django.utils import timezone

from accounts.changes import services as changes
from accounts.models import AccountChange, Membership, User
from accounts.roles import ROLES
from accounts.services import engine
from tests.feedback import factories as make
from tests.forms import changed, form_in


class LanguageTests(TestCase):
    def test_the_browsers_language_does_not_decide(self) -> None:
        page = self.client.get("/", headers={"accept-language": "en-US,en"})
        self.assertEqual(page.headers["Content-Language"], "vi")

    def test_a_person_may_choose_english_and_go_back(self) -> None:
        answer = self.client.post("/tai-khoan/ngon-ngu/", {"language": "en", "next": "/"})
        self.assertRedirects(answer, "/", fetch_redirect_response=False)
        self.assertEqual(self.client.get("/").headers["Content-Language"], "en")
        self.client.post("/tai-khoan/ngon-ngu/", {"language": "vi"})
        self.assertEqual(self.client.get("/").headers["Content-Language"], "vi")

    def test_the_choice_stays_with_the_account(self) -> None:
        user = User.objects.create_user("nguoi-dung")
        self.client.force_login(user)
        self.client.post("/tai-khoan/ngon-ngu/", {"language": "en"})
        elsewhere = Client()
        elsewhere.force_login(user)
        self.assertEqual(elsewhere.get("/").headers["Content-Language"], "en")

    def test_an_unknown_language_and_a_foreign_address_are_not_followed(self) -> None:
        answer = self.client.post("/tai-khoan/ngon-ngu/", {"language": "xx", "next": "https://example.org/"})
        self.assertRedirects(answer, "/", fetch_redirect_response=False)
        self.assertEqual(answer.cookies["ngon_ngu"].value, "vi")


class MembershipTests(TestCase):
    def test_a_membership_is_of_a_division_or_of_a_facility(self) -> None:
        user = User.objects.create_user("nguoi-dung")
        hospital, division = make.facility(), make.division()
        for units in ({}, {"facility": hospital, "division": division}):
            with self.assertRaises(IntegrityError), transaction.atomic():
                Membership.objects.create(user=user, **units)

    def test_the_scope_holds_what_is_valid_today(self) -> None:
        user = User.objects.create_user("nguoi-dung")
        today = timezone.localdate()
        current, ended, coming = make.facility("A"), make.facility("B"), make.facility("C")
        Membership.objects.create(user=user, facility=current, valid_from=today)
        Membership.objects.create(user=user, facility=ended, valid_from=date(2020, 1, 1), valid_to=today)
        Membership.objects.create(user=user, facility=coming, valid_from=today + timedelta(days=1))
        self.assertEqual(make.fresh(user).scope.facilities, {current.pk})


class RoleTableTests(TestCase):
    def test_each_role_has_one_name_and_one_code(self) -> None:
        self.assertEqual(len({role.code for role in ROLES}), len(ROLES))
        self.assertEqual(len({role.name_vi for role in ROLES}), len(ROLES))

    def test_there_is_one_engine_and_it_cannot_sign_in(self) -> None:
        self.assertEqual(engine(), engine())
        self.assertFalse(engine().has_usable_password())


class AdministratorTests(TestCase):
    """Who gives people their places has to see the places."""

    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.division, cls.hospital = make.division(), make.facility()
        cls.admin = make.person("sysadmin")
        cls.person = make.person("officer")

    def setUp(self) -> None:
        self.client.force_login(self.admin)

    def test_divisions_and_facilities_are_offered(self) -> None:
        for field, chosen in (("division", self.division), ("facility", self.hospital)):
            asked = {"app_label": "accounts", "model_name": "membership", "field_name": field, "term": ""}
            answer = self.client.get("/console/autocomplete/", asked)
            self.assertEqual(answer.status_code, 200, field)
            self.assertIn(str(chosen.pk), [one["id"] for one in answer.json()["results"]])

    def test_a_place_is_asked_for_in_the_form(self) -> None:
        address = f"/console/accounts/user/{self.person.pk}/change/"
        form = form_in(self.client.get(address), "memberships-TOTAL_FORMS")
        place = {"memberships-TOTAL_FORMS": "1", "memberships-0-division": str(self.division.pk)}
        dates = {"memberships-0-valid_from": "01/11/2026", "memberships-0-user": str(self.person.pk)}
        self.assertEqual(self.client.post(address, changed(form, **place, **dates)).status_code, 302)
        self.assertFalse(Membership.objects.filter(user=self.person).exists())
        changes.approve(AccountChange.objects.get(user=self.person), by=make.fresh(make.person("lead")))
        self.assertEqual(Membership.objects.get(user=self.person).division, self.division)

    def test_the_registry_stays_read_only_and_cases_unseen(self) -> None:
        address = f"/console/facilities/facility/{self.hospital.pk}/change/"
        self.assertEqual(self.client.get(address).status_code, 200)
        self.assertEqual(self.client.post(address, {"address": "x"}).status_code, 403)
        self.assertEqual(self.client.get("/console/feedback/case/").status_code, 403)
