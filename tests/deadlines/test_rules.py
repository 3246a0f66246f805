"""Which rule applies: a table of facts and winners over the seeded rules."""

from datetime import date

import pytest
from django.test import TestCase

from deadlines import reference
from deadlines.calendar import Term
from deadlines.choices import Clock, Nature
from deadlines.editions import current
from deadlines.models import CalendarDay, DeadlineRule, Edition, Ladder, LadderStep
from deadlines.planning import judge, schedule
from deadlines.rules import Rule, fitting
from tests.deadlines.factories import at


def rule(code="rule", nature=Nature.POLICY, valid_from=None, valid_to=None, **conditions):
    term = Term(Clock.HOURS, 1)
    return Rule(
        1, code, code, code, "x", "answer", term, nature, "test", 1,
        conditions=conditions, valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        ({}, {"channel": "c"}),
        ({"channel": "c"}, {"facility_type": "f"}),
        ({"facility_type": "f", "channel": "c"}, {"category_root": "r"}),
        ({"category_root": "r", "facility_type": "f", "channel": "c"}, {"category": "k"}),
        ({"category": "k", "category_root": "r"}, {"complexity": "1"}),
        ({"complexity": "1", "category": "k"}, {"urgency": "S1"}),
        ({"urgency": "S1"}, {"urgency": "S1", "category": "k"}),
        ({"urgency": "S1", "complexity": "1", "category": "k", "channel": "c"}, {"kind": "TOCAO"}),
    ],
)
def test_each_condition_outweighs_all_below_it_together(weaker, stronger):
    facts = {
        "channel": "c",
        "facility_type": "f",
        "category_root": "r",
        "category": "k",
        "complexity": "1",
        "urgency": "S1",
        "kind": "TOCAO",
    }
    first = fitting([rule("weaker", **weaker), rule("stronger", **stronger)], facts, date(2026, 3, 2))[0]
    assert first.code == "stronger"


def test_rule_fits_only_while_it_is_in_force():
    dated = rule(valid_from=date(2026, 1, 1), valid_to=date(2026, 7, 1))
    days = {date(2025, 12, 31): False, date(2026, 1, 1): True, date(2026, 6, 30): True, date(2026, 7, 1): False}
    assert {day: dated.fits({}, day) for day in days} == days


def test_order_of_the_rows_does_not_matter():
    rules = [rule("b"), rule("a"), rule("law", Nature.LEGAL), rule("newer", valid_from=date(2026, 1, 1))]
    for _turn in rules:
        rules = [*rules[1:], rules[0]]
        assert fitting(rules, {}, date(2026, 3, 2))[0].code == "law"


class SeededRulesTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        reference.load()

    def winner(self, obligation, **facts):
        judgement = judge(current(), "feedback.case", obligation, at("2026-03-02 09:00"), facts)
        return judgement and judgement.derivation["rule"]

    def test_winners(self):
        table = [
            ("acknowledge", {}, "DEFAULT.ACK"),
            ("acknowledge", {"urgency": "S1"}, "S1.ACK"),
            ("resolve", {"urgency": "S3"}, "S3.RESOLVE"),
            (
                "resolve",
                {"urgency": "S3", "category": "QUYTRINH.01", "category_root": "QUYTRINH"},
                "QUYTRINH.01.RESOLVE",
            ),
            ("resolve", {"urgency": "S1", "category": "QUYTRINH.01", "category_root": "QUYTRINH"}, "S1.RESOLVE"),
            ("resolve", {"channel": "P1022"}, "P1022.RESULT"),
            ("resolve", {"channel": "P1022", "urgency": "S1"}, "S1.RESOLVE"),
            # ten working days would end after the ten days that the portal's rules allow
            ("resolve", {"channel": "P1022", "urgency": "S4"}, "P1022.RESULT"),
            # these bind the portal's operator and the city's office
            ("forward", {"channel": "P1022"}, None),
            ("clarify", {"channel": "P1022"}, None),
            ("retransfer", {"channel": "P1022"}, None),
            ("resolve", {"kind": "KHIEUNAI", "urgency": "S1", "channel": "P1022"}, "LD10"),
            ("resolve", {"kind": "TOCAO", "urgency": "S4"}, "LD13"),
            ("resolve", {"kind": "DLCN"}, "LD16"),
            ("accept", {"kind": "KHIEUNAI"}, "LD09"),
            ("accept", {"kind": "TOCAO"}, "LD12"),
            ("accept", {"kind": "PHANANH"}, None),
            ("publish", {"kind": "TOCAO"}, "DEFAULT.PUBLISH"),
            ("publish", {"kind": "PHANANH", "complexity": "1"}, "DEFAULT.PUBLISH"),
            ("check", {"urgency": "S1"}, "DEFAULT.CHECK"),
        ]
        for obligation, facts, code in table:
            with self.subTest(obligation=obligation, **facts):
                self.assertEqual(self.winner(obligation, **facts), code)

    def test_publication_of_a_conclusion_counts_from_its_posting(self):
        facts, posted = {"kind": "TOCAO"}, at("2026-03-09 00:00")
        judgement = judge(current(), "feedback.case", "publish", at("2026-03-02 09:00"), facts, {"posted": posted})
        self.assertEqual(judgement.derivation["rule"], "LD14")
        planned = schedule(current(), judgement.rule.term, judgement.rule.ladder_id, posted, authority="")
        self.assertEqual(planned.due_at, at("2026-03-25 00:00"))  # the 24th is the fifteenth day after the 9th

    def test_law_that_shortens_a_policy_says_so(self):
        facts = {"channel": "P1022", "urgency": "S4"}
        judgement = judge(current(), "feedback.case", "resolve", at("2026-03-02 09:00"), facts)
        self.assertEqual(judgement.derivation["replaces"], "S4.RESOLVE")
        self.assertEqual(judgement.derivation["nature"], Nature.LEGAL)

    def test_answer_is_due_before_the_whole_matter(self):
        book = current().book
        for rule in book.rules["feedback.case", "resolve"]:
            if rule.nature == Nature.POLICY:
                answer = judge(current(), "feedback.case", "answer", at("2026-03-02 09:00"), rule.conditions)
                with self.subTest(rule=rule.code):
                    self.assertEqual(answer.rule.term.clock, rule.term.clock)
                    self.assertLess(answer.rule.term.amount, rule.term.amount)

    def test_every_seeded_rule_has_a_source_and_the_laws_are_marked(self):
        self.assertFalse(DeadlineRule.objects.filter(source="").exists())
        legal = DeadlineRule.objects.filter(nature=Nature.LEGAL)
        self.assertEqual({row.origin_code[:2] for row in legal}, {"LD", "P1"})

    def test_loading_again_changes_nothing(self):
        before = Edition.objects.count()
        self.assertEqual(set(reference.load().values()), {0})
        self.assertEqual(Edition.objects.count(), before)

    def test_loading_keeps_what_people_changed(self):
        DeadlineRule.objects.filter(code="S1.ACK").update(amount=5)
        CalendarDay.objects.filter(date=date(2026, 11, 24)).update(kind="working")
        reference.load()
        self.assertEqual(DeadlineRule.objects.get(code="S1.ACK").amount, 5)
        self.assertTrue(current().calendar.is_working_day(date(2026, 11, 24)))

    def test_every_change_of_calendar_rules_or_ladders_is_seen_by_the_next_question(self):
        before = current()
        CalendarDay.objects.create(date=date(2026, 3, 9), kind="off", source="test")
        self.assertGreater(current().calendar.version, before.calendar.version)
        self.assertFalse(current().calendar.is_working_day(date(2026, 3, 9)))
        LadderStep.objects.filter(ladder__code="urgent", position=3).update(amount=30)
        ladder = Ladder.objects.get(code="urgent")
        self.assertEqual(current().book.ladders[ladder.pk][3].amount, 30)

    def test_asking_costs_one_query_while_nothing_changes(self):
        current()
        with self.assertNumQueries(1):
            current()
