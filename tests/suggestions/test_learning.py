"""Learning from confirmed cases: candidates with honest figures, put to use by a person alone, one step back."""

from datetime import timedelta
from typing import Any

from django.http import Http404
from django.test import SimpleTestCase, TestCase

from common.exceptions import MoveRefused, RightMissing
from facilities.services.loading import load_areas, load_demo_facilities
from feedback.choices import Status
from feedback.models import Case, Category
from suggestions import learning, versions
from suggestions.engine.features import Read
from suggestions.engine.learning import learn_on
from suggestions.engine.model import shipped
from suggestions.engine.training import Lesson
from suggestions.models import LearntModel, ModelSwitch
from suggestions.suggesting import suggest
from suggestions.tasks import learn_from_confirmed_cases
from tests.feedback import factories as make
from tests.public.pages import text_of

# words of this house that no model knows yet, in sentences that have nothing else in common
WORDS = (  # noqa: SIM905 - a list of words, read as one
    "mèo chuối sông biển đồi cầu vồng trăng sao mây gió lá hoa cỏ cây rừng núi suối đá cát bùn ruộng trâu bò ngựa dê"
    " lợn vịt ngan cá tôm cua ốc ếch rùa rắn kiến ong bướm chim quạ én sếu bàn ghế tủ kệ chổi nồi chảo bát đũa thìa dĩa"
    " cốc ly tách phích ấm đèn nến quạt gương lược"
).split()


def sentences(count: int) -> list[str]:
    return [
        " ".join(WORDS[(n * 7 + k * (n + 3)) % len(WORDS)] for k in range(8)) + ", bánh xèo làm mốc ở đó"
        for n in range(count)
    ]


class LearnOnTests(SimpleTestCase):
    def test_what_is_new_is_learnt_and_what_was_known_stays(self) -> None:
        learnt = learn_on(shipped(), [Lesson(Read.of(text), "VIPHAM.07") for text in sentences(40)])
        read = Read.of(sentences(41)[40])
        self.assertEqual(learnt.categories(read, learnt.scores(read))[0].code, "VIPHAM.07")
        known = Read.of("Nhà vệ sinh khoa nội hôi thối, rác để cả tuần không ai dọn.")
        self.assertEqual(learnt.categories(known, learnt.scores(known))[0].code, "COSO.01")

    def test_a_category_of_our_own_can_be_learnt(self) -> None:
        learnt = learn_on(shipped(), [Lesson(Read.of(text), "RIENG.01") for text in sentences(40)])
        read = Read.of(sentences(41)[40])
        self.assertEqual(learnt.categories(read, learnt.scores(read))[0].code, "RIENG.01")

    def test_rare_words_and_numbers_are_not_learnt(self) -> None:
        texts = [f"{text} gọi 0900000777 gặp bà Kiềuvân" if n < 4 else text for n, text in enumerate(sentences(30))]
        learnt = learn_on(shipped(), [Lesson(Read.of(text), "VIPHAM.07") for text in texts])
        new = [name for name in learnt.rows if name not in shipped().rows]
        self.assertTrue(any("banh xeo" in name for name in new))
        self.assertFalse([name for name in new if any(char.isdigit() for char in name) or "kieuvan" in name])

    def test_no_lessons_change_nothing(self) -> None:
        self.assertIs(learn_on(shipped(), []), shipped())


class LearningTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        load_areas()
        load_demo_facilities()
        cls.team = make.Team()
        cls.ended = make.case_in(Status.CLOSED, cls.team)

    def confirm(self, count: int, code: str = "VIPHAM.07", texts: list[str] | None = None) -> None:
        """Closed cases as rows: their way there is not what this is about."""
        category = Category.objects.get(code=code)
        for nth, text in enumerate(texts or sentences(count)):
            case = make.case(by=self.team.officer, body=text, category="", facility="")
            at = self.ended.ended_at + timedelta(minutes=nth + 1 + LearntModel.objects.count() * 1000)
            Case.objects.filter(pk=case.pk).update(
                status=Status.CLOSED, category=category, ended_at=at, **closing(self.ended)
            )

    def test_too_few_cases_teach_nothing(self) -> None:
        self.confirm(5)
        learn_from_confirmed_cases()
        self.assertFalse(LearntModel.objects.exists())

    def test_a_candidate_has_figures_suggests_nothing_yet_and_a_second_run_makes_none(self) -> None:
        self.confirm(60)
        learn_from_confirmed_cases()
        learn_from_confirmed_cases()
        model = LearntModel.objects.get()
        self.assertGreaterEqual(model.learnt_from, 60)
        self.assertGreater(model.figures["category_first_level_top1"], 0.8)
        self.assertEqual(model.compared["version"], versions.shipped_version())
        self.assertFalse(model.is_worse)
        self.assertEqual(versions.in_use().version, versions.shipped_version())

    def test_a_person_with_the_right_puts_it_to_use_and_takes_it_back_in_one_step(self) -> None:
        self.confirm(60)
        model = learning.learn()
        assert model is not None
        text = sentences(61)[60]
        with self.assertRaises(RightMissing):
            versions.choose(model.pk, by=self.team.officer)
        with self.assertRaises(Http404):
            versions.choose(10**9, by=self.team.lead)
        self.client.force_login(self.team.lead)
        page = "/console/goi-y/mo-hinh/"
        self.assertEqual(self.client.post(page, {"model": model.pk}).status_code, 302)
        self.assertEqual(versions.in_use().version, f"L{model.pk}")
        said = suggest(text)
        assert said is not None
        self.assertEqual(said.categories[0].code, "VIPHAM.07")
        self.assertEqual(versions.former(), (None, True))
        self.assertIn('data-action="former"', text_of(self.client.get("/console/goi-y/chat-luong/")))
        self.assertEqual(self.client.post(page, {"model": "0", "knows": "1"}).status_code, 302)
        self.assertEqual(versions.in_use().version, versions.shipped_version())
        self.assertEqual(ModelSwitch.objects.count(), 2)
        with self.assertRaises(MoveRefused):
            versions.choose(None, by=self.team.lead)
        self.client.force_login(self.team.officer)
        self.assertEqual(self.client.post(page, {"model": model.pk}).status_code, 403)

    def test_a_worse_candidate_says_so_and_is_used_only_by_somebody_who_knows_it(self) -> None:
        figures: dict[str, Any] = {"category_first_level_top1": 0.5, "category_second_level_top3": 0.9, "texts": 30}
        model = LearntModel.objects.create(
            learnt_from=60,
            learnt_until=self.ended.ended_at,
            figures=figures,
            compared={"version": "0", "candidate": figures, "in_use": figures | {"category_first_level_top1": 0.6}},
            stored=shipped().stored(),
        )
        with self.assertRaises(MoveRefused):
            versions.choose(model.pk, by=self.team.lead)
        self.client.force_login(self.team.lead)
        page = self.client.get("/console/goi-y/chat-luong/")
        self.assertContains(page, "kém hơn")
        self.assertContains(page, 'name="knows"')
        self.assertGreaterEqual(self.client.post("/console/goi-y/mo-hinh/", {"model": model.pk}).status_code, 400)
        versions.choose(model.pk, by=self.team.lead, knows_it_is_worse=True)
        self.assertEqual(versions.in_use().version, f"L{model.pk}")

    def test_confidential_cases_and_calls_ended_by_one_key_teach_nothing(self) -> None:
        before = learning.confirmed_cases().count()
        self.confirm(3)
        Case.objects.filter(body=sentences(1)[0]).update(is_confidential=True)
        self.assertEqual(learning.confirmed_cases().count(), before + 2)


def closing(case: Case) -> dict[str, Any]:
    """What the database demands of a closed case, from one that was closed."""
    return {name: getattr(case, name) for name in ("outcome", "is_open") if _is_plain(name)}


def _is_plain(name: str) -> bool:
    return not getattr(Case._meta.get_field(name), "generated", False)
