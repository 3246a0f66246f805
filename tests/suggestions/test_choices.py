"""What was suggested and what was chosen are both kept, by codes; a page shows leads how good it is."""

from typing import Any

from django.db import DatabaseError, transaction
from django.test import SimpleTestCase, TestCase, override_settings

from facilities.services.loading import load_areas, load_demo_facilities
from feedback import services
from feedback.models import Case, Category
from suggestions.choices import fit_of
from suggestions.models import About, Fit, SuggestionChoice
from tests.feedback import factories as make
from tests.forms import form_in
from tests.public.pages import text_of

BODY = "Nhà vệ sinh khoa nội bệnh viện Lam Kiều hôi thối, nước ngập, rác để cả tuần không ai dọn."


class FitTests(SimpleTestCase):
    def test_what_became_of_a_suggestion(self) -> None:
        for suggested, others, chosen, fit in (
            ("A.01", ["B.01"], "A.01", Fit.TAKEN),
            ("A.01", ["B.01"], "B.01", Fit.AMONG),
            ("A.01", ["B.01"], "C.01", Fit.OTHER),
            ("A.01", [], "", Fit.LEFT),
            ("", [], "A.01", Fit.MISSED),
        ):
            self.assertEqual(fit_of(suggested, others, chosen), fit)


class ChoiceTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        load_areas()
        load_demo_facilities()
        cls.team = make.Team()

    def record(self, seal: str, **changes: Any) -> Case:
        self.client.force_login(self.team.operator)
        form = form_in(self.client.get("/console/ghi-nhan/"), "is_confidential")
        given = form | {"body": BODY, "category": "COSO.01", "facility": "DEMO001", "suggested": seal} | changes
        with self.captureOnCommitCallbacks(execute=True):
            answer = self.client.post("/console/ghi-nhan/", given)
        self.assertEqual(answer.status_code, 302, text_of(answer)[:500] if answer.content else "")
        return Case.objects.order_by("-pk")[0]

    def seal(self) -> str:
        self.client.force_login(self.team.operator)
        answer: str = self.client.post("/console/goi-y/cuoc-goi.json", {"body": BODY}).json()["seal"]
        return answer

    def test_a_call_keeps_what_was_shown_and_what_was_chosen_and_no_word_of_it(self) -> None:
        self.record(self.seal(), category="THAIDO.01")
        rows = {row.about: row for row in SuggestionChoice.objects.all()}
        self.assertEqual(rows[About.FACILITY].fit, Fit.TAKEN)
        category = rows[About.CATEGORY]
        self.assertEqual((category.suggested, category.chosen), ("COSO.01", "THAIDO.01"))
        self.assertIn(category.fit, (Fit.OTHER, Fit.AMONG))
        self.assertTrue(category.version.startswith("0-"))
        self.assertGreater(category.score or 0, 0)
        self.assertNotIn("hôi", repr([vars(row) for row in rows.values()]))

    def test_a_second_press_counts_once(self) -> None:
        seal = self.seal()
        self.client.force_login(self.team.operator)
        given = form_in(self.client.get("/console/ghi-nhan/"), "is_confidential") | {"body": BODY, "suggested": seal}
        for _press in range(2):
            with self.captureOnCommitCallbacks(execute=True):
                self.client.post("/console/ghi-nhan/", given)
        self.assertEqual(SuggestionChoice.objects.filter(about=About.FACILITY).count(), 1)

    def test_nothing_shown_forged_secret_or_switched_off_keeps_nothing(self) -> None:
        seal = self.seal()
        for shown, changes in (("", {}), ("rubbish", {}), (seal[:-2] + "xx", {}), ("x" * 9000, {})):
            self.record(shown, **changes)
        self.record(seal, is_confidential="on")
        with override_settings(SUGGESTIONS_ARE_ON=False):
            self.record(seal)
        self.assertFalse(SuggestionChoice.objects.exists())

    def test_a_correction_by_hand_counts_as_well(self) -> None:
        case = make.case(by=self.team.officer, body=BODY, category="", facility="")
        with self.captureOnCommitCallbacks(execute=True):
            category = Category.objects.get(code="THAIDO.02")
            services.edit(case, {"category": category}, by=self.team.officer, reason="xem lại", version=1)
        row = SuggestionChoice.objects.get()
        self.assertEqual((row.about, row.chosen), (About.CATEGORY, "THAIDO.02"))

    def test_rows_are_never_changed(self) -> None:
        self.record(self.seal())
        rows = SuggestionChoice.objects.all()
        for deed in (lambda: rows.update(chosen="X"), rows.delete):
            with self.assertRaises(DatabaseError), transaction.atomic():
                deed()

    def test_the_page_is_for_leads_and_shows_months_and_confusions(self) -> None:
        self.record(self.seal(), category="THAIDO.01")
        self.client.force_login(self.team.officer)
        self.assertEqual(self.client.get("/console/goi-y/chat-luong/").status_code, 403)
        self.client.force_login(self.team.lead)
        page = self.client.get("/console/goi-y/chat-luong/")
        months = {month.about: month for month in page.context["months"]}
        self.assertEqual(months[About.FACILITY].taken_share, 100)
        self.assertEqual(months[About.CATEGORY].taken_share, 0)
        self.assertEqual([one.count for one in page.context["confusions"]], [1])
        self.assertFalse(SuggestionChoice.objects.visible_to(self.team.officer).exists())
