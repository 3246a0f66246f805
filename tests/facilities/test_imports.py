"""Facilities from files: every outcome of a row, every fault of a file."""

import io
import unicodedata
import zipfile
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase as PlainCase

import pytest
from django.test import TestCase
from openpyxl import Workbook, load_workbook

from common.exceptions import Refused, RightMissing
from facilities.choices import FacilityStatus, NameKind
from facilities.imports.columns import COLUMNS, column_of
from facilities.imports.plan import plan
from facilities.imports.reading import MAX_BYTES, UnreadableFile, read_sheet
from facilities.imports.storing import confirm, load_facility_file, prepare
from facilities.imports.writing import harmless, outcome_file, template
from facilities.models import Facility, FacilityImport, Hotline
from facilities.services import end
from tests.facilities.factories import EVERYTHING, READING, engine, facility, person, ward

HEADINGS = ["Mã cơ sở", "Tên cơ sở", "Loại hình"]


def workbook(*rows) -> bytes:
    book, stream = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.save(stream)
    return stream.getvalue()


def csv_of(*rows, delimiter=",") -> bytes:
    return "\n".join(delimiter.join(row) for row in rows).encode()


# Named by hand: a workbook carries the minute it was made in, so a name taken from its bytes differs between workers.
BAD_FILES = {
    "empty": b"",
    "blank": b"   \n ",
    "too large": b"x" * (MAX_BYTES + 1),
    "a zip in its first bytes only": b"PK\x03\x04 not really a zip",
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00",
    "a zero byte": b"a,b\n1,\x00\n",
    "no heading known": b"one column only\n1",
    "headings alone": csv_of(HEADINGS),
    "other headings": csv_of(["Con", "Ong"], ["1", "2"]),
    "a quote left open": b'a,b\n"' + b"x" * 200_000,
    "an empty workbook": workbook(),
    "a workbook of headings alone": workbook(HEADINGS),
}


@pytest.mark.parametrize("content", BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_bad_file_is_refused_in_a_sentence(content):
    with pytest.raises(UnreadableFile) as refusal:
        plan(read_sheet(content))
    assert str(refusal.value).endswith(".")


def test_a_zip_that_swells_is_refused_before_it_is_unpacked():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 101 * 1024 * 1024)
    with pytest.raises(UnreadableFile):
        read_sheet(stream.getvalue())


class ReadingTest(PlainCase):
    expected = (["Mã cơ sở", "Tên cơ sở"], [(2, ["A1", "Nhà thuốc Đào Tiên"])])

    def same(self, content):
        sheet = read_sheet(content)
        self.assertEqual((sheet.headings, sheet.rows), self.expected)

    def test_all_ways_to_save_a_table_read_the_same(self):
        text = "Mã cơ sở,Tên cơ sở\nA1,Nhà thuốc Đào Tiên\n"
        table = {
            "utf-8": text.encode(),
            "byte order mark": text.encode("utf-8-sig"),
            "utf-16": text.encode("utf-16"),
            "semicolons": text.replace(",", ";").encode(),
            "tabs": text.replace(",", "\t").encode(),
            "windows line ends": text.replace("\n", "\r\n").encode(),
            "decomposed": unicodedata.normalize("NFD", text).encode(),
            "workbook": workbook(*self.expected[0:1], self.expected[1][0][1]),
        }
        for way, content in table.items():
            with self.subTest(way=way):
                self.same(content)

    def test_the_plain_csv_of_a_vietnamese_windows_reads(self):
        text = unicodedata.normalize("NFD", "Mã,Tên\nA1,Hà")  # cp1258 writes tone marks apart
        self.assertEqual(read_sheet(text.encode("cp1258", "ignore")).rows[0][1][0], "A1")

    def test_numbers_and_dates_of_a_workbook_become_text(self):
        sheet = read_sheet(workbook(["a", "b", "c", "d"], [27508, 150.0, date(2025, 7, 1), True]))
        self.assertEqual(sheet.rows, [(2, ["27508", "150", "01/07/2025", "1"])])

    def test_every_heading_means_its_column_whatever_its_accents(self):
        for column in COLUMNS:
            for heading in (column.name, column.heading, column.heading.upper(), *column.also):
                with self.subTest(heading=heading):
                    self.assertIs(column_of(heading), column)

    def test_empty_rows_are_passed_over_and_rows_keep_their_numbers(self):
        sheet = read_sheet(workbook(["a", "b"], [None, None], ["1", "2"]))
        self.assertEqual(sheet.rows, [(3, ["1", "2"])])


class ImportTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.clerk = person("clerk", EVERYTHING)
        cls.reader = person("reader", READING)
        cls.ward = ward("26743", "Bến Thành", "Quận 1")
        cls.twin = ward("25747", "Bến Thành", former_area="binh_duong")
        cls.only = ward("27004", "Tân Bình")
        cls.stored = facility("A1", "Phòng khám Đa khoa Lộc Thảo", beds=10, area=cls.only)

    def outcomes(self, *rows, headings=HEADINGS):
        self.kept = prepare(workbook(headings, *rows), "cơ sở.xlsx", by=self.clerk)
        return self.kept.outcomes

    def one(self, *row, headings=HEADINGS):
        (outcome,) = self.outcomes(row, headings=headings)
        return outcome

    def test_a_trial_run_stores_nothing(self):
        self.outcomes(["N1", "Nhà thuốc Đào Tiên", "NT"])
        self.assertEqual((self.kept.created, Facility.objects.count()), (1, 1))

    def test_a_new_facility_is_created_with_all_it_says(self):
        headings = [*HEADINGS, "Chủ quản", "Sở hữu", "Phường xã", "Số giường", "Tên gọi khác", "Tên cũ", "Hotline",
                    "Hoạt động từ ngày"]  # fmt: skip
        row = ["N1", "Trạm Y tế Đồng Sen", "Trạm y tế", "UBND xã", "Công lập", "phuong tan binh", "1.200",
               "TYT Đồng Sen|Đồng Sen", "Trung tâm Y tế Đồng Sen", "028 1234 5678", "1/7/2025"]  # fmt: skip
        self.assertEqual(self.one(*row, headings=headings)["outcome"], "created")
        self.assertTrue(confirm(self.kept, by=self.clerk))
        made = Facility.objects.get(code="N1")
        self.assertEqual(
            (made.type, made.managing_body, made.ownership, made.area, made.beds, made.valid_from, made.former_area),
            ("TYT", "COMMUNE_PC", "public", self.only, 1200, date(2025, 7, 1), "tphcm_cu"),
        )
        self.assertEqual(
            {(name.name, name.kind) for name in made.names.all()},
            {
                ("Trạm Y tế Đồng Sen", "official"),
                ("TYT Đồng Sen", "alias"),
                ("Đồng Sen", "alias"),
                ("Trung tâm Y tế Đồng Sen", "former"),
            },
        )
        self.assertEqual(Hotline.objects.get(facility=made).number, "02812345678")
        self.assertEqual(Facility.objects.matching("tyt dong sen").first(), made)
        self.assertEqual(made.history.get().history_user, self.clerk)

    def test_what_is_the_same_is_unchanged(self):
        self.assertEqual(self.one("a1", "Phòng khám Đa khoa Lộc Thảo", "PKĐK")["outcome"], "unchanged")
        with self.assertRaises(Refused):
            confirm(self.kept, by=self.clerk)

    def test_a_change_shows_old_and_new_and_keeps_what_is_not_said(self):
        outcome = self.one("A1", "", "Phòng khám chuyên khoa", "20", headings=[*HEADINGS, "Số giường"])
        self.assertEqual(outcome["outcome"], "changed")
        self.assertEqual([change[1:] for change in outcome["changes"]][1], ["10", "20"])
        confirm(self.kept, by=self.clerk)
        stored = Facility.objects.get(code="A1")
        self.assertEqual(
            (stored.type, stored.beds, stored.name, stored.area), ("PKCK", 20, self.stored.name, self.only)
        )
        self.assertEqual(stored.version, self.stored.version + 1)
        self.assertIn("cơ sở.xlsx", stored.history.first().history_change_reason)

    def test_another_name_is_a_renaming_and_another_spelling_a_correction(self):
        self.one("A1", "Phòng khám Đa khoa Lộc Thảo Mới", "PKDK")
        confirm(self.kept, by=self.clerk)
        self.assertTrue(self.stored.names.filter(kind=NameKind.FORMER, name=self.stored.name).exists())
        self.one("A1", "PKĐK Lộc Thảo Mới", "PKDK")
        confirm(self.kept, by=self.clerk)
        self.assertEqual(self.stored.names.filter(kind=NameKind.FORMER).count(), 1)
        self.assertEqual(Facility.objects.get(code="A1").name, "PKĐK Lộc Thảo Mới")

    def test_another_manager_stays_beside_the_one_before(self):
        self.one("A1", "", "", "Bộ Y tế", headings=[*HEADINGS, "Cơ quan chủ quản"])
        confirm(self.kept, by=self.clerk)
        self.assertEqual(self.stored.managements.count(), 2)
        self.assertEqual(Facility.objects.get(code="A1").managing_body, "MOH")

    def test_a_row_without_code_means_the_facility_of_that_name(self):
        self.assertEqual(self.one("", "phong kham da khoa loc thao", "")["code"], "A1")

    def test_refusals_say_why_in_each_cell(self):
        headings = [*HEADINGS, "Phường xã", "Số giường", "Hoạt động từ ngày", "Hotline"]
        table = [
            (["N1", "", "NT"], "Tên cơ sở"),
            (["", "Nhà thuốc Lạ", "NT"], "Mã cơ sở"),
            (["N 1", "Nhà thuốc Lạ", "NT"], "Mã cơ sở"),
            (["N1", "x" * 201, "NT"], "200"),
            (["N1", "Nhà thuốc Lạ", "Phòng gì"], "Phòng gì"),
            (["N1", "Nhà thuốc Lạ", "NT", "Phường Không Có"], "Phường Không Có"),
            (["N1", "Nhà thuốc Lạ", "NT", "Phường Bến Thành"], "Bến Thành"),
            (["N1", "Nhà thuốc Lạ", "NT", "", "nhiều"], "nhiều"),
            (["N1", "Nhà thuốc Lạ", "NT", "", "-5"], "-5"),
            (["N1", "Nhà thuốc Lạ", "NT", "", "99999999"], "99999999"),
            (["N1", "Nhà thuốc Lạ", "NT", "", "", "31/02/2025"], "31/02/2025"),
            (["N1", "Nhà thuốc Lạ", "NT", "", "", "", "gọi cô Ba"], "gọi cô Ba"),
        ]
        for row, said in table:
            with self.subTest(row=row):
                outcome = self.one(*row, headings=headings)
                self.assertEqual(outcome["outcome"], "refused")
                self.assertIn(said, " ".join(outcome["notes"]))

    def test_the_old_province_tells_wards_of_one_name_apart(self):
        headings = [*HEADINGS, "Phường xã", "Tỉnh thành cũ"]
        self.assertEqual(self.one("N1", "Nhà thuốc Lạ", "NT", "Bến Thành", "Bình Dương", headings=headings)["outcome"],
                         "created")  # fmt: skip
        confirm(self.kept, by=self.clerk)
        self.assertEqual(Facility.objects.get(code="N1").area, self.twin)

    def test_a_second_row_for_one_facility_is_refused(self):
        rows = (["N1", "Nhà thuốc Một", "NT"], ["n1", "Nhà thuốc Hai", "NT"])
        self.assertEqual([row["outcome"] for row in self.outcomes(*rows)], ["created", "refused"])

    def test_an_ended_facility_is_refused(self):
        end(self.stored, on=date(2026, 1, 1), by=engine(), reason="QĐ")
        self.assertEqual(self.one("A1", "", "NT")["outcome"], "refused")

    def test_unknown_and_repeated_columns_are_told(self):
        self.one("N1", "Nhà thuốc Một", "NT", "?", "Hai", headings=[*HEADINGS, "Ghi chú", "Tên"])
        self.assertEqual(len(self.kept.notices), 2)

    def test_refused_rows_are_left_out_only_when_somebody_says_so(self):
        self.outcomes(["N1", "Nhà thuốc Một", "NT"], ["N2", "", "NT"])
        with self.assertRaises(Refused):
            confirm(self.kept, by=self.clerk)
        self.assertFalse(Facility.objects.filter(code="N1").exists())
        self.assertTrue(confirm(self.kept, by=self.clerk, is_leaving_out_refused=True))
        self.assertTrue(Facility.objects.filter(code="N1").exists())

    def test_a_file_is_stored_once(self):
        self.one("N1", "Nhà thuốc Một", "NT")
        confirm(self.kept, by=self.clerk)
        with self.assertRaises(Refused):
            confirm(self.kept, by=self.clerk)

    def test_when_the_register_changed_meanwhile_the_new_outcome_is_shown_first(self):
        self.one("N1", "Nhà thuốc Một", "NT")
        facility("N1", "Nhà thuốc Một", type="NT")
        self.assertFalse(confirm(self.kept, by=self.clerk))
        self.assertEqual(FacilityImport.objects.get(pk=self.kept.pk).unchanged, 1)

    def test_whoever_may_only_read_loads_nothing(self):
        with self.assertRaises(RightMissing):
            prepare(workbook(HEADINGS, ["N1", "Nhà thuốc Một", "NT"]), "x.xlsx", by=self.reader)

    def test_many_rows_cost_as_many_queries_as_few(self):
        headings = [*HEADINGS, "Phường xã"]
        rows = [["A1", "", "", ""], *([f"N{at}", f"Nhà thuốc Số {at}", "NT", "Tân Bình"] for at in range(40))]
        self.clerk.has_perm("facilities.add_facility")  # Django reads rights once per person
        for some in (rows[:2], rows):
            with self.assertNumQueries(6):  # facilities, names, hotlines, managements, areas; the file itself
                self.outcomes(*some, headings=headings)

    def test_a_script_stores_a_whole_file_or_nothing(self):
        file = Path(self.enterContext(TemporaryDirectory())) / "mới.csv"
        file.write_bytes(csv_of(HEADINGS, ["N1", "Nhà thuốc Một", "NT"], ["N2", "", "NT"]))
        with self.assertRaises(Refused):
            load_facility_file(file, by=engine())
        self.assertFalse(Facility.objects.filter(code="N1").exists())
        file.write_bytes(csv_of(HEADINGS, ["N1", "Nhà thuốc Một", "NT"]))
        load_facility_file(file, by=engine())
        self.assertEqual(Facility.objects.get(code="N1").status, FacilityStatus.ACTIVE)


class WritingTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.clerk = person("clerk", EVERYTHING)
        ward("26743", "Bến Thành", "Quận 1")

    def test_the_template_is_read_back_as_one_new_facility(self):
        kept = prepare(template(), "mẫu.xlsx", by=self.clerk)
        self.assertEqual([row["outcome"] for row in kept.outcomes], ["created"], kept.outcomes)

    def test_the_outcome_file_tells_every_row_and_holds_no_formula(self):
        kept = prepare(
            workbook(HEADINGS, ["N1", '=HYPERLINK("http://x")', "NT"], ["N2", "@SUM(1)", "?"]), "x.xlsx", by=self.clerk
        )
        rows = list(load_workbook(io.BytesIO(outcome_file(kept))).active.values)
        self.assertEqual(len(rows), 3)
        self.assertEqual(rows[2][2], "'@SUM(1)")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\tx"])
def test_what_begins_like_a_formula_becomes_text(text):
    assert harmless(text) == "'" + text


def test_other_text_stays():
    assert harmless("Trạm Y tế") == "Trạm Y tế"
