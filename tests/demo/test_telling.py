"""The same seed tells the same cases; shares and seasons are those that were published."""

from collections import Counter
from datetime import datetime
from itertools import pairwise
from random import Random
from typing import Any, ClassVar

from django.core.management import call_command
from django.test import TestCase

from accounts.models import User
from deadlines.calendar import WorkingCalendar
from facilities.models import Facility
from facilities.services import load_demo_facilities
from feedback.choices import Status
from feedback.demo import people
from feedback.demo.almanac import ZONE, Almanac
from feedback.demo.blocks import RESERVED, Setting, Workshop, blocks_of, telling
from feedback.demo.drafts import fitted
from feedback.demo.paths import EDIT, RATINGS, going_on, path_of
from feedback.demo.rows import Tables
from feedback.demo.telling import Teller
from feedback.demo.words import Form, bare, piece, tokens_of, words
from feedback.demo.world import HABITS, ROOT_SHARES, look_around
from feedback.models import Category
from feedback.search import words_of
from feedback.transitions import MOVES

NOW = datetime(2026, 11, 25, tzinfo=ZONE)


class Remembering(Teller):
    """Keeps what it told."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.told: list[Any] = []
        super().__init__(*args, **options)

    def follow(self, *args: Any, **options: Any) -> Any:
        self.told.append(super().follow(*args, **options))
        return self.told[-1]


class TellingTests(TestCase):
    told_before: ClassVar[dict[int, list[Any]]] = {}

    @classmethod
    def setUpTestData(cls):
        call_command("load_reference", stdout=open("/dev/null", "w"))  # noqa: SIM115
        load_demo_facilities()
        facilities = list(Facility.objects.order_by("code"))
        invented = people.everybody(facilities)
        users = people.settle(invented, facilities, "sen-tre-lua-mai-12345")
        systems = {name: user for name, (user, _token) in people.settle_systems().items()}
        cls.world = look_around(invented, users, systems)

    def cases_told(self, cases: int = 300) -> list[Any]:
        """Those of the first seed; telling is slow, and the same each time (the tests of that tell anew)."""
        if cases not in self.told_before:
            self.lines(seed=1, cases=cases)
            self.told_before[cases] = self.told
        return self.told_before[cases]

    def test_every_way_is_one_that_the_table_of_moves_allows(self) -> None:
        almanac = Almanac(self.world.reference.calendar, NOW)
        teller, random = Teller(self.world, words(), almanac, cases=300), Random("ways")
        teller.begin(Tables(), random, 1)
        for at in almanac.arrivals(4000, random):
            way = path_of(teller.drafter.draft(at), random)
            for start in (Status.RECEIVED, Status.TRIAGED):  # the second after a merge that could no longer be
                steps = [start, *(step for step in going_on(way, start) if step != EDIT and step not in RATINGS)]
                self.assertLessEqual(set(pairwise(steps)), MOVES.keys(), way)

    def setting(self, seed: int, cases: int, now: datetime = NOW) -> Setting:
        almanac = Almanac(self.world.reference.calendar, now)
        return Setting(self.world, almanac, seed, cases, dict.fromkeys(RESERVED, 1), 1)

    def lines(self, *, seed: int, cases: int = 300, now: datetime = NOW) -> dict[str, bytes]:
        setting = self.setting(seed, cases, now)
        workshop = Workshop(setting)
        workshop.teller = teller = Remembering(self.world, words(), setting.almanac, cases=cases)
        lines: dict[str, bytes] = {}
        for block in blocks_of(setting):
            for statement, more in workshop.tell(block).lines:
                table = statement.split()[1]
                lines[table] = lines.get(table, b"") + more
        self.told = teller.told
        return lines

    def test_the_same_seed_and_day_give_the_same_rows(self):
        first, second = self.lines(seed=1), self.lines(seed=1)
        # a seal never looks the same twice; what is in it does not show
        self.assertNotEqual(first.pop("feedback_reporter"), second.pop("feedback_reporter"))
        for table in first:
            self.assertTrue(first[table] == second[table], table)

    def test_several_processes_tell_the_same(self):
        setting = self.setting(1, 4100)
        blocks = blocks_of(setting)
        self.assertEqual((len(blocks), sum(block.cases for block in blocks)), (3, 4100))
        with telling(setting, 2) as tell:
            side_by_side = [told.lines for told in tell(blocks)]
        with telling(setting, 1) as tell:
            for alone, other in zip(tell(blocks), side_by_side, strict=True):
                for (statement, lines), (_same, more) in zip(alone.lines, other, strict=True):
                    if not statement.startswith(("COPY feedback_reporter", "COPY feedback_searchentry")):
                        self.assertTrue(lines == more, statement)

    def test_another_seed_gives_other_rows(self):
        first, second = self.lines(seed=1), self.lines(seed=2)
        self.assertNotEqual(first["feedback_case"], second["feedback_case"])

    def test_columns_are_those_of_the_models(self):
        Tables().check()

    def test_even_a_few_cases_can_be_told(self):
        for cases in (1, 2, 5, 50):
            self.lines(seed=1, cases=cases)
            self.assertEqual(len(self.told), cases)

    def test_cases_arrive_in_order_and_never_in_the_future(self):
        moments = [case.draft.received_at for case in self.cases_told()]
        self.assertEqual(moments, sorted(moments))
        self.assertLess(moments[-1], NOW)

    def test_the_model_story_is_told_to_its_end(self):
        (model,) = [case for case in self.cases_told() if "tai mũi họng năm phút" in case.draft.title[0].text]
        self.assertEqual((model.status, model.outcome, model.facility.code), ("closed", "OC01", "DEMO001"))

    def test_fields_come_in_the_published_shares(self):
        told = self.cases_told(3000)
        roots = Counter(case.draft.topic.root for case in told if case.draft.topic.code != "KHAC.02")
        for root, share in ROOT_SHARES.items():
            self.assertAlmostEqual(
                roots[root] / roots.total(), share / sum(ROOT_SHARES.values()), delta=0.035, msg=root
            )

    def test_one_hotline_call_in_three_is_out_of_scope(self):
        calls = [case for case in self.cases_told(3000) if case.draft.door.code == "HOTLINE_SYT"]
        share = sum(case.draft.is_out_of_scope for case in calls) / len(calls)
        self.assertAlmostEqual(share, HABITS["HOTLINE_SYT"].out_of_scope, delta=0.06)


class WordsTests(TestCase):
    def test_every_category_has_something_to_tell(self):
        call_command("load_reference", stdout=open("/dev/null", "w"))  # noqa: SIM115
        told = {story.category for story in words().stories}
        self.assertEqual(set(Category.objects.leaves().values_list("code", flat=True)), told)

    def test_there_are_at_least_120_stories(self):
        self.assertGreaterEqual(len(words().stories), 120)

    def test_tokens_are_those_of_the_search(self):
        form = Form.of("{Nguoi} đến {cs} lúc {luc}, bị nạt “chữ to vậy”.")
        filled = form.filled({"nguoi": "bà nội tôi 78 tuổi", "cs": "BVĐK Lam Kiều", "luc": "8 giờ 15"})
        text = "".join(each.text for each in filled)
        self.assertEqual(text, "Bà nội tôi 78 tuổi đến BVĐK Lam Kiều lúc 8 giờ 15, bị nạt “chữ to vậy”.")
        self.assertEqual(tokens_of(filled), set(words_of(text)))

    def test_bare_text_keeps_its_words(self):
        self.assertEqual(bare("Đề nghị kiểm tra, hoà hợp!"), "de nghi kiem tra, hoa hop!")
        self.assertEqual(piece(bare("Đề nghị")).syllables, piece("Đề nghị").syllables)

    def test_no_story_names_the_old_inspectorate(self):
        for story in words().stories:
            for part, _is_slot, _begins in (*story.title.parts, *story.body.parts):
                self.assertNotIn("thanh tra", part.lower())


class AlmanacTests(TestCase):
    def test_both_margins_are_met(self):
        rows = {"HOTLINE_TTHC": 2.0, "HOTLINE_SYT": 8.0}
        table = fitted(rows, {"TTHC": 1.0, "VIPHAM": 3.0})
        for row, wanted in rows.items():
            self.assertAlmostEqual(sum(table[row].values()), wanted, places=3)
        self.assertAlmostEqual(table["HOTLINE_TTHC"]["TTHC"] + table["HOTLINE_SYT"]["TTHC"], 2.5, places=3)

    def test_work_waits_for_working_hours(self):
        almanac = Almanac(WorkingCalendar(hours={day: ((450, 690), (780, 990)) for day in range(5)}), NOW)
        from random import Random

        saturday = datetime(2026, 11, 21, 10, tzinfo=ZONE)
        at = almanac.at_work(saturday, Random(1))
        self.assertEqual((at.date().isoformat(), at.hour in (7, 8)), ("2026-11-23", True))
        self.assertEqual(almanac.at_work(datetime(2026, 11, 23, 9, tzinfo=ZONE), Random(1)).hour, 9)


class Accounts(TestCase):
    def test_those_who_are_not_shown_cannot_sign_in(self):
        call_command("load_reference", stdout=open("/dev/null", "w"))  # noqa: SIM115
        load_demo_facilities()
        facilities = list(Facility.objects.order_by("code"))
        invented = people.everybody(facilities)
        people.settle(invented, facilities, "sen-tre-lua-mai-12345")
        shown = {each.username for each in invented if each.is_shown}
        for user in User.objects.filter(is_staff=True):
            self.assertEqual(user.has_usable_password(), user.username in shown, user.username)
