"""Every limit of the published list (`domain/taxonomy.json`), written down by hand, against the rules that are seeded.

Limits of categories are read from the list that the cases' app carries: they are too many to copy without a slip."""

import json
from pathlib import Path

import pytest
from django.test import TestCase

import feedback
from deadlines.choices import Clock, Nature
from deadlines.editions import current
from deadlines.models import DeadlineRule
from deadlines.planning import judge
from tests.deadlines import factories as make
from tests.deadlines.factories import at

H, D, WD, MIN = Clock.HOURS, Clock.DAYS, Clock.WORKING_DAYS, Clock.MINUTES
LAW, POLICY = Nature.LEGAL, Nature.POLICY

# code in the list → how many, of what, extended up to, by what force, and for which obligation
LIMITS = {
    "HCM2022/level1": (24, H, None, POLICY, "publish"),
    "HCM2022/level2": (48, H, None, POLICY, "publish"),
    "HCM2022/level3": (72, H, None, POLICY, "publish"),
    "P1022_2025/forward": (5, MIN, None, LAW, "forward"),
    "P1022_2025/clarify_competence": (1, H, None, LAW, "clarify"),
    "P1022_2025/office_retransfer": (1, WD, None, LAW, "retransfer"),
    "P1022_2025/result": (10, D, None, LAW, "resolve"),
    "P1022_2025/result_joint": (15, D, None, LAW, "resolve"),
    "LD01": (60, MIN, None, LAW, "phone_report"),
    "LD02": (120, MIN, None, POLICY, "report_incident"),  # the law says “at once” and names no hours
    "LD03": (24, H, None, LAW, "quick_report"),
    "LD04": (7, D, None, LAW, "weekly_summary"),
    "LD05": (60, D, None, LAW, "analyse"),
    "LD06": (15, D, None, POLICY, "hand_in"),  # the law says how often and names no day
    "LD07": (15, D, None, POLICY, "hand_in"),
    "LD08": (10, WD, None, LAW, "resolve"),
    "LD09": (10, D, None, LAW, "accept"),
    "LD10": (30, D, 45, LAW, "resolve"),
    "LD11": (45, D, 60, LAW, "resolve_again"),
    "LD12": (7, WD, 10, LAW, "accept"),
    "LD13": (30, D, 60, LAW, "resolve"),
    "LD14": (15, D, None, LAW, "publish"),
    "LD16": (2, WD, None, LAW, "resolve"),
}
# by urgency: first contact in minutes, the whole matter
URGENCIES = {"S1": (15, 24, H), "S2": (120, 48, H), "S3": (480, 5, WD), "S4": (1440, 10, WD)}
TAXONOMY = json.loads((Path(feedback.__file__).parent / "data" / "taxonomy.json").read_text(encoding="utf-8"))
ITEMS = [item for root in TAXONOMY["feedback_categories"] for item in root["items"]]


class TaxonomyTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        make.calendar()
        cls.reference = current()

    def term(self, obligation, **facts):
        judgement = judge(self.reference, "feedback.case", obligation, at("2026-03-02 09:00"), facts)
        return judgement.rule.term.amount, judgement.rule.term.clock

    def test_each_limit_of_a_profile_or_a_law_is_seeded_with_its_force(self):
        rows = DeadlineRule.objects.filter(origin_code__in=LIMITS)
        found = {row.origin_code: (row.amount, row.clock, row.longest, row.nature, row.obligation) for row in rows}
        self.assertEqual(found, LIMITS)

    def test_each_limit_that_no_clock_follows_says_why(self):
        unused = DeadlineRule.objects.filter(origin_code__in=LIMITS, is_in_use=False)
        self.assertEqual({row.code.split(".")[0] for row in unused}, {"P1022", "HCM2022"})
        for row in unused:
            with self.subTest(code=row.code):
                self.assertTrue(row.source)
                self.assertTrue(row.note.startswith("Chưa dùng"))

    def test_each_urgency_has_its_limits(self):
        for urgency, (contact, amount, clock) in URGENCIES.items():
            with self.subTest(urgency=urgency):
                self.assertEqual(self.term("acknowledge", urgency=urgency), (contact, MIN))
                self.assertEqual(self.term("resolve", urgency=urgency), (amount, clock))

    def test_each_category_has_its_limits(self):
        self.assertGreater(len(ITEMS), 50)
        for item in ITEMS:
            root, _dot, _number = item["code"].partition(".")
            facts = {"category": item["code"], "category_root": root, "urgency": item["suggested_severity"]}
            hours, days = item["suggested_resolve_hours"], item["suggested_resolve_working_days"]
            with self.subTest(code=item["code"]):
                contact = item["suggested_first_contact_hours"] * 60
                self.assertEqual(self.term("acknowledge", **facts), (contact, MIN))
                self.assertEqual(self.term("resolve", **facts), (hours, H) if hours else (days, WD))

    def test_what_a_law_says_of_standing_is_marked_as_such(self):
        said = {
            row.code: (row.pause_times, row.pause_days, row.pause_nature)
            for row in DeadlineRule.objects.exclude(pause_nature=POLICY)
        }
        never = (0, None, LAW)
        by_decision = (None, None, LAW)
        laws = dict.fromkeys(
            ("LD01", "LD02", "LD03", "LD04", "LD05", "LD06", "LD07", "LD09", "LD10", "LD11", "LD12", "LD16"), never
        ) | {"LD13": by_decision}
        self.assertEqual(said, laws)
        others = DeadlineRule.objects.filter(pause_nature=POLICY)
        of_actions = others.filter(subject="incidents.action")  # another day takes a second person, never a pause
        self.assertEqual(set(of_actions.values_list("pause_days", "pause_times")), {(None, 0)})
        rest = others.exclude(subject="incidents.action").values_list("pause_days", "pause_times")
        self.assertEqual(set(rest), {(30, 3)})
        self.assertFalse(DeadlineRule.objects.filter(pause_source="").exists())


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item["code"])
def test_a_category_names_one_limit_for_the_whole_matter(item):
    assert bool(item["suggested_resolve_hours"]) != bool(item["suggested_resolve_working_days"])
