"""How two spellings of one name become the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.words import asked_words, core_of, key_of


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("BVĐK Lam Kiều", "benh vien da khoa lam kieu"),
        ("B.V Lam Kiều", "b v lam kieu"),
        ("TYT P.5", "tram y te phuong5"),
        ("Q.1", "quan1"),
        ("quận 01", "quan1"),
        ("Bệnh viện Quận 1", "benh vien quan1"),
        ("PKĐK Hoà Bình", "phong kham da khoa hoa binh"),
        ("PKĐK Hòa Bình", "phong kham da khoa hoa binh"),
        (unicodedata.normalize("NFD", "TTYT Đồng Sen"), "trung tam y te dong sen"),
        ("BV YHCT TP.HCM", "benh vien y hoc co truyen thanh pho ho chi minh"),
        ("  ", ""),
    ],
)
def test_spellings_of_one_name_have_one_key(typed, key):
    assert key_of(typed) == key


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("Bệnh viện Đa khoa Lam Kiều", "lam kieu"),
        ("Trạm Y tế Bến Trúc", "ben truc"),
        ("Trung tâm Y tế khu vực Bến Trúc", "ben truc"),
        ("Nhà thuốc Đào Tiên", "dao tien"),
        ("Bệnh viện Đa khoa", "benh vien da khoa"),
    ],
)
def test_the_telling_words_remain_without_the_kind_of_place(name, core):
    assert core_of(key_of(name)) == core


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("bệnh viện ở Quận 1 cũ", ["benh", "vien", "quan1"]),
        ("trạm y tế tại Củ Chi", ["tram", "y", "te", "cu", "chi"]),
        ("huyện Củ Chi cũ", ["huyen", "cu", "chi"]),
        ("ở", ["o"]),
    ],
)
def test_joining_words_of_a_question_need_not_occur(asked, words):
    assert asked_words(key_of(asked)) == words


@given(st.text(max_size=60))
def test_a_key_of_a_key_is_itself(text):
    assert key_of(key_of(text)) == key_of(text)
