"""Why then: the sentences a person reads."""

from django.test import TestCase
from django.utils import translation

from deadlines import services
from deadlines.choices import Nature
from deadlines.models import CalendarDay, Deadline
from deadlines.vocabulary import Vocabulary
from deadlines.words import due_in_words, explanation
from feedback.choices import Urgency
from tests.deadlines import factories as make
from tests.deadlines.factories import at


class ExplanationTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        make.calendar()
        cls.officer = make.person("officer")
        cls.ladder = make.usual_ladder()
        cls.record = make.record()
        cls.working_days = make.rule(cls.ladder, "answer", "working_days", 3, source="Policy of the test")

    def setUp(self):
        context = make.registered(make.subject_for(make.Staff()))
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        language = translation.override("en")
        language.__enter__()
        self.addCleanup(language.__exit__, None, None, None)

    def test_answer_over_tet_is_explained_day_by_day(self):
        make.opened(self.record, self.officer, at("2026-02-13 16:00"))
        lines = explanation(Deadline.objects.get())
        self.assertEqual(Deadline.objects.get().due_at, at("2026-02-26 00:00"))
        self.assertIn("3 working days", lines[0])
        self.assertIn("Policy of the test", lines[1])
        self.assertIn("the first day is left out", lines[2])
        self.assertIn("weekend", lines[3])
        self.assertIn("Giao thừa Tết Nguyên Đán – Mùng bốn Tết Nguyên Đán", lines[4])
        self.assertIn("weekend", lines[5])
        self.assertIn("counts, 3 days", lines[6])
        self.assertIn("this one is for all", lines[7])
        self.assertEqual(len(lines), 8)

    def test_midnight_is_told_as_the_end_of_the_day_before(self):
        self.assertTrue(due_in_words(at("2026-02-26 00:00")).startswith("24:00 on "))
        self.assertIn("25", due_in_words(at("2026-02-26 00:00")))
        self.assertIn("17:00", due_in_words(at("2026-02-26 17:00")))

    def test_pause_law_and_horizon_are_said(self):
        make.rule(self.ladder, "resolve", "working_days", 10, urgency="S4")
        make.rule(self.ladder, "resolve", "days", 10, channel="P1022", nature=Nature.LEGAL)
        make.opened(self.record, self.officer, at("2027-12-27 09:00"), "resolve", urgency="S4", channel="P1022")
        services.pause(self.record, reason="asked the reporter", by=self.officer, at=at("2027-12-28 10:00"))
        services.resume(self.record, by=self.officer, at=at("2027-12-30 10:00"))
        text = " ".join(explanation(Deadline.objects.get()))
        self.assertIn("the clock was stopped", text)
        self.assertIn("the law ends earlier", text)
        self.assertIn("provisional", text)

    def test_the_choice_of_the_rule_is_said(self):
        make.rule(self.ladder, "answer", "working_days", 2, urgency="S2", channel="HOTLINE")
        general = make.opened(self.record, self.officer, at("2026-02-13 16:00"))
        special = make.opened(make.record("x"), self.officer, general.starts_at, urgency="S2", channel="HOTLINE")
        self.assertIn("No more specific rule fits: this one is for all.", explanation(general))
        # no app gave words for these codes
        sentence = "The most specific rule that fits, chosen by urgency: S2; channel: HOTLINE."
        self.assertIn(sentence, explanation(special))

    def test_the_choice_is_said_in_words_and_each_condition_is_looked_up_once(self):
        asked = []

        def channels():
            asked.append("channel")
            return [("HOTLINE", "Hotline")]

        words = {"urgency": lambda: Urgency.choices, "channel": channels}
        make.rule(self.ladder, "answer", "working_days", 2, urgency="S2", channel="HOTLINE")
        special = make.opened(self.record, self.officer, at("2026-02-13 16:00"), urgency="S2", channel="HOTLINE")
        said = {
            "en": "The most specific rule that fits, chosen by urgency: Serious; channel: Hotline.",
            "vi": "Áp dụng quy tắc cụ thể nhất phù hợp, theo mức độ khẩn: Nghiêm trọng; kênh tiếp nhận: Hotline.",
        }
        with make.registered(make.subject_for(make.Staff(), choices=words)):
            for language, sentence in said.items():
                with translation.override(language):
                    vocabulary = Vocabulary()
                    self.assertIn(sentence, explanation(special, vocabulary))
                    self.assertIn(sentence, explanation(special, vocabulary))
                    self.assertNotIn("S2", sentence)
        self.assertEqual(asked, ["channel"] * len(said))

    def test_correction_names_the_due_moment_before(self):
        make.rule(self.ladder, "answer", "hours", 2, urgency="S1")
        make.opened(self.record, self.officer, at("2026-03-02 09:00"))
        services.reconsider(self.record, facts={"urgency": "S1"}, by=self.officer, reason="life at risk")
        self.assertIn("Before a correction", explanation(Deadline.objects.get())[-1])

    def test_explanation_uses_the_calendar_of_its_time_not_todays(self):
        make.opened(self.record, self.officer, at("2026-02-13 16:00"))
        before = explanation(Deadline.objects.get())
        CalendarDay.objects.filter(date__range=("2026-02-16", "2026-02-20")).delete()
        self.assertEqual(explanation(Deadline.objects.get()), before)

    def test_explaining_costs_two_queries_at_most(self):
        make.opened(self.record, self.officer, at("2026-02-13 16:00"))
        deadline = Deadline.objects.get()
        explanation(deadline)
        with self.assertNumQueries(1):
            explanation(deadline)
