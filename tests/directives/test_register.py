"""The register: entering, lineage without circles, superseding by choice, what the founding documents ask for."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import Http404
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing, StaleVersion
from directives import reference, register
from directives.choices import DirectiveState, ObligationState, Relation
from directives.lineage import drawn
from directives.models import Clause, Directive, DocumentVersion, Indicator, Lineage, Obligation
from directives.register import CARRY, CLOSE, LineageCircle
from directives.words import recurrence_said
from tests.directives import factories as make
from tests.directives.factories import LONG_REASON, Team, fresh

REGISTER = Path(reference.FILE)


class RegisterTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = Team()
        cls.by = fresh(cls.team.checker)
        cls.old = make.directive(cls.by, "06/CT-SYT", issued_on=date(2025, 1, 5))
        cls.new = make.directive(cls.by, "07/CT-SYT", issued_on=date(2026, 1, 5))
        cls.third = make.directive(cls.by, "08/CT-SYT", issued_on=date(2026, 2, 5))

    def test_a_text_is_kept_with_its_digest(self) -> None:
        kept = DocumentVersion.objects.get(directive=self.old)
        self.assertEqual((kept.position, len(kept.sha256), kept.text), (1, 64, "Toàn văn"))

    def test_a_number_that_is_there_already_is_named(self) -> None:
        for number in ("06/CT-SYT", " 06/ct-syt ", "06 / CT-SYT"):
            with self.subTest(number), self.assertRaises(InvalidInput) as refused:
                make.directive(self.by, number, issued_on=date(2025, 1, 5))
            self.assertIn("06/CT-SYT", refused.exception.fields["number"][0])
        make.directive(self.by, "06/CT-SYT", issued_on=date(2026, 1, 6))  # numbers begin anew each year

    def test_days_that_contradict_are_refused(self) -> None:
        with self.assertRaises(InvalidInput):
            make.directive(self.by, "1/X", effective_on=date(2026, 5, 1), ends_on=date(2026, 4, 1))
        with self.assertRaises(InvalidInput) as refused:
            register.relate(self.old, Relation.BASED_ON, self.new, by=self.by)
        self.assertIn("05/01/2026", refused.exception.fields["other"][0])

    def test_only_who_takes_care_of_the_register_writes_it(self) -> None:
        for person in (self.team.writer, self.team.officer, self.team.director):
            with self.subTest(person), self.assertRaises(RightMissing):
                make.directive(person, "9/X")

    def test_a_facility_sees_what_reached_it(self) -> None:
        writer = fresh(self.team.writer)
        self.assertFalse(Directive.objects.visible_to(writer).exists())
        make.assigned(make.obligation(self.by, self.old), self.team.hospital)
        self.assertEqual(list(Directive.objects.visible_to(fresh(self.team.writer))), [self.old])
        self.assertFalse(Directive.objects.visible_to(fresh(self.team.stranger)).exists())
        with self.assertRaises(Http404):
            register.change(self.new, {}, by=writer, reason="x", version=1)

    def test_a_circle_is_refused_whoever_closes_it(self) -> None:
        register.relate(self.new, Relation.BASED_ON, self.old, by=self.by)
        undated = make.directive(self.by, "", issued_on=None)
        register.relate(undated, Relation.CONTINUES, self.new, by=self.by)
        register.relate(self.third, Relation.PASSES_ON, undated, by=self.by)
        Directive.objects.filter(pk=self.old.pk).update(issued_on=None)
        self.old.refresh_from_db()
        with self.assertRaises(LineageCircle):
            register.relate(self.old, Relation.REPLACES, self.third, by=self.by)
        with self.assertRaises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO directives_lineage (directive_id, relation, other_id, at, by_id)"
                " VALUES (%s, 'amends', %s, now(), %s)",
                [self.old.pk, self.third.pk, self.by.pk],
            )
        self.assertEqual(len(register.line_of(self.old, self.by)), 3)

    def test_the_drawing_puts_the_older_above(self) -> None:
        register.relate(self.new, Relation.BASED_ON, self.old, by=self.by)
        register.relate(self.third, Relation.REPLACES, self.new, by=self.by)
        register.relate(self.third, Relation.BASED_ON, self.old, by=self.by)
        drawing = drawn(self.new, register.line_of(self.new, self.by))
        heights = {box.directive.pk: box.y for box in drawing.boxes}
        self.assertLess(heights[self.old.pk], heights[self.new.pk])
        self.assertLess(heights[self.new.pk], heights[self.third.pk])
        self.assertEqual(len(drawing.lines), 3)

    def test_superseding_asks_about_each_open_obligation(self) -> None:
        one, two = register.oblige(self.old, [make.duty(), make.duty(part="2")], by=self.by)
        with self.assertRaises(InvalidInput) as refused:
            register.supersede(self.old, self.new, {one.pk: CARRY}, by=self.by, reason=LONG_REASON, version=1)
        self.assertEqual(list(refused.exception.fields), [f"choice-{two.pk}"])
        with self.assertRaises(ReasonRequired):
            register.supersede(self.old, self.new, {}, by=self.by, reason=" ", version=1)
        choices = {one.pk: CARRY, two.pk: CLOSE}
        register.supersede(self.old, self.new, choices, by=self.by, reason=LONG_REASON, version=1)
        one.refresh_from_db()
        two.refresh_from_db()
        self.assertEqual((one.state, one.carried_by), (ObligationState.OPEN, self.new))
        self.assertEqual((two.state, two.closed_on), (ObligationState.CLOSED, timezone.localdate()))
        self.old.refresh_from_db()
        self.assertEqual(self.old.state, DirectiveState.SUPERSEDED)
        self.assertEqual(self.old.history.first().history_change_reason, LONG_REASON)
        self.assertTrue(Lineage.objects.filter(directive=self.new, relation="replaces", other=self.old).exists())
        with self.assertRaises(MoveRefused):
            register.supersede(self.old, self.third, {}, by=self.by, reason=LONG_REASON, version=2)

    def test_who_comes_second_stores_nothing(self) -> None:
        register.change(self.old, {"signer": "Trần Giả Định"}, by=self.by, reason="bổ sung", version=1)
        with self.assertRaises(StaleVersion):
            register.change(self.old, {"signer": "Khác"}, by=self.by, reason="bổ sung", version=1)

    def test_what_cannot_be_an_obligation_is_named_by_its_place(self) -> None:
        bad = [make.duty(), make.duty(title=" "), make.duty(parties=[]), make.duty(recurrence="mỗi năm")]
        with self.assertRaises(InvalidInput) as refused, transaction.atomic():
            register.oblige(self.old, bad, by=self.by)
        self.assertEqual(set(refused.exception.fields), {"1-title", "2-parties", "3-recurrence"})
        self.assertFalse(Obligation.objects.exists())

    def test_nothing_is_deleted(self) -> None:
        make.obligation(self.by, self.old)
        register.relate(self.new, Relation.BASED_ON, self.old, by=self.by)
        past = Directive.history.model, Obligation.history.model
        for model in (Directive, DocumentVersion, Lineage, Clause, Obligation, *past):
            table, before = model._meta.db_table, model._base_manager.count()
            for words in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
                refused = self.assertRaisesMessage(DatabaseError, "Cannot")
                with self.subTest(words), refused, transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    cursor.execute(words)
            self.assertEqual(model._base_manager.count(), before)


class ReferenceTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = Team()
        cls.first = reference.load()

    def test_everything_is_there_with_its_lineage(self) -> None:
        known = json.loads(REGISTER.read_text(encoding="utf-8"))
        self.assertEqual(Obligation.objects.count(), len(known["obligations"]))
        self.assertGreaterEqual(Obligation.objects.count(), 42)
        self.assertEqual(self.first["directives"], Directive.objects.count())
        passed_on = Lineage.objects.filter(other__code="CT06", relation="passes_on")
        self.assertEqual(set(passed_on.values_list("directive__code", flat=True)), {"2514", "HT25"})
        self.assertFalse(Obligation.objects.filter(clause=None).exists())
        self.assertFalse(Indicator.objects.filter(base="").exists())

    def test_loading_again_changes_nothing_and_leaves_what_people_changed(self) -> None:
        Obligation.objects.filter(code="HN30-2").update(title="Khác")
        self.assertEqual(set(reference.load().values()), {0})
        self.assertEqual(Obligation.objects.get(code="HN30-2").title, "Khác")

    def test_rules_are_said_in_words(self) -> None:
        said = {
            row.code: recurrence_said(row.recurrence, row.due_on, row.days_after) for row in Obligation.objects.all()
        }
        self.assertEqual(said["HN30-2"], "mỗi năm, 10/11")
        self.assertEqual(said["TT43-1"], "mỗi nửa năm")
        self.assertIn("5", said["TT23-1"])
        self.assertFalse([code for code, words in said.items() if "FREQ" in words])

    def test_pages_cost_the_same_for_few_and_many(self) -> None:
        self.client.force_login(self.team.checker)
        page = reverse("admin:directives_directive_change", args=[Directive.objects.get(code="HT25").pk])
        self.client.get(page)
        with self.assertNumQueries(self._queries(page)):
            self.client.get(page)
        answer = self.client.get(page).content.decode()
        self.assertIn("HT25-16", answer)
        self.assertIn("ln-lineage", answer)
        listed = self.client.get(reverse("admin:directives_directive_changelist"), {"q": "chi thi 30"}).content.decode()
        self.assertIn("HN30", listed)
        self.assertNotIn("06/CT-BYT", listed)

    def _queries(self, page: str) -> int:
        small = reverse("admin:directives_directive_change", args=[Directive.objects.get(code="DB25").pk])
        self.client.get(small)
        with CaptureQueriesContext(
            connection,
        ) as counted:
            self.client.get(small)
        return len(counted)


class TwoAtOnceTests(TransactionTestCase):
    def test_two_lines_that_only_together_close_a_circle(self) -> None:
        team = Team()
        by = fresh(team.checker)
        a, b = (make.directive(by, number, issued_on=None) for number in ("1/A", "2/B"))

        def line(pair: tuple[Directive, Directive]) -> str:
            try:
                register.relate(pair[0], Relation.BASED_ON, pair[1], by=fresh(team.checker))
            except LineageCircle:
                return "circle"
            finally:
                connection.close()
            return "done"

        with ThreadPoolExecutor(2) as pool:
            self.assertEqual(sorted(pool.map(line, [(a, b), (b, a)])), ["circle", "done"])
