"""Finding facilities by whatever people type."""

from datetime import date

from django.test import TestCase
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisCase

from facilities.choices import FacilityType
from facilities.models import Area, AreaAlias, Division, Facility, FacilityName
from facilities.search import ALL_WORDS, BEGINS, EXACT, SAME_WORDS, SIMILAR
from facilities.services import end, load_areas, load_demo_facilities, load_divisions, refresh_words
from tests.facilities.factories import engine, facility, ward

SLOPPY = [  # (what is typed, the code that comes first)
    ("Bệnh viện Đa khoa Lam Kiều", "DEMO001"),
    ("benh vien da khoa lam kieu", "DEMO001"),
    ("BVĐK Lam Kiều", "DEMO001"),
    ("bvdk lam kieu", "DEMO001"),
    ("bv lam kieu", "DEMO001"),
    ("BENH VIEN LAM KJEU", "DEMO001"),
    ("lam kieuu", "DEMO001"),
    ("Bệnh viện huyện Lam Giang", "DEMO002"),
    ("benh vien huyen lam giang", "DEMO002"),
    ("tyt dong sen", "DEMO058"),
    ("tram y te Đồng Sen", "DEMO058"),
    ("Trung tâm Y tế khu vực Bến Trúc", "DEMO057"),
    ("ttyt kv ben truc", "DEMO057"),
    ("phòng khám nhi bống bang quận 8", "DEMO038"),
    ("pk nhi bong bang", "DEMO038"),
    ("bong ban", "DEMO038"),
    ("Nha khoa Nụ Cười Lam", "DEMO042"),
    ("nu cuoi lam", "DEMO042"),
    ("bv rhm nha bình minh hạ", "DEMO023"),
    ("bvrhm nha binh minh ha", "DEMO023"),
    ("kiều diễm 68", "DEMO049"),
    ("spa kieu diem", "DEMO049"),
    ("viện thẩm mỹ hồng hạc bà rịa", "DEMO050"),
    ("nha thuoc dao tien", "DEMO051"),
    ("BV tim mạch Đăng Khôi q12", "DEMO016"),
    ("cdc vung lam", "DEMO054"),
    ("hoa ban trang quan 4", "DEMO024"),
    ("pk da liễu liễu như bình dương", "DEMO034"),
    ("DEMO033", "DEMO033"),
    ("1033/SYT-GPHĐ", "DEMO033"),
    ("Hướng dương xanh", "DEMO013"),
    ("tai mũi họng thính an", "DEMO020"),
    ("tmh thinh an", "DEMO020"),
]


class SloppyNameTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        load_areas()
        load_demo_facilities()

    def test_sloppy_names_find_the_facility_first(self):
        missed = []
        for typed, code in SLOPPY:
            first = Facility.objects.matching(typed, limit=1).first()
            if first is None or first.code != code:
                missed.append((typed, code, first and first.code))
        self.assertEqual(missed, [])

    def test_old_districts_find_the_facilities_of_their_wards(self):
        found = {f.code for f in Facility.objects.matching("trạm y tế ở Quận 8 cũ", limit=50) if f.match_tier < SIMILAR}
        self.assertEqual(found, {"DEMO056", "DEMO057"})

    def test_old_provinces_find_what_came_from_them(self):
        found = Facility.objects.matching("trạm y tế Bình Dương", limit=50)
        self.assertEqual({f.code for f in found if f.match_tier < SIMILAR}, {"DEMO061", "DEMO062"})

    def test_one_query_answers(self):
        with self.assertNumQueries(1):
            list(Facility.objects.matching("bv lam kieu"))

    def test_the_answer_says_which_name_was_found(self):
        first = Facility.objects.matching("benh vien huyen lam giang").first()
        self.assertEqual((first.name, first.matched_name), ("Bệnh viện Đa khoa Trúc Vân", "Bệnh viện huyện Lam Giang"))

    def test_nothing_asked_finds_nothing(self):
        for text in ("", "   ", "…", "'\"&|!():*"):
            with self.subTest(text=text):
                self.assertEqual(list(Facility.objects.matching(text)), [])

    def test_it_chains_with_filters(self):
        found = Facility.objects.filter(type=FacilityType.HEALTH_STATION).matching("bến trúc", limit=None)
        self.assertEqual([f.code for f in found][:1], ["DEMO057"])

    def test_a_filter_comes_before_the_bound_on_how_many_are_compared(self):
        private = Facility.objects.filter(ownership="private")
        self.assertEqual(len(private.matching("da khoa", limit=1)), 1)
        stations = Facility.objects.filter(code="DEMO064")
        self.assertEqual([f.code for f in stations.matching("tram y te", limit=1)], ["DEMO064"])

    def test_words_stand_as_they_would_be_computed_anew(self):
        self.assertEqual(refresh_words(), 0)

    def test_folded_names_are_what_fold_makes_of_the_names(self):
        load_divisions()
        derived = {
            FacilityName: ("folded", "key", "core"),
            **dict.fromkeys((Area, AreaAlias, Division, Facility), ("name", "folded")),
        }
        for model, fields in derived.items():
            for row in model.objects.all():
                stored = [getattr(row, field) for field in fields]
                row.fold_names()
                self.assertEqual(stored, [getattr(row, field) for field in fields])


class RankTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        area = ward("26743", "Bến Thành", "Quận 1")
        cls.with_accents = facility("A1", "Phòng khám Hoà Bình", area=area)
        cls.without = facility("A2", "Phòng khám Hoa Bình", area=area)
        cls.longer = facility("A3", "Phòng khám Hoa Bình Xanh", area=area)
        cls.scattered = facility("A4", "Phòng khám Bình Minh Hoa", area=area)

    def test_exact_accents_come_before_the_same_letters(self):
        found = list(Facility.objects.matching("Phòng khám Hoà Bình"))
        self.assertEqual([f.code for f in found], ["A1", "A2", "A3", "A4"])
        self.assertEqual([f.match_tier for f in found], [EXACT, SAME_WORDS, BEGINS, ALL_WORDS])

    def test_an_ended_facility_comes_after_open_ones_of_its_rank(self):
        end(self.with_accents, on=date(2025, 7, 1), by=engine(), reason="closed")
        found = list(Facility.objects.matching("phong kham hoa binh"))
        self.assertEqual([f.code for f in found][:2], ["A2", "A1"])


class AnyTextTest(HypothesisCase):
    @settings(max_examples=60, deadline=None)
    @given(st.text(max_size=250))
    def test_no_text_breaks_the_search(self, text):
        list(Facility.objects.matching(text))
