"""Emulation: the parts of a score, what a facility reads of it, and proposals that two people make."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import Http404
from django.test import SimpleTestCase, TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.access.scope import on_behalf_of
from accounts.models import Recusal
from common.exceptions import InvalidInput, MoveRefused, RightMissing, SecondPersonNeeded, StaleVersion
from common.papers.layout import digest_of
from directives import reference
from directives.choices import MeritKind, MeritState, ScorePart, Status
from directives.emulation import merits, scoring
from directives.emulation.parts import Weight, scored
from directives.models import (
    Assignment,
    MeritEvidence,
    MeritProposal,
    PackFile,
    ReportPack,
    ScoreRound,
    ScoreWeight,
    UnitScore,
)
from directives.tallies import Tally
from directives.yearly import deeds
from directives.yearly.content import drawn_up
from notifications.models import Outbox
from tests.directives.factories import fresh
from tests.directives.reporting_made import YEAR, Reports
from tests.forms import form_in

WEIGHTS = [Weight("on_time", 40, ""), Weight("first_time", 20, ""), Weight("not_overdue", 40, "")]


class PartTests(SimpleTestCase):
    def test_each_part_is_its_share_of_its_points(self) -> None:
        found = scored(Tally(assigned=8, due=4, on_time=3, handed_in=4, returned=1, overdue=1), WEIGHTS)
        self.assertEqual([(one["count"], one["of"], one["points"]) for one in found.parts],
                         [(3, 4, "30.00"), (3, 4, "15.00"), (3, 4, "30.00")])  # fmt: skip
        self.assertEqual(found.points, Decimal("75.00"))

    def test_a_part_with_nothing_to_count_is_left_out_and_the_others_stand_for_the_whole(self) -> None:
        found = scored(Tally(assigned=2, due=2, missing=2, overdue=1), WEIGHTS)
        self.assertEqual([one["points"] for one in found.parts], ["0.00", None, "20.00"])
        self.assertEqual(found.points, Decimal("25.00"))

    def test_who_owes_nothing_has_no_score(self) -> None:
        self.assertIsNone(scored(Tally(assigned=3), WEIGHTS).points)

    def test_size_does_not_matter(self) -> None:
        small, large = (Tally(due=n, on_time=n // 2, handed_in=n, overdue=0) for n in (4, 400))
        self.assertEqual(scored(small, WEIGHTS).points, scored(large, WEIGHTS).points)


class Emulation(Reports, TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.set_up()
        ScoreWeight.objects.create(part="on_time", points=50, source="Quy chế thi đua")
        ScoreWeight.objects.create(part="not_overdue", points=50, source="Quy chế thi đua")

    def drawn(self, by: Any = None, **changes: Any) -> ScoreRound:
        given = {"starts_on": date(YEAR, 1, 1), "ends_on": date(YEAR, 12, 31)} | changes
        return scoring.draw_up(**given, by=fresh(by or self.team.checker))

    def score(self, facility: Any) -> UnitScore:
        return UnitScore.objects.get(facility=facility)


class ScoringTests(Emulation):
    def test_every_unit_with_something_due_is_scored_by_the_weights_of_the_last_day(self) -> None:
        ScoreWeight.objects.create(part="on_time", points=10, source="sửa", valid_from=date(YEAR + 5, 1, 1))
        self.reported(self.assigned(self.team.hospital, 6))
        self.assigned(self.team.other, 6)
        found = self.drawn()
        self.assertEqual([one["points"] for one in found.weights], [50, 50])
        # last year's report came today, so it is late, and nothing is overdue any more
        self.assertEqual(self.score(self.team.hospital).points, Decimal("50.00"))
        self.assertEqual(self.score(self.team.other).points, Decimal("0.00"))

    def test_a_weight_that_began_later_counts_before_the_one_without_a_first_day(self) -> None:
        ScoreWeight.objects.create(part="on_time", points=30, source="sửa", valid_from=date(YEAR, 7, 1))
        self.assertEqual([one.points for one in scoring.weights_on(date(YEAR, 6, 30))], [50, 50])
        self.assertEqual([one.points for one in scoring.weights_on(date(YEAR, 7, 1))], [30, 50])

    def test_reference_data_brings_a_weight_for_each_part_once(self) -> None:
        ScoreWeight.objects.filter(part="on_time").update(points=77)
        reference.load()
        self.assertEqual(reference.load()["weights of the emulation score"], 0)
        self.assertEqual(set(ScoreWeight.objects.values_list("part", flat=True)), set(ScorePart.values))
        self.assertEqual(ScoreWeight.objects.get(part="on_time").points, 77)

    def test_days_to_come_and_strangers_are_refused(self) -> None:
        today = timezone.localdate()
        for days in ({"ends_on": date(today.year + 1, 1, 1)}, {"starts_on": today, "ends_on": date(YEAR, 1, 1)}):
            with self.assertRaises(InvalidInput):
                self.drawn(**days)
        ScoreWeight.objects.update(valid_to=date(2001, 1, 1))
        with self.assertRaises(InvalidInput):
            self.drawn()
        for person in (self.team.writer, self.team.officer, self.team.director):
            with self.assertRaises(RightMissing):
                self.drawn(person)

    def test_scores_never_change(self) -> None:
        self.assigned(self.team.hospital, 6)
        self.drawn()
        with self.assertRaises(DatabaseError), transaction.atomic():
            UnitScore.objects.update(points=99)

    def test_a_second_person_publishes_once(self) -> None:
        found = self.drawn(self.team.lead)
        with self.assertRaises(SecondPersonNeeded):
            scoring.publish(found, by=fresh(self.team.lead), version=1)
        with self.assertRaises(RightMissing):
            scoring.publish(found, by=fresh(self.team.checker), version=1)
        with self.assertRaises(StaleVersion):
            scoring.publish(found, by=fresh(self.team.director), version=9)
        done = scoring.publish(found, by=fresh(self.team.director), version=1)
        with self.assertRaises(MoveRefused):
            scoring.publish(found, by=fresh(self.team.director), version=done.version)


class ReadingTests(Emulation):
    def setUp(self) -> None:
        self.assigned(self.team.hospital, 6)
        self.assigned(self.team.other, 6)
        self.found = self.drawn()

    def publish(self) -> None:
        scoring.publish(self.found, by=fresh(self.team.director), version=1)

    def page(self, person: Any, name: str = "scores", *args: int) -> Any:
        self.client.force_login(fresh(person))
        return self.client.get(reverse(f"admin:directives_assignment_{name}", args=args))

    def test_before_it_is_published_a_facility_sees_nothing(self) -> None:
        self.assertFalse(UnitScore.objects.visible_to(fresh(self.team.writer)).exists())
        self.assertEqual(self.page(self.team.writer, "score_round", self.found.pk).status_code, 404)
        self.assertNotContains(self.page(self.team.writer), "data-own")

    def test_then_its_own_parts_and_nobody_elses(self) -> None:
        self.publish()
        rows = UnitScore.objects.visible_to(fresh(self.team.writer))
        self.assertEqual([row.facility for row in rows], [self.team.hospital])
        for page in (self.page(self.team.writer), self.page(self.team.writer, "score_round", self.found.pk)):
            self.assertContains(page, "Lam Kiều")
            self.assertNotContains(page, "Trúc Vân")
            self.assertContains(page, "ln-score-parts")

    def test_the_database_shows_the_same_whatever_the_query_says(self) -> None:
        def keys(person: Any, model: Any) -> set[int]:
            with on_behalf_of(fresh(person)), connection.cursor() as cursor:
                cursor.execute(f"SELECT id FROM {model._meta.db_table}")
                return {row[0] for row in cursor.fetchall()}

        every = set(UnitScore.objects.values_list("pk", flat=True))
        self.assertEqual((keys(self.team.writer, UnitScore), keys(self.team.writer, ScoreRound)), (set(), set()))
        self.publish()
        own = UnitScore.objects.get(facility=self.team.hospital).pk
        self.assertEqual((keys(self.team.writer, UnitScore), keys(self.team.lead, UnitScore)), ({own}, every))
        self.assertEqual(keys(self.team.writer, ScoreRound), {self.found.pk})
        pack = deeds.freeze(
            YEAR, as_of=(at := timezone.now()), digest=digest_of(drawn_up(YEAR, at, "")), findings="", reason="",
            by=fresh(self.team.checker),
        )  # fmt: skip
        duty = Assignment.objects.get(facility=self.team.hospital)
        made = merits.propose(self.found, self.team.hospital, "commend", "tốt", [duty], by=fresh(self.team.checker))
        for model, row in ((ReportPack, pack), (PackFile, pack.files.first()), (MeritProposal, made),
                           (MeritEvidence, made.evidence.first())):  # fmt: skip
            self.assertEqual(keys(self.team.writer, model), set(), model)
            self.assertIn(row.pk, keys(self.team.officer, model), model)
        recuse = Recusal.objects.create(
            user=self.team.officer, facility=self.team.hospital, reason="người nhà", recorded_by=self.team.lead
        )
        self.assertEqual(keys(self.team.officer, MeritProposal), set(), recuse)
        self.assertEqual(keys(self.team.officer, UnitScore), every - {own})

    def test_the_department_sees_all_and_what_waits(self) -> None:
        page = self.page(self.team.officer, "score_round", self.found.pk)
        self.assertContains(page, "Lam Kiều")
        self.assertContains(page, "Trúc Vân")
        self.assertNotContains(page, "de-xuat/")

    def test_published_by_the_page(self) -> None:
        self.client.force_login(fresh(self.team.director))
        address = reverse("admin:directives_assignment_score_publish", args=[self.found.pk])
        self.client.post(address, form_in(self.client.get(address), "version"))
        self.found.refresh_from_db()
        self.assertEqual(self.found.published_by, self.team.director)


class MeritTests(Emulation):
    def setUp(self) -> None:
        self.one = self.reported(self.assigned(self.team.hospital, 6), to=Status.ACCEPTED)
        self.foreign = self.assigned(self.team.other, 6)
        self.round = self.drawn()

    def propose(self, by: Any = None, **changes: Any) -> MeritProposal:
        given: dict[str, Any] = {
            "facility": self.team.hospital,
            "kind": "commend",
            "reason": "Báo cáo đầy đủ.",
            "evidence": [self.one],
        }
        given |= changes
        return merits.propose(
            self.round, given["facility"], given["kind"], given["reason"], given["evidence"],
            by=fresh(by or self.team.checker),
        )  # fmt: skip

    def decide(self, proposal: MeritProposal, to: str, by: Any, version: int = 1) -> MeritProposal:
        return merits.decide(proposal, to, by=fresh(by), reason="đúng tiêu chí", version=version)

    def test_one_proposes_with_evidence_and_another_decides(self) -> None:
        proposal = self.propose()
        self.assertEqual([one.assignment for one in proposal.evidence.all()], [self.one])
        done = self.decide(proposal, MeritState.AGREED, self.team.director)
        self.assertEqual((done.state, done.decided_by, done.decision), ("agreed", self.team.director, "đúng tiêu chí"))
        for again in MeritState:
            with self.assertRaises(MoveRefused):
                self.decide(done, again, self.team.lead, version=2)

    def told(self, template: str) -> set[int]:
        return set(Outbox.objects.filter(template=template).values_list("recipient", flat=True))

    def test_whoever_may_decide_is_told_of_what_waits_and_its_proposer_of_the_decision(self) -> None:
        proposal = self.propose()
        self.assertIn(self.team.director.pk, self.told("merit_waiting"))
        self.assertFalse(self.told("merit_waiting") & {self.team.checker.pk, self.team.writer.pk, self.team.head.pk})
        self.assertIn(self.team.director.pk, self.told("scores_waiting"))
        self.decide(proposal, MeritState.AGREED, self.team.director)
        self.assertEqual(self.told("merit_decided"), {self.team.checker.pk})
        message = Outbox.objects.filter(template="merit_waiting")[0]
        self.assertEqual((message.params, message.about_id), ({"number": str(proposal.pk)}, None))

    def test_whoever_is_kept_from_the_unit_is_told_nothing_of_it(self) -> None:
        Recusal.objects.create(
            user=self.team.director, facility=self.team.hospital, reason="người nhà", recorded_by=self.team.lead
        )
        self.propose()
        self.assertNotIn(self.team.director.pk, self.told("merit_waiting"))

    def test_nobody_decides_on_their_own_proposal_whatever_the_door(self) -> None:
        proposal = self.propose(self.team.lead)
        with self.assertRaises(SecondPersonNeeded):
            self.decide(proposal, MeritState.AGREED, self.team.lead)
        with self.assertRaises(IntegrityError), transaction.atomic():
            MeritProposal.objects.filter(pk=proposal.pk).update(
                state="agreed", decided_by=self.team.lead, decided_at=timezone.now()
            )
        self.assertEqual(self.decide(proposal, MeritState.TAKEN_BACK, self.team.lead).state, "taken_back")

    def test_every_pair_of_person_and_decision(self) -> None:
        may = {self.team.director: {"agreed", "refused"}, self.team.lead: {"agreed", "refused"},
               self.team.checker: {"taken_back"}}  # fmt: skip
        proposal = self.propose()
        for person in (self.team.director, self.team.lead, self.team.checker, self.team.second, self.team.officer):
            for state in merits.DECISIONS:
                with self.subTest(person=person, state=state), transaction.atomic():
                    if state in may.get(person, set()):
                        self.assertEqual(self.decide(proposal, state, person).state, state)
                    else:
                        with self.assertRaises((SecondPersonNeeded, RightMissing)):
                            self.decide(proposal, state, person)
                    transaction.set_rollback(True)

    def test_without_evidence_of_that_unit_and_those_days_nothing_is_proposed(self) -> None:
        elsewhere = self.assigned(self.team.hospital, 6, YEAR - 1)
        for wrong in ({"evidence": []}, {"evidence": [self.foreign]}, {"evidence": [elsewhere]}, {"reason": " "},
                      {"kind": "praise"}):  # fmt: skip
            with self.subTest(wrong), self.assertRaises(InvalidInput):
                self.propose(**wrong)
        for person in (self.team.officer, self.team.director, self.team.writer):
            with self.assertRaises(RightMissing):
                self.propose(person)
        self.propose()
        with self.assertRaises(InvalidInput):
            self.propose()
        self.propose(kind=MeritKind.SANCTION)

    def test_a_facility_never_sees_what_is_proposed_for_it(self) -> None:
        proposal = self.propose()
        self.assertFalse(MeritProposal.objects.visible_to(fresh(self.team.writer)).exists())
        with self.assertRaises(Http404):
            self.decide(proposal, MeritState.AGREED, self.team.writer)
        self.client.force_login(fresh(self.team.writer))
        address = reverse("admin:directives_assignment_merit", args=[proposal.pk])
        self.assertEqual(self.client.get(address).status_code, 404)

    def test_drawing_scores_up_proposes_nothing(self) -> None:
        self.assertFalse(MeritProposal.objects.exists())

    def test_by_the_pages(self) -> None:
        self.client.force_login(fresh(self.team.checker))
        address = reverse("admin:directives_assignment_merit_propose", args=[self.round.pk, self.team.hospital.pk])
        form = form_in(self.client.get(address), "reason")
        answer = self.client.post(
            address, form | {"kind": ["commend"], "reason": ["Đầy đủ."], "evidence": [str(self.one.pk)]}
        )
        proposal = MeritProposal.objects.get()
        page = reverse("admin:directives_assignment_merit", args=[proposal.pk])
        self.assertRedirects(answer, page)
        self.client.force_login(fresh(self.team.director))
        self.assertContains(self.client.get(page), "12/CT-SYT.1")
        decide = reverse("admin:directives_assignment_merit_decide", args=[proposal.pk, "refused"])
        self.client.post(decide, form_in(self.client.get(decide), "version") | {"reason": ["Chưa đủ."]})
        proposal.refresh_from_db()
        self.assertEqual((proposal.state, proposal.decision), ("refused", "Chưa đủ."))

    def test_evidence_is_read_by_whoever_decides(self) -> None:
        self.assertTrue(Assignment.objects.visible_to(fresh(self.team.director)).filter(pk=self.one.pk).exists())
