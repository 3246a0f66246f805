"""One declaration, two answers: what `visible_to` finds is what the database's own policies show."""

import random
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import DatabaseError, connection, transaction
from django.test import TestCase
from django.utils import timezone
from psycopg.errors import InsufficientPrivilege

from accounts.access import condition
from accounts.access.policies import declared, install, set_aside
from accounts.access.scope import on_behalf_of
from accounts.models import ApiClient, Membership, Recusal, User
from audit.models import Act
from audit.services import record
from common.scope import ROLE, as_system
from deadlines.models import Escalation, Extension, Pause
from deadlines.services import deadlines_of
from feedback import daycounts
from feedback.choices import Audience, Status
from feedback.models import (
    Answer,
    Attachment,
    Case,
    CaseRecusal,
    Draft,
    Note,
    Receipt,
    Reply,
    Reporter,
    RevealRequest,
)
from links.models import Relation
from links.services import link
from notifications.models import InboxItem, Outbox
from tests.access.visits import ON_VISITS
from tests.feedback import factories as make
from tests.rights import hold

READ_BY_DEEDS_ALONE = {"Receipt", "Link"}
# not in this world: what holds for them is compared in theirs (tests.access.world)
ELSEWHERE = {"Duty", "Incident", "HistoricalIncident", "Named", "Addendum", "PaperGiven", "Reclassification"}
ELSEWHERE |= {"Analysis", "HistoricalAnalysis", "Remark", "WeeklySummary"}
ELSEWHERE |= {
    "Directive", "HistoricalDirective", "DocumentVersion", "Lineage", "Clause", "Obligation", "HistoricalObligation",
    "Indicator", "HistoricalIndicator", "ImportDraft", "Assignment", "HistoricalAssignment", "ComplianceReport",
    "IndicatorValue", "Evidence", "EvidenceFile", "ReportEvidence", "ExpansionRun",
}  # fmt: skip
ELSEWHERE |= {"ReportPack", "PackFile", "ScoreRound", "UnitScore", "MeritProposal", "MeritEvidence"}
ELSEWHERE |= {"Action", "HistoricalAction", "Progress", "Evidence", "EffectCheck", "ConcessionAsked"}
ELSEWHERE |= {"StaffReport", "StaffReceipt", "Talk", "NamedRequest", "SystemReport", "ReceiptFile"}
ELSEWHERE |= {"Return", "HistoricalReturn", "ReturnText", "ReturnEdition", "ReturnFile"}
ELSEWHERE |= {"Alert", "AlertEdition", "HistoricalAlert", "AlertReceipt", "HistoricalAlertReceipt"}
ELSEWHERE |= {"Signal", "HistoricalSignal"}
ELSEWHERE |= {model.__name__ for model in ON_VISITS}
ELSEWHERE |= {"SavedFilter", "SuggestionChoice"}
ELSEWHERE |= {"Reconciliation", "Difference", "CaseImport", "ImportedRow", "ReceivedMail"}
RIGHTS = (
    "view_every_case",
    "view_confidential_case",
    "view_division_case",
    "view_facility_case",
    "view_recorded_case",
    "approve_reveal",
    "recuse_others",
    "view_entry",
    "receive_dead_letters",
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
        for person in self.people[::2]:
            Draft.objects.create(owner=person, saved_at=timezone.now(), **Draft.under_seal(person.pk, {"body": "x"}))
        daycounts.rebuild_all()

    def maybe(self, choices: list[Any]) -> Any:
        return self.dice.choice([None, *choices])

    def person(self) -> User:
        user = User.objects.create_user(f"nguoi-{self.dice.random()}", is_staff=True)
        user.is_superuser = self.dice.random() < 0.1
        user.is_active = self.dice.random() < 0.9
        user.save()
        held = [right for right in RIGHTS if self.dice.random() < 0.35]
        own = Group.objects.create(name=f"Vai {user.pk}")
        own.permissions.set(Permission.objects.filter(codename__in=held))
        hold(user, own)
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
        self.around(case, by, at)

    def around(self, case: Case, by: User, at: datetime) -> None:
        """What lies about a case in the floors below, and what only deeds read."""
        submission = case.submissions.get()
        if not Reporter.objects.filter(submission=submission).exists():
            Reporter.of(submission, {"name": "x"}).save()
        # one that nobody can use: making a real one takes its time on purpose
        Receipt.objects.create(case=case, locator=f"{case.pk:09}", salt=b"x", verifier_hash=b"x")
        clock = deadlines_of(case).order_by("id")[0]
        Pause.objects.create(deadline=clock, starts_at=at, ends_at=at, reason="x", by=by)
        Extension.objects.create(deadline=clock, amount=9, asked_by=by, asked_at=at, reason="x", due_before=at)
        told = {"cycle": 1, "ladder_id": clock.ladder_id, "step": 99, "level": 1, "recipients": 1}
        Escalation.objects.create(deadline=clock, due_at=clock.starts_at, fired_at=at, **told)
        message: dict[str, Any] = {"key": f"x{case.pk}", "recipient": by, "template": "case_word"}
        InboxItem.objects.create(**message)
        Outbox.objects.create(channel="email", **message)
        record(Act.VIEW, by=by, about=case)
        link(case, Relation.RELATED, case, by=by, reason="x")

    def recuse(self, user: User) -> None:
        Recusal.objects.create(user=user, facility=self.facilities[0], reason="x", recorded_by=self.people[1])
        case = self.dice.choice(self.cases)
        CaseRecusal.objects.create(case=case, user=user, reason="x", by=self.people[1], at=timezone.now())


class PolicyTests(TestCase):
    """A scope takes the role of the application, which policies bind; the tests' own role is a superuser."""

    def setUp(self) -> None:
        make.seed()

    def found(self, model: Any, term: Any, reader: User) -> set[int]:
        return set(model._default_manager.filter(condition(term, reader)).values_list("pk", flat=True))

    def shown(self, model: Any) -> set[int]:
        """Every row that the database shows, without any filter of ours."""
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT "{model._meta.pk.column}" FROM "{model._meta.db_table}"')
            return {row[0] for row in cursor.fetchall()}

    def test_the_database_shows_what_the_declaration_finds(self) -> None:
        seen: dict[Any, int] = dict.fromkeys(declared(), 0)
        for seed in range(3):
            world = World(seed)
            for person in world.people:
                reader = make.fresh(person)
                expected = {model: self.found(model, term, reader) for model, term in declared().items()}
                with on_behalf_of(make.fresh(person)):
                    for model, rows in expected.items():
                        with self.subTest(seed=seed, person=person.pk, model=model.__name__):
                            self.assertEqual(self.shown(model), rows)
                        seen[model] += len(rows)
        self.assertGreater(sum(seen.values()), 2000)
        self.assertEqual(
            {model.__name__ for model, found in seen.items() if not found}, READ_BY_DEEDS_ALONE | ELSEWHERE
        )

    def test_parts_of_cases_that_were_shown_are_all_the_parts_there_are_for_a_reader(self) -> None:
        world, found = World(9), 0
        for person in world.people[::2]:
            reader = make.fresh(person)
            cases = list(Case.objects.visible_to(reader))
            for model in (Answer, Reply, Note, Attachment):
                with self.subTest(person=person.pk, model=model.__name__):
                    parts = {part.pk for case in cases for part in model.objects.visible_parts(reader, case=case)}
                    self.assertEqual(parts, set(model.objects.visible_to(reader).values_list("pk", flat=True)))
                    found += len(parts)
        self.assertGreater(found, 100)

    def test_without_a_scope_nothing_is_shown(self) -> None:
        World(7)
        every = {model: set(model._default_manager.values_list("pk", flat=True)) for model in declared()}
        with as_system():
            for model, rows in every.items():
                self.assertEqual(self.shown(model), rows, model)
        for name in ("person", "may.feedback.view_every_case", "system"):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('role', %s, true), set_config('langnghe.system', '', true)", [ROLE])
                cursor.execute(f"SELECT set_config('langnghe.{name}', '', true)")
                for model in declared():
                    self.assertEqual(self.shown(model), set(), model)
                cursor.execute("RESET ROLE")

    def test_a_scope_ends_with_its_block(self) -> None:
        world = World(8)
        reader = next(person for person in world.people if person.is_active and not person.is_superuser)
        mine = set(Case.objects.visible_to(make.fresh(reader)).values_list("pk", flat=True))
        with on_behalf_of(reader):
            with as_system():
                self.assertEqual(len(self.shown(Case)), len(world.cases))
            self.assertEqual(self.shown(Case), mine)
            with suppress(DatabaseError), transaction.atomic(), as_system():
                Case.objects.raw("SELECT 1 / 0 AS id")[0]
            self.assertEqual(self.shown(Case), mine)
            with suppress(LookupError), as_system():
                raise LookupError
            self.assertEqual(self.shown(Case), mine)
        self.assertEqual(len(self.shown(Case)), len(world.cases))

    def test_nobody_writes_a_row_out_of_their_own_sight(self) -> None:
        team = make.Team()
        case = make.case_in(Status.FORWARDED, team)
        with (
            on_behalf_of(make.fresh(team.quality_officer)),
            self.assertRaises(DatabaseError),
            transaction.atomic(),
        ):
            Case.objects.filter(pk=case.pk).update(is_released=False)
        case.refresh_from_db()
        self.assertTrue(case.is_released)

    def test_the_application_reads_no_words_of_the_index_and_changes_no_log(self) -> None:
        for statement in (
            "SELECT words FROM feedback_searchentry",
            "UPDATE audit_entry SET reason = ''",
            "DELETE FROM audit_entry",
            "TRUNCATE feedback_case CASCADE",
            "ALTER TABLE feedback_case DISABLE ROW LEVEL SECURITY",
            "DROP POLICY access ON feedback_case",
        ):
            with self.subTest(statement), as_system(), connection.cursor() as cursor:
                with self.assertRaises(DatabaseError) as refused, transaction.atomic():
                    cursor.execute(statement)
                self.assertIsInstance(refused.exception.__cause__, InsufficientPrivilege)

    def test_nobody_puts_a_table_of_their_own_in_front_of_ours(self) -> None:
        """A function with its owner's rights looks into temporary schemas last."""
        with as_system(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE feedback_searchentry (case_id bigint, words tsvector)")
            cursor.execute("INSERT INTO feedback_searchentry VALUES (77, 'x')")
            cursor.execute("SELECT feedback_search_newest('x', 10), feedback_case_holds(77, 'x')")
            self.assertEqual(cursor.fetchone(), ([], False))
            cursor.execute("CREATE TEMPORARY TABLE feedback_case (id bigint); INSERT INTO feedback_case VALUES (78)")
            cursor.execute("SELECT access_sees_feedback_case(78)")
            self.assertEqual(cursor.fetchone(), (False,))

    def test_installing_again_does_nothing(self) -> None:
        self.assertFalse(install())
        set_aside()
        with as_system():
            self.assertEqual(self.shown(Case), set())
        self.assertTrue(install())
        self.assertFalse(install())
