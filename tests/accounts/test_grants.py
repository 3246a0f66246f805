"""Roles of people: from when until when, by whom, and with whose consent."""

from datetime import date, timedelta
from typing import Any

import time_machine
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, connection, transaction
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import grants
from accounts.models import GrantState, RoleGrant, SeededRight, User
from accounts.roles import ROLE_BY_CODE, ROLES
from accounts.services import seed_roles
from audit.models import Act, Entry
from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing, SecondPersonNeeded
from tests.feedback import factories as make
from tests.rights import may

WHY = "Theo quyết định phân công số 15/QĐ-SYT"


def role(code: str) -> Group:
    return Group.objects.get(name=ROLE_BY_CODE[code].name_vi)


class Roles(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.sysadmin, cls.lead, cls.director = (make.person(code) for code in ("sysadmin", "lead", "director"))
        cls.newcomer = User.objects.create_user("nguoi-moi", is_staff=True)

    def rights(self, user: User) -> set[str]:
        return make.fresh(user).get_all_permissions()

    def given(self, code: str = "officer", **changes: Any) -> RoleGrant:
        return grants.grant(self.newcomer, role(code), by=make.fresh(self.sysadmin), reason=WHY, **changes)


class WhatCountsTests(Roles):
    def test_rights_come_from_roles_held_today_and_are_looked_up_by_one_query(self) -> None:
        user = make.fresh(self.lead)
        with CaptureQueriesContext(connection) as queries:
            self.assertTrue(user.has_perm("feedback.lead_working_group"))
            self.assertFalse(user.has_perm("feedback.direct_department"))
        self.assertEqual(len(queries), 1)

    def test_a_role_counts_from_its_first_day_and_no_longer_on_its_last(self) -> None:
        today = timezone.localdate()
        RoleGrant.objects.create(
            user=self.newcomer,
            group=role("officer"),
            valid_from=today + timedelta(days=2),
            valid_to=today + timedelta(days=4),
            state=GrantState.GRANTED,
            reason=WHY,
        )
        for days, holds in ((0, False), (1, False), (2, True), (3, True), (4, False)):
            noon = timezone.make_aware(timezone.datetime(today.year, today.month, today.day, 12))
            with time_machine.travel(noon + timedelta(days=days), tick=False):
                self.assertEqual("feedback.triage_case" in self.rights(self.newcomer), holds)
                found = User.objects.with_permission("feedback.triage_case").filter(pk=self.newcomer.pk).exists()
                self.assertEqual(found, holds)

    def test_a_role_that_waits_or_was_declined_gives_nothing(self) -> None:
        asked = self.given()
        self.assertEqual(self.rights(self.newcomer), set())
        grants.decline(asked, by=make.fresh(self.lead), reason="Chưa có quyết định")
        self.assertEqual(self.rights(self.newcomer), set())

    def test_ending_counts_with_the_next_request(self) -> None:
        officer = make.person("officer")
        self.client.force_login(officer)
        self.assertEqual(self.client.get("/console/feedback/case/").status_code, 200)
        grants.end(officer.role_grants.get(), by=make.fresh(self.sysadmin), reason=WHY)
        self.assertEqual(self.client.get("/console/feedback/case/").status_code, 403)

    def test_people_told_of_something_are_those_who_hold_the_right_today(self) -> None:
        found = User.objects.with_permission("feedback.lead_working_group")
        self.assertEqual(list(found), [self.lead])
        grants.end(self.lead.role_grants.get(), by=make.fresh(self.director), reason=WHY)
        self.assertFalse(found.all().exists())


class TwoPeopleTests(Roles):
    def test_a_role_that_opens_cases_waits_for_a_second_person(self) -> None:
        asked = self.given()
        self.assertEqual((asked.state, asked.takes_two), (GrantState.PENDING, True))
        grants.approve(asked, by=make.fresh(self.lead))
        self.assertIn("feedback.triage_case", self.rights(self.newcomer))
        told = list(Entry.objects.filter(act=Act.ROLE, about_id=self.newcomer.pk).order_by("id"))
        self.assertEqual([entry.by for entry in told], [self.sysadmin, self.lead])
        self.assertEqual([entry.reason.partition(":")[0] for entry in told], ["asked", "approved"])
        self.assertNotIn(WHY, "".join(entry.reason for entry in told))

    def test_looking_after_the_system_takes_one(self) -> None:
        given = self.given("sysadmin")
        self.assertEqual((given.state, given.takes_two), (GrantState.GRANTED, False))
        self.assertIn("accounts.add_user", self.rights(self.newcomer))

    def test_every_seeded_role_but_the_administrators_takes_two(self) -> None:
        alone = {each.code for each in ROLES if not grants.takes_two(role(each.code))}
        self.assertEqual(alone, {"sysadmin"})

    def test_a_technical_role_to_which_a_right_over_roles_was_added_takes_two(self) -> None:
        role("sysadmin").permissions.add(Permission.objects.get(codename="approve_role"))
        self.assertEqual(self.given("sysadmin").state, GrantState.PENDING)

    def test_nobody_gives_a_role_to_themselves(self) -> None:
        for code in ("sysadmin", "officer"):
            with self.assertRaises(SecondPersonNeeded):
                grants.grant(self.sysadmin, role(code), by=make.fresh(self.sysadmin), reason=WHY)

    def test_who_asked_and_who_gets_it_do_not_answer(self) -> None:
        asked = self.given()
        may(self.sysadmin, "accounts.approve_role")
        may(self.newcomer, "accounts.approve_role")
        for person in (self.sysadmin, self.newcomer):
            with self.assertRaises(SecondPersonNeeded):
                grants.approve(asked, by=make.fresh(person))

    def test_who_may_not_is_refused(self) -> None:
        asked = self.given()
        with self.assertRaises(RightMissing):
            grants.approve(asked, by=make.fresh(self.sysadmin))
        with self.assertRaises(RightMissing):
            grants.grant(self.newcomer, role("officer"), by=make.fresh(self.lead), reason=WHY)
        with self.assertRaises(RightMissing):
            grants.end(asked, by=self.newcomer, reason=WHY)

    def test_an_answer_is_given_once(self) -> None:
        asked = self.given()
        grants.approve(asked, by=make.fresh(self.lead))
        for answer in (lambda: grants.approve(asked, by=make.fresh(self.director)), self.decline(asked)):
            with self.assertRaises(MoveRefused):
                answer()

    def decline(self, asked: RoleGrant) -> Any:
        return lambda: grants.decline(asked, by=make.fresh(self.director), reason=WHY)

    def test_a_consent_that_comes_late_begins_on_its_day(self) -> None:
        asked = self.given()
        later = timezone.now() + timedelta(days=3)
        with time_machine.travel(later, tick=False):
            self.assertEqual(grants.approve(asked, by=make.fresh(self.lead)).valid_from, timezone.localdate(later))

    def test_a_superusers_roles_are_left_alone(self) -> None:
        root = User.objects.create_superuser("goc")
        with self.assertRaises(RightMissing):
            grants.grant(root, role("sysadmin"), by=make.fresh(self.sysadmin), reason=WHY)

    def test_two_of_the_same_at_a_time_are_one_too_many(self) -> None:
        self.given("sysadmin")
        with self.assertRaises(InvalidInput):
            self.given("sysadmin")

    def test_one_after_the_other_is_fine(self) -> None:
        today = timezone.localdate()
        self.given("sysadmin", valid_to=today + timedelta(days=5))
        self.given("sysadmin", valid_from=today + timedelta(days=5))

    def test_days_and_reasons_are_checked(self) -> None:
        today = timezone.localdate()
        for changes in ({"valid_from": today - timedelta(days=1)}, {"valid_to": today}):
            with self.assertRaises(InvalidInput):
                self.given(**changes)
        with self.assertRaises(ReasonRequired):
            grants.grant(self.newcomer, role("officer"), by=make.fresh(self.sysadmin), reason=" ")


class DatabaseTests(Roles):
    def row(self, **changes: Any) -> RoleGrant:
        fields: dict[str, Any] = {
            "user": self.newcomer,
            "group": role("officer"),
            "valid_from": date(2026, 1, 1),
            "reason": WHY,
            "state": GrantState.GRANTED,
            "granted_by": self.sysadmin,
            "decided_by": self.lead,
        }
        return RoleGrant.objects.create(**fields | changes)

    def test_it_refuses_what_no_deed_would_write(self) -> None:
        for changes in (
            {"granted_by": self.newcomer},
            {"decided_by": self.sysadmin},
            {"decided_by": self.newcomer},
            {"decided_by": None},
            {"state": GrantState.PENDING},
            {"valid_to": date(2025, 12, 31)},
        ):
            with self.subTest(**changes), self.assertRaises(IntegrityError), transaction.atomic():
                self.row(**changes)

    def test_no_two_of_the_same_at_a_time(self) -> None:
        self.row(valid_to=date(2026, 2, 1))
        self.row(valid_from=date(2026, 2, 1))
        self.row(state=GrantState.DECLINED)
        with self.assertRaises(IntegrityError), transaction.atomic():
            self.row(valid_from=date(2026, 1, 31), valid_to=date(2026, 2, 1))


class SeedingTests(Roles):
    def test_what_people_took_away_stays_away_and_what_a_release_adds_arrives_once(self) -> None:
        officers = role("officer")
        taken = Permission.objects.get(codename="publish_case")
        officers.permissions.remove(taken)
        fresh = Permission.objects.get(codename="recuse_self")
        officers.permissions.remove(fresh)
        SeededRight.objects.filter(group=officers, permission="feedback.recuse_self").delete()
        for _time in range(2):
            seed_roles()
            held = set(officers.permissions.values_list("codename", flat=True))
            self.assertNotIn("publish_case", held)
            self.assertIn("recuse_self", held)
            officers.permissions.remove(fresh)
            officers.permissions.add(fresh)

    def test_every_role_of_the_staff_recuses_itself_lead_and_director_others(self) -> None:
        def holders(permission: str) -> set[str]:
            return {each.code for each in ROLES if permission in each.permissions}

        systems = {each.code for each in ROLES if each.code.startswith("api_")}
        people = {each.code for each in ROLES} - systems - {"sysadmin"}
        self.assertEqual(holders("feedback.recuse_self"), people)
        for right in ("feedback.recuse_others", "accounts.add_recusal", "feedback.approve_reveal"):
            self.assertEqual(holders(right), {"lead", "director"})
