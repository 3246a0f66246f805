"""One declaration, two answers: what `visible_to` finds is what the database's own policies show."""

import random
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.db import DatabaseError, connection, transaction
from django.test import TestCase
from django.utils import timezone

from accounts.access.policies import declared, install
from accounts.access.scope import as_system, on_behalf_of
from accounts.models import ApiClient, Membership, Recusal, User
from feedback.choices import Audience, Status
from feedback.models import Answer, Attachment, Case, CaseRecusal, Note, Reply, RevealRequest
from tests.feedback import factories as make

BOUND = "langnghe_bound_by_policies"
RIGHTS = (
    "view_every_case",
    "view_confidential_case",
    "view_division_case",
    "view_facility_case",
    "view_recorded_case",
    "approve_reveal",
    "recuse_others",
)


class World:
    """Cases in every constellation of what a declaration asks for, and people with every mixture of rights."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.facilities = [make.facility(f"T{seed}{n}", f"Bệnh viện số {seed}{n}") for n in (1, 2, 3)]
        self.divisions = [make.division(f"P{seed}{n}", f"Phòng {seed}{n}") for n in (1, 2)]
        self.people = [self.person() for _ in range(14)]
        self.cases = [self.case() for _ in range(40)]
        for case in self.cases:
            self.parts(case)
        for person in self.people[::4]:
            self.recuse(person)

    def maybe(self, choices: list[Any]) -> Any:
        return self.dice.choice([None, *choices])

    def person(self) -> User:
        user = User.objects.create_user(f"nguoi-{self.dice.random()}", is_staff=True)
        user.is_superuser = self.dice.random() < 0.1
        user.is_active = self.dice.random() < 0.9
        user.save()
        held = [right for right in RIGHTS if self.dice.random() < 0.35]
        user.user_permissions.set(Permission.objects.filter(codename__in=held))
        today = timezone.localdate()
        for units, name in ((self.facilities, "facility"), (self.divisions, "division")):
            if unit := self.maybe(units):
                ended = today if self.dice.random() < 0.2 else None
                Membership.objects.create(user=user, valid_to=ended, **{name: unit})
        if self.dice.random() < 0.3:
            client = ApiClient.objects.create(user=user, name="hệ thống", may_read=True)
            client.facilities.set(self.dice.sample(self.facilities, self.dice.randint(0, 2)))
        return user

    def case(self) -> Case:
        case = make.case()
        case.facility, case.division = self.maybe(self.facilities), self.maybe(self.divisions)
        case.is_confidential, case.is_released = self.dice.random() < 0.3, self.dice.random() < 0.6
        case.assignee, case.recorded_by = self.maybe(self.people), self.maybe(self.people)
        case.save()
        if self.dice.random() < 0.4:  # it was elsewhere before
            case.facility, case.is_released = self.dice.choice(self.facilities), True
            case.save()
        return case

    def parts(self, case: Case) -> None:
        at, by = timezone.now(), self.dice.choice(self.people)
        answer = Answer.objects.create(case=case, at=at, by=by, facility=self.maybe(self.facilities), findings="x")
        Reply.objects.create(case=case, at=at + timedelta(minutes=self.dice.choice((-9, 9))), by=by, text="x")
        for audience in Audience:
            moment = at + timedelta(minutes=self.dice.choice((-9, 9)))
            Note.objects.create(case=case, at=moment, by=by, text="x", audience=audience)
            file = {"token": f"{self.dice.random()}"[:32], "file": "x", "name": "x", "extension": ".txt", "size": 1}
            Attachment.objects.create(
                case=case, answer=self.maybe([answer]), at=at, by=by, audience=audience, content_type="x", **file
            )
        ends = at + timedelta(hours=1)
        RevealRequest.objects.create(case=case, asked_by=by, asked_at=at, purpose="verify", reason="x", expires_at=ends)

    def recuse(self, user: User) -> None:
        Recusal.objects.create(user=user, facility=self.facilities[0], reason="x", recorded_by=self.people[1])
        case = self.dice.choice(self.cases)
        CaseRecusal.objects.create(case=case, user=user, reason="x", by=self.people[1], at=timezone.now())


class PolicyTests(TestCase):
    """Policies bind a role of its own here, made in the test's transaction: the tests' own role is a superuser."""

    def setUp(self) -> None:
        make.seed()
        install()
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE ROLE {BOUND}; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO {BOUND}"
            )

    def shown(self, model: Any) -> set[int]:
        """Every row that the database shows, without any filter of ours."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {BOUND}")
            cursor.execute(f'SELECT id FROM "{model._meta.db_table}"')
            found = {row[0] for row in cursor.fetchall()}
            cursor.execute("RESET ROLE")
        return found

    def test_the_database_shows_what_visible_to_finds(self) -> None:
        seen = 0
        for seed in range(3):
            world = World(seed)
            for person in world.people:
                for model in declared():
                    with self.subTest(seed=seed, person=person.pk, model=model.__name__):
                        reader = make.fresh(person)
                        manager: Any = model._default_manager
                        expected = set(manager.visible_to(reader).values_list("pk", flat=True))
                        with on_behalf_of(make.fresh(person)):
                            self.assertEqual(self.shown(model), expected)
                        seen += len(expected)
        self.assertGreater(seen, 1000)

    def test_without_a_scope_nothing_is_shown(self) -> None:
        World(7)
        with as_system():
            self.assertEqual(self.shown(Case), set(Case.objects.values_list("pk", flat=True)))
        for model in declared():
            self.assertEqual(self.shown(model), set(), model)

    def test_a_scope_ends_with_its_block(self) -> None:
        world = World(8)
        with on_behalf_of(world.people[0]):
            with as_system():
                self.assertEqual(len(self.shown(Case)), len(world.cases))
            mine = self.shown(Case)
        self.assertEqual(mine, set(Case.objects.visible_to(make.fresh(world.people[0])).values_list("pk", flat=True)))
        self.assertEqual(self.shown(Case), set())

    def test_nobody_writes_a_row_out_of_their_own_sight(self) -> None:
        team = make.Team()
        case = make.case_in(Status.FORWARDED, team)
        with on_behalf_of(make.fresh(team.quality_officer)), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {BOUND}")
            with self.assertRaises(DatabaseError), transaction.atomic():
                cursor.execute("UPDATE feedback_case SET is_released = false WHERE id = %s", [case.pk])
            cursor.execute("RESET ROLE")
        case.refresh_from_db()
        self.assertTrue(case.is_released)
