"""`manage.py import_directive`: for a person, for a program, and when the file is no letter."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from directives.reading.letter import read_letter
from tests.directives.test_letters import LETTERS, letter

FILE = LETTERS / "bac-sa-phuong-30.txt"


def printed(*arguments: object, **options: object) -> str:
    stream = StringIO()
    call_command("import_directive", *arguments, stdout=stream, **options)
    return stream.getvalue()


def test_a_program_gets_the_form_of_the_expected_tables():
    assert json.loads(printed(FILE, "--json")) == read_letter(letter(FILE.stem)).as_json()


def test_a_person_reads_what_was_found_and_where():
    text = printed(FILE)
    assert "30/UBND-KGVX" in text
    assert "  3-2  Báo cáo tiến độ về Sở Y tế trước 15 giờ thứ Sáu hằng tuần.  (dòng 27)" in text
    assert "Mọi dòng đều đã được đọc." in text


def test_a_person_reads_what_was_not_understood(tmp_path):
    path = tmp_path / "letter.txt"
    annex = "\nPHỤ LỤC\nĐỀ CƯƠNG BÁO CÁO\n1. Đặc điểm tình hình\n"
    path.write_text(letter(FILE.stem) + annex, encoding="utf-8")
    text = printed(path)
    assert "Chưa đọc được:" in text
    assert "1. Đặc điểm tình hình" in text.partition("Chưa đọc được:")[2]


def test_what_is_no_letter_is_said_in_a_sentence(tmp_path):
    path = tmp_path / "story.txt"
    path.write_text("Ngày xửa ngày xưa.", encoding="utf-8")
    with pytest.raises(CommandError, match="không phải là chỉ thị"):
        printed(path)


def test_a_file_that_is_not_there_is_said_in_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="Không mở được tệp"):
        printed(tmp_path / "nothing.txt")
