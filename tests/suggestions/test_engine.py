"""What texts suggest: by their own words, with accents or without, and never more than they say."""

import json
import subprocess
import sys
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management import call_command
from django.test import SimpleTestCase, TestCase

from facilities.services.loading import load_areas, load_demo_facilities
from suggestions import naming
from suggestions.engine.features import Read
from suggestions.engine.knowledge import categories
from suggestions.engine.model import Model, shipped
from suggestions.engine.pairs import Told, shipped_judge
from suggestions.engine.urgency import is_emergency
from suggestions.engine.words import Text, readable
from suggestions.suggesting import suggest

AT = datetime(2026, 11, 3, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


class WordTests(SimpleTestCase):
    def test_chat_spelling_is_spelt_out(self) -> None:
        self.assertEqual(Text.of("bs k khám").folded, ("bac", "si", "khong", "kham"))

    def test_old_and_new_places_of_tones_are_one_word(self) -> None:
        self.assertEqual(Text.of("hoà").spelt, Text.of("hòa").spelt)

    def test_words_are_shown_as_people_write_them(self) -> None:
        for written in ("nước ngập", "hòa", "thuốc", "quá giờ", "khuya", "người già", "toàn", "đường", "ngoài", "của"):
            self.assertEqual(readable(" ".join(Text.of(written).spelt)), written)

    def test_a_fan_is_no_shouting_where_accents_are_written(self) -> None:
        self.assertNotIn("THAIDO.01", categories().weigh(Text.of("Phòng bệnh có hai cái quạt trần")))
        self.assertIn("THAIDO.01", categories().weigh(Text.of("Cô y tá quát người nhà")))
        self.assertIn("THAIDO.01", categories().weigh(Text.of("co y ta quat nguoi nha benh nhan")))


class UrgencyTests(SimpleTestCase):
    def test_a_life_at_risk_now_is_an_emergency(self) -> None:
        for body in (
            "Ba tôi đang khó thở tím tái, gọi 115 chưa thấy xe, cứu với!",
            "ba toi dang bat tinh o nha goi 115 khong ai nghe may",
            "Họ đang nhốt em trong phòng, không cho về, bắt gọi người nhà mang tiền tới.",
        ):
            self.assertTrue(is_emergency(Read.of(body)), body)

    def test_what_is_over_or_asked_is_none(self) -> None:
        for body in (
            "Tuần trước mẹ tôi chờ khám ba tiếng, đề nghị xem lại.",
            "Cho hỏi thủ tục gia hạn giấy phép hành nghề cần giấy tờ gì.",
        ):
            self.assertFalse(is_emergency(Read.of(body)), body)


class ModelTests(SimpleTestCase):
    def test_a_model_comes_back_as_it_was_stored(self) -> None:
        read = Read.of("Nhà vệ sinh hôi thối, rác để cả tuần không ai dọn.")
        again = Model.read(shipped().stored())
        self.assertEqual(again.labels, shipped().labels)
        for label, score in again.scores(read).items():
            self.assertAlmostEqual(score, shipped().scores(read)[label], places=2)

    def test_a_pickled_model_is_not_opened(self) -> None:
        with self.assertRaises(ValueError):
            Model.read(b"\x80\x04\x95rubbish")

    def test_the_web_process_starts_without_the_learning_library(self) -> None:
        code = (
            "import sys, django; django.setup(); import config.urls, suggestions.suggesting;"
            "print([m for m in ('sklearn', 'scipy') if m in sys.modules])"
        )
        told = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=settings.BASE_DIR
        )
        self.assertEqual(told.stdout.strip().splitlines()[-1], "[]")


class PairTests(SimpleTestCase):
    def likely(self, one: Told, two: Told) -> float:
        return shipped_judge().probability(one, two, shipped().idf)

    def test_the_same_matter_soon_after_is_likelier_than_the_same_words_elsewhere_or_later(self) -> None:
        body = "Thang máy số 2 kẹt giữa tầng 5 và 6, bảy người bên trong, gọi chuông không ai trả lời."
        other = "Bảy người bị kẹt trong thang máy số 2 nửa tiếng, bấm chuông không ai đáp."
        here = Told.of(body, "DEMO011", AT)
        soon = self.likely(here, Told.of(other, "DEMO011", AT + timedelta(hours=3)))
        self.assertGreaterEqual(soon, shipped_judge().offered_from)
        self.assertGreater(soon, self.likely(here, Told.of(other, "DEMO012", AT + timedelta(hours=3))))
        self.assertGreater(soon, self.likely(here, Told.of(other, "DEMO011", AT + timedelta(days=20))))

    def test_no_sign_counts_against_its_name(self) -> None:
        for name, weight in shipped_judge().weights.items():
            self.assertTrue(weight <= 0 if name.startswith("-") else weight >= 0, name)


class NamingTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        load_areas()
        load_demo_facilities()

    def test_a_facility_is_found_by_what_people_call_it(self) -> None:
        for body, code in {
            "Chờ ở bệnh viện Lam Kiều từ sáng tới trưa.": "DEMO001",
            "cho o bv lam kieu tu sang toi trua": "DEMO001",
            "Máy chụp của bệnh viện Lam Kìu hỏng một tháng.": "DEMO001",
            "Quầy thuốc bệnh viện thị xã Vĩnh Sậy chỉ mở một cửa.": "DEMO003",
            "Bệnh viện ung bướu bên Chánh Hiệp hết thuốc truyền.": "DEMO017",
            "phong kham mat ve sinh qua, nha khoa nu cuoi lam thi tot": "DEMO042",
        }.items():
            found = naming.named_in(body)
            self.assertEqual(found and found.facility.code, code, body)

    def test_none_is_invented(self) -> None:
        for body in (
            "Bệnh viện gì mà vì ăn cơm trễ cũng bị mắng.",
            "Một cơ sở ở khu Xóm Lá bán thuốc không nhãn.",
            "Cho hỏi thủ tục gia hạn giấy phép hành nghề.",
            "Hàng xóm hát karaoke tới khuya.",
        ):
            self.assertIsNone(naming.named_in(body), body)

    def test_a_text_costs_two_queries_however_long(self) -> None:
        with self.assertNumQueries(2):
            naming.named_in("Chờ ở bệnh viện Lam Kiều từ sáng tới trưa. " * 100)

    def test_a_text_suggests_all_of_it_with_reasons(self) -> None:
        said = suggest("Nhà vệ sinh khoa nội bệnh viện Lam Kiều hôi thối, rác để cả tuần không ai dọn.")
        assert said is not None and said.facility is not None
        self.assertEqual(said.facility.code, "DEMO001")
        self.assertEqual(said.categories[0].code, "COSO.01")
        self.assertIn("hôi thối", said.categories[0].words)
        self.assertEqual((said.is_emergency, said.is_outside), (False, False))

    def test_the_commands_print_measures_as_json(self) -> None:
        text = {
            "text": "Nhà vệ sinh bệnh viện Lam Kiều hôi thối.",
            "category": "COSO.01",
            "urgency": "S4",
            "facility": "DEMO001",
            "in_scope": True,
        }
        meta = {"facility": "DEMO001", "received_at": AT.isoformat(), "channel": "HOTLINE_SYT"}
        pair = {"a": text["text"], "b": text["text"], "a_meta": meta, "b_meta": meta, "same": True}
        with TemporaryDirectory() as folder:
            for command, row in (("evaluate_suggestions", text), ("evaluate_duplicates", pair)):
                file = Path(folder) / f"{command}.jsonl"
                file.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
                out = StringIO()
                call_command(command, str(file), stdout=out)
                told = json.loads(out.getvalue())
                if command == "evaluate_suggestions":
                    self.assertEqual(
                        (told["texts"], told["category_first_level_top1"], told["facility_found_when_named"]), (1, 1, 1)
                    )
                else:
                    self.assertEqual((told["pairs"], told["recall"]), (1, 1))
